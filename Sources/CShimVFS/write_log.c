#if defined(__linux__)
#define _GNU_SOURCE
#endif
#include "write_log.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>
#if defined(__linux__)
#include <sys/syscall.h>
#endif

static atomic_int log_descriptor = -1;

int write_log_is_on(void) {
  return atomic_load_explicit(&log_descriptor, memory_order_relaxed) >= 0;
}

void shim_vfs_log_writes(int descriptor) { atomic_store(&log_descriptor, descriptor); }

static uint64_t current_thread(void) {
  // Unlike pthread_self(), no two processes share a number.
#if defined(__linux__)
  static _Thread_local uint64_t number;
  if (!number) number = (uint64_t)syscall(SYS_gettid);
#else
  uint64_t number = 0;
  pthread_threadid_np(NULL, &number);
#endif
  return number;
}

static uint64_t now_ns(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

// One call for the whole record: with O_APPEND, those of different processes neither mix nor overlap, and
// their places in the file are the order of all that happened.
static void append(shim_vfs_write_record record, const void *bytes) {
  record.at_ns = now_ns();
  record.thread = current_thread();
  struct iovec parts[2] = {
      {.iov_base = &record, .iov_len = sizeof record},
      {.iov_base = (void *)bytes, .iov_len = bytes ? record.length : 0},
  };
  size_t total = parts[0].iov_len + parts[1].iov_len;
  ssize_t written;
  do {
    written = writev(atomic_load(&log_descriptor), parts, bytes ? 2 : 1);
  } while (written < 0 && errno == EINTR);
  if (written == (ssize_t)total) return;
  // What the log does not hold, nobody can replay; a run with a hole would accuse SQLite.
  fprintf(
      stderr, "queuebench: the log of writes cannot be written (%s)\n",
      written < 0 ? strerror(errno) : "no space");
  _exit(shim_vfs_log_failed_status);
}

void write_log_write(uint32_t file, const void *bytes, int count, int64_t offset) {
  append(
      (shim_vfs_write_record){
          .type = shim_vfs_write,
          .file = file,
          .offset = offset,
          .length = (uint32_t)count,
      },
      bytes);
}

void write_log_truncate(uint32_t file, int64_t size) {
  append((shim_vfs_write_record){.type = shim_vfs_truncate, .file = file, .offset = size}, NULL);
}

void write_log_sync(uint32_t file, int has_ended) {
  append(
      (shim_vfs_write_record){
          .type = has_ended ? shim_vfs_sync_ended : shim_vfs_sync_began,
          .file = file,
      },
      NULL);
}

static int ends_with(const char *text, const char *suffix) {
  size_t length = strlen(text), tail = strlen(suffix);
  return length >= tail && memcmp(text + length - tail, suffix, tail) == 0;
}

void write_log_delete(const char *path, int is_directory_synced) {
  uint32_t file = ends_with(path, "-wal")       ? shim_vfs_wal
                  : ends_with(path, "-journal") ? shim_vfs_journal
                                                : 0;
  if (!file) return;
  append(
      (shim_vfs_write_record){
          .type = shim_vfs_delete,
          .file = file,
          .offset = is_directory_synced != 0,
      },
      NULL);
}

void shim_vfs_log_mark(uint32_t kind, int64_t id, uint32_t detail, uint64_t start_ns) {
  if (!write_log_is_on()) return;
  append(
      (shim_vfs_write_record){
          .type = shim_vfs_mark,
          .file = kind,
          .offset = id,
          .start_ns = start_ns,
          .detail = detail,
      },
      NULL);
}
