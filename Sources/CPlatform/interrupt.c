#define _GNU_SOURCE
#include "CPlatform.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <unistd.h>

#if defined(__linux__)
#include <sys/eventfd.h>
#endif

int cplatform_doorbell_open(int *read_descriptor, int *write_descriptor) {
#if defined(__linux__)
  int descriptor = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  if (descriptor < 0) return errno;
  *read_descriptor = descriptor;
  *write_descriptor = descriptor;
  return 0;
#else
  int ends[2];
  if (pipe(ends) != 0) return errno;
  for (int i = 0; i < 2; i++) {
    fcntl(ends[i], F_SETFD, FD_CLOEXEC);
    fcntl(ends[i], F_SETFL, O_NONBLOCK);
  }
  *read_descriptor = ends[0];
  *write_descriptor = ends[1];
  return 0;
#endif
}

void cplatform_doorbell_ring(int write_descriptor) {
  int saved_errno = errno;
  uint64_t one = 1;
  // A full counter or pipe has been rung already: nothing is lost by ignoring EAGAIN.
  while (write(write_descriptor, &one, sizeof one) < 0 && errno == EINTR) {
  }
  errno = saved_errno;
}

void cplatform_doorbell_clear(int read_descriptor) {
  uint64_t rings[64];
  ssize_t received;
  do {
    received = read(read_descriptor, rings, sizeof rings);
  } while (received > 0 || (received < 0 && errno == EINTR));
}

// One set per process, because dispositions are. `doorbell` is -1 while not installed; the
// handler reads it once, so a signal during restore at worst rings nobody.
static _Atomic uint32_t interrupt_count;
static _Atomic int last_signal;
static _Atomic int doorbell = -1;
static struct sigaction former_sigint;
static struct sigaction former_sigterm;

static void count_interrupt(int signal) {
  atomic_store_explicit(&last_signal, signal, memory_order_relaxed);
  atomic_fetch_add_explicit(&interrupt_count, 1, memory_order_acq_rel);
  cplatform_futex_wake(&interrupt_count, INT_MAX);
  int descriptor = atomic_load_explicit(&doorbell, memory_order_acquire);
  if (descriptor >= 0) cplatform_doorbell_ring(descriptor);
}

static int count_signal(int signal, struct sigaction *former) {
  if (sigaction(signal, NULL, former) != 0) return errno;
  if (!(former->sa_flags & SA_SIGINFO) && former->sa_handler == SIG_IGN) return 0;
  struct sigaction action = {0};
  action.sa_handler = count_interrupt;
  // Restarted system calls: waiters are woken by the word and the doorbell, while file writes on
  // the thread that happens to take the signal must not fail with EINTR.
  action.sa_flags = SA_RESTART;
  sigemptyset(&action.sa_mask);
  return sigaction(signal, &action, NULL) == 0 ? 0 : errno;
}

int cplatform_interrupts_install(int doorbell_write_descriptor) {
  int none = -1;
  if (!atomic_compare_exchange_strong(&doorbell, &none, doorbell_write_descriptor)) return EBUSY;
  atomic_store(&interrupt_count, 0);
  atomic_store(&last_signal, 0);
  int failure = count_signal(SIGINT, &former_sigint);
  if (failure == 0) {
    failure = count_signal(SIGTERM, &former_sigterm);
    if (failure != 0) sigaction(SIGINT, &former_sigint, NULL);
  }
  if (failure != 0) atomic_store(&doorbell, -1);
  return failure;
}

void cplatform_interrupts_restore(void) {
  if (atomic_load(&doorbell) < 0) return;
  sigaction(SIGINT, &former_sigint, NULL);
  sigaction(SIGTERM, &former_sigterm, NULL);
  atomic_store(&doorbell, -1);
}

const void *cplatform_interrupts_word(void) { return &interrupt_count; }

int cplatform_interrupts_last_signal(void) { return atomic_load(&last_signal); }
