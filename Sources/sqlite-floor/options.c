/* Reads the command line. */
#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include "floor.h"

const char options_usage[] =
    "usage: sqlite-floor --database FILE --statements FILE --lane N --operations N --output FILE\n"
    "                    [--batch N] [--warmup N] [--payload-bytes N] [--worker-id ID]\n"
    "                    [--pragma NAME=VALUE] ...\n"
    "\n"
    "Executes a queue's statements by hand, as quickly as C can: enqueues, then claims, then\n"
    "completes. Prints each PRAGMA as it reads back.\n"
    "\n"
    "  --database FILE       the queue; must exist and hold the schema\n"
    "  --statements FILE     records of name\\0sql\\0 for enqueue, duties, claim and complete\n"
    "  --lane N              the lane of the tasks, a row of task_lanes\n"
    "  --operations N        operations of each kind to record\n"
    "  --output FILE         where the latencies go: \"QBFLOOR1\", then for enqueue, claim and\n"
    "                        complete a count and that many nanoseconds, 64 bits, little endian\n"
    "  --batch N             operations in one transaction, which is what is timed (default 1)\n"
    "  --warmup N            operations of each kind to run before, unrecorded (default 0)\n"
    "  --payload-bytes N     size of a task's JSON payload (default 256)\n"
    "  --worker-id ID        who claims (default floor)\n"
    "  --pragma NAME=VALUE   set on the connection, in the given order; may be repeated\n"
    "\n"
    "Exit status: 0 done, 64 usage, 65 bad input, 70 SQLite reported an error.\n";

/* Enough for any measurement, and small enough that no size computed from it overflows. */
enum { MAX_OPERATIONS = 100000000 };

static int parse_number(const char *option, const char *text, int64_t min, int64_t max,
                        int64_t *value) {
  char *end;
  errno = 0;
  long long number = strtoll(text, &end, 10);
  /* strtoll would also take blanks and a plus sign. */
  int is_plain = text[0] == '-' || (text[0] >= '0' && text[0] <= '9');
  if (!is_plain || end == text || *end != '\0' || errno != 0 || number < min || number > max) {
    return fail(STATUS_USAGE, "--%s: \"%s\" is not an integer from %lld to %lld", option, text,
                (long long)min, (long long)max);
  }
  *value = number;
  return STATUS_OK;
}

/* Name and value become part of a statement, since neither can be bound: nothing else is let in. */
static int parse_pragma(const char *text, struct pragma *pragma) {
  static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_";
  size_t name_length = strspn(text, letters);
  if (name_length == 0 || text[name_length] != '=') {
    return fail(STATUS_USAGE, "--pragma: \"%s\" is not of the form NAME=VALUE", text);
  }
  const char *value = text + name_length + 1;
  const char *digits = value[0] == '-' ? value + 1 : value;
  int is_word = value[0] != '\0' && value[strspn(value, letters)] == '\0';
  int is_integer = digits[0] != '\0' && digits[strspn(digits, "0123456789")] == '\0';
  if (!is_word && !is_integer) {
    return fail(STATUS_USAGE, "--pragma: \"%s\": the value is neither a word nor an integer", text);
  }
  *pragma = (struct pragma){.name = text, .name_length = (int)name_length, .value = value};
  return STATUS_OK;
}

/* Checks what no option can be judged by alone. */
static int check(const struct options *options) {
  const char *missing = NULL;
  if (!options->output_path) missing = "--output";
  if (options->operations == 0) missing = "--operations";
  if (options->lane == 0) missing = "--lane";
  if (!options->statements_path) missing = "--statements";
  if (!options->database_path) missing = "--database";
  if (missing) return fail(STATUS_USAGE, "%s is missing; see sqlite-floor --help", missing);
  /* A smaller transaction at the end would be counted like the others. */
  if (options->operations % options->batch != 0 || options->warmup % options->batch != 0) {
    return fail(STATUS_USAGE, "--operations and --warmup must be multiples of --batch (%lld)",
                (long long)options->batch);
  }
  return STATUS_OK;
}

int options_parse(struct options *options, int argc, char **argv, int *wants_help) {
  static const struct option names[] = {
      {"database", required_argument, NULL, 'd'},   {"statements", required_argument, NULL, 's'},
      {"lane", required_argument, NULL, 'l'},       {"operations", required_argument, NULL, 'n'},
      {"output", required_argument, NULL, 'o'},     {"batch", required_argument, NULL, 'b'},
      {"warmup", required_argument, NULL, 'w'},     {"payload-bytes", required_argument, NULL, 'p'},
      {"worker-id", required_argument, NULL, 'i'},  {"pragma", required_argument, NULL, 'P'},
      {"help", no_argument, NULL, 'h'},             {NULL, 0, NULL, 0},
  };
  *options = (struct options){.batch = 1, .payload_bytes = 256, .worker_id = "floor"};
  *wants_help = 0;
  /* There cannot be more PRAGMAs than arguments. */
  options->pragmas = calloc((size_t)argc, sizeof *options->pragmas);
  if (!options->pragmas) return fail(STATUS_SQLITE, "out of memory");

  int status = STATUS_OK;
  int option, index = 0;
  while (status == STATUS_OK && (option = getopt_long(argc, argv, "", names, &index)) != -1) {
    const char *name = names[index].name;
    switch (option) {
      case 'd': options->database_path = optarg; break;
      case 's': options->statements_path = optarg; break;
      case 'o': options->output_path = optarg; break;
      case 'i': options->worker_id = optarg; break;
      case 'l': status = parse_number(name, optarg, 1, INT64_MAX, &options->lane); break;
      case 'n': status = parse_number(name, optarg, 1, MAX_OPERATIONS, &options->operations); break;
      case 'w': status = parse_number(name, optarg, 0, MAX_OPERATIONS, &options->warmup); break;
      case 'b': status = parse_number(name, optarg, 1, MAX_OPERATIONS, &options->batch); break;
      case 'p':
        /* Two bytes are the shortest JSON object. */
        status = parse_number(name, optarg, 2, 16777216, &options->payload_bytes);
        break;
      case 'P':
        status = parse_pragma(optarg, &options->pragmas[options->pragma_count]);
        options->pragma_count++;
        break;
      case 'h': *wants_help = 1; return STATUS_OK;
      /* getopt_long has said what is wrong. */
      default: return STATUS_USAGE;
    }
  }
  if (status != STATUS_OK) return status;
  if (optind < argc) return fail(STATUS_USAGE, "\"%s\": unexpected argument", argv[optind]);
  return check(options);
}

void options_free(struct options *options) {
  free(options->pragmas);
  options->pragmas = NULL;
}
