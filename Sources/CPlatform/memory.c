#define _GNU_SOURCE
#include "CPlatform.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

int cplatform_anonymous_file(const char *name, size_t byte_count) {
#if defined(__linux__)
  int descriptor = memfd_create(name, MFD_CLOEXEC | MFD_ALLOW_SEALING);
  if (descriptor < 0) return -errno;
  if (ftruncate(descriptor, (off_t)byte_count) != 0) {
    int failure = errno;
    close(descriptor);
    return -failure;
  }
  // The size is sealed: nobody can shrink the file under a mapping, which would be a SIGBUS.
  // A kernel that refuses seals still gives us a usable file.
  (void)fcntl(descriptor, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL);
  return descriptor;
#else
  (void)name;
  (void)byte_count;
  return -ENOSYS;
#endif
}

int cplatform_allocate_file(int descriptor, off_t offset, off_t byte_count) {
#if defined(__linux__)
  int result;
  do {
    result = posix_fallocate(descriptor, offset, byte_count);
  } while (result == EINTR);
  return result;
#else
  fstore_t request = {F_ALLOCATEALL, F_PEOFPOSMODE, 0, byte_count, 0};
  if (fcntl(descriptor, F_PREALLOCATE, &request) != 0) return errno;
  return ftruncate(descriptor, offset + byte_count) == 0 ? 0 : errno;
#endif
}

int cplatform_lock_byte(int descriptor, off_t offset, cplatform_lock_kind kind) {
#if defined(F_OFD_SETLK)
  struct flock request = {
      .l_type = kind == cplatform_lock_none     ? F_UNLCK
                : kind == cplatform_lock_shared ? F_RDLCK
                                                : F_WRLCK,
      .l_whence = SEEK_SET,
      .l_start = offset,
      .l_len = 1,
      .l_pid = 0,
  };
  int result;
  do {
    result = fcntl(descriptor, F_OFD_SETLK, &request);
  } while (result != 0 && errno == EINTR);
  if (result == 0) return 0;
  return errno == EACCES ? EAGAIN : errno;
#else
  (void)descriptor;
  (void)offset;
  (void)kind;
  return ENOTSUP;
#endif
}

void cplatform_prefault_for_writing(void *address, size_t byte_count) {
#if defined(__linux__)
#ifndef MADV_POPULATE_WRITE
#define MADV_POPULATE_WRITE 23
#endif
  if (madvise(address, byte_count, MADV_POPULATE_WRITE) == 0) return;
#endif
  // Before Linux 5.14: an atomic "add nothing" is a store that cannot lose a concurrent one.
  size_t page = (size_t)sysconf(_SC_PAGESIZE);
  for (size_t offset = 0; offset < byte_count; offset += page) {
    (void)cplatform_fetch_add_u32((char *)address + offset, 0);
  }
}
