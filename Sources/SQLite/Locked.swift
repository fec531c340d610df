#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// A value that threads take turns with.
///
/// Made of a plain mutex of the system, and not of `Synchronization.Mutex`, because the thread sanitizer
/// does not see the waiting of the latter on Linux and reports races where there are none.
///
/// `@unchecked Sendable`: the value is touched with the mutex held only.
final class Locked<Value>: @unchecked Sendable {
  private var value: Value
  /// On the heap: a mutex must not move.
  private let mutex: UnsafeMutablePointer<pthread_mutex_t>

  init(_ value: Value) {
    self.value = value
    mutex = .allocate(capacity: 1)
    mutex.initialize(to: pthread_mutex_t())
    // Fails for want of memory only with attributes, and there are none.
    pthread_mutex_init(mutex, nil)
  }

  deinit {
    pthread_mutex_destroy(mutex)
    mutex.deallocate()
  }

  /// Runs `body` with the value, when no other thread does.
  func withLock<R>(_ body: (inout Value) -> R) -> R {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    return body(&value)
  }
}
