/// When each operation of one caller of an open-loop load is due: fixed in advance, whatever the queue
/// does, and the same byte for byte for the same inputs.
///
/// All callers together offer the rate λ(t), which is constant in steps. Operations are places on the
/// scale Λ(t) = ∫λ, on which every rate is 1; an operation is due when Λ reaches its place:
///
/// - ``Process/fixed``: operation k of caller i of n is operation k·n + i of all, at the place of that
///   number. So n callers interleave evenly.
/// - ``Process/poisson``: each caller's places are a Poisson process of its own, with exponential gaps of
///   mean n. Together they are a Poisson process of rate λ(t).
///
/// Places are whole numbers of 128 bits and are never rounded on the way, so that no error accumulates:
/// each due time is exact but for being rounded down to a nanosecond. Rates are rounded to a millionth
/// of an operation a minute.
package struct ArrivalSchedule: Sendable {
  /// How arrivals follow each other at a constant rate.
  package enum Process: Hashable, Sendable {
    /// Evenly spaced.
    case fixed
    /// Independent of each other.
    case poisson
  }

  /// A rate that holds from a moment on.
  package struct Step: Hashable, Sendable {
    /// When it begins, after the start of the measurement.
    package let startNs: UInt64
    /// Tasks per second over all callers; 0 means that nothing is offered.
    package let perSecond: Double

    package init(startNs: UInt64, perSecond: Double) {
      self.startNs = startNs
      self.perSecond = perSecond
    }
  }

  /// Where the caller stands among all of them, and what it does at once.
  package struct Caller: Hashable, Sendable {
    /// Which caller of all processes it is, from 0.
    package let index: Int
    /// How many callers share the rate.
    package let count: Int
    /// Tasks per operation.
    package let batch: Int
    /// How many operations are due at one instant, at an unchanged mean rate: consecutive ones of all
    /// callers if they are evenly spaced, else those of one caller.
    package let burst: Int

    package init(index: Int, of count: Int, batch: Int = 1, burst: Int = 1) {
      self.index = index
      self.count = count
      self.batch = batch
      self.burst = burst
    }
  }

  /// A step by the clock, with the place at which it begins.
  private struct Segment {
    let startNs: UInt64
    /// Millionths of a task per minute, and so places per nanosecond.
    let rate: UInt64
    let startPlace: UInt128
  }

  /// How many places a task takes: a minute at a millionth of a task per minute.
  private static let placesPerTask: UInt128 = 60_000_000_000 * 1_000_000

  private let process: Process
  private let caller: Caller
  private let segments: [Segment]
  private var random: any RandomNumberGenerator & Sendable
  private var segment = 0
  private var index: UInt64 = 0
  private var place: UInt128 = 0

  /// Nil unless the numbers of the caller are in order, positive and at most 2²⁰, the first step begins
  /// at 0, the others follow in time, no rate is negative or more than 10⁹/s, and what is not 0 is at
  /// least 0.000001 a minute.
  ///
  /// - Parameters:
  ///   - process: how arrivals follow each other.
  ///   - steps: the rates; the first also holds before the measurement.
  ///   - caller: for whom.
  ///   - startNs: when the load begins, monotonic; the first operation at a fixed rate is due then.
  ///   - measureStartNs: when the measurement begins; not before the load.
  ///   - random: draws the gaps of a Poisson process; each caller needs its own.
  package init?(
    _ process: Process, steps: [Step], caller: Caller, startNs: UInt64, measureStartNs: UInt64,
    random: any RandomNumberGenerator & Sendable
  ) {
    guard caller.index >= 0, caller.index < caller.count, caller.batch > 0, caller.burst > 0,
      max(caller.count, caller.batch, caller.burst) <= 1 << 20,
      startNs <= measureStartNs, steps.first?.startNs == 0
    else { return nil }
    var segments: [Segment] = []
    for step in steps {
      let millionths = (step.perSecond * 60_000_000).rounded()
      guard step.perSecond == 0 || millionths >= 1, millionths <= 6e16 else { return nil }
      let (time, overflow) = measureStartNs.addingReportingOverflow(step.startNs)
      let stepNs = segments.isEmpty ? startNs : time
      var stepPlace: UInt128 = 0
      if let last = segments.last {
        guard !overflow, stepNs > last.startNs else { return nil }
        stepPlace = last.startPlace + UInt128(stepNs - last.startNs) * UInt128(last.rate)
      }
      segments.append(Segment(startNs: stepNs, rate: UInt64(millionths), startPlace: stepPlace))
    }
    self.process = process
    self.caller = caller
    self.segments = segments
    self.random = random
  }

  /// When the next operation is due, monotonic ns and never before the last; nil once nothing is offered
  /// any more or the time is beyond the clock.
  package mutating func next() -> UInt64? {
    guard let place = nextPlace() else { return nil }
    while segment + 1 < segments.count, segments[segment + 1].startPlace <= place { segment += 1 }
    let current = segments[segment]
    // A rate of 0 has been passed over, unless it is the last one.
    guard current.rate > 0 else { return nil }
    let elapsedNs = (place - current.startPlace) / UInt128(current.rate)
    let dueNs = elapsedNs + UInt128(current.startNs)
    return dueNs < UInt128(UInt64.max) ? UInt64(dueNs) : nil
  }

  private mutating func nextPlace() -> UInt128? {
    let isNewBurst = index.isMultiple(of: UInt64(caller.burst))
    defer { index += 1 }
    let operationPlaces = UInt128(caller.batch) * Self.placesPerTask
    let result: (partialValue: UInt128, overflow: Bool)
    switch process {
    case .fixed:
      let global = UInt128(index) * UInt128(caller.count) + UInt128(caller.index)
      let first = global - global % UInt128(caller.burst)
      result = first.multipliedReportingOverflow(by: operationPlaces)
    case .poisson:
      guard isNewBurst else { return place }
      let mean = operationPlaces * UInt128(caller.burst) * UInt128(caller.count)
      result = place.addingReportingOverflow(exponential(mean: mean))
      place = result.partialValue
    }
    return result.overflow ? nil : result.partialValue
  }

  /// An exponentially distributed number, by comparing uniform ones.
  ///
  /// Of uniform numbers U1 > U2 > … > Un ≤ Un+1, n is odd with probability e^−U1 given U1: then U1 is the
  /// fraction, and the number of tries before is the whole part. No logarithm, whose last digit depends
  /// on the C library. Source: von Neumann, "Various techniques used in connection with random digits",
  /// NBS Applied Mathematics Series 12, 1951.
  private mutating func exponential(mean: UInt128) -> UInt128 {
    var whole: UInt128 = 0
    while true {
      let first: UInt64 = random.next()
      var last = first
      var isOdd = true
      while true {
        let next: UInt64 = random.next()
        guard next < last else { break }
        last = next
        isOdd.toggle()
      }
      if isOdd {
        let low = UInt128(truncatingIfNeeded: UInt64(truncatingIfNeeded: mean)) * UInt128(first)
        return whole * mean + (mean >> 64) * UInt128(first) + (low >> 64)
      }
      whole += 1
    }
  }
}

/// What tells two schedules apart: the FNV-1a hash (64 bits) of the due times as little-endian bytes.
package struct ScheduleFingerprint: Hashable, Sendable, CustomStringConvertible {
  private var hash: UInt64 = 0xcbf2_9ce4_8422_2325

  /// That of no operation.
  package init() {}

  /// Takes in the next operation's due time.
  package mutating func add(_ dueNs: UInt64) {
    for shift in stride(from: UInt64(0), to: 64, by: 8) {
      hash = (hash ^ (dueNs >> shift & 0xFF)) &* 0x0000_0100_0000_01b3
    }
  }

  /// 16 hexadecimal digits.
  package var description: String {
    let digits = String(hash, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }
}
