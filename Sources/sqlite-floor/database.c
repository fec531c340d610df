/* The database: opening, PRAGMAs, and the statements that the harness hands over. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "floor.h"

/* What the program relies on. The SQL itself is the engine's, so that it is written only once. */
static const struct {
  const char *name;
  /* Set for the statements that are not handed over. */
  const char *sql;
  int parameters;
  int columns;
} expected[STATEMENT_COUNT] = {
    [ENQUEUE] = {"enqueue", NULL, 10, 0}, [DUTIES] = {"duties", NULL, 1, 3},
    [CLAIM] = {"claim", NULL, 4, 7},      [COMPLETE] = {"complete", NULL, 4, 0},
    [ENQUEUE_MANY] = {"enqueue_many", NULL, 10 * ROWS_PER_STATEMENT, 0},
    [READY] = {"ready", NULL, 2, 9},      [TAKE_ALL] = {"take_all", NULL, 4, 0},
    [COMPLETE_ALL] = {"complete_all", NULL, 3, 0},
    [BEGIN] = {"begin", "BEGIN IMMEDIATE", 0, 0},
    [COMMIT] = {"commit", "COMMIT", 0, 0},
};

int database_failed(const struct database *database, const char *sql) {
  const char *message = sqlite3_errmsg(database->handle);
  int code = sqlite3_extended_errcode(database->handle);
  if (!sql) {
    return fail(STATUS_SQLITE, "%s: %s (SQLite error %d)", database->path, message, code);
  }
  return fail(STATUS_SQLITE, "%s: %s (SQLite error %d) [%s]", database->path, message, code, sql);
}

int database_open(struct database *database, const char *path) {
  *database = (struct database){.path = path};
  int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
  if (sqlite3_open_v2(path, &database->handle, flags, NULL) != SQLITE_OK) {
    return database_failed(database, NULL);
  }
  /* As the engine does: the triggers serve rows of programs that know nothing of lanes. */
  sqlite3_db_config(database->handle, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, (int *)0);
  return STATUS_OK;
}

void database_finalize(struct database *database) {
  for (int i = 0; i < STATEMENT_COUNT; i++) {
    sqlite3_finalize(database->statements[i]);
    database->statements[i] = NULL;
  }
}

void database_close(struct database *database) {
  database_finalize(database);
  sqlite3_close(database->handle);
  *database = (struct database){0};
}

/* MARK: PRAGMAs */

/* Runs a PRAGMA; prints what it answers under the name of `printed`, if that is not NULL. */
static int run_pragma(const struct database *database, const char *sql,
                      const struct pragma *printed) {
  sqlite3_stmt *statement;
  if (sqlite3_prepare_v2(database->handle, sql, -1, &statement, NULL) != SQLITE_OK) {
    return database_failed(database, sql);
  }
  int code = sqlite3_step(statement);
  int status = STATUS_OK;
  if (code != SQLITE_ROW && code != SQLITE_DONE) {
    status = database_failed(database, sql);
  } else if (printed && code == SQLITE_DONE) {
    status = fail(STATUS_INPUT, "%s: this SQLite (%s) has no such PRAGMA", sql,
                  sqlite3_libversion());
  } else if (printed) {
    printf("%.*s=%s\n", printed->name_length, printed->name,
           (const char *)sqlite3_column_text(statement, 0));
  }
  sqlite3_finalize(statement);
  return status;
}

int database_apply(struct database *database, const struct pragma *pragmas, size_t count) {
  int status = STATUS_OK;
  for (size_t i = 0; i < count && status == STATUS_OK; i++) {
    const struct pragma *pragma = &pragmas[i];
    char *set =
        sqlite3_mprintf("PRAGMA %.*s = %s", pragma->name_length, pragma->name, pragma->value);
    char *get = sqlite3_mprintf("PRAGMA %.*s", pragma->name_length, pragma->name);
    if (!set || !get) status = fail(STATUS_SQLITE, "out of memory");
    if (status == STATUS_OK) status = run_pragma(database, set, NULL);
    if (status == STATUS_OK) status = run_pragma(database, get, pragma);
    sqlite3_free(set);
    sqlite3_free(get);
  }
  return status;
}

/* MARK: Statements */

/* Prepares one statement and holds it against what the program will bind and read. */
static int prepare(struct database *database, enum statement_name name, const char *sql) {
  sqlite3_stmt **statement = &database->statements[name];
  const char *rest;
  if (sqlite3_prepare_v3(database->handle, sql, -1, SQLITE_PREPARE_PERSISTENT, statement, &rest) !=
      SQLITE_OK) {
    return database_failed(database, sql);
  }
  if (!*statement || rest[strspn(rest, " \t\r\n;")] != '\0') {
    return fail(STATUS_INPUT, "statement \"%s\": expected one SQL statement [%s]",
                expected[name].name, sql);
  }
  int parameters = sqlite3_bind_parameter_count(*statement);
  int columns = sqlite3_column_count(*statement);
  if (parameters != expected[name].parameters || columns != expected[name].columns) {
    return fail(STATUS_INPUT,
                "statement \"%s\" takes %d parameters and returns %d columns, but this program "
                "was written for %d and %d: bring it up to the engine [%s]",
                expected[name].name, parameters, columns, expected[name].parameters,
                expected[name].columns, sql);
  }
  return STATUS_OK;
}

/* Reads a whole file into memory that the caller frees, with a NUL behind it. */
static int read_file(const char *path, char **bytes, size_t *length) {
  enum { LIMIT = 1 << 20 };
  FILE *file = fopen(path, "rb");
  if (!file) return fail(STATUS_INPUT, "%s: cannot be read: %s", path, strerror(errno));
  int status = STATUS_OK;
  *bytes = malloc(LIMIT + 1);
  if (!*bytes) {
    status = fail(STATUS_SQLITE, "out of memory");
  } else {
    *length = fread(*bytes, 1, LIMIT, file);
    (*bytes)[*length] = '\0';
    if (ferror(file)) {
      status = fail(STATUS_INPUT, "%s: cannot be read: %s", path, strerror(errno));
    } else if (*length == LIMIT) {
      status = fail(STATUS_INPUT, "%s: too long to be a file of statements", path);
    }
  }
  fclose(file);
  return status;
}

/* Finds the statement that is to be handed over under `name`; STATEMENT_COUNT if there is none. */
static enum statement_name find(const char *name) {
  int i = 0;
  while (i < STATEMENT_COUNT && (expected[i].sql || strcmp(expected[i].name, name) != 0)) i++;
  return (enum statement_name)i;
}

/* Prepares the statements of `name\0sql\0` records. */
static int prepare_records(struct database *database, const char *path, const char *bytes,
                           size_t length) {
  if (length > 0 && bytes[length - 1] != '\0') {
    return fail(STATUS_INPUT, "%s: the last record is cut off: records are name\\0sql\\0", path);
  }
  const char *end = bytes + length;
  for (const char *record = bytes; record < end;) {
    const char *sql = record + strlen(record) + 1;
    if (sql >= end) {
      return fail(STATUS_INPUT, "%s: no SQL follows \"%s\": records are name\\0sql\\0", path,
                  record);
    }
    enum statement_name name = find(record);
    if (name == STATEMENT_COUNT) {
      return fail(STATUS_INPUT,
                  "%s: \"%s\": unknown statement; expected enqueue, duties, claim, complete, "
                  "enqueue_many, ready, take_all and complete_all",
                  path, record);
    }
    if (database->statements[name]) {
      return fail(STATUS_INPUT, "%s: statement \"%s\" occurs twice", path, record);
    }
    int status = prepare(database, name, sql);
    if (status != STATUS_OK) return status;
    record = sql + strlen(sql) + 1;
  }
  return STATUS_OK;
}

int database_prepare(struct database *database, const char *statements_path) {
  char *bytes = NULL;
  size_t length = 0;
  int status = read_file(statements_path, &bytes, &length);
  if (status == STATUS_OK) status = prepare_records(database, statements_path, bytes, length);
  free(bytes);
  for (int i = 0; i < STATEMENT_COUNT && status == STATUS_OK; i++) {
    enum statement_name name = (enum statement_name)i;
    if (expected[i].sql) {
      status = prepare(database, name, expected[i].sql);
    } else if (!database->statements[i]) {
      status = fail(STATUS_INPUT, "%s: statement \"%s\" is missing", statements_path,
                    expected[i].name);
    }
  }
  return status;
}
