internal import Dispatch
internal import Foundation
internal import Synchronization

/// A thread that does the same thing again and again: after each interval, and whenever it is
/// poked.
///
/// What it does must not hold the object that owns the thread and stops it when it goes.
final class PeriodicThread: Sendable {
  private struct State {
    var isStarted = false
    var isPoked = false
    var isStopping = false
  }

  private let name: String
  private let intervalMs: Int
  private let body: @Sendable () -> Void
  private let state = Mutex(State())
  private let bell = DispatchSemaphore(value: 0)
  private let hasEnded = DispatchSemaphore(value: 0)

  init(name: String, intervalMs: Int64, _ body: @escaping @Sendable () -> Void) {
    self.name = name
    // Some 25 days are as good as any longer time.
    self.intervalMs = Int(min(max(1, intervalMs), Int64(Int32.max)))
    self.body = body
  }

  /// Starts the thread, unless that has happened before.
  func start() {
    let mustStart = state.withLock { state in
      defer { state.isStarted = true }
      return !state.isStarted && !state.isStopping
    }
    guard mustStart else { return }
    let thread = Thread { [self] in serve() }
    thread.name = name
    thread.stackSize = 1 << 20
    thread.start()
  }

  /// Has the thread do its work now; it is done once more if it is under way.
  func poke() {
    let mustRing = state.withLock { state in
      defer { state.isPoked = true }
      return !state.isPoked
    }
    if mustRing { bell.signal() }
  }

  /// Ends the thread and waits until what it does now is done. Not to be called by the body.
  func stop() {
    let mustWait = state.withLock { state in
      defer { state.isStopping = true }
      return state.isStarted && !state.isStopping
    }
    guard mustWait else { return }
    bell.signal()
    hasEnded.wait()
  }

  private func serve() {
    while true {
      _ = bell.wait(timeout: .now() + .milliseconds(intervalMs))
      let mustEnd = state.withLock { state in
        state.isPoked = false
        return state.isStopping
      }
      if mustEnd { break }
      body()
    }
    hasEnded.signal()
  }
}
