// A VFS that passes everything on to the default one and counts what it writes and syncs.
//
// Counts are per thread: a connection is used by one thread at a time, so the difference of two readings
// around an operation is what that operation has cost, also while other threads write.
#pragma once

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

// Calls and bytes of the calling thread since it began.
typedef struct {
  uint64_t database_syncs;
  uint64_t database_writes;
  uint64_t database_bytes;
  uint64_t wal_syncs;
  uint64_t wal_writes;
  uint64_t wal_bytes;
  uint64_t journal_syncs;
  uint64_t journal_writes;
  uint64_t journal_bytes;
} counting_vfs_counts;

// The name under which it is registered.
const char *counting_vfs_name(void);

// Registers it around what is the default VFS at the first call, and makes it the default itself if
// asked to. May be called again, also by several threads at once. Returns an SQLite result code.
int counting_vfs_register(int make_default);

counting_vfs_counts counting_vfs_current(void);

#ifdef __cplusplus
}
#endif
