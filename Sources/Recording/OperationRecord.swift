#if _endian(big)
  #error("Operation logs are little-endian files that are mapped as they are.")
#endif

/// What was asked of the queue, or done for it.
package enum OperationKind: UInt8, CaseIterable, Sendable {
  case enqueue = 1
  case claim = 2
  case complete = 3
  case fail = 4
  case release = 5
  case extend = 6
  case cancel = 7
  /// A checkpoint, of whatever thread; its `taskID` is the number of pages copied.
  case checkpoint = 8
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
  /// Never offered: the load was to end before its turn came.
  case skipped = 6
}

/// Where the time of an operation went apart from executing statements.
///
/// Durations are exact to ``OperationRecord/phaseUnitNs``.
package struct OperationPhases: Equatable, Sendable {
  /// Until the write lock was there, from the first attempt to get it.
  package var lockWaitNs: UInt64 = 0
  /// How long the write lock was held; of calls that shared a transaction, the part of each.
  package var lockHeldNs: UInt64 = 0
  /// From the decision to commit until the write lock was free again.
  package var commitNs: UInt64 = 0
  /// Checkpoints that the operation itself had to do.
  package var checkpointNs: UInt64 = 0

  /// Phases; all 0 where they were not measured.
  @inlinable
  package init(
    lockWaitNs: UInt64 = 0, lockHeldNs: UInt64 = 0, commitNs: UInt64 = 0, checkpointNs: UInt64 = 0
  ) {
    self.lockWaitNs = lockWaitNs
    self.lockHeldNs = lockHeldNs
    self.commitNs = commitNs
    self.checkpointNs = checkpointNs
  }
}

/// One operation as it lies in an operation log: 64 bytes, little-endian, one cache line.
///
/// | offset | bytes | field |
/// |---|---|---|
/// | 0 | 1 | bits 0–3 kind, 4–6 outcome, 7 member of a batch; 0 means that nothing has been written here |
/// | 1 | 1 | waits for the disk (syncs), saturating |
/// | 2 | 2 | attempt, saturating |
/// | 4 | 2 | extended SQLite result code, 0 for none, saturating |
/// | 6 | 2 | tasks in the operation, saturating |
/// | 8 | 8 | task id, 0 for none |
/// | 16 | 8 | intended start, monotonic ns |
/// | 24 | 8 | start, monotonic ns |
/// | 32 | 8 | end, monotonic ns |
/// | 40 | 2 | busy callbacks, saturating |
/// | 42 | 2 | pages written, saturating |
/// | 44 | 4 | µs slept in busy callbacks, saturating |
/// | 48 | 4 | wait for the write lock, in units of 16 ns, saturating (68 s) |
/// | 52 | 4 | write lock held, likewise |
/// | 56 | 4 | commit, likewise |
/// | 60 | 4 | checkpoints, likewise |
///
/// A batch of n tasks is one operation with one latency, but n tasks to account for: it is written as
/// one record with `batch == n` that holds the first task, followed by n − 1 *members* with the same
/// kind, outcome and times. Latencies and rates are taken from records that are not members; tasks are
/// accounted for from all of them.
package struct OperationRecord: Equatable, Sendable {
  /// Kind, outcome and membership; see the table.
  package let tag: UInt8
  /// How often it waited for the disk.
  package let syncs: UInt8
  /// The attempt of the task's fence; 0 where there is none.
  package let attempt: UInt16
  private let code: UInt16
  /// How many tasks the operation was about.
  package let batch: UInt16
  /// The task, 0 for none.
  package let taskID: Int64
  /// When the schedule wanted the operation to start; equal to ``startNs`` in a closed loop.
  package let intendedStartNs: UInt64
  package let startNs: UInt64
  package let endNs: UInt64
  package let busyCallbacks: UInt16
  /// How many pages it wrote.
  package let pagesWritten: UInt16
  package let busySleptUs: UInt32
  private let lockWaitUnits: UInt32
  private let lockHeldUnits: UInt32
  private let commitUnits: UInt32
  private let checkpointUnits: UInt32

  /// The size of a record in a file.
  package static let byteCount = 64
  /// To what the durations of phases are exact.
  package static let phaseUnitNs: UInt64 = 16

  private static let memberBit: UInt8 = 0x80

  /// Makes a record; counts and durations too large for their field become its largest value.
  ///
  /// `startNs` and `intendedStartNs` must not lie after `endNs`: a reader takes such a record for
  /// damage.
  @inlinable
  package init(
    kind: OperationKind, outcome: OperationOutcome, taskID: Int64, attempt: Int,
    intendedStartNs: UInt64, startNs: UInt64, endNs: UInt64, sqliteCode: Int32 = 0,
    busyCallbacks: UInt64 = 0, busySleptUs: UInt64 = 0,
    phases: OperationPhases = OperationPhases(), batch: Int = 1, isMember: Bool = false,
    syncs: UInt32 = 0, pagesWritten: UInt32 = 0
  ) {
    self.init(
      tag: OperationRecord.tag(kind, outcome, isMember: isMember), syncs: UInt8(clamping: syncs),
      attempt: UInt16(clamping: attempt), code: UInt16(clamping: sqliteCode),
      batch: UInt16(clamping: batch), taskID: taskID, intendedStartNs: intendedStartNs,
      startNs: startNs, endNs: endNs, busyCallbacks: UInt16(clamping: busyCallbacks),
      pagesWritten: UInt16(clamping: pagesWritten), busySleptUs: UInt32(clamping: busySleptUs),
      phases: phases)
  }

  @usableFromInline
  init(
    tag: UInt8, syncs: UInt8, attempt: UInt16, code: UInt16, batch: UInt16, taskID: Int64,
    intendedStartNs: UInt64, startNs: UInt64, endNs: UInt64, busyCallbacks: UInt16,
    pagesWritten: UInt16, busySleptUs: UInt32, phases: OperationPhases
  ) {
    self.tag = tag
    self.syncs = syncs
    self.attempt = attempt
    self.code = code
    self.batch = batch
    self.taskID = taskID
    self.intendedStartNs = intendedStartNs
    self.startNs = startNs
    self.endNs = endNs
    self.busyCallbacks = busyCallbacks
    self.pagesWritten = pagesWritten
    self.busySleptUs = busySleptUs
    lockWaitUnits = Self.units(phases.lockWaitNs)
    lockHeldUnits = Self.units(phases.lockHeldNs)
    commitUnits = Self.units(phases.commitNs)
    checkpointUnits = Self.units(phases.checkpointNs)
  }

  @usableFromInline
  static func tag(_ kind: OperationKind, _ outcome: OperationOutcome, isMember: Bool) -> UInt8 {
    kind.rawValue | outcome.rawValue << 4 | (isMember ? memberBit : 0)
  }

  private static func units(_ ns: UInt64) -> UInt32 { UInt32(clamping: ns / phaseUnitNs) }

  /// The number that ``kind`` stands for.
  var kindCode: UInt8 { tag & 0x0F }

  /// The number that ``outcome`` stands for.
  var outcomeCode: UInt8 { (tag >> 4) & 0x07 }

  /// What was asked; nil for a code that this version does not know.
  ///
  /// Never nil in a record that came from an ``OperationLogReader``, which checks it.
  package var kind: OperationKind? { OperationKind(rawValue: kindCode) }

  /// How it ended; nil for a code that this version does not know, as with ``kind``.
  package var outcome: OperationOutcome? { OperationOutcome(rawValue: outcomeCode) }

  /// True for the second and later tasks of a batch.
  package var isMember: Bool { tag & Self.memberBit != 0 }

  /// The extended result code of the error, 0 for none.
  package var sqliteCode: Int32 { Int32(code) }

  /// Where its time went.
  package var phases: OperationPhases {
    OperationPhases(
      lockWaitNs: UInt64(lockWaitUnits) * Self.phaseUnitNs,
      lockHeldNs: UInt64(lockHeldUnits) * Self.phaseUnitNs,
      commitNs: UInt64(commitUnits) * Self.phaseUnitNs,
      checkpointNs: UInt64(checkpointUnits) * Self.phaseUnitNs)
  }

  /// From the intended start to the end: what a user of a queue under this load would have waited.
  package var latencyNs: UInt64 { endNs > intendedStartNs ? endNs - intendedStartNs : 0 }

  /// From the actual start to the end.
  package var serviceNs: UInt64 { endNs > startNs ? endNs - startNs : 0 }

  /// From the intended to the actual start.
  package var lagNs: UInt64 { startNs > intendedStartNs ? startNs - intendedStartNs : 0 }

  /// What is wrong with a record that was read from a file, nil if nothing is.
  var damage: OperationLogError.Damage? {
    if kind == nil { return .unknownKind(kindCode) }
    if outcome == nil { return .unknownOutcome(outcomeCode) }
    if startNs > endNs || intendedStartNs > endNs { return .endsBeforeStart }
    return nil
  }
}
