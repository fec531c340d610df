internal import Recording

/// What is known of one task, in 64 bytes: a cache line.
///
/// Everything about second and later attempts, which are rare, lies in ``LaterEvent``s instead.
struct TaskLife: Sendable {
  /// Bit `n` is set if attempt `n + 1` was claimed; attempts beyond 62 share bit 62.
  private(set) var claimedAttempts: UInt64 = 0
  private var completedAndEnqueued: UInt64 = 0
  /// The intended start of the enqueue; 0 for tasks that lay there before the run.
  private(set) var intendedNs: UInt64 = 0
  private(set) var enqueueEndNs: UInt64 = 0
  /// Those of attempt 1.
  private(set) var firstClaimStartNs: UInt64 = 0
  private(set) var firstClaimEndNs: UInt64 = 0
  /// The end of the accepted completion that ended first, whatever its attempt.
  private(set) var completionEndNs: UInt64 = 0
  private var enqueueServiceUs: UInt32 = 0
  private var completionServiceUs: UInt32 = 0

  private static let enqueuedBit: UInt64 = 1 << 63
  /// From this attempt on, attempts cannot be told apart.
  static let sharedAttempt = 63

  private static func bit(_ attempt: Int) -> UInt64 {
    1 << UInt64(min(max(attempt, 1), sharedAttempt) - 1)
  }

  var isEnqueued: Bool { completedAndEnqueued & Self.enqueuedBit != 0 }
  var isClaimed: Bool { claimedAttempts != 0 }
  var isFirstClaimed: Bool { claimedAttempts & 1 != 0 }
  /// As ``claimedAttempts``.
  var completedAttempts: UInt64 { completedAndEnqueued & ~Self.enqueuedBit }
  var isCompleted: Bool { completedAttempts != 0 }
  /// Whether attempt 1 and no other completed it.
  var isCompletedFirst: Bool { completedAttempts == 1 }
  var isCompletedUnclaimed: Bool { completedAttempts & ~claimedAttempts != 0 }
  /// The highest attempt that was claimed, 0 for none.
  var highestAttempt: Int { UInt64.bitWidth - claimedAttempts.leadingZeroBitCount }

  /// When the enqueue began, or up to 1 µs before.
  var enqueueStartNs: UInt64 { Self.start(endNs: enqueueEndNs, serviceUs: enqueueServiceUs) }
  /// When the completion began, or up to 1 µs before.
  var completionStartNs: UInt64 {
    Self.start(endNs: completionEndNs, serviceUs: completionServiceUs)
  }

  private static func start(endNs: UInt64, serviceUs: UInt32) -> UInt64 {
    // Saturated after 71 minutes: any time before the end.
    let serviceNs = serviceUs == .max ? .max : UInt64(serviceUs) * 1000
    return endNs > serviceNs ? endNs - serviceNs : 0
  }

  /// Rounded up, so that nothing ever seems to begin later than it did.
  private static func serviceUs(_ record: OperationRecord) -> UInt32 {
    UInt32(clamping: record.serviceNs / 1000 + 1)
  }

  /// Notes that the task was there before the run.
  mutating func markPrefilled() { completedAndEnqueued |= Self.enqueuedBit }

  /// Returns whether it was enqueued before. The earlier of two enqueues counts.
  mutating func markEnqueued(_ record: OperationRecord) -> Bool {
    let wasEnqueued = isEnqueued
    if !wasEnqueued || record.endNs < enqueueEndNs {
      intendedNs = record.intendedStartNs
      enqueueEndNs = record.endNs
      enqueueServiceUs = Self.serviceUs(record)
    }
    completedAndEnqueued |= Self.enqueuedBit
    return wasEnqueued
  }

  /// Returns whether that attempt was claimed before. The earlier of two first claims counts.
  mutating func markClaimed(_ record: OperationRecord) -> Bool {
    let bit = Self.bit(Int(record.attempt))
    let wasClaimed = claimedAttempts & bit != 0
    if bit == 1,
      !wasClaimed || (record.endNs, record.startNs) < (firstClaimEndNs, firstClaimStartNs)
    {
      firstClaimStartNs = record.startNs
      firstClaimEndNs = record.endNs
    }
    claimedAttempts |= bit
    return wasClaimed && bit != Self.bit(Self.sharedAttempt)
  }

  /// Returns whether another attempt was completed before. The completion that ended first counts.
  mutating func markCompleted(_ record: OperationRecord) -> Bool {
    let bit = Self.bit(Int(record.attempt))
    let before = completedAttempts
    if before == 0 || record.endNs < completionEndNs {
      completionEndNs = record.endNs
      completionServiceUs = Self.serviceUs(record)
    }
    completedAndEnqueued |= bit
    return before & ~bit != 0
  }
}

/// Something that happened to a task beyond its enqueue, its first claim and its completion under that.
struct LaterEvent: Sendable {
  enum Kind: UInt8 {
    case claim
    /// Accepted.
    case complete
    /// Accepted: the lease was extended.
    case extend
    /// Accepted: failed or released.
    case giveUp
    /// Failed or released, or not: nobody knows.
    case mayGiveUp
  }

  let task: UInt32
  let attempt: UInt16
  let kind: Kind
  /// The claim or acknowledgement.
  let startNs: UInt64
  let endNs: UInt64

  /// Whether it was an answer that only the holder of the latest fence may get.
  var isAccepted: Bool { kind == .complete || kind == .extend || kind == .giveUp }
}
