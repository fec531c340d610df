/// Where a worker waits while there is nothing to do; made by ``TaskQueue/makeSeat()``.
///
/// One thread waits on a seat; any thread may poke it.
public protocol WorkerSeat: AnyObject, Sendable {
  /// Whether processes that enqueue can wake who waits here. Where they cannot, waits are kept short.
  var isShared: Bool { get }

  /// Waits until an arrival or a poke that came after the seat was last prepared, or until that many
  /// milliseconds have passed; true if it was woken.
  @discardableResult
  func wait(upToMs: Int64) -> Bool

  /// Wakes who waits here, or keeps it from falling asleep; to be called by the worker's own process.
  func poke()
}
