#define _GNU_SOURCE
#include "CPlatform.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#if defined(__linux__)
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#else
#include <spawn.h>
#endif

// Moves a fresh descriptor out of the way of 0, 1 and 2, which are free if the process was started
// without them. Returns it, or a negated errno value.
static int above_standard(int descriptor) {
  if (descriptor > STDERR_FILENO) return descriptor;
  int copy = fcntl(descriptor, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
  int failure = errno;
  close(descriptor);
  return copy < 0 ? -failure : copy;
}

int cplatform_output_pipe(int *read_descriptor, int *write_descriptor) {
  int ends[2];
#if defined(__linux__)
  if (pipe2(ends, O_CLOEXEC) != 0) return errno;
#else
  if (pipe(ends) != 0) return errno;
  for (int i = 0; i < 2; i++) fcntl(ends[i], F_SETFD, FD_CLOEXEC);
#endif
  for (int i = 0; i < 2; i++) {
    ends[i] = above_standard(ends[i]);
    if (ends[i] < 0) {
      int failure = -ends[i];
      if (i == 0) close(ends[1]);
      if (i == 1) close(ends[0]);
      return failure;
    }
  }
  // The writer's end is another open file and stays a blocking one.
  fcntl(ends[0], F_SETFL, O_NONBLOCK);
  *read_descriptor = ends[0];
  *write_descriptor = ends[1];
  return 0;
}

// A file without a name in the directory for temporary files, where memory has none.
static int unlinked_file(void) {
  const char *directory = getenv("TMPDIR");
  char path[4096];
  int length = snprintf(
      path, sizeof path, "%s/stdin-XXXXXX",
      directory != NULL && directory[0] == '/' ? directory : "/tmp");
  if (length < 0 || (size_t)length >= sizeof path) return -ENAMETOOLONG;
  int descriptor = mkstemp(path);
  if (descriptor < 0) return -errno;
  fcntl(descriptor, F_SETFD, FD_CLOEXEC);
  unlink(path);
  return descriptor;
}

int cplatform_file_with(const void *bytes, size_t count) {
  int descriptor = -ENOSYS;
#if defined(__linux__)
  descriptor = memfd_create("stdin", MFD_CLOEXEC);
  if (descriptor < 0) descriptor = -errno;
#endif
  if (descriptor == -ENOSYS) descriptor = unlinked_file();
  if (descriptor < 0) return descriptor;
  descriptor = above_standard(descriptor);
  if (descriptor < 0) return descriptor;
  size_t written = 0;
  while (written < count) {
    // At an offset, so that whoever reads begins at the start.
    ssize_t result =
        pwrite(descriptor, (const char *)bytes + written, count - written, (off_t)written);
    if (result < 0 && errno == EINTR) continue;
    if (result <= 0) {
      int failure = result < 0 ? errno : EIO;
      close(descriptor);
      return -failure;
    }
    written += (size_t)result;
  }
  return descriptor;
}

#if defined(__linux__)

// Has no handler of the parent's run in the child, whose memory is the parent's, and nothing that the
// parent ignores be ignored by the program.
static void reset_signals(void) {
  for (int signal = 1; signal < _NSIG; signal++) {
    struct sigaction action;
    // The C library's own and those that cannot be caught are refused.
    if (sigaction(signal, NULL, &action) != 0) continue;
    if (!(action.sa_flags & SA_SIGINFO) && action.sa_handler == SIG_DFL) continue;
    memset(&action, 0, sizeof action);
    action.sa_handler = SIG_DFL;
    sigaction(signal, &action, NULL);
  }
}

// Puts a descriptor into the place of a standard one; -1 leaves that as it is.
static int take_place(int descriptor, int standard) {
  if (descriptor < 0) return 0;
  int result;
  do {
    result = dup2(descriptor, standard);
  } while (result < 0 && errno == EINTR);
  return result < 0 ? errno : 0;
}

// What happens in the child. It shares the parent's memory until it executes the program: it
// allocates nothing, takes no lock, and changes nothing but its own stack.
static int become(
    const cplatform_command *command, pid_t parent, cplatform_spawn_step *step) {
  reset_signals();
  *step = cplatform_spawn_step_prepare;
  if (setpgid(0, 0) != 0) return errno;
  // Follows the thread that spawns.
  if (prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) != 0) return errno;
  if (getppid() != parent) return ESRCH;
  int failure = take_place(command->standard_input, STDIN_FILENO);
  if (failure == 0) failure = take_place(command->standard_output, STDOUT_FILENO);
  if (failure == 0) failure = take_place(command->standard_error, STDERR_FILENO);
  if (failure != 0) return failure;
#if defined(SYS_close_range)
  // Those that somebody has left open on purpose or by mistake; ours are closed by the execution.
  (void)syscall(SYS_close_range, STDERR_FILENO + 1, ~0u, 0);
#endif
  if (command->directory != NULL) {
    *step = cplatform_spawn_step_change_directory;
    if (chdir(command->directory) != 0) return errno;
  }
  *step = cplatform_spawn_step_execute;
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, NULL);
  execve(command->path, command->arguments, command->environment);
  return errno;
}

int cplatform_spawn(
    const cplatform_command *command, pid_t *pid, cplatform_spawn_step *step) {
  volatile int failure = 0;
  volatile cplatform_spawn_step reached = cplatform_spawn_step_prepare;
  pid_t parent = getpid();
  sigset_t all, former;
  sigfillset(&all);
  pthread_sigmask(SIG_BLOCK, &all, &former);
  // The calling thread goes on when the child has executed the program or ended.
  pid_t child = vfork();
  if (child == 0) {
    cplatform_spawn_step child_step = cplatform_spawn_step_prepare;
    failure = become(command, parent, &child_step);
    reached = child_step;
    _exit(127);
  }
  int fork_failure = child < 0 ? errno : 0;
  pthread_sigmask(SIG_SETMASK, &former, NULL);
  *step = cplatform_spawn_step_prepare;
  if (child < 0) return fork_failure;
  if (failure != 0) {
    *step = reached;
    while (waitpid(child, NULL, 0) < 0 && errno == EINTR) {
    }
    return failure;
  }
  *pid = child;
  return 0;
}

#else

int cplatform_spawn(
    const cplatform_command *command, pid_t *pid, cplatform_spawn_step *step) {
  *step = cplatform_spawn_step_prepare;
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
  int failure = posix_spawn_file_actions_init(&actions);
  if (failure != 0) return failure;
  failure = posix_spawnattr_init(&attributes);
  if (failure != 0) {
    posix_spawn_file_actions_destroy(&actions);
    return failure;
  }
  const int descriptors[] = {
      command->standard_input, command->standard_output, command->standard_error};
  for (int standard = 0; standard < 3 && failure == 0; standard++) {
    int descriptor = descriptors[standard] < 0 ? standard : descriptors[standard];
    failure = posix_spawn_file_actions_adddup2(&actions, descriptor, standard);
  }
  if (failure == 0 && command->directory != NULL) {
    failure = posix_spawn_file_actions_addchdir_np(&actions, command->directory);
  }
  sigset_t all, none;
  sigfillset(&all);
  sigemptyset(&none);
  posix_spawnattr_setsigdefault(&attributes, &all);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setpgroup(&attributes, 0);
  posix_spawnattr_setflags(
      &attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK |
                       POSIX_SPAWN_CLOEXEC_DEFAULT);
  if (failure == 0) {
    *step = cplatform_spawn_step_execute;
    failure = posix_spawn(
        pid, command->path, &actions, &attributes, command->arguments, command->environment);
  }
  posix_spawn_file_actions_destroy(&actions);
  posix_spawnattr_destroy(&attributes);
  return failure;
}

#endif
