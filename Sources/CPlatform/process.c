#define _GNU_SOURCE
#include <stdio.h>
#include "CPlatform.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

#if defined(__linux__)
#include <sys/prctl.h>
#include <sys/syscall.h>
#endif

int cplatform_set_parent_death_signal(int signal) {
#if defined(__linux__)
  return prctl(PR_SET_PDEATHSIG, (unsigned long)signal, 0, 0, 0) == 0 ? 0 : errno;
#else
  (void)signal;
  return ENOTSUP;
#endif
}

int cplatform_parent_death_signal(void) {
#if defined(__linux__)
  int signal = 0;
  return prctl(PR_GET_PDEATHSIG, &signal, 0, 0, 0) == 0 ? signal : -1;
#else
  return -1;
#endif
}

int cplatform_wait_status_exited(int status) { return WIFEXITED(status); }
int cplatform_wait_status_exit_code(int status) { return WEXITSTATUS(status); }
int cplatform_wait_status_signaled(int status) { return WIFSIGNALED(status); }
int cplatform_wait_status_signal(int status) { return WTERMSIG(status); }
int cplatform_wait_status_dumped_core(int status) { return WCOREDUMP(status) ? 1 : 0; }

int cplatform_pidfd_open(pid_t pid) {
#if defined(__linux__) && defined(SYS_pidfd_open)
  return (int)syscall(SYS_pidfd_open, pid, 0);
#else
  (void)pid;
  return -1;
#endif
}

void cplatform_make_children_waitable(void) {
  struct sigaction current;
  if (sigaction(SIGCHLD, NULL, &current) != 0) return;
  int ignored = !(current.sa_flags & SA_SIGINFO) && current.sa_handler == SIG_IGN;
  if (!ignored && !(current.sa_flags & SA_NOCLDWAIT)) return;
  if (ignored) current.sa_handler = SIG_DFL;
  current.sa_flags &= ~SA_NOCLDWAIT;
  sigaction(SIGCHLD, &current, NULL);
}

int cplatform_poll_until(struct pollfd *descriptors, size_t count, uint64_t deadline_ns) {
  for (;;) {
    uint64_t now = cplatform_monotonic_ns();
    uint64_t remaining = deadline_ns > now ? deadline_ns - now : 0;
    int ready;
#if defined(__linux__)
    struct timespec timeout;
    timeout.tv_sec = (time_t)(remaining / 1000000000ull);
    timeout.tv_nsec = (long)(remaining % 1000000000ull);
    ready = ppoll(
        descriptors, (nfds_t)count, deadline_ns == UINT64_MAX ? NULL : &timeout, NULL);
#else
    uint64_t milliseconds = remaining / 1000000 + (remaining % 1000000 != 0);
    int bounded = milliseconds > 1000000 ? 1000000 : (int)milliseconds;
    ready = poll(descriptors, (nfds_t)count, deadline_ns == UINT64_MAX ? -1 : bounded);
    if (ready == 0 && cplatform_monotonic_ns() < deadline_ns) continue;
#endif
    if (ready >= 0) return ready;
    if (errno != EINTR) return -errno;
  }
}

int cplatform_terminal_columns(int descriptor) {
  struct winsize size;
  memset(&size, 0, sizeof size);
  return ioctl(descriptor, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}

void cplatform_buffer_output_by_line(void) {
  setvbuf(stdout, NULL, _IOLBF, 0);
}
