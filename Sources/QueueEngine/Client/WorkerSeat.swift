/// Where a worker waits while there is nothing to do; made by ``TaskQueue/makeSeat()``.
///
/// ```swift
/// while let waitMs = try queue.prepareToWait(as: claimant, on: seat), !isShuttingDown {
///   seat.wait(upToMs: waitMs)
/// }
/// ```
///
/// One thread waits on a seat; any thread of the process may poke it.
public protocol WorkerSeat: AnyObject, Sendable {
  /// Whether processes that enqueue can wake who waits here. Where they cannot, waits are kept short.
  var isShared: Bool { get }

  /// Waits until that many milliseconds have passed, or until somebody has rung or poked since the seat
  /// was last prepared; true if so.
  @discardableResult
  func wait(upToMs: Int64) -> Bool

  /// Wakes who waits here.
  ///
  /// It is not remembered beyond the present or prepared wait: set what the worker is to see first, and
  /// have it look there between the preparation and the wait.
  func poke()
}
