#define _GNU_SOURCE
#include "CPlatform.h"

#include <errno.h>
#include <limits.h>
#include <stdint.h>

#if defined(__linux__)
#include <linux/futex.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>
#endif

static struct timespec timespec_from_ns(uint64_t ns) {
  struct timespec result;
  result.tv_sec = (time_t)(ns / 1000000000ull);
  result.tv_nsec = (long)(ns % 1000000000ull);
  return result;
}

int cplatform_futex_wait(const void *word, uint32_t expected, uint64_t deadline_ns) {
#if defined(__linux__)
  // FUTEX_WAIT_BITSET takes an absolute CLOCK_MONOTONIC time, so that retries after a signal do
  // not stretch the wait, as they do with the relative time of FUTEX_WAIT.
  struct timespec deadline = timespec_from_ns(deadline_ns);
  long result = syscall(
      SYS_futex, word, FUTEX_WAIT_BITSET, expected, deadline_ns == UINT64_MAX ? NULL : &deadline,
      NULL, FUTEX_BITSET_MATCH_ANY);
  return result == 0 ? 0 : errno;
#else
  if (cplatform_load_acquire_u32(word) != expected) return EAGAIN;
  for (;;) {
    uint64_t now = cplatform_monotonic_ns();
    if (now >= deadline_ns) return ETIMEDOUT;
    uint64_t slice = deadline_ns - now < 1000000 ? deadline_ns - now : 1000000;
    struct timespec pause = timespec_from_ns(slice);
    if (nanosleep(&pause, NULL) != 0) return EINTR;
    if (cplatform_load_acquire_u32(word) != expected) return 0;
  }
#endif
}

int cplatform_futex_wake(const void *word, int count) {
#if defined(__linux__)
  int saved_errno = errno;
  long woken = syscall(SYS_futex, word, FUTEX_WAKE, count, NULL, NULL, 0);
  errno = saved_errno;
  return woken < 0 ? 0 : (int)woken;
#else
  (void)word;
  return count;
#endif
}

int cplatform_sleep_until(uint64_t deadline_ns) {
#if defined(__linux__)
  struct timespec deadline = timespec_from_ns(deadline_ns);
  int result;
  do {
    result = clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &deadline, NULL);
  } while (result == EINTR);
  return result;
#else
  for (;;) {
    uint64_t now = cplatform_monotonic_ns();
    if (now >= deadline_ns) return 0;
    struct timespec remaining = timespec_from_ns(deadline_ns - now);
    if (nanosleep(&remaining, NULL) != 0 && errno != EINTR) return errno;
  }
#endif
}

void cplatform_make_sleeps_exact(void) {
#if defined(__linux__)
  (void)prctl(PR_SET_TIMERSLACK, 1ul, 0, 0, 0);
#endif
}
