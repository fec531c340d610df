// A VFS that passes everything on to the default one, counts what it writes and syncs, and looks at the
// clock where locks are taken and given back.
//
// Counts and times are per thread: a connection is used by one thread at a time, so the difference of two
// readings around an operation is what that operation has cost, also while other threads write.
#pragma once

#include <stdint.h>

struct sqlite3;

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

// Where the time of the calling thread went since it began, in ns of CLOCK_MONOTONIC. The write lock is
// SQLite's WAL_WRITE_LOCK, with a rollback journal RESERVED.
typedef struct {
  // From the first attempt to get the write lock until it was there, attempts given up included.
  uint64_t lock_wait_ns;
  // How long the write lock was held.
  uint64_t lock_held_ns;
  // From the commit hook until the write lock was free again; needs counting_vfs_watch_commits().
  uint64_t commit_ns;
  // How long the checkpoint lock was held.
  uint64_t checkpoint_ns;
} counting_vfs_times;

// What a checkpoint has done.
typedef struct {
  uint64_t start_ns;
  uint64_t end_ns;
  // Written to the database file.
  uint64_t writes;
  uint64_t syncs;
} counting_vfs_checkpoint;

// The name under which it is registered.
const char *counting_vfs_name(void);

// Registers it around what is the default VFS at the first call, and makes it the default itself if
// asked to. May be called again, also by several threads at once. Returns an SQLite result code.
int counting_vfs_register(int make_default);

counting_vfs_counts counting_vfs_current(void);

// Has the VFS count and look at the clock, which it does unless told otherwise, or merely pass everything on.
// To be called between transactions.
void counting_vfs_set_enabled(int is_enabled);

// The times of the calling thread. To be called between operations: a wait that was given up, and a lock
// that is never given back (locking_mode=EXCLUSIVE), end here.
counting_vfs_times counting_vfs_settle(void);

// Has the commits of a connection timed; takes the place of its commit hook.
void counting_vfs_watch_commits(struct sqlite3 *database);

// Has every checkpoint of the process told to `observer`, on the thread that did it, with the checkpoint
// lock given back already. NULL for nobody. To be set before the first connection is opened.
void counting_vfs_observe_checkpoints(
    void (*observer)(void *context, const counting_vfs_checkpoint *checkpoint), void *context);

#ifdef __cplusplus
}
#endif
