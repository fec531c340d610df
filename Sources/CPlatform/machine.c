#define _GNU_SOURCE
#include "CPlatform.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#if defined(__linux__)
#include <sched.h>
#include <sys/vfs.h>
#else
#include <sys/mount.h>
#include <sys/param.h>
#endif

int cplatform_inspect_file_system(const char *path, cplatform_file_system *result) {
  struct statfs facts;
  memset(result, 0, sizeof *result);
  if (statfs(path, &facts) != 0) return errno;
#if defined(__linux__)
  result->type_number = (uint32_t)facts.f_type;
#else
  snprintf(result->type_name, sizeof result->type_name, "%s", facts.f_fstypename);
#endif
  uint64_t block_size = (uint64_t)facts.f_bsize;
  uint64_t blocks = (uint64_t)facts.f_bavail;
  result->available_bytes =
      block_size != 0 && blocks > UINT64_MAX / block_size ? UINT64_MAX : blocks * block_size;
  return 0;
}

int cplatform_usable_cores(void) {
#if defined(__linux__)
  cpu_set_t mask;
  return sched_getaffinity(0, sizeof mask, &mask) == 0 ? CPU_COUNT(&mask) : 0;
#else
  return 0;
#endif
}
