#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// A moment in UTC with millisecond resolution, as it is stored.
///
/// Its text form `2026-11-21 12:00:00.123` sorts like the moment itself and compares rightly with
/// what SQLite's own `datetime('now')` writes.
public struct Timestamp: Hashable, Comparable, Sendable {
  /// Milliseconds since 1970-01-01 00:00:00 UTC.
  public let millisecondsSinceEpoch: Int64

  /// A moment from its distance to the epoch.
  public init(millisecondsSinceEpoch: Int64) {
    self.millisecondsSinceEpoch = millisecondsSinceEpoch
  }

  /// What the system's wall clock says.
  public static func now() -> Timestamp {
    var now = timespec()
    clock_gettime(CLOCK_REALTIME, &now)
    return Timestamp(
      millisecondsSinceEpoch: Int64(now.tv_sec) * 1000 + Int64(now.tv_nsec) / 1_000_000)
  }

  /// The moment that lies `milliseconds` later, or the last or first one there is.
  public func adding(milliseconds: Int64) -> Timestamp {
    let (sum, hasOverflow) = millisecondsSinceEpoch.addingReportingOverflow(milliseconds)
    return Timestamp(
      millisecondsSinceEpoch: hasOverflow ? (milliseconds < 0 ? .min : .max) : sum)
  }

  /// The moment that lies `duration` later, cut to milliseconds, or the last or first one there is.
  public func adding(_ duration: Duration) -> Timestamp {
    let (seconds, attoseconds) = duration.components
    let (milliseconds, hasOverflow) = seconds.multipliedReportingOverflow(by: 1000)
    return adding(milliseconds: hasOverflow ? (seconds < 0 ? .min : .max) : milliseconds)
      .adding(milliseconds: attoseconds / 1_000_000_000_000_000)
  }

  /// The earlier moment first.
  public static func < (left: Timestamp, right: Timestamp) -> Bool {
    left.millisecondsSinceEpoch < right.millisecondsSinceEpoch
  }
}

// MARK: Text

extension Timestamp: CustomStringConvertible {
  /// The length of the text form in bytes.
  static let textLength = 23
  /// The first and the last moment that the text form can say.
  private static let firstMs: Int64 = -62_167_219_200_000
  private static let lastMs: Int64 = 253_402_300_799_999

  /// `2026-11-21 12:00:00.123`
  public var description: String {
    String(unsafeUninitializedCapacity: Self.textLength) { buffer in
      write(to: buffer.baseAddress!)
      return Self.textLength
    }
  }

  /// Writes the 23 bytes of the text form.
  ///
  /// Years outside of 0000–9999 are held at the nearest end, so that text never loses its order.
  func write(to bytes: UnsafeMutablePointer<UInt8>) {
    let dayMs: Int64 = 86_400_000
    let clamped = min(max(millisecondsSinceEpoch, Self.firstMs), Self.lastMs)
    var days = clamped / dayMs
    var rest = clamped % dayMs
    if rest < 0 {
      rest += dayMs
      days -= 1
    }
    let (year, month, day) = Self.civil(fromDays: days)
    put(year, 4, at: bytes)
    bytes[4] = UInt8(ascii: "-")
    put(month, 2, at: bytes + 5)
    bytes[7] = UInt8(ascii: "-")
    put(day, 2, at: bytes + 8)
    bytes[10] = UInt8(ascii: " ")
    put(rest / 3_600_000, 2, at: bytes + 11)
    bytes[13] = UInt8(ascii: ":")
    put(rest / 60_000 % 60, 2, at: bytes + 14)
    bytes[16] = UInt8(ascii: ":")
    put(rest / 1000 % 60, 2, at: bytes + 17)
    bytes[19] = UInt8(ascii: ".")
    put(rest % 1000, 3, at: bytes + 20)
  }

  /// Whether the text form says exactly this moment: it lies in the years 0000 to 9999.
  var isStorable: Bool {
    (Self.firstMs...Self.lastMs).contains(millisecondsSinceEpoch)
  }

  private func put(_ value: Int64, _ width: Int, at bytes: UnsafeMutablePointer<UInt8>) {
    var value = value
    for index in stride(from: width - 1, through: 0, by: -1) {
      bytes[index] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: value % 10)
      value /= 10
    }
  }

  /// Reads the forms that SQLite and common programs write.
  ///
  /// `YYYY-MM-DD`, optionally followed by a space or `T` and `HH:MM[:SS[.fraction]]`, optionally
  /// with a closing `Z` or `+00:00`. Other zones and anything else are nil.
  public init?(_ text: String) {
    var parser = TimestampParser(text)
    guard let value = parser.parse() else { return nil }
    self.init(millisecondsSinceEpoch: value)
  }

  // Days to civil date and back: Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms".

  private static func civil(fromDays days: Int64) -> (year: Int64, month: Int64, day: Int64) {
    let z = days + 719_468
    let era = (z >= 0 ? z : z - 146_096) / 146_097
    let dayOfEra = z - era * 146_097
    let yearOfEra =
      (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shifted = (5 * dayOfYear + 2) / 153
    let day = dayOfYear - (153 * shifted + 2) / 5 + 1
    let month = shifted < 10 ? shifted + 3 : shifted - 9
    return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day)
  }

  fileprivate static func days(year: Int64, month: Int64, day: Int64) -> Int64 {
    let y = month <= 2 ? year - 1 : year
    let era = (y >= 0 ? y : y - 399) / 400
    let yearOfEra = y - era * 400
    let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
    let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
    return era * 146_097 + dayOfEra - 719_468
  }
}

/// Reads a timestamp's text from left to right.
private struct TimestampParser {
  private var rest: Substring.UTF8View

  init(_ text: String) { rest = Substring(text).utf8 }

  mutating func parse() -> Int64? {
    guard let year = number(4), skip("-"), let month = number(2), skip("-"), let day = number(2),
      (1...12).contains(month), (1...31).contains(day)
    else { return nil }
    var milliseconds = Timestamp.days(year: year, month: month, day: day) * 86_400_000
    if skip(" ") || skip("T") {
      guard let hour = number(2), skip(":"), let minute = number(2), hour < 24, minute < 60
      else { return nil }
      milliseconds += hour * 3_600_000 + minute * 60_000
      if skip(":") {
        guard let second = number(2), second < 60 else { return nil }
        milliseconds += second * 1000
        if skip(".") {
          guard let fraction = fractionMs() else { return nil }
          milliseconds += fraction
        }
      }
      if !skip("Z"), skip("+") {
        guard number(2) == 0, skip(":"), number(2) == 0 else { return nil }
      }
    }
    return rest.isEmpty ? milliseconds : nil
  }

  private mutating func skip(_ character: Unicode.Scalar) -> Bool {
    guard rest.first == UInt8(ascii: character) else { return false }
    rest.removeFirst()
    return true
  }

  private mutating func digit() -> Int64? {
    guard let byte = rest.first, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else {
      return nil
    }
    rest.removeFirst()
    return Int64(byte - UInt8(ascii: "0"))
  }

  private mutating func number(_ width: Int) -> Int64? {
    var value: Int64 = 0
    for _ in 0..<width {
      guard let digit = digit() else { return nil }
      value = value * 10 + digit
    }
    return value
  }

  /// Digits after the point; those beyond milliseconds are cut off.
  private mutating func fractionMs() -> Int64? {
    guard var value = digit() else { return nil }
    var digits = 1
    while let next = digit() {
      if digits < 3 { value = value * 10 + next }
      digits += 1
    }
    while digits < 3 {
      value *= 10
      digits += 1
    }
    return value
  }
}
