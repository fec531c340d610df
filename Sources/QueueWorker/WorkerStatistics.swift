/// What a ``Worker`` has done since it was made.
public struct WorkerStatistics: Sendable, Hashable {
  /// Tasks taken.
  public internal(set) var claimed = 0
  /// Tasks completed.
  public internal(set) var completed = 0
  /// Attempts that failed and have others to follow.
  public internal(set) var retried = 0
  /// Attempts that failed and were their task's last one.
  public internal(set) var deadLettered = 0
  /// Tasks that failed for good, by their handler's word or for want of a retry policy.
  public internal(set) var failed = 0
  /// Attempts that took longer than their type may; counted among those that failed, too.
  public internal(set) var timedOut = 0
  /// Tasks given back unworked.
  public internal(set) var released = 0
  /// Attempts whose lease had passed on when it was to be renewed or their outcome stored.
  public internal(set) var leaseLost = 0
  /// Renewals of leases.
  public internal(set) var renewed = 0
  /// Calls on the queue that failed.
  public internal(set) var queueErrors = 0
  /// Handlers of the present run that have not returned, those included whose outcome is of no use any
  /// more.
  public internal(set) var running = 0

  /// Nothing so far.
  public init() {}
}
