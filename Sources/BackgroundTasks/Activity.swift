internal import Dispatch
internal import Synchronization

/// Tells those who wait that something may have changed.
final class Activity: Sendable {
  private struct State {
    var generation = 0
    var waiters: [CheckedContinuation<Void, Never>] = []
  }

  private let state = Mutex(State())

  /// How often something has changed; read it before looking at what may change.
  var generation: Int { state.withLock { $0.generation } }

  /// Something may have changed.
  func note() {
    let waiters = state.withLock { state in
      state.generation += 1
      defer { state.waiters = [] }
      return state.waiters
    }
    for waiter in waiters { waiter.resume() }
  }

  /// Has those who wait then look again, whatever has happened.
  func note(at deadline: Deadline) {
    DispatchQueue.global().asyncAfter(deadline: deadline.time) { [self] in note() }
  }

  /// Waits until something has changed since that generation.
  func wait(since generation: Int) async {
    await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
      let hasChanged = state.withLock { state in
        if state.generation != generation { return true }
        state.waiters.append(continuation)
        return false
      }
      if hasChanged { continuation.resume() }
    }
  }
}
