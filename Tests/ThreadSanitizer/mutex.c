/* Shows the thread sanitizer what `Synchronization.Mutex` does on Linux; see `make sanitize`.
 *
 * The quick ways into and out of a Mutex are part of the caller, where the sanitizer sees them. The slow
 * ones, for a Mutex that is contended, lie in Swift's library and the kernel, where it does not: it then
 * takes whatever the Mutex protects for a race. This library, preloaded, stands in for the slow ways, tells
 * the sanitizer of them, and goes them.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdbool.h>
#include <stdint.h>

/* The sanitizer's; absent in programs that are not built with it, such as the one that runs the tests. */
__attribute__((weak)) void __tsan_acquire(void *address);
__attribute__((weak)) void __tsan_release(void *address);

#define SWIFT __attribute__((swiftcall))
#define SELF __attribute__((swift_context)) void *mutex

/* Synchronization._MutexHandle._lockSlow(Swift.UInt32) -> () */
#define LOCK_SLOW "$s15Synchronization12_MutexHandleV9_lockSlowyys6UInt32VF"
/* Synchronization._MutexHandle._tryLockSlow() -> Swift.Bool */
#define TRY_LOCK_SLOW "$s15Synchronization12_MutexHandleV12_tryLockSlowSbyF"
/* Synchronization._MutexHandle._unlockSlow() -> () */
#define UNLOCK_SLOW "$s15Synchronization12_MutexHandleV11_unlockSlowyyF"

SWIFT void lock_slow(uint32_t thread, SELF) __asm__(LOCK_SLOW);
SWIFT bool try_lock_slow(SELF) __asm__(TRY_LOCK_SLOW);
SWIFT void unlock_slow(SELF) __asm__(UNLOCK_SLOW);

SWIFT void lock_slow(uint32_t thread, SELF) {
  typedef SWIFT void function(uint32_t, SELF);
  static function *real;
  if (!real) real = (function *)dlsym(RTLD_NEXT, LOCK_SLOW);
  real(thread, mutex);
  if (__tsan_acquire) __tsan_acquire(mutex);
}

SWIFT bool try_lock_slow(SELF) {
  typedef SWIFT bool function(SELF);
  static function *real;
  if (!real) real = (function *)dlsym(RTLD_NEXT, TRY_LOCK_SLOW);
  bool is_locked = real(mutex);
  if (is_locked && __tsan_acquire) __tsan_acquire(mutex);
  return is_locked;
}

SWIFT void unlock_slow(SELF) {
  typedef SWIFT void function(SELF);
  static function *real;
  if (!real) real = (function *)dlsym(RTLD_NEXT, UNLOCK_SLOW);
  if (__tsan_release) __tsan_release(mutex);
  real(mutex);
}
