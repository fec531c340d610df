#pragma once
#include <sqlite3.h>

// Variadic in C, so out of Swift's reach.
static inline int csqlite_set_triggers_enabled(sqlite3 *database, int is_enabled) {
  return sqlite3_db_config(database, SQLITE_DBCONFIG_ENABLE_TRIGGER, is_enabled, (int *)0);
}
