#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// A plain thread for blocking calls, which the cooperative pool must not make.
///
/// `@unchecked Sendable`: the handle is a constant (a pointer on Darwin). Whoever starts one joins it
/// exactly once.
final class BackgroundThread: @unchecked Sendable {
  private let handle: pthread_t

  /// What goes through the C interface.
  private final class Body {
    let run: @Sendable () -> Void
    init(_ run: @escaping @Sendable () -> Void) { self.run = run }
  }

  /// Starts a thread; nil if the system refuses another one.
  init?(_ run: @escaping @Sendable () -> Void) {
    let body = Unmanaged.passRetained(Body(run))
    #if canImport(Glibc)
      var started = pthread_t()
    #else
      var started: pthread_t?
    #endif
    let code = pthread_create(
      &started, nil,
      { context in
        let context: UnsafeMutableRawPointer? = context
        if let context { Unmanaged<Body>.fromOpaque(context).takeRetainedValue().run() }
        return nil
      }, body.toOpaque())
    guard code == 0 else {
      body.release()
      return nil
    }
    #if canImport(Glibc)
      handle = started
    #else
      guard let started else { return nil }
      handle = started
    #endif
  }

  /// Waits for its end.
  func join() { pthread_join(handle, nil) }
}
