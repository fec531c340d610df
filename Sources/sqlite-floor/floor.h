/* What the parts of sqlite-floor share: exit statuses, options, and the database with its
 * statements. */
#ifndef FLOOR_H
#define FLOOR_H

#include <sqlite3.h>
#include <stddef.h>
#include <stdint.h>

enum {
  STATUS_OK = 0,
  /* The command line is wrong. */
  STATUS_USAGE = 64,
  /* A file, or what lies in the queue, is not what the program was promised. */
  STATUS_INPUT = 65,
  /* SQLite reported an error, or memory ran out. */
  STATUS_SQLITE = 70,
};

/* Writes a line to standard error and returns `status`, so that callers can return it in turn. */
int fail(int status, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* MARK: Options */

struct pragma {
  /* Points into the arguments; not terminated. */
  const char *name;
  int name_length;
  const char *value;
};

/* Strings point into the arguments of main. */
struct options {
  const char *database_path;
  const char *statements_path;
  const char *output_path;
  const char *worker_id;
  int64_t lane;
  /* Operations of each kind that are recorded, and that are run before without being recorded;
   * multiples of `batch`. */
  int64_t operations;
  int64_t warmup;
  /* Operations in one transaction. */
  int64_t batch;
  int64_t payload_bytes;
  /* In the order in which they are to be applied. */
  struct pragma *pragmas;
  size_t pragma_count;
};

/* Reads the arguments; release with options_free, whatever it returned. Sets *wants_help, and
 * leaves the rest unread, if help was asked for. */
int options_parse(struct options *options, int argc, char **argv, int *wants_help);
void options_free(struct options *options);
extern const char options_usage[];

/* MARK: Database */

enum statement_name {
  ENQUEUE,
  DUTIES,
  CLAIM,
  COMPLETE,
  /* For batches: inserting tasks, the tasks to take, taking them, and completing them. */
  ENQUEUE_MANY,
  READY,
  TAKE_ALL,
  COMPLETE_ALL,
  BEGIN,
  COMMIT,
  STATEMENT_COUNT
};

/* How many tasks ENQUEUE_MANY inserts; it has the parameters of ENQUEUE for each. */
enum { ROWS_PER_STATEMENT = 25 };

struct database {
  const char *path;
  sqlite3 *handle;
  sqlite3_stmt *statements[STATEMENT_COUNT];
};

/* Opens an existing file; release with database_close, whatever it returned. */
int database_open(struct database *database, const char *path);
void database_close(struct database *database);

/* Applies PRAGMAs in the given order, and prints each as it reads back. */
int database_apply(struct database *database, const struct pragma *pragmas, size_t count);

/* Prepares the statements of a file of `name\0sql\0` records, and those of transactions. */
int database_prepare(struct database *database, const char *statements_path);

/* Gives up the statements; closing does so, too. */
void database_finalize(struct database *database);

/* Reports SQLite's last error, with file and SQL. */
int database_failed(const struct database *database, const char *sql);

/* MARK: Operations */

/* One latency per transaction, in the order in which they ran. */
struct latencies {
  int64_t count;
  uint64_t *enqueue_ns;
  uint64_t *claim_ns;
  uint64_t *complete_ns;
};

/* Enqueues, then claims, then completes; fills in the latencies. Gives up the statements. */
int run_operations(const struct options *options, struct database *database,
                   struct latencies *latencies);

#endif
