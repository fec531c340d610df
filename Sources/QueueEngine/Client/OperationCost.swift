/// What a call on a store cost apart from time.
package struct OperationCost: Sendable, Hashable {
  /// Nothing.
  package init() {}

  /// How often the database was found busy.
  package var busyCallbacks: UInt32 = 0
  /// Time slept until it was free, in nanoseconds.
  package var busySleptNs: UInt64 = 0

  /// Until the write lock was there, and while other calls of this process had it, in nanoseconds. This and what follows as far as it is measured
  /// (`CountingVFS`).
  package var lockWaitNs: UInt64 = 0
  /// How long the write lock was held, in nanoseconds.
  package var lockHeldNs: UInt64 = 0
  /// How long commits took, in nanoseconds.
  package var commitNs: UInt64 = 0
  /// How long checkpoints took that had to be done meanwhile, in nanoseconds.
  package var checkpointNs: UInt64 = 0

  /// Pages written, to the log if there is one.
  package var pagesWritten: UInt32 = 0
  /// Waits for the disk.
  package var syncs: UInt32 = 0

  /// What `count` calls bear that shared a transaction: each of them waited, and they share the lock
  /// and what was written.
  func shared(among count: Int) -> [OperationCost] {
    guard count > 1 else { return [self] }
    let total = UInt32(count)
    return (0..<total).map { index in
      var share = self
      share.pagesWritten = pagesWritten / total + (index < pagesWritten % total ? 1 : 0)
      share.lockHeldNs = lockHeldNs / UInt64(total)
      share.syncs = syncs / total + (index < syncs % total ? 1 : 0)
      return share
    }
  }
}

/// A store that can say what calls cost.
package protocol MeteredStore: QueueStore {
  /// Starts counting afresh.
  func resetMeter()

  /// What was counted since.
  var meteredCost: OperationCost { get }
}

extension TaskQueue {
  /// Adds a task, and says what it cost.
  package func enqueue(_ task: NewTask, cost: inout OperationCost) throws -> EnqueueReceipt {
    try combiner.run(enqueueing(task), cost: &cost)
  }

  /// Adds tasks in one transaction, and says what it cost.
  package func enqueue(
    contentsOf tasks: [NewTask], cost: inout OperationCost
  ) throws -> [EnqueueReceipt] {
    try combiner.run(enqueueing(contentsOf: tasks), cost: &cost)
  }

  /// Takes the next tasks, at most `limit`, and says what it cost.
  package func claim(
    as claimant: Claimant, limit: Int, leaseDurationMs: Int64, cost: inout OperationCost
  ) throws -> [ClaimedTask] {
    try combiner.run(
      claiming(as: claimant, limit: limit, leaseDurationMs: leaseDurationMs), cost: &cost)
  }

  /// Completes a task, and says what it cost.
  package func complete(_ fence: Fence, cost: inout OperationCost) throws -> Acknowledgement {
    try combiner.run(completing(fence, result: nil), cost: &cost)
  }

  /// Completes tasks in one transaction, and says what it cost.
  package func complete(
    _ completions: [(fence: Fence, result: String?)], cost: inout OperationCost
  ) throws -> [Acknowledgement] {
    try combiner.run(completing(completions), cost: &cost)
  }
}
