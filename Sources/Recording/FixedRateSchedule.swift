/// An offered rate as a ratio of whole numbers, so that no schedule ever drifts.
package struct OfferedRate: Equatable, Sendable {
  /// So many operations…
  package let operations: UInt64
  /// …in this time.
  package let intervalNs: UInt64

  /// Makes a rate; nil unless both numbers are positive.
  package init?(operations: Int, intervalNs: UInt64) {
    guard operations > 0, intervalNs > 0 else { return nil }
    self.operations = UInt64(operations)
    self.intervalNs = intervalNs
  }

  /// So many operations a minute; nil unless positive.
  package static func perMinute(_ operations: Int) -> OfferedRate? {
    OfferedRate(operations: operations, intervalNs: 60_000_000_000)
  }

  /// So many operations a second, rounded to a millionth; nil unless that is between 0.000001 and a
  /// thousand million.
  package static func perSecond(_ operations: Double) -> OfferedRate? {
    let millionths = (operations * 1_000_000).rounded()
    guard millionths >= 1, millionths <= 1e15 else { return nil }
    return OfferedRate(operations: Int(millionths), intervalNs: 1_000_000_000_000_000)
  }
}

/// When each operation of an open-loop load is due: fixed in advance, whatever the queue does.
///
/// The processes of a role share one rate: operation k of process i is operation k·n + i of all, due at
/// start + (k·n + i)·interval/operations. So n processes interleave evenly, and each due time is
/// computed from the start, rounded down to a nanosecond: no error accumulates over hours.
package struct FixedRateSchedule: Equatable, Sendable {
  package let rate: OfferedRate
  package let processIndex: Int
  package let processCount: Int
  package let startNs: UInt64

  /// `rate` is that of all processes together; nil unless 0 ≤ `processIndex` < `processCount`.
  package init?(rate: OfferedRate, processIndex: Int, processCount: Int, startNs: UInt64) {
    guard processIndex >= 0, processIndex < processCount else { return nil }
    self.rate = rate
    self.processIndex = processIndex
    self.processCount = processCount
    self.startNs = startNs
  }

  /// When this process's operation `index`, counted from 0, is due; `.max` once it is beyond the clock.
  package func dueNs(ofOperation index: UInt64) -> UInt64 {
    let (scaled, overflow) = index.multipliedReportingOverflow(by: UInt64(processCount))
    let (global, globalOverflow) = scaled.addingReportingOverflow(UInt64(processIndex))
    if overflow || globalOverflow { return .max }
    let product = global.multipliedFullWidth(by: rate.intervalNs)
    // The quotient fits 64 bits exactly if the high word is below the divisor.
    guard product.high < rate.operations else { return .max }
    let elapsedNs = rate.operations.dividingFullWidth(product).quotient
    let (due, dueOverflow) = startNs.addingReportingOverflow(elapsedNs)
    return dueOverflow ? .max : due
  }
}
