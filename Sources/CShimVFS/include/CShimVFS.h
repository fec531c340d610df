// A VFS that passes everything on to the default one, counts what it writes and syncs, and looks at the
// clock where locks are taken and given back. If asked to, it also logs every change of a file, and makes
// up errors.
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
} shim_vfs_counts;

// Where the time of the calling thread went since it began, in ns of CLOCK_MONOTONIC. The write lock is
// SQLite's WAL_WRITE_LOCK, with a rollback journal RESERVED.
typedef struct {
  // From the first attempt to get the write lock until it was there, attempts given up included.
  uint64_t lock_wait_ns;
  // How long the write lock was held.
  uint64_t lock_held_ns;
  // From the commit hook until the write lock was free again; needs shim_vfs_watch_commits().
  uint64_t commit_ns;
  // How long the checkpoint lock was held.
  uint64_t checkpoint_ns;
} shim_vfs_times;

// What a checkpoint has done.
typedef struct {
  uint64_t start_ns;
  uint64_t end_ns;
  // Written to the database file.
  uint64_t writes;
  uint64_t syncs;
} shim_vfs_checkpoint;

// The name under which it is registered.
const char *shim_vfs_name(void);

// Registers it around what is the default VFS at the first call, and makes it the default itself if
// asked to. May be called again, also by several threads at once. Returns an SQLite result code.
int shim_vfs_register(int make_default);

shim_vfs_counts shim_vfs_current(void);

// Has the VFS count and look at the clock, which it does unless told otherwise, or merely pass everything on.
// To be called between transactions.
void shim_vfs_set_enabled(int is_enabled);

// The times of the calling thread. To be called between operations: a wait that was given up, and a lock
// that is never given back (locking_mode=EXCLUSIVE), end here.
shim_vfs_times shim_vfs_settle(void);

// Has the commits of a connection timed; takes the place of its commit hook.
void shim_vfs_watch_commits(struct sqlite3 *database);

// Has every checkpoint of the process told to `observer`, on the thread that did it, with the checkpoint
// lock given back already. NULL for nobody. To be set before the first connection is opened.
void shim_vfs_observe_checkpoints(
    void (*observer)(void *context, const shim_vfs_checkpoint *checkpoint), void *context);

// The file that the SQLite of this process was loaded from; NULL if that cannot be told. Valid as long as the
// process lives.
const char *shim_vfs_library_path(void);

// MARK: The log of writes
//
// Everything that processes do to the database, its log and its journal, in one order for all of them: what a
// disk would have to hold after a power cut can be worked out from that.

enum {
  shim_vfs_database = 1,
  shim_vfs_wal = 2,
  shim_vfs_journal = 3,
};

enum {
  // `length` bytes at `offset`, which follow the record. Also creates the file.
  shim_vfs_write = 1,
  // To `offset` bytes.
  shim_vfs_truncate = 2,
  // The two belong together by `thread`; one that failed has no end.
  shim_vfs_sync_began = 3,
  shim_vfs_sync_ended = 4,
  // `offset` is 1 if the directory was synced, too.
  shim_vfs_delete = 5,
  // Whatever the caller wants to know the place of: `file`, `offset`, `detail` and `start_ns` are theirs.
  shim_vfs_mark = 6,
};

// 48 bytes, in the byte order of the machine, without a gap.
typedef struct {
  uint32_t type;
  uint32_t file;
  // When the record was written, in ns of CLOCK_MONOTONIC.
  uint64_t at_ns;
  uint64_t thread;
  int64_t offset;
  uint64_t start_ns;
  uint32_t length;
  uint32_t detail;
} shim_vfs_write_record;

// The exit status of a process that cannot write its log.
enum { shim_vfs_log_failed_status = 74 };

// Appends to `descriptor`, which all processes must have opened with O_APPEND, from now on; -1 ends it. A
// process that cannot write the log ends at once. To be called between transactions.
void shim_vfs_log_writes(int descriptor);

// Notes something of the caller's; without effect where nothing is logged.
void shim_vfs_log_mark(uint32_t kind, int64_t id, uint32_t detail, uint64_t start_ns);

// MARK: Errors that are made up

enum {
  // Writes beyond the end of a file fail with SQLITE_FULL.
  shim_vfs_disk_full = 1,
  // Writes fail with SQLITE_IOERR_WRITE.
  shim_vfs_write_error = 2,
  // Syncs fail with SQLITE_IOERR_FSYNC, without having been done.
  shim_vfs_sync_error = 3,
  // Both.
  shim_vfs_io_error = 4,
};

// Follows a word that others may change at any time: one of the above in the low 8 bits, 0 for no errors;
// the bits above say that only one call in so many fails, 0 for each. NULL for nobody. The word must stay
// where it is.
void shim_vfs_obey(const uint32_t *word);

#ifdef __cplusplus
}
#endif
