#pragma once
#include <sqlite3.h>
#include <stdint.h>

// Variadic in C, so out of Swift's reach.
static inline int csqlite_set_triggers_enabled(sqlite3 *database, int is_enabled) {
  return sqlite3_db_config(database, SQLITE_DBCONFIG_ENABLE_TRIGGER, is_enabled, (int *)0);
}

// What the WAL index says; see walCkptInfo and WalIndexHdr in SQLite's wal.c.
typedef struct {
  uint32_t frames;      // mxFrame: committed frames in the log
  uint32_t backfilled;  // nBackfill: how many of them are in the database file
  uint32_t generation;  // salt-1 as it lies in memory: changes with every reset of the log
} csqlite_wal_index;

// Reads the WAL index from the memory that it is mapped to, at least 100 bytes. Returns 1, or 0 if what lies
// there is no WAL index, or changes without end.
//
// The order matters to those who draw conclusions from two readings: a reset writes the header (with
// the new generation) before it zeroes nBackfill, so nBackfill is read first; if the header that is read
// after it is of the old generation, the nBackfill is too.
static inline int csqlite_parse_wal_index(const void *memory, csqlite_wal_index *result) {
  const uint32_t volatile *words = (const uint32_t volatile *)memory;
  // Two copies of 48 bytes, written in the order second, first and read the other way round: a reading is
  // whole if they agree. Word 0 is the version of the format, 4 mxFrame, 8 salt-1; nBackfill follows
  // both copies.
  for (int attempt = 0; attempt < 1000; attempt++) {
    result->backfilled = __atomic_load_n(&words[24], __ATOMIC_ACQUIRE);
    uint32_t version = __atomic_load_n(&words[0], __ATOMIC_ACQUIRE);
    result->frames = __atomic_load_n(&words[4], __ATOMIC_ACQUIRE);
    result->generation = __atomic_load_n(&words[8], __ATOMIC_ACQUIRE);
    if (version != 3007000) continue;
    if (__atomic_load_n(&words[12 + 4], __ATOMIC_ACQUIRE) != result->frames) continue;
    if (__atomic_load_n(&words[12 + 8], __ATOMIC_ACQUIRE) != result->generation) continue;
    return 1;
  }
  return 0;
}

// Reads the WAL index of the main database in memory. Returns 1, or 0 if it cannot be had.
//
// Only for a connection that is in WAL mode, not in exclusive locking mode, and has read before: then the
// index is mapped already. Otherwise this would open the -shm file of a database that has none.
static inline int csqlite_read_wal_index(sqlite3 *database, csqlite_wal_index *result) {
  sqlite3_file *file = 0;
  if (sqlite3_file_control(database, "main", SQLITE_FCNTL_FILE_POINTER, &file) != SQLITE_OK) return 0;
  if (!file || !file->pMethods || file->pMethods->iVersion < 2 || !file->pMethods->xShmMap) return 0;
  void volatile *region = 0;
  // The size is that of a region of the index on every system (WALINDEX_PGSZ).
  if (file->pMethods->xShmMap(file, 0, 32768, 0, &region) != SQLITE_OK || !region) return 0;
  return csqlite_parse_wal_index((const void *)region, result);
}

// Syncs the database file and then the WAL as a checkpoint would, without doing one.
static inline int csqlite_sync_files(sqlite3 *database) {
  static const int pointers[2] = {SQLITE_FCNTL_FILE_POINTER, SQLITE_FCNTL_JOURNAL_POINTER};
  for (int index = 0; index < 2; index++) {
    sqlite3_file *file = 0;
    int code = sqlite3_file_control(database, "main", pointers[index], &file);
    if (code == SQLITE_OK && file && file->pMethods) {
      code = file->pMethods->xSync(file, SQLITE_SYNC_NORMAL);
    }
    if (code != SQLITE_OK) return code;
  }
  return SQLITE_OK;
}
