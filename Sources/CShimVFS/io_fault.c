#include "io_fault.h"

#include <sqlite3.h>
#include <stdatomic.h>
#include <stddef.h>

static const uint32_t *_Atomic orders;
static _Atomic uint32_t calls;

void shim_vfs_obey(const uint32_t *word) { atomic_store(&orders, word); }

static uint32_t order(void) {
  const uint32_t *word = atomic_load_explicit(&orders, memory_order_relaxed);
  // Somebody else's memory, which changes while we look.
  return word ? __atomic_load_n(word, __ATOMIC_RELAXED) : 0;
}

int io_fault_is_on(void) { return order() != 0; }

int io_fault_of(enum io_fault_call call) {
  uint32_t order_now = order();
  uint32_t every = order_now >> 8;
  int code = SQLITE_OK;
  switch (order_now & 0xFF) {
  case shim_vfs_disk_full:
    if (call == io_fault_extend) code = SQLITE_FULL;
    break;
  case shim_vfs_write_error:
    if (call != io_fault_sync) code = SQLITE_IOERR_WRITE;
    break;
  case shim_vfs_sync_error:
    if (call == io_fault_sync) code = SQLITE_IOERR_FSYNC;
    break;
  case shim_vfs_io_error: code = call == io_fault_sync ? SQLITE_IOERR_FSYNC : SQLITE_IOERR_WRITE; break;
  default: break;
  }
  if (code == SQLITE_OK || every < 2) return code;
  return atomic_fetch_add_explicit(&calls, 1, memory_order_relaxed) % every == 0 ? code : SQLITE_OK;
}
