#define _GNU_SOURCE
#include "CPlatform.h"

#include <errno.h>
#include <signal.h>
#include <stddef.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

// One terminal per process. `isTaken` decides who puts it back: the program or a handler.
static _Atomic int isTaken;
static int input = -1;
static int output = -1;
static int isInputRaw;
static struct termios former_modes;

// The other screen, no cursor, lines that are cut instead of wrapped; and back.
static const char enter_sequence[] = "\033[?1049h\033[?25l\033[?7l";
static const char leave_sequence[] = "\033[?7h\033[?25h\033[?1049l";

static void write_all(int descriptor, const char *text, size_t count) {
  while (count > 0) {
    ssize_t written = write(descriptor, text, count);
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return;
    text += written;
    count -= (size_t)written;
  }
}

void cplatform_screen_leave(void) {
  if (!atomic_exchange(&isTaken, 0)) return;
  int saved_errno = errno;
  // A process in the background may put the terminal back, too.
  sigset_t stop, former;
  sigemptyset(&stop);
  sigaddset(&stop, SIGTTOU);
  pthread_sigmask(SIG_BLOCK, &stop, &former);
  write_all(output, leave_sequence, sizeof leave_sequence - 1);
  if (isInputRaw) tcsetattr(input, TCSANOW, &former_modes);
  pthread_sigmask(SIG_SETMASK, &former, NULL);
  errno = saved_errno;
}

int cplatform_screen_enter(int input_descriptor, int output_descriptor) {
  int none = 0;
  if (atomic_load(&isTaken) != none) return EBUSY;
  input = input_descriptor;
  output = output_descriptor;
  isInputRaw = 0;
  if (input >= 0) {
    if (tcgetattr(input, &former_modes) != 0) return errno;
    struct termios modes = former_modes;
    // Keys come at once and unseen, those that would send signals, too.
    modes.c_lflag &= ~(tcflag_t)(ICANON | ECHO | ISIG | IEXTEN);
    modes.c_iflag &= ~(tcflag_t)(IXON | ICRNL);
    modes.c_cc[VMIN] = 1;
    modes.c_cc[VTIME] = 0;
    if (tcsetattr(input, TCSANOW, &modes) != 0) return errno;
    isInputRaw = 1;
  }
  atomic_store(&isTaken, 1);
  write_all(output, enter_sequence, sizeof enter_sequence - 1);
  return 0;
}

// What ends a process without its having a say.
static const int deadly_signals[] = {
    SIGHUP, SIGQUIT, SIGILL, SIGTRAP, SIGABRT, SIGBUS, SIGFPE, SIGSEGV, SIGSYS, SIGXCPU};
enum { deadly_count = sizeof deadly_signals / sizeof deadly_signals[0] };
static struct sigaction former_actions[deadly_count];

static void leave_and_die(int signal) {
  cplatform_screen_leave();
  for (int i = 0; i < deadly_count; i++) {
    if (deadly_signals[i] == signal) sigaction(signal, &former_actions[i], NULL);
  }
  // Arrives once this handler has returned.
  raise(signal);
}

static int resize_doorbell = -1;
static struct sigaction former_resize;

static void ring_resize(int signal) {
  (void)signal;
  if (resize_doorbell >= 0) cplatform_doorbell_ring(resize_doorbell);
}

void cplatform_screen_watch(int doorbell_write_descriptor) {
  struct sigaction action;
  memset(&action, 0, sizeof action);
  sigemptyset(&action.sa_mask);
  action.sa_flags = SA_RESTART;
  action.sa_handler = leave_and_die;
  for (int i = 0; i < deadly_count; i++) {
    sigaction(deadly_signals[i], NULL, &former_actions[i]);
    int isIgnored = !(former_actions[i].sa_flags & SA_SIGINFO) &&
                    former_actions[i].sa_handler == SIG_IGN;
    if (!isIgnored) sigaction(deadly_signals[i], &action, NULL);
  }
  resize_doorbell = doorbell_write_descriptor;
  action.sa_handler = ring_resize;
  sigaction(SIGWINCH, &action, &former_resize);
}

void cplatform_screen_unwatch(void) {
  sigaction(SIGWINCH, &former_resize, NULL);
  resize_doorbell = -1;
  for (int i = 0; i < deadly_count; i++) {
    sigaction(deadly_signals[i], &former_actions[i], NULL);
  }
}

int cplatform_terminal_size(int descriptor, int *columns, int *rows) {
  struct winsize size;
  memset(&size, 0, sizeof size);
  if (ioctl(descriptor, TIOCGWINSZ, &size) != 0) return errno;
  *columns = size.ws_col;
  *rows = size.ws_row;
  return 0;
}
