/* sqlite-floor: the statements of the engine's plain path, executed by hand.
 *
 * What an application pays for enqueue, claim and complete at the very least, and so the limit that
 * the engine is measured against. One thread, one connection, nothing else. */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "floor.h"

int fail(int status, const char *format, ...) {
  char line[4096];
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(line, sizeof line, format, arguments);
  va_end(arguments);
  /* SQL spans lines, a report does not. */
  for (char *byte = line; *byte != '\0'; byte++) {
    if (*byte == '\n') *byte = ' ';
  }
  fprintf(stderr, "sqlite-floor: %s\n", line);
  return status;
}

/* MARK: Output */

static void write_number(FILE *file, uint64_t number) {
  unsigned char bytes[8];
  for (int i = 0; i < 8; i++) bytes[i] = (unsigned char)(number >> (8 * i));
  fwrite(bytes, 1, sizeof bytes, file);
}

static void write_numbers(FILE *file, const uint64_t *numbers, int64_t count) {
  write_number(file, (uint64_t)count);
  for (int64_t i = 0; i < count; i++) write_number(file, numbers[i]);
}

static void write_latencies(FILE *file, const struct latencies *latencies) {
  fputs("QBFLOOR1", file);
  write_numbers(file, latencies->enqueue_ns, latencies->count);
  write_numbers(file, latencies->claim_ns, latencies->count);
  write_numbers(file, latencies->complete_ns, latencies->count);
}

/* MARK: The program */

static int measure(const struct options *options, struct latencies *latencies) {
  struct database database;
  int status = database_open(&database, options->database_path);
  if (status == STATUS_OK) {
    status = database_apply(&database, options->pragmas, options->pragma_count);
  }
  if (status == STATUS_OK) status = database_prepare(&database, options->statements_path);
  if (status == STATUS_OK) status = run_operations(options, &database, latencies);
  database_close(&database);
  return status;
}

static int measure_into_file(const struct options *options) {
  const char *path = options->output_path;
  /* Opened first, so that no measurement is made in vain. */
  FILE *file = fopen(path, "wb");
  if (!file) return fail(STATUS_INPUT, "%s: cannot be written: %s", path, strerror(errno));
  struct latencies latencies = {.count = options->operations / options->batch};
  size_t count = (size_t)latencies.count;
  latencies.enqueue_ns = calloc(count, sizeof *latencies.enqueue_ns);
  latencies.claim_ns = calloc(count, sizeof *latencies.claim_ns);
  latencies.complete_ns = calloc(count, sizeof *latencies.complete_ns);
  int status = STATUS_OK;
  if (!latencies.enqueue_ns || !latencies.claim_ns || !latencies.complete_ns) {
    status = fail(STATUS_SQLITE, "out of memory");
  }
  if (status == STATUS_OK) status = measure(options, &latencies);
  if (status == STATUS_OK) write_latencies(file, &latencies);
  free(latencies.enqueue_ns);
  free(latencies.claim_ns);
  free(latencies.complete_ns);
  int is_incomplete = ferror(file);
  if ((fclose(file) != 0 || is_incomplete) && status == STATUS_OK) {
    status = fail(STATUS_INPUT, "%s: cannot be written: %s", path, strerror(errno));
  }
  return status;
}

int main(int argc, char **argv) {
  struct options options;
  int wants_help;
  int status = options_parse(&options, argc, argv, &wants_help);
  if (status == STATUS_OK && wants_help) {
    fputs(options_usage, stdout);
  } else if (status == STATUS_OK) {
    status = measure_into_file(&options);
  }
  options_free(&options);
  return status;
}
