/// Something that is made worse on purpose, so that one can see whether a comparison notices.
///
/// No scenario can ask for one, and the description of the settings names it, so that no row with a fault can
/// pass for a measurement.
package enum InjectedFault: Hashable, Sendable, Codable, CustomStringConvertible {
  /// An index of the database that is of no use any more.
  ///
  /// Statements of the engine name their indexes, so that one that is missing would be an error and not a
  /// slow claim. It stays under its name, but with the row's id for its only column: nothing can be looked
  /// up in it, and nothing has its order.
  case droppedIndex(name: String)
  /// Claims that take longer by so many percent.
  ///
  /// A claim spins for that share of what it has taken itself, waits for the lock included, before its end is
  /// recorded: each claim is longer by exactly this share. The lock is free by then, so that others gain a
  /// little, and throughput and means suffer less than they would from work under the lock; the times of
  /// claims with which nothing interferes suffer all of it.
  case slowClaim(percent: Int)
  /// Consumers that hold the write lock longer by so many microseconds, in each claim and completion.
  ///
  /// It is their clock that takes its time: they look at it when they have the lock, and all others wait
  /// meanwhile.
  case slowLock(microseconds: Int)

  /// `dropped_index(ix_task_lease)`, `slow_claim(10%)`, `slow_lock(10us)`
  package var description: String {
    switch self {
    case .droppedIndex(let name): return "dropped_index(\(name))"
    case .slowClaim(let percent): return "slow_claim(\(percent)%)"
    case .slowLock(let microseconds): return "slow_lock(\(microseconds)us)"
    }
  }
}
