/// Where a task stands in its life.
public enum TaskStatus: String, Sendable, Codable, CaseIterable {
  /// Waits to be claimed, now or after its `run_after_utc`.
  case queued
  /// Is held by a worker under a lease.
  case processing
  /// Is done.
  case completed
  /// Ended in a permanent error.
  case failed
  /// Has used up its attempts.
  case deadLetter = "dead_letter"
  /// Was taken back before it was done.
  case cancelled

  /// Whether the task will never run again by itself.
  public var isFinal: Bool { self != .queued && self != .processing }
}
