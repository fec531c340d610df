#if defined(__linux__)
#define _GNU_SOURCE
#endif
#include "CShimVFS.h"

#include <dlfcn.h>
#include <sqlite3.h>
#include <stddef.h>

const char *shim_vfs_library_path(void) {
  // Not of a function, which may be a stub within the program itself.
  Dl_info info;
  return dladdr(sqlite3_version, &info) && info.dli_fname ? info.dli_fname : NULL;
}
