internal import Recording
internal import Results

/// The parts of one operation that add up to its response time.
struct PhaseParts {
  /// The phases, in the order of the subscript.
  static let phases = OperationPhase.parts

  private var lagNs: UInt64
  private var lockWaitNs: UInt64
  private var executeNs: UInt64
  private var commitNs: UInt64
  private var checkpointNs: UInt64

  /// Wait, commit and checkpoint are measured each by itself; execution is what is left of the service time,
  /// but not less than the lock was held before the commit. Were something counted twice, too little would be
  /// left for that, and the sum would exceed the whole.
  @inline(__always)
  init(of record: OperationRecord) {
    let measured = record.phases
    lagNs = record.lagNs
    lockWaitNs = measured.lockWaitNs
    commitNs = measured.commitNs
    checkpointNs = measured.checkpointNs
    let knownNs = lockWaitNs + commitNs + checkpointNs
    let restNs = record.serviceNs > knownNs ? record.serviceNs - knownNs : 0
    let heldNs = measured.lockHeldNs > commitNs ? measured.lockHeldNs - commitNs : 0
    executeNs = max(restNs, heldNs)
  }

  @inline(__always)
  subscript(index: Int) -> UInt64 {
    switch index {
    case 0: return lagNs
    case 1: return lockWaitNs
    case 2: return executeNs
    case 3: return commitNs
    default: return checkpointNs
    }
  }

  var sumNs: UInt64 { lagNs + lockWaitNs + executeNs + commitNs + checkpointNs }

  /// Means in µs, in the order of the phases.
  typealias Means = [Double]
}

/// The sums of phases by response time, so that one can ask what operations near a percentile did.
///
/// Response times are put into sixteen buckets per power of two: to 6 %.
struct PhaseProfile {
  private static let bucketsPerOctave = 16
  private static let columns = PhaseParts.phases.count + 1
  private static let bucketCount = 64 * bucketsPerOctave
  /// How many operations an answer should rest on, and how many buckets on either side it may take in for
  /// that: to a quarter more or less.
  private static let wantedCount = 30.0
  private static let widest = 5

  /// Per bucket the number of operations, then the sums of the phases in ns.
  private var sums = [Double](repeating: 0, count: bucketCount * columns)

  @inline(__always)
  mutating func add(_ parts: PhaseParts, responseNs: UInt64) {
    let start = Self.bucket(of: responseNs) * Self.columns
    sums[start] += 1
    for index in 0..<Self.columns - 1 { sums[start + 1 + index] += Double(parts[index]) }
  }

  @inline(__always)
  private static func bucket(of ns: UInt64) -> Int {
    let octave = 63 - max(ns, 1).leadingZeroBitCount
    let fraction = octave >= 4 ? (ns >> UInt64(octave - 4)) & 15 : 0
    return octave * bucketsPerOctave + Int(fraction)
  }

  /// The mean phases of operations that took about as long; nil if there are none.
  func means(near responseNs: UInt64) -> PhaseParts.Means? {
    let middle = Self.bucket(of: responseNs)
    var totals = [Double](repeating: 0, count: Self.columns)
    for distance in 0...Self.widest where totals[0] < Self.wantedCount {
      for bucket in Set([middle - distance, middle + distance])
      where (0..<Self.bucketCount).contains(bucket) {
        for column in 0..<Self.columns { totals[column] += sums[bucket * Self.columns + column] }
      }
    }
    guard totals[0] > 0 else { return nil }
    return totals.dropFirst().map { $0 / totals[0] / 1000 }
  }
}
