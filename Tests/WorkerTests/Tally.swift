import Dispatch
import Synchronization

/// Counts what happens on any thread, and lets tests wait for it.
final class Tally: Sendable {
  private struct Waiter {
    let count: Int
    let number: Int
    let resume: @Sendable (Bool) -> Void
  }

  private struct State {
    var count = 0
    var waiters: [Waiter] = []
    var waiterCount = 0
  }

  private let name: String
  private let state = Mutex(State())

  init(_ name: String) { self.name = name }

  var count: Int { state.withLock { $0.count } }

  /// Counts one more; returns how many it were before.
  @discardableResult
  func add() -> Int {
    let (before, ready) = state.withLock { state in
      state.count += 1
      let ready = state.waiters.filter { $0.count <= state.count }
      state.waiters.removeAll { $0.count <= state.count }
      return (state.count - 1, ready)
    }
    for waiter in ready { waiter.resume(true) }
    return before
  }

  /// Waits, without blocking a thread, until that many are counted; fails after half a minute.
  ///
  /// Cancellation does not end the wait.
  func reaches(_ count: Int = 1) async throws {
    let isReached = await withCheckedContinuation { continuation in
      whenReached(count) { continuation.resume(returning: $0) }
    }
    if !isReached { throw waitedInVain(count) }
  }

  /// Blocks the thread until that many are counted; fails after half a minute.
  func blockUntil(_ count: Int = 1) throws {
    let bell = DispatchSemaphore(value: 0)
    let isReached = Mutex(false)
    whenReached(count) { reached in
      isReached.withLock { $0 = reached }
      bell.signal()
    }
    bell.wait()
    if !isReached.withLock({ $0 }) { throw waitedInVain(count) }
  }

  private func whenReached(_ count: Int, resume: @escaping @Sendable (Bool) -> Void) {
    let number = state.withLock { state -> Int? in
      if state.count >= count { return nil }
      state.waiterCount += 1
      state.waiters.append(Waiter(count: count, number: state.waiterCount, resume: resume))
      return state.waiterCount
    }
    guard let number else { return resume(true) }
    DispatchQueue.global().asyncAfter(deadline: .now() + 30) { [self] in
      let late = state.withLock { state in
        defer { state.waiters.removeAll { $0.number == number } }
        return state.waiters.first { $0.number == number }
      }
      late?.resume(false)
    }
  }

  private func waitedInVain(_ count: Int) -> WaitedInVain {
    WaitedInVain(description: "waited in vain for \(name): \(self.count) of \(count)")
  }
}

/// Something that did not happen in time.
struct WaitedInVain: Error, CustomStringConvertible {
  let description: String
}

/// Waits until the present Swift task is cancelled.
func untilCancelled() async {
  let (stream, continuation) = AsyncStream.makeStream(of: Never.self)
  for await _ in stream {}
  continuation.finish()
}
