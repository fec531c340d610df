internal import Wording

/// Lengths of time as they stand in a configuration: always with a unit.
enum DurationText {
  /// The units and their length in µs.
  static let units: KeyValuePairs<String, Double> = [
    "us": 1, "ms": 1_000, "s": 1_000_000, "min": 60_000_000,
  ]

  /// Longer than this is a slip, not a lease.
  static let maximumUs = 86_400_000_000

  /// Why a text is not an acceptable duration, in words for an error message.
  struct Problem: Error, Equatable {
    let message: String
  }

  /// The duration in µs: at least `minimumUs`, and a multiple of `resolutionUs`.
  ///
  /// Zero is the one duration that needs no unit.
  static func microseconds(
    of text: String, minimumUs: Int, resolutionUs: Int
  ) throws(Problem) -> Int {
    guard let quantity = Quantity(text) else {
      throw Problem(message: "must be a duration such as 30s, not \(quoted(text))")
    }
    let unit = quantity.unit
    let isBareZero = unit.isEmpty && quantity.number == 0
    guard let factor = isBareZero ? 1 : units.first(where: { $0.key == unit })?.value else {
      throw Problem(
        message: unit.isEmpty
          ? "needs a unit (us, ms, s or min), as in \(text)s"
          : "unknown unit \(quoted(unit)), use us, ms, s or min")
    }
    guard quantity.number >= 0 else { throw Problem(message: "must not be negative") }
    let us = quantity.number * factor
    guard us <= Double(maximumUs) else { throw Problem(message: "must be at most 1440min") }
    if us == 0, minimumUs > 0 { throw Problem(message: "must be longer than zero") }
    // Doubles are exact far beyond the maximum; only decimal fractions need the tolerance.
    let multiple = (us / Double(resolutionUs)).rounded()
    guard abs(multiple * Double(resolutionUs) - us) < 1e-4 else {
      throw Problem(message: "must be a whole number of \(resolutionUs == 1 ? "us" : "ms")")
    }
    let value = Int(multiple) * resolutionUs
    guard value >= minimumUs else {
      throw Problem(message: "must be at least \(label(us: minimumUs))")
    }
    return value
  }

  /// The duration in the largest unit that gives a whole number: `10min`, `2s`, `500ms`, `0s`.
  static func label(us: Int) -> String {
    if us != 0, us % 60_000_000 == 0 { return "\(us / 60_000_000)min" }
    if us % 1_000_000 == 0 { return "\(us / 1_000_000)s" }
    if us % 1_000 == 0 { return "\(us / 1_000)ms" }
    return "\(us)us"
  }

  /// The same of milliseconds.
  static func label(ms: Int64) -> String {
    let (us, hasOverflow) = ms.multipliedReportingOverflow(by: 1_000)
    return hasOverflow ? "\(ms)ms" : label(us: Int(us))
  }
}
