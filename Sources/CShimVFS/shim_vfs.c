#include "CShimVFS.h"

#include "io_fault.h"
#include "write_log.h"

#include <pthread.h>
#include <sqlite3.h>
#include <stdatomic.h>
#include <stddef.h>
#include <time.h>

static _Thread_local shim_vfs_counts counts;

static atomic_int is_enabled = 1;

void shim_vfs_set_enabled(int enabled) {
  atomic_store_explicit(&is_enabled, enabled, memory_order_relaxed);
}

static int enabled(void) { return atomic_load_explicit(&is_enabled, memory_order_relaxed); }

shim_vfs_counts shim_vfs_current(void) { return counts; }

// MARK: Times

// What of the calling thread is under way, each 0 if it is not.
typedef struct {
  uint64_t lock_attempted_ns;
  uint64_t lock_acquired_ns;
  uint64_t commit_started_ns;
  uint64_t checkpoint_started_ns;
} unfinished_times;

static _Thread_local shim_vfs_times times;
static _Thread_local unfinished_times unfinished;
static _Thread_local shim_vfs_counts counts_at_checkpoint;

static void (*checkpoint_observer)(void *context, const shim_vfs_checkpoint *checkpoint);
static void *checkpoint_observer_context;

static uint64_t now_ns(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

static void lock_attempted(void) {
  if (!unfinished.lock_attempted_ns) unfinished.lock_attempted_ns = now_ns();
}

static void lock_acquired(void) {
  uint64_t now = now_ns();
  times.lock_wait_ns += now - unfinished.lock_attempted_ns;
  unfinished.lock_attempted_ns = 0;
  unfinished.lock_acquired_ns = now;
}

// Also ends a commit that no lock was seen to be taken for (locking_mode=EXCLUSIVE).
static void lock_released(void) {
  if (!unfinished.lock_acquired_ns && !unfinished.commit_started_ns) return;
  uint64_t now = now_ns();
  if (unfinished.lock_acquired_ns) times.lock_held_ns += now - unfinished.lock_acquired_ns;
  if (unfinished.commit_started_ns) times.commit_ns += now - unfinished.commit_started_ns;
  unfinished.lock_acquired_ns = 0;
  unfinished.commit_started_ns = 0;
}

shim_vfs_times shim_vfs_settle(void) {
  if (unfinished.lock_attempted_ns) {
    times.lock_wait_ns += now_ns() - unfinished.lock_attempted_ns;
    unfinished.lock_attempted_ns = 0;
  }
  lock_released();
  return times;
}

static int commit_began(void *context) {
  (void)context;
  if (enabled()) unfinished.commit_started_ns = now_ns();
  return 0;
}

void shim_vfs_watch_commits(struct sqlite3 *database) {
  sqlite3_commit_hook(database, commit_began, NULL);
}

static void checkpoint_began(void) {
  unfinished.checkpoint_started_ns = now_ns();
  counts_at_checkpoint = counts;
}

static void checkpoint_ended(void) {
  if (!unfinished.checkpoint_started_ns) return;
  shim_vfs_checkpoint checkpoint = {
      .start_ns = unfinished.checkpoint_started_ns,
      .end_ns = now_ns(),
      .writes = counts.database_writes - counts_at_checkpoint.database_writes,
      .syncs = counts.database_syncs + counts.wal_syncs - counts_at_checkpoint.database_syncs -
               counts_at_checkpoint.wal_syncs,
  };
  unfinished.checkpoint_started_ns = 0;
  times.checkpoint_ns += checkpoint.end_ns - checkpoint.start_ns;
  if (checkpoint_observer) checkpoint_observer(checkpoint_observer_context, &checkpoint);
}

void shim_vfs_observe_checkpoints(
    void (*observer)(void *context, const shim_vfs_checkpoint *checkpoint), void *context) {
  checkpoint_observer = observer;
  checkpoint_observer_context = context;
}

// MARK: Files

// The numbers of one kind of file, in the order of shim_vfs_counts.
typedef struct {
  // Its name in the write log.
  uint32_t file;
  size_t syncs;
  size_t writes;
  size_t bytes;
} counted_kind;

#define KIND(name) \
  { shim_vfs_##name, offsetof(shim_vfs_counts, name##_syncs), \
    offsetof(shim_vfs_counts, name##_writes), offsetof(shim_vfs_counts, name##_bytes) }
static const counted_kind database_kind = KIND(database);
static const counted_kind wal_kind = KIND(wal);
static const counted_kind journal_kind = KIND(journal);

// What SQLite allocates per open file: this, and behind it the file of the wrapped VFS.
typedef struct {
  sqlite3_file base;
  // NULL for what is not counted: temporary files, and journals of several databases.
  const counted_kind *kind;
} shim_file;

static sqlite3_file *wrapped(sqlite3_file *file) {
  return (sqlite3_file *)((char *)file + sizeof(shim_file));
}

static const sqlite3_io_methods *methods(sqlite3_file *file) { return wrapped(file)->pMethods; }

static void add(size_t offset, uint64_t amount) {
  *(uint64_t *)((char *)&counts + offset) += amount;
}

static int file_close(sqlite3_file *file) { return methods(file)->xClose(wrapped(file)); }

static int file_read(sqlite3_file *file, void *buffer, int amount, sqlite3_int64 offset) {
  return methods(file)->xRead(wrapped(file), buffer, amount, offset);
}

static int file_write(sqlite3_file *file, const void *buffer, int amount, sqlite3_int64 offset) {
  const counted_kind *kind = ((shim_file *)file)->kind;
  if (kind && enabled()) {
    add(kind->writes, 1);
    add(kind->bytes, (uint64_t)amount);
  }
  if (kind && io_fault_is_on()) {
    sqlite3_int64 size = 0;
    int is_extending = methods(file)->xFileSize(wrapped(file), &size) == SQLITE_OK &&
                       offset + amount > size;
    int fault = io_fault_of(is_extending ? io_fault_extend : io_fault_write);
    if (fault != SQLITE_OK) return fault;
  }
  int code = methods(file)->xWrite(wrapped(file), buffer, amount, offset);
  if (code == SQLITE_OK && kind && write_log_is_on()) {
    write_log_write(kind->file, buffer, amount, offset);
  }
  return code;
}

static int file_truncate(sqlite3_file *file, sqlite3_int64 size) {
  const counted_kind *kind = ((shim_file *)file)->kind;
  int code = methods(file)->xTruncate(wrapped(file), size);
  if (code == SQLITE_OK && kind && write_log_is_on()) write_log_truncate(kind->file, size);
  return code;
}

static int file_sync(sqlite3_file *file, int flags) {
  const counted_kind *kind = ((shim_file *)file)->kind;
  if (kind && enabled()) add(kind->syncs, 1);
  if (kind && io_fault_is_on()) {
    int fault = io_fault_of(io_fault_sync);
    if (fault != SQLITE_OK) return fault;
  }
  int is_logged = kind && write_log_is_on();
  if (is_logged) write_log_sync(kind->file, 0);
  int code = methods(file)->xSync(wrapped(file), flags);
  if (is_logged && code == SQLITE_OK) write_log_sync(kind->file, 1);
  return code;
}

static int file_size(sqlite3_file *file, sqlite3_int64 *size) {
  return methods(file)->xFileSize(wrapped(file), size);
}

// In WAL mode SQLite holds SHARED all the time and never asks for RESERVED. With a rollback journal, a
// wait for SHARED is one for whoever writes; the wait for EXCLUSIVE, for readers to leave, belongs to the
// commit.
static int file_lock(sqlite3_file *file, int level) {
  int is_timed = enabled() && ((shim_file *)file)->kind == &database_kind &&
                 level <= SQLITE_LOCK_RESERVED;
  if (is_timed) lock_attempted();
  int code = methods(file)->xLock(wrapped(file), level);
  if (is_timed && code == SQLITE_OK) {
    lock_acquired();
    if (level < SQLITE_LOCK_RESERVED) unfinished.lock_acquired_ns = 0;
  }
  return code;
}

static int file_unlock(sqlite3_file *file, int level) {
  int code = methods(file)->xUnlock(wrapped(file), level);
  if (((shim_file *)file)->kind == &database_kind) lock_released();
  return code;
}

static int file_check_reserved_lock(sqlite3_file *file, int *result) {
  return methods(file)->xCheckReservedLock(wrapped(file), result);
}

static int file_control(sqlite3_file *file, int operation, void *argument) {
  int code = methods(file)->xFileControl(wrapped(file), operation, argument);
  if (code == SQLITE_OK && operation == SQLITE_FCNTL_VFSNAME) {
    char **name = argument;
    *name = sqlite3_mprintf("%s/%z", shim_vfs_name(), *name);
    if (!*name) code = SQLITE_NOMEM;
  }
  return code;
}

static int file_sector_size(sqlite3_file *file) {
  return methods(file)->xSectorSize(wrapped(file));
}

static int file_device_characteristics(sqlite3_file *file) {
  return methods(file)->xDeviceCharacteristics(wrapped(file));
}

static int file_shm_map(
    sqlite3_file *file, int region, int size, int extend, void volatile **address) {
  return methods(file)->xShmMap(wrapped(file), region, size, extend, address);
}

// The places of locks in the index of the log; source: "WAL Locks", https://sqlite.org/walformat.html.
enum { wal_write_lock = 0, wal_checkpoint_lock = 1 };

static int file_shm_lock(sqlite3_file *file, int offset, int count, int flags) {
  // Recovery takes several at once.
  int is_timed = count == 1 && flags & SQLITE_SHM_EXCLUSIVE && enabled();
  if (!is_timed || offset > wal_checkpoint_lock) {
    return methods(file)->xShmLock(wrapped(file), offset, count, flags);
  }
  int is_attempt = flags & SQLITE_SHM_LOCK;
  if (is_attempt && offset == wal_write_lock) lock_attempted();
  int code = methods(file)->xShmLock(wrapped(file), offset, count, flags);
  if (code != SQLITE_OK) return code;
  if (offset == wal_write_lock) {
    if (is_attempt) lock_acquired();
    else lock_released();
  } else {
    if (is_attempt) checkpoint_began();
    else checkpoint_ended();
  }
  return code;
}

static void file_shm_barrier(sqlite3_file *file) { methods(file)->xShmBarrier(wrapped(file)); }

static int file_shm_unmap(sqlite3_file *file, int delete_flag) {
  return methods(file)->xShmUnmap(wrapped(file), delete_flag);
}

static int file_fetch(sqlite3_file *file, sqlite3_int64 offset, int amount, void **address) {
  return methods(file)->xFetch(wrapped(file), offset, amount, address);
}

static int file_unfetch(sqlite3_file *file, sqlite3_int64 offset, void *address) {
  return methods(file)->xUnfetch(wrapped(file), offset, address);
}

#define METHODS(version, shm_map) \
  { version, file_close, file_read, file_write, file_truncate, file_sync, file_size, file_lock, \
    file_unlock, file_check_reserved_lock, file_control, file_sector_size, \
    file_device_characteristics, shm_map, file_shm_lock, file_shm_barrier, file_shm_unmap, \
    file_fetch, file_unfetch }
// What SQLite may call on a file it learns from the version and, for shared memory, from whether
// xShmMap is there; so ours say the same as those of the wrapped file.
static const sqlite3_io_methods methods_by_version[3][2] = {
    {METHODS(1, NULL), METHODS(1, NULL)},
    {METHODS(2, NULL), METHODS(2, file_shm_map)},
    {METHODS(3, NULL), METHODS(3, file_shm_map)},
};

// MARK: The VFS

static sqlite3_vfs shim_vfs;

static sqlite3_vfs *wrapped_vfs(void) { return shim_vfs.pAppData; }

static int vfs_open(
    sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags, int *out_flags) {
  (void)vfs;
  shim_file *counted = (shim_file *)file;
  counted->base.pMethods = NULL;
  counted->kind = flags & SQLITE_OPEN_MAIN_DB        ? &database_kind
                  : flags & SQLITE_OPEN_WAL          ? &wal_kind
                  : flags & SQLITE_OPEN_MAIN_JOURNAL ? &journal_kind
                                                     : NULL;
  int code = wrapped_vfs()->xOpen(wrapped_vfs(), name, wrapped(file), flags, out_flags);
  const sqlite3_io_methods *theirs = methods(file);
  // Where there are methods the file must be closed, even after a failure.
  if (theirs) {
    int version = theirs->iVersion < 3 ? theirs->iVersion : 3;
    int has_shared_memory = version >= 2 && theirs->xShmMap;
    counted->base.pMethods = &methods_by_version[version - 1][has_shared_memory];
  }
  return code;
}

static int vfs_delete(sqlite3_vfs *vfs, const char *name, int sync_directory) {
  (void)vfs;
  int code = wrapped_vfs()->xDelete(wrapped_vfs(), name, sync_directory);
  if (code == SQLITE_OK && write_log_is_on()) write_log_delete(name, sync_directory);
  return code;
}

static int vfs_access(sqlite3_vfs *vfs, const char *name, int flags, int *result) {
  (void)vfs;
  return wrapped_vfs()->xAccess(wrapped_vfs(), name, flags, result);
}

static int vfs_full_pathname(sqlite3_vfs *vfs, const char *name, int size, char *result) {
  (void)vfs;
  return wrapped_vfs()->xFullPathname(wrapped_vfs(), name, size, result);
}

static void *vfs_dl_open(sqlite3_vfs *vfs, const char *name) {
  (void)vfs;
  return wrapped_vfs()->xDlOpen(wrapped_vfs(), name);
}

static void vfs_dl_error(sqlite3_vfs *vfs, int size, char *message) {
  (void)vfs;
  wrapped_vfs()->xDlError(wrapped_vfs(), size, message);
}

static void (*vfs_dl_sym(sqlite3_vfs *vfs, void *library, const char *name))(void) {
  (void)vfs;
  return wrapped_vfs()->xDlSym(wrapped_vfs(), library, name);
}

static void vfs_dl_close(sqlite3_vfs *vfs, void *library) {
  (void)vfs;
  wrapped_vfs()->xDlClose(wrapped_vfs(), library);
}

static int vfs_randomness(sqlite3_vfs *vfs, int size, char *result) {
  (void)vfs;
  return wrapped_vfs()->xRandomness(wrapped_vfs(), size, result);
}

static int vfs_sleep(sqlite3_vfs *vfs, int microseconds) {
  (void)vfs;
  return wrapped_vfs()->xSleep(wrapped_vfs(), microseconds);
}

static int vfs_current_time(sqlite3_vfs *vfs, double *result) {
  (void)vfs;
  return wrapped_vfs()->xCurrentTime(wrapped_vfs(), result);
}

static int vfs_get_last_error(sqlite3_vfs *vfs, int size, char *message) {
  (void)vfs;
  return wrapped_vfs()->xGetLastError(wrapped_vfs(), size, message);
}

static int vfs_current_time_ms(sqlite3_vfs *vfs, sqlite3_int64 *result) {
  (void)vfs;
  return wrapped_vfs()->xCurrentTimeInt64(wrapped_vfs(), result);
}

static int vfs_set_system_call(sqlite3_vfs *vfs, const char *name, sqlite3_syscall_ptr call) {
  (void)vfs;
  return wrapped_vfs()->xSetSystemCall(wrapped_vfs(), name, call);
}

static sqlite3_syscall_ptr vfs_get_system_call(sqlite3_vfs *vfs, const char *name) {
  (void)vfs;
  return wrapped_vfs()->xGetSystemCall(wrapped_vfs(), name);
}

static const char *vfs_next_system_call(sqlite3_vfs *vfs, const char *name) {
  (void)vfs;
  return wrapped_vfs()->xNextSystemCall(wrapped_vfs(), name);
}

// MARK: Registration

static int setup_result = SQLITE_ERROR;

static void set_up(void) {
  setup_result = sqlite3_initialize();
  if (setup_result != SQLITE_OK) return;
  sqlite3_vfs *theirs = sqlite3_vfs_find(NULL);
  if (!theirs) {
    setup_result = SQLITE_ERROR;
    return;
  }
  shim_vfs = (sqlite3_vfs){
      .iVersion = theirs->iVersion < 3 ? theirs->iVersion : 3,
      .szOsFile = (int)sizeof(shim_file) + theirs->szOsFile,
      .mxPathname = theirs->mxPathname,
      .zName = shim_vfs_name(),
      .pAppData = theirs,
      .xOpen = vfs_open,
      .xDelete = vfs_delete,
      .xAccess = vfs_access,
      .xFullPathname = vfs_full_pathname,
      .xDlOpen = vfs_dl_open,
      .xDlError = vfs_dl_error,
      .xDlSym = vfs_dl_sym,
      .xDlClose = vfs_dl_close,
      .xRandomness = vfs_randomness,
      .xSleep = vfs_sleep,
      .xCurrentTime = vfs_current_time,
      .xGetLastError = vfs_get_last_error,
      .xCurrentTimeInt64 = vfs_current_time_ms,
      .xSetSystemCall = vfs_set_system_call,
      .xGetSystemCall = vfs_get_system_call,
      .xNextSystemCall = vfs_next_system_call,
  };
  setup_result = sqlite3_vfs_register(&shim_vfs, 0);
}

const char *shim_vfs_name(void) { return "shim"; }

int shim_vfs_register(int make_default) {
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  pthread_once(&once, set_up);
  if (setup_result != SQLITE_OK || !make_default) return setup_result;
  return sqlite3_vfs_register(&shim_vfs, 1);
}
