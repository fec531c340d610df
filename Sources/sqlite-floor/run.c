/* The three operations, executed by hand.
 *
 * Whatever is the same for all tasks of a run is bound once; timestamps are bound as places whose
 * bytes change between runs of a statement, while it is reset. Lanes, leases and delayed tasks are
 * looked at as the engine looks at them, but there must be nothing to do about them. */
#define _POSIX_C_SOURCE 200809L /* clock_gettime and gmtime_r */

#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "floor.h"

/* Long enough that no lease runs out while the others are being claimed. */
static const int64_t lease_ms = 3600000;
static const int64_t priority = 100;
static const int64_t max_attempts = 5;

/* A claimed task, copied: the statement's own memory is gone at its next step. */
struct task {
  int64_t id;
  int64_t attempt;
  int64_t priority;
  int64_t max_attempts;
  /* Type and payload, one behind the other. */
  char *text;
  size_t text_capacity;
  size_t type_length;
  size_t payload_length;
};

/* What is needed to complete a task. */
struct fence {
  int64_t id;
  int64_t attempt;
};

struct run {
  const struct options *options;
  struct database *database;
  /* What every task has. */
  char *type;
  char *compatibility;
  char *payload;
  struct timestamp now;
  struct timestamp lease_until;
  /* The row of the newest lane: the engine would have to read the lanes behind it. */
  int64_t newest_lane;
  int64_t last_id;
  /* One transaction's tasks. */
  struct task *tasks;
  /* Every task of the run, in the order of the claims. */
  struct fence *fences;
  int64_t claimed;
  int64_t completed;
  /* The ids of a batch as a JSON array. */
  char *ids;
};

/* MARK: Operations */

static int failed(const struct run *run, sqlite3_stmt *statement) {
  return database_failed(run->database, sqlite3_sql(statement));
}

/* Runs a statement that returns no row. */
static inline int execute(struct run *run, sqlite3_stmt *statement) {
  if (sqlite3_step(statement) != SQLITE_DONE) return failed(run, statement);
  sqlite3_reset(statement);
  return STATUS_OK;
}

/* A single statement is a transaction by itself, and cheaper so. */
static inline int begin_batch(struct run *run) {
  return run->options->batch > 1 ? execute(run, run->database->statements[BEGIN]) : STATUS_OK;
}

static inline int commit_batch(struct run *run) {
  return run->options->batch > 1 ? execute(run, run->database->statements[COMMIT]) : STATUS_OK;
}

static int enqueue(struct run *run) {
  timestamp_show(&run->now, wall_ms());
  int status = begin_batch(run);
  int64_t left = run->options->batch;
  for (; left >= ROWS_PER_STATEMENT && status == STATUS_OK; left -= ROWS_PER_STATEMENT) {
    status = execute(run, run->database->statements[ENQUEUE_MANY]);
    run->last_id = sqlite3_last_insert_rowid(run->database->handle);
  }
  for (; left > 0 && status == STATUS_OK; left--) {
    status = execute(run, run->database->statements[ENQUEUE]);
    run->last_id = sqlite3_last_insert_rowid(run->database->handle);
  }
  return status == STATUS_OK ? commit_batch(run) : status;
}

static int look_at_duties(struct run *run) {
  sqlite3_stmt *statement = run->database->statements[DUTIES];
  if (sqlite3_step(statement) != SQLITE_ROW) return failed(run, statement);
  int64_t newest_lane = sqlite3_column_int64(statement, 0);
  int64_t has_expired = sqlite3_column_int64(statement, 1);
  int64_t has_due = sqlite3_column_int64(statement, 2);
  sqlite3_reset(statement);
  if (newest_lane != run->newest_lane || has_expired != 0 || has_due != 0) {
    return fail(STATUS_INPUT,
                "%s: new lanes, leases that ran out or delayed tasks that are due: the floor sees "
                "to none of these; give it a database of its own",
                run->database->path);
  }
  return STATUS_OK;
}

static int copy_text(struct task *task, sqlite3_stmt *statement, int key_column) {
  const unsigned char *type = sqlite3_column_text(statement, 2);
  size_t type_length = (size_t)sqlite3_column_bytes(statement, 2);
  const unsigned char *payload = sqlite3_column_text(statement, 5);
  size_t payload_length = (size_t)sqlite3_column_bytes(statement, 5);
  /* NULL for a task without an idempotency key. */
  const unsigned char *key = sqlite3_column_text(statement, key_column);
  size_t key_length = key ? (size_t)sqlite3_column_bytes(statement, key_column) : 0;
  if (!type || !payload) return fail(STATUS_SQLITE, "out of memory");
  size_t length = type_length + payload_length + key_length;
  if (length > task->text_capacity) {
    char *text = realloc(task->text, length);
    if (!text) return fail(STATUS_SQLITE, "out of memory");
    task->text = text;
    task->text_capacity = length;
  }
  memcpy(task->text, type, type_length);
  memcpy(task->text + type_length, payload, payload_length);
  if (key) memcpy(task->text + type_length + payload_length, key, key_length);
  task->type_length = type_length;
  task->payload_length = payload_length;
  return STATUS_OK;
}

static int take(struct run *run, struct task *task) {
  sqlite3_stmt *statement = run->database->statements[CLAIM];
  int code = sqlite3_step(statement);
  if (code == SQLITE_DONE) {
    return fail(STATUS_INPUT,
                "%s: no ready task in lane %lld after %lld claims; give the floor a database of "
                "its own",
                run->database->path, (long long)run->options->lane, (long long)run->claimed);
  }
  if (code != SQLITE_ROW) return failed(run, statement);
  task->id = sqlite3_column_int64(statement, 0);
  task->attempt = sqlite3_column_int64(statement, 1);
  task->priority = sqlite3_column_int64(statement, 3);
  task->max_attempts = sqlite3_column_int64(statement, 4);
  int status = copy_text(task, statement, 6);
  if (status != STATUS_OK) return status;
  /* The statement is done, and its change complete, only behind its last row. */
  if (sqlite3_step(statement) != SQLITE_DONE) return failed(run, statement);
  sqlite3_reset(statement);
  run->fences[run->claimed++] = (struct fence){.id = task->id, .attempt = task->attempt};
  return STATUS_OK;
}

/* Writes the ids of a batch as JSON, and binds them. */
static int bind_ids(struct run *run, sqlite3_stmt *statement, int parameter,
                    const struct fence *fences) {
  char *end = run->ids;
  *end++ = '[';
  for (int64_t i = 0; i < run->options->batch; i++) {
    if (i > 0) *end++ = ',';
    char digits[20];
    int count = 0;
    for (int64_t rest = fences[i].id; rest > 0 || count == 0; rest /= 10) {
      digits[count++] = (char)('0' + rest % 10);
    }
    while (count > 0) *end++ = digits[--count];
  }
  *end++ = ']';
  if (sqlite3_bind_text(statement, parameter, run->ids, (int)(end - run->ids), SQLITE_STATIC) !=
      SQLITE_OK) {
    return failed(run, statement);
  }
  return STATUS_OK;
}

/* Takes a batch as the engine does: by one statement that reads and one that writes. */
static int take_all(struct run *run) {
  sqlite3_stmt *ready = run->database->statements[READY];
  const struct fence *fences = &run->fences[run->claimed];
  for (int64_t i = 0; i < run->options->batch; i++) {
    struct task *task = &run->tasks[i];
    int code = sqlite3_step(ready);
    if (code == SQLITE_DONE) {
      return fail(STATUS_INPUT, "%s: too few ready tasks in lane %lld after %lld claims",
                  run->database->path, (long long)run->options->lane, (long long)run->claimed);
    }
    if (code != SQLITE_ROW) return failed(run, ready);
    task->id = sqlite3_column_int64(ready, 0);
    task->attempt = sqlite3_column_int64(ready, 1) + 1;
    task->priority = sqlite3_column_int64(ready, 3);
    task->max_attempts = sqlite3_column_int64(ready, 4);
    int status = copy_text(task, ready, 8);
    if (status != STATUS_OK) return status;
    run->fences[run->claimed++] = (struct fence){.id = task->id, .attempt = task->attempt};
  }
  sqlite3_reset(ready);
  sqlite3_stmt *take = run->database->statements[TAKE_ALL];
  int status = bind_ids(run, take, 4, fences);
  return status == STATUS_OK ? execute(run, take) : status;
}

static int claim(struct run *run) {
  int64_t now_ms = wall_ms();
  timestamp_show(&run->now, now_ms);
  timestamp_show(&run->lease_until, now_ms + lease_ms);
  int status = execute(run, run->database->statements[BEGIN]);
  if (status == STATUS_OK) status = look_at_duties(run);
  if (status == STATUS_OK) {
    status = run->options->batch > 1 ? take_all(run) : take(run, &run->tasks[0]);
  }
  return status == STATUS_OK ? execute(run, run->database->statements[COMMIT]) : status;
}

static int complete_one(struct run *run, const struct fence *fence) {
  sqlite3_stmt *statement = run->database->statements[COMPLETE];
  sqlite3_bind_int64(statement, 1, fence->id);
  sqlite3_bind_int64(statement, 2, fence->attempt);
  int status = execute(run, statement);
  if (status == STATUS_OK && sqlite3_changes(run->database->handle) != 1) {
    return fail(STATUS_INPUT,
                "%s: task %lld is no longer held under attempt %lld; give the floor a database of "
                "its own",
                run->database->path, (long long)fence->id, (long long)fence->attempt);
  }
  return status;
}

/* Completes a batch, all of which are in their first attempt. */
static int complete_all(struct run *run) {
  sqlite3_stmt *statement = run->database->statements[COMPLETE_ALL];
  int status = bind_ids(run, statement, 1, &run->fences[run->completed]);
  if (status == STATUS_OK) status = execute(run, statement);
  if (status == STATUS_OK &&
      sqlite3_changes(run->database->handle) != (int)run->options->batch) {
    return fail(STATUS_INPUT,
                "%s: a task is no longer held; give the floor a database of its own",
                run->database->path);
  }
  run->completed += run->options->batch;
  return status;
}

static int complete(struct run *run) {
  timestamp_show(&run->now, wall_ms());
  int status = begin_batch(run);
  if (status == STATUS_OK) {
    status = run->options->batch > 1 ? complete_all(run)
                                     : complete_one(run, &run->fences[run->completed++]);
  }
  return status == STATUS_OK ? commit_batch(run) : status;
}

/* Runs all transactions of one kind, and records all but those of the warm-up. */
static int measure(struct run *run, int (*transaction)(struct run *), uint64_t *latencies_ns) {
  for (int64_t left = run->options->warmup / run->options->batch; left > 0; left--) {
    int status = transaction(run);
    if (status != STATUS_OK) return status;
  }
  int64_t count = run->options->operations / run->options->batch;
  for (int64_t i = 0; i < count; i++) {
    uint64_t start_ns = monotonic_ns();
    int status = transaction(run);
    latencies_ns[i] = monotonic_ns() - start_ns;
    if (status != STATUS_OK) return status;
  }
  return STATUS_OK;
}

/* MARK: Setting up */

/* Copies what the lane stands for, so that tasks carry the very bytes that the engine would write,
 * and notes the newest lane. */
static int look_up_lane(struct run *run) {
  static const char sql[] =
      "SELECT type, compatibility, (SELECT MAX(lane) FROM task_lanes) FROM task_lanes "
      "WHERE lane = ?1";
  sqlite3 *handle = run->database->handle;
  sqlite3_stmt *statement;
  if (sqlite3_prepare_v2(handle, sql, -1, &statement, NULL) != SQLITE_OK) {
    return database_failed(run->database, sql);
  }
  sqlite3_bind_int64(statement, 1, run->options->lane);
  int status = STATUS_OK;
  int code = sqlite3_step(statement);
  if (code == SQLITE_ROW) {
    run->type = sqlite3_mprintf("%s", sqlite3_column_text(statement, 0));
    run->compatibility = sqlite3_mprintf("%s", sqlite3_column_text(statement, 1));
    run->newest_lane = sqlite3_column_int64(statement, 2);
    if (!run->type || !run->compatibility) status = fail(STATUS_SQLITE, "out of memory");
  } else if (code == SQLITE_DONE) {
    status = fail(STATUS_INPUT, "%s: there is no lane %lld in task_lanes; make it first",
                  run->database->path, (long long)run->options->lane);
  } else {
    status = database_failed(run->database, sql);
  }
  sqlite3_finalize(statement);
  return status;
}

/* Fills `payload` with a JSON object of exactly `length` bytes: `{"data":"xxx"}`, or `{}` and
 * blanks where that is too long. */
static void write_payload(char *payload, size_t length) {
  static const char head[] = "{\"data\":\"";
  static const char tail[] = "\"}";
  size_t head_length = sizeof head - 1, tail_length = sizeof tail - 1;
  if (length < head_length + tail_length) {
    memset(payload, ' ', length);
    memcpy(payload, "{}", 2);
    return;
  }
  memset(payload, 'x', length);
  memcpy(payload, head, head_length);
  memcpy(payload + length - tail_length, tail, tail_length);
}

static int allocate(struct run *run) {
  const struct options *options = run->options;
  run->payload = malloc((size_t)options->payload_bytes);
  run->tasks = calloc((size_t)options->batch, sizeof *run->tasks);
  run->fences = calloc((size_t)(options->warmup + options->operations), sizeof *run->fences);
  run->ids = malloc((size_t)options->batch * 21 + 2);
  if (!run->payload || !run->tasks || !run->fences || !run->ids) return fail(STATUS_SQLITE, "out of memory");
  write_payload(run->payload, (size_t)options->payload_bytes);
  return STATUS_OK;
}

/* Binds what every task has to the parameters of a row, from 0. */
static int bind_task(struct run *run, sqlite3_stmt *statement, int row) {
  const char *now = run->now.text;
  int offset = 10 * row;
  int code = SQLITE_OK;
  code |= sqlite3_bind_text(statement, offset + 1, run->type, -1, SQLITE_STATIC);
  code |= sqlite3_bind_int64(statement, offset + 2, priority);
  code |= sqlite3_bind_text(statement, offset + 3, run->payload, (int)run->options->payload_bytes,
                            SQLITE_STATIC);
  code |= sqlite3_bind_text(statement, offset + 4, run->compatibility, -1, SQLITE_STATIC);
  code |= sqlite3_bind_int64(statement, offset + 5, max_attempts);
  code |= sqlite3_bind_text(statement, offset + 6, now, TIMESTAMP_LENGTH, SQLITE_STATIC);
  code |= sqlite3_bind_text(statement, offset + 7, now, TIMESTAMP_LENGTH, SQLITE_STATIC);
  code |= sqlite3_bind_int64(statement, offset + 8, run->options->lane);
  return code;
}

/* The parameters that are left out are NULL: the idempotency key and a task's result. */
static int bind(struct run *run) {
  const struct options *options = run->options;
  sqlite3_stmt *enqueue = run->database->statements[ENQUEUE];
  sqlite3_stmt *enqueue_many = run->database->statements[ENQUEUE_MANY];
  sqlite3_stmt *duties = run->database->statements[DUTIES];
  sqlite3_stmt *claim = run->database->statements[CLAIM];
  sqlite3_stmt *complete = run->database->statements[COMPLETE];
  sqlite3_stmt *ready = run->database->statements[READY];
  sqlite3_stmt *take = run->database->statements[TAKE_ALL];
  sqlite3_stmt *complete_all = run->database->statements[COMPLETE_ALL];
  const char *now = run->now.text;
  const char *until = run->lease_until.text;
  int code = SQLITE_OK;
  code |= bind_task(run, enqueue, 0);
  for (int row = 0; row < ROWS_PER_STATEMENT; row++) code |= bind_task(run, enqueue_many, row);
  code |= sqlite3_bind_text(duties, 1, now, TIMESTAMP_LENGTH, SQLITE_STATIC);
  code |= sqlite3_bind_text(claim, 1, options->worker_id, -1, SQLITE_STATIC);
  code |= sqlite3_bind_text(claim, 2, until, TIMESTAMP_LENGTH, SQLITE_STATIC);
  code |= sqlite3_bind_text(claim, 3, now, TIMESTAMP_LENGTH, SQLITE_STATIC);
  code |= sqlite3_bind_int64(claim, 4, options->lane);
  code |= sqlite3_bind_text(complete, 3, now, TIMESTAMP_LENGTH, SQLITE_STATIC);
  code |= sqlite3_bind_int64(ready, 1, options->lane);
  code |= sqlite3_bind_int64(ready, 2, options->batch);
  code |= sqlite3_bind_text(take, 1, options->worker_id, -1, SQLITE_STATIC);
  code |= sqlite3_bind_text(take, 2, until, TIMESTAMP_LENGTH, SQLITE_STATIC);
  code |= sqlite3_bind_text(take, 3, now, TIMESTAMP_LENGTH, SQLITE_STATIC);
  code |= sqlite3_bind_int64(complete_all, 2, 1);
  code |= sqlite3_bind_text(complete_all, 3, now, TIMESTAMP_LENGTH, SQLITE_STATIC);
  return code == SQLITE_OK ? STATUS_OK : database_failed(run->database, NULL);
}

static void release(struct run *run) {
  for (int64_t i = 0; run->tasks && i < run->options->batch; i++) free(run->tasks[i].text);
  free(run->tasks);
  free(run->fences);
  free(run->ids);
  free(run->payload);
  sqlite3_free(run->type);
  sqlite3_free(run->compatibility);
}

int run_operations(const struct options *options, struct database *database,
                   struct latencies *latencies) {
  struct run run = {.options = options, .database = database};
  timestamp_init(&run.now);
  timestamp_init(&run.lease_until);
  int status = look_up_lane(&run);
  if (status == STATUS_OK) status = allocate(&run);
  if (status == STATUS_OK) status = bind(&run);
  if (status == STATUS_OK) status = measure(&run, enqueue, latencies->enqueue_ns);
  if (status == STATUS_OK) status = measure(&run, claim, latencies->claim_ns);
  if (status == STATUS_OK) status = measure(&run, complete, latencies->complete_ns);
  /* Statements must not be left with what is bound to them gone. */
  database_finalize(database);
  release(&run);
  return status;
}
