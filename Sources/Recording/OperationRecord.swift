#if _endian(big)
  #error("Operation logs are little-endian files that are mapped as they are.")
#endif

/// What was asked of the queue.
package enum OperationKind: UInt8, CaseIterable, Sendable {
  case enqueue = 1
  case claim = 2
  case complete = 3
  case fail = 4
  case release = 5
  case extend = 6
  case cancel = 7
}

/// How an operation ended, as its caller saw it.
package enum OperationOutcome: UInt8, CaseIterable, Sendable {
  case ok = 1
  /// A claim that found no task.
  case empty = 2
  /// Certainly without effect.
  case failed = 3
  /// With or without effect: nobody can tell (a commit that was sent and not answered).
  case indeterminate = 4
  /// Turned down by the fence: the lease had passed to a later attempt.
  case refused = 5
}

/// One operation as it lies in an operation log: 64 bytes, little-endian, one cache line.
///
/// | offset | bytes | field |
/// |---|---|---|
/// | 0 | 1 | kind; 0 means that nothing has been written here |
/// | 1 | 1 | outcome |
/// | 2 | 2 | attempt, saturating |
/// | 4 | 4 | extended SQLite result code, 0 for none |
/// | 8 | 8 | task id, 0 for none |
/// | 16 | 8 | intended start, monotonic ns |
/// | 24 | 8 | start, monotonic ns |
/// | 32 | 8 | end, monotonic ns |
/// | 40 | 4 | busy callbacks, saturating |
/// | 44 | 4 | µs slept in them, saturating |
/// | 48 | 4 | ns waited for the write lock, saturating (4.29 s); 0 where phases are not measured |
/// | 52 | 4 | ns of the commit, saturating; 0 where phases are not measured |
/// | 56 | 4 | tasks in the operation |
/// | 60 | 1 | flags: bit 0 marks a member of a batch |
/// | 61 | 1 | waits for the disk (syncs), saturating |
/// | 62 | 2 | pages written, saturating |
///
/// A batch of n tasks is one operation with one latency, but n tasks to account for: it is written as
/// one record with `batch == n` that holds the first task, followed by n − 1 *members* with the same
/// kind, outcome and times. Latencies and rates are taken from records that are not members; tasks are
/// accounted for from all of them.
package struct OperationRecord: Equatable, Sendable {
  /// The raw ``kind``.
  package let kindCode: UInt8
  /// The raw ``outcome``.
  package let outcomeCode: UInt8
  /// The attempt of the task's fence; 0 where there is none.
  package let attempt: UInt16
  /// The extended result code of the error, 0 for none.
  package let sqliteCode: Int32
  /// The task, 0 for none.
  package let taskID: Int64
  /// When the schedule wanted the operation to start; equal to ``startNs`` in a closed loop.
  package let intendedStartNs: UInt64
  package let startNs: UInt64
  package let endNs: UInt64
  package let busyCallbacks: UInt32
  package let busySleptUs: UInt32
  package let lockWaitNs: UInt32
  package let commitNs: UInt32
  /// How many tasks the operation was about.
  package let batch: UInt32
  package let flags: UInt8
  /// How often it waited for the disk.
  package let syncs: UInt8
  /// How many pages it wrote.
  package let pagesWritten: UInt16

  /// The bit of ``flags`` that marks the second and later tasks of a batch.
  package static let memberFlag: UInt8 = 1

  /// The size of a record in a file.
  package static let byteCount = 64

  /// Makes a record; counts and durations too large for their field become its largest value.
  ///
  /// `startNs` and `intendedStartNs` must not lie after `endNs`: a reader takes such a record for
  /// damage.
  @inlinable
  package init(
    kind: OperationKind, outcome: OperationOutcome, taskID: Int64, attempt: Int,
    intendedStartNs: UInt64, startNs: UInt64, endNs: UInt64, sqliteCode: Int32 = 0,
    busyCallbacks: UInt64 = 0, busySleptUs: UInt64 = 0, lockWaitNs: UInt64 = 0,
    commitNs: UInt64 = 0, batch: Int = 1, isMember: Bool = false, syncs: UInt32 = 0,
    pagesWritten: UInt32 = 0
  ) {
    self.init(
      kindCode: kind.rawValue, outcomeCode: outcome.rawValue, attempt: UInt16(clamping: attempt),
      sqliteCode: sqliteCode, taskID: taskID, intendedStartNs: intendedStartNs, startNs: startNs,
      endNs: endNs, busyCallbacks: UInt32(clamping: busyCallbacks),
      busySleptUs: UInt32(clamping: busySleptUs), lockWaitNs: UInt32(clamping: lockWaitNs),
      commitNs: UInt32(clamping: commitNs), batch: UInt32(clamping: batch),
      flags: isMember ? OperationRecord.memberFlag : 0, syncs: UInt8(clamping: syncs),
      pagesWritten: UInt16(clamping: pagesWritten))
  }

  @usableFromInline
  init(
    kindCode: UInt8, outcomeCode: UInt8, attempt: UInt16, sqliteCode: Int32, taskID: Int64,
    intendedStartNs: UInt64, startNs: UInt64, endNs: UInt64, busyCallbacks: UInt32,
    busySleptUs: UInt32, lockWaitNs: UInt32, commitNs: UInt32, batch: UInt32, flags: UInt8,
    syncs: UInt8, pagesWritten: UInt16
  ) {
    self.kindCode = kindCode
    self.outcomeCode = outcomeCode
    self.attempt = attempt
    self.sqliteCode = sqliteCode
    self.taskID = taskID
    self.intendedStartNs = intendedStartNs
    self.startNs = startNs
    self.endNs = endNs
    self.busyCallbacks = busyCallbacks
    self.busySleptUs = busySleptUs
    self.lockWaitNs = lockWaitNs
    self.commitNs = commitNs
    self.batch = batch
    self.flags = flags
    self.syncs = syncs
    self.pagesWritten = pagesWritten
  }

  /// What was asked; nil for a code that this version does not know.
  ///
  /// Never nil in a record that came from an ``OperationLogReader``, which checks it.
  package var kind: OperationKind? { OperationKind(rawValue: kindCode) }

  /// How it ended; nil for a code that this version does not know, as with ``kind``.
  package var outcome: OperationOutcome? { OperationOutcome(rawValue: outcomeCode) }

  /// True for the second and later tasks of a batch.
  package var isMember: Bool { flags & OperationRecord.memberFlag != 0 }

  /// From the intended start to the end: what a user of a queue under this load would have waited.
  package var latencyNs: UInt64 { endNs > intendedStartNs ? endNs - intendedStartNs : 0 }

  /// From the actual start to the end.
  package var serviceNs: UInt64 { endNs > startNs ? endNs - startNs : 0 }

  /// What is wrong with a record that was read from a file, nil if nothing is.
  var damage: OperationLogError.Damage? {
    if kind == nil { return .unknownKind(kindCode) }
    if outcome == nil { return .unknownOutcome(outcomeCode) }
    if startNs > endNs || intendedStartNs > endNs { return .endsBeforeStart }
    return nil
  }
}
