// What Swift cannot import from the C library: atomics on raw shared memory, futexes, function-like
// macros, variadic and Linux-only system calls. No policy lives here.
//
// Conventions: a function that can fail returns 0 or an errno value, unless it says otherwise.
// Absolute times are CLOCK_MONOTONIC nanoseconds; UINT64_MAX means "no deadline".
#pragma once

#include <poll.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>
#include <time.h>

#ifdef __cplusplus
extern "C" {
#endif

// MARK: Clock

// Raw CLOCK_MONOTONIC nanoseconds: comparable between processes of one host.
static inline uint64_t cplatform_monotonic_ns(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (uint64_t)now.tv_sec * 1000000000ull + (uint64_t)now.tv_nsec;
}

// Sleeps until the deadline, also across signals. Returns 0, or an errno value other than EINTR.
int cplatform_sleep_until(uint64_t deadline_ns);

// Asks the kernel to end this thread's sleeps as exactly as it can. By default Linux lets them
// overrun by 50 µs in order to merge wake-ups. Does nothing elsewhere.
void cplatform_make_sleeps_exact(void);

// Tells the CPU that this is a spin loop.
static inline void cplatform_cpu_pause(void) {
#if defined(__x86_64__) || defined(__i386__)
  __builtin_ia32_pause();
#elif defined(__aarch64__) || defined(__arm__)
  __asm__ __volatile__("yield");
#endif
}

// MARK: Atomics on naturally aligned words of memory that other processes map too

static inline uint32_t cplatform_load_acquire_u32(const void *word) {
  return atomic_load_explicit((const _Atomic uint32_t *)word, memory_order_acquire);
}

static inline uint32_t cplatform_load_relaxed_u32(const void *word) {
  return atomic_load_explicit((const _Atomic uint32_t *)word, memory_order_relaxed);
}

static inline void cplatform_store_release_u32(void *word, uint32_t value) {
  atomic_store_explicit((_Atomic uint32_t *)word, value, memory_order_release);
}

// Returns the value before the addition; wraps around.
static inline uint32_t cplatform_fetch_add_u32(void *word, uint32_t amount) {
  return atomic_fetch_add_explicit((_Atomic uint32_t *)word, amount, memory_order_acq_rel);
}

// Returns 1 if `expected` was found and replaced, 0 otherwise.
static inline int cplatform_compare_exchange_u32(
    void *word, uint32_t expected, uint32_t desired) {
  return atomic_compare_exchange_strong_explicit(
      (_Atomic uint32_t *)word, &expected, desired, memory_order_acq_rel, memory_order_acquire);
}

static inline uint64_t cplatform_load_acquire_u64(const void *word) {
  return atomic_load_explicit((const _Atomic uint64_t *)word, memory_order_acquire);
}

static inline uint64_t cplatform_load_relaxed_u64(const void *word) {
  return atomic_load_explicit((const _Atomic uint64_t *)word, memory_order_relaxed);
}

static inline void cplatform_store_release_u64(void *word, uint64_t value) {
  atomic_store_explicit((_Atomic uint64_t *)word, value, memory_order_release);
}

// Returns the value before the addition; wraps around.
static inline uint64_t cplatform_fetch_add_u64(void *word, uint64_t amount) {
  return atomic_fetch_add_explicit((_Atomic uint64_t *)word, amount, memory_order_acq_rel);
}

// Returns 1 if `expected` was found and replaced, 0 otherwise.
static inline int cplatform_compare_exchange_u64(
    void *word, uint64_t expected, uint64_t desired) {
  return atomic_compare_exchange_strong_explicit(
      (_Atomic uint64_t *)word, &expected, desired, memory_order_acq_rel, memory_order_acquire);
}

// Set and clear bits; return the value before. Sequentially consistent among themselves.
static inline uint64_t cplatform_fetch_or_u64(void *word, uint64_t bits) {
  return atomic_fetch_or_explicit((_Atomic uint64_t *)word, bits, memory_order_seq_cst);
}

static inline uint64_t cplatform_fetch_and_u64(void *word, uint64_t bits) {
  return atomic_fetch_and_explicit((_Atomic uint64_t *)word, bits, memory_order_seq_cst);
}

// Orders all earlier loads and stores of this thread before all later ones. Of two threads that each
// store, fence and load what the other one stores, at least one sees the other's store.
static inline void cplatform_full_fence(void) {
  atomic_thread_fence(memory_order_seq_cst);
}

// Orders all earlier loads of this thread before all later ones.
static inline void cplatform_acquire_fence(void) {
  atomic_thread_fence(memory_order_acquire);
}

// MARK: Futex (shared between processes, never FUTEX_PRIVATE)

// Blocks while `*word == expected`, until woken or until the deadline. Returns 0 after a wake
// (possibly a spurious one), EAGAIN if the word differed at once, EINTR after a signal, ETIMEDOUT.
// Elsewhere than on Linux it looks at the word every millisecond.
int cplatform_futex_wait(const void *word, uint32_t expected, uint64_t deadline_ns);

// Wakes up to `count` waiters of the word in any process; returns how many were asleep (elsewhere than
// on Linux: `count`). Safe in a signal handler.
int cplatform_futex_wake(const void *word, int count);

// MARK: Processes

// Asks the kernel to send `signal` to this process when the thread that spawned it ends.
// ENOTSUP elsewhere than on Linux.
int cplatform_set_parent_death_signal(int signal);

// The signal set by the function above, 0 for none, -1 where it is not supported.
int cplatform_parent_death_signal(void);

int cplatform_wait_status_exited(int status);
int cplatform_wait_status_exit_code(int status);
int cplatform_wait_status_signaled(int status);
int cplatform_wait_status_signal(int status);
int cplatform_wait_status_dumped_core(int status);

// A descriptor (close-on-exec) that becomes readable when the process ends, or -1 where there is
// no such thing.
int cplatform_pidfd_open(pid_t pid);

// Undoes an inherited "ignore SIGCHLD", under which the kernel throws exit statuses away.
void cplatform_make_children_waitable(void);

// poll(2) with an absolute deadline, restarted after signals. Returns the number of ready
// descriptors, 0 at the deadline, or a negated errno value.
int cplatform_poll_until(struct pollfd *descriptors, size_t count, uint64_t deadline_ns);

// MARK: Commands: programs that are started again and again

// A program and how to start it. Descriptors must be above 2; -1 leaves the parent's.
typedef struct {
  const char *path;
  char *const *arguments;
  char *const *environment;
  // Where it begins; NULL for the parent's.
  const char *directory;
  int standard_input;
  int standard_output;
  int standard_error;
} cplatform_command;

// What a spawn was about when it failed.
typedef enum {
  cplatform_spawn_step_prepare,
  cplatform_spawn_step_change_directory,
  cplatform_spawn_step_execute,
} cplatform_spawn_step;

// Starts a command in a process group of its own, with default signals, an empty mask and no
// descriptors but the standard ones. On Linux it is killed when the thread that has spawned it ends,
// with its process or without.
int cplatform_spawn(
    const cplatform_command *command, pid_t *pid, cplatform_spawn_step *step);

// A pipe (close-on-exec, above 2) whose end to read is non-blocking.
int cplatform_output_pipe(int *read_descriptor, int *write_descriptor);

// A file without a name (close-on-exec, above 2) that holds these bytes and is read from its start; or a
// negated errno value.
int cplatform_file_with(const void *bytes, size_t count);

// MARK: Streams

// Makes stdout line-buffered, whatever it leads to. (Swift refuses the global variable `stdout`.)
void cplatform_buffer_output_by_line(void);

// MARK: Memory and files

// An anonymous file in memory (close-on-exec) of fixed size, or a negated errno value: -ENOSYS
// where there is no memfd_create.
int cplatform_anonymous_file(const char *name, size_t byte_count);

// Reserves real blocks for the range and extends the file over it, so that a full disk is an error
// here and not a SIGBUS when the mapped range is touched.
int cplatform_allocate_file(int descriptor, off_t offset, off_t byte_count);

typedef enum {
  cplatform_lock_none,
  cplatform_lock_shared,
  cplatform_lock_exclusive,
} cplatform_lock_kind;

// Sets what the open file behind the descriptor holds of the lock on one byte, without waiting:
// EAGAIN if another open file, of this or another process, holds a conflicting one. The kernel releases
// it with the last descriptor of the open file, however the process ends. ENOTSUP where locks can
// only belong to whole processes.
int cplatform_lock_byte(int descriptor, off_t offset, cplatform_lock_kind kind);

// Makes fresh, still zero pages of a writable shared mapping present *and* writable. MAP_POPULATE
// does not do that: it maps the pages of a shared file read-only, so that the first store to each
// still faults into the file system.
void cplatform_prefault_for_writing(void *address, size_t byte_count);

// MARK: Doorbell: a descriptor to poll, rung from any process or signal handler

// Fills in the descriptors to read and to write (one and the same eventfd on Linux, a pipe
// elsewhere), both non-blocking and close-on-exec.
int cplatform_doorbell_open(int *read_descriptor, int *write_descriptor);
void cplatform_doorbell_ring(int write_descriptor);
void cplatform_doorbell_clear(int read_descriptor);

// MARK: SIGINT and SIGTERM

// Counts SIGINT and SIGTERM from now on and rings the doorbell for each. EBUSY if already
// installed. A disposition of "ignore" is left alone, as for a program under nohup.
int cplatform_interrupts_install(int doorbell_write_descriptor);

// Puts the former dispositions back. The count stays.
void cplatform_interrupts_restore(void);

// The number of signals since the last install: a futex word, in private memory.
const void *cplatform_interrupts_word(void);

// The most recent of these signals, 0 for none.
int cplatform_interrupts_last_signal(void);

// MARK: Machine

// What `statfs` tells: the number of the file system's type (Linux) or its name (elsewhere, cut to
// fit and NUL-terminated; empty on Linux), and what an unprivileged process may still write.
typedef struct {
  uint32_t type_number;
  char type_name[16];
  uint64_t available_bytes;
} cplatform_file_system;

int cplatform_inspect_file_system(const char *path, cplatform_file_system *result);

// The number of processors that this process may use, 0 where that is not known.
int cplatform_usable_cores(void);

// MARK: Terminal

// The width of the terminal behind the descriptor in columns, 0 if there is none.
int cplatform_terminal_columns(int descriptor);

// The size of the terminal behind the descriptor.
int cplatform_terminal_size(int descriptor, int *columns, int *rows);

// Shows the terminal's other screen, without a cursor, and has keys come at once and unseen from
// `input_descriptor`, which may be -1. EBUSY if that is so already.
int cplatform_screen_enter(int input_descriptor, int output_descriptor);

// Puts the terminal back, if need be. Safe in a signal handler.
void cplatform_screen_leave(void);

// Rings the doorbell whenever the terminal's size has changed, and puts the terminal back when a signal
// other than SIGINT and SIGTERM ends the process; until the other function is called.
void cplatform_screen_watch(int doorbell_write_descriptor);
void cplatform_screen_unwatch(void);

#ifdef __cplusplus
}
#endif
