extension HistoryChecker {
  /// Compares the history with what lies in the database.
  ///
  /// The work is that of a few sorts of all tasks.
  package func judge(against state: FinalState) -> Judgement {
    var judgement = early
    judgement.indeterminate = indeterminateCount
    for complaint in state.integrity where complaint != "ok" { judgement.add(.corrupt, complaint) }
    compareTasks(with: state, &judgement)
    for id in state.outlyingIDs { judgement.add(.unexpected, "#\(id)") }

    let attempts = attemptsByTask()
    checkLeases(attempts, &judgement)
    judgement.recovered = attempts.count { $0.isRecovered }
    let ordinary = ordinaryTasks(in: state)
    switch order {
    case .fifo, .lifo, .priority: checkOrder(of: ordinary, &judgement)
    case .weightedRandom(let weight): checkLottery(of: ordinary, weight: weight, &judgement)
    case .unordered: break
    }
    return judgement
  }

  /// What the history says of each task against its row.
  private func compareTasks(with state: FinalState, _ judgement: inout Judgement) {
    var unaccounted: [Int] = []
    var unaccountedCompletions: [Int] = []
    var unaccountedClaims: [Int] = []
    for id in 1..<max(lives.count, state.rowLimit, 2) {
      let life = lives[id]
      let row = state.row(id)
      let status = row.status
      if id <= finishedCount {
        let isTouched = life.isEnqueued || life.isClaimed || life.isCompleted
        if isTouched || (status != .absent && status != .completed) {
          judgement.add(.finishedChanged, "#\(id)")
        }
        continue
      }
      if life.isEnqueued, status == .absent { judgement.add(.lost, "#\(id)") }
      if !life.isEnqueued, status != .absent { unaccounted.append(id) }
      if status == .absent, !life.isEnqueued, life.isClaimed {
        judgement.add(.claimedUnknown, "#\(id)")
      }
      // An indeterminate claim excuses nothing here: who got no answer got no fence to complete under.
      if life.isCompletedUnclaimed { judgement.add(.completedUnclaimed, "#\(id)") }
      if life.isCompleted, status != .completed, status != .absent {
        judgement.add(.completionLost, "#\(id)")
      }
      if !life.isCompleted, status == .completed,
        !indeterminateCompletions.contains(Int64(id))
      {
        if heldByKilled?.contains(Int64(id)) == true {
          judgement.excused += 1
        } else {
          unaccountedCompletions.append(id)
        }
      }
      if status == .open { judgement.unfinished += 1 }
      if status != .absent, let attempts = row.knownAttempts, attempts < TaskLife.sharedAttempt {
        if attempts < life.highestAttempt { judgement.add(.claimLost, "#\(id)") }
        if attempts > life.claimedAttempts.nonzeroBitCount { unaccountedClaims.append(id) }
      }
      noteReadiness(of: life, row, &judgement)
    }
    if unaccountedCompletions.count > (heldByKilled == nil ? anonymousCompletions : 0) {
      for id in unaccountedCompletions { judgement.add(.completionUnexpected, "#\(id)") }
    } else {
      judgement.excused += unaccountedCompletions.count
    }
    // How many tasks an indeterminate claim was about is not known; a killed process had one operation at a time.
    if indeterminateClaims == 0, unaccountedClaims.count > anonymousCompletions {
      for id in unaccountedClaims { judgement.add(.claimUnexpected, "#\(id)") }
    } else {
      judgement.excused += unaccountedClaims.count
    }
    // Rows that nobody was told of are those of enqueues whose answer got lost, but no more of them.
    if unaccounted.count > indeterminateEnqueues {
      for id in unaccounted { judgement.add(.unexpected, "#\(id)") }
    } else {
      judgement.excused += unaccounted.count
    }
  }

  /// How long a task lay ready before its first claim ended, or does still.
  private func noteReadiness(
    of life: TaskLife, _ row: FinalState.Row, _ judgement: inout Judgement
  ) {
    guard life.isEnqueued, !row.isDelayed else { return }
    let endNs: UInt64
    if life.isFirstClaimed {
      endNs = life.firstClaimEndNs
    } else if isNeverClaimed(life, row), row.status == .open {
      endNs = lastNs
    } else {
      return
    }
    let fromNs = max(life.enqueueEndNs, firstNs)
    if endNs > fromNs { judgement.oldestReadyNs = max(judgement.oldestReadyNs, endNs - fromNs) }
  }

  /// Whether no claim took the task, with or without a record.
  func isNeverClaimed(_ life: TaskLife, _ row: FinalState.Row) -> Bool {
    guard !life.isClaimed else { return false }
    return row.knownAttempts.map { $0 == 0 } ?? !mayMissClaims
  }
}
