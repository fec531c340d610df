/// A task whose place in line is known from its enqueue to its first claim.
struct OrdinaryTask {
  let id: UInt32
  let priority: Int32
  let runAfter: Int64
  let enqueueStartNs: UInt64
  let enqueueEndNs: UInt64
  /// Those of its first claim; the largest number if there was none.
  let claimStartNs: UInt64
  let claimEndNs: UInt64

  var isClaimed: Bool { claimEndNs != .max }

  /// Whether it stands before another task where the longest due goes first.
  func isOlder(than other: OrdinaryTask) -> Bool {
    (runAfter, id) < (other.runAfter, other.id)
  }
}

extension HistoryChecker {
  /// The tasks that the order of claims is judged by, by id.
  ///
  /// Left out are those that were delayed, as nobody knows on the clock of the history when they became
  /// ready; those given back, whose `run_after_utc` may have moved; those whose row has vanished; and
  /// those whose enqueue or first claim has no record. A lease that runs out moves nothing.
  func ordinaryTasks(in state: FinalState) -> [OrdinaryTask] {
    if case .unordered = order { return [] }
    var givenBack: Set<UInt32> = []
    for event in laterEvents where event.kind == .giveUp || event.kind == .mayGiveUp {
      givenBack.insert(event.task)
    }
    var tasks: [OrdinaryTask] = []
    tasks.reserveCapacity(min(lives.count, state.rowLimit))
    for id in 1..<max(1, min(lives.count, state.rowLimit)) {
      let life = lives[id]
      let row = state.row(id)
      guard life.isEnqueued, row.status != .absent, row.hasKey, !row.isDelayed else { continue }
      let isWaiting = row.status == .open && isNeverClaimed(life, row)
      guard life.isFirstClaimed || isWaiting else { continue }
      guard givenBack.isEmpty || !givenBack.contains(UInt32(id)) else { continue }
      tasks.append(
        OrdinaryTask(
          id: UInt32(id), priority: row.priority, runAfter: row.runAfter,
          enqueueStartNs: life.enqueueStartNs, enqueueEndNs: life.enqueueEndNs,
          claimStartNs: life.isFirstClaimed ? life.firstClaimStartNs : .max,
          claimEndNs: life.isFirstClaimed ? life.firstClaimEndNs : .max))
    }
    return tasks
  }
}
