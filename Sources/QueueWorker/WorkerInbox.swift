internal import Dispatch
internal import QueueEngine
internal import Synchronization

/// What reaches a running worker's dispatcher from other threads: handlers that have ended, and orders to
/// stop.
final class WorkerInbox: Sendable {
  /// How urgently to stop.
  enum Stop: Int, Comparable {
    case none
    /// Handlers may go on for a while.
    case graceful
    /// Handlers are cancelled at once.
    case immediate

    static func < (left: Stop, right: Stop) -> Bool { left.rawValue < right.rawValue }
  }

  struct EndedHandler {
    let fence: Fence
    let outcome: Result<String?, any Error>
  }

  struct Mail {
    var ended: [EndedHandler] = []
    var stop = Stop.none
  }

  /// Where the dispatcher waits, so that it must be woken there.
  private enum Waiter {
    case nowhere
    case seat(any WorkerSeat)
    case bell
  }

  private struct State {
    var mail = Mail()
    var isNew = false
    var waiter = Waiter.nowhere
  }

  private let state = Mutex(State())
  private let bell = DispatchSemaphore(value: 0)

  /// Whether the worker was told to stop.
  var isStopping: Bool { state.withLock { $0.mail.stop != .none } }

  func handlerHasEnded(_ fence: Fence, _ outcome: Result<String?, any Error>) {
    post { $0.ended.append(EndedHandler(fence: fence, outcome: outcome)) }
  }

  /// Orders a stop; one that is less urgent than an earlier one changes nothing.
  func stop(_ stop: Stop) {
    post { $0.stop = max($0.stop, stop) }
  }

  private func post(_ change: (inout Mail) -> Void) {
    let waiter = state.withLock { state in
      change(&state.mail)
      state.isNew = true
      defer { state.waiter = .nowhere }
      return state.waiter
    }
    switch waiter {
    case .nowhere: break
    case .seat(let seat): seat.poke()
    case .bell: bell.signal()
    }
  }

  // MARK: For the dispatcher

  /// What has come since the last call, and the order to stop that stands.
  func take() -> Mail {
    state.withLock { state in
      state.isNew = false
      defer { state.mail.ended = [] }
      return state.mail
    }
  }

  /// Waits on a seat that has just been prepared, unless there is mail already.
  func wait(on seat: any WorkerSeat, upToMs: Int64) {
    guard startWaiting(.seat(seat)) else {
      // Takes back what the preparation has announced: nobody is to ring for one who is awake.
      seat.wait(upToMs: 0)
      return
    }
    seat.wait(upToMs: upToMs)
    state.withLock { $0.waiter = .nowhere }
  }

  /// Waits for mail alone, at most that long.
  func wait(forNs durationNs: UInt64) {
    guard startWaiting(.bell) else { return }
    let hasRung = bell.wait(timeout: Self.deadline(inNs: durationNs)) == .success
    guard !hasRung else { return }
    let wasStillWaiting = state.withLock { state in
      guard case .bell = state.waiter else { return false }
      state.waiter = .nowhere
      return true
    }
    // Somebody is about to ring, and must not be heard the next time.
    if !wasStillWaiting { bell.wait() }
  }

  private func startWaiting(_ waiter: Waiter) -> Bool {
    state.withLock { state in
      guard !state.isNew else { return false }
      state.waiter = waiter
      return true
    }
  }

  private static func deadline(inNs durationNs: UInt64) -> DispatchTime {
    guard durationNs <= UInt64(Int32.max) * 1_000_000_000 else { return .distantFuture }
    return .now() + .nanoseconds(Int(durationNs))
  }
}
