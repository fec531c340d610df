internal import QueueEngine

/// Text in one line without effect on a terminal: control characters, and those that turn the
/// direction of writing, stand as `\n` or `\u{1B}`.
func escapingControls(_ text: some StringProtocol) -> String {
  if text.utf8.allSatisfy({ (0x20..<0x7f).contains($0) }) { return String(text) }
  var shown = String.UnicodeScalarView()
  for scalar in text.unicodeScalars {
    switch scalar.value {
    case 0x09: shown.append(contentsOf: "\\t".unicodeScalars)
    case 0x0a: shown.append(contentsOf: "\\n".unicodeScalars)
    case 0x0d: shown.append(contentsOf: "\\r".unicodeScalars)
    case 0..<0x20, 0x7f..<0xa0, 0x200e...0x200f, 0x2028...0x202e, 0x2066...0x2069, 0xfeff:
      let digits = String(scalar.value, radix: 16, uppercase: true)
      shown.append(contentsOf: "\\u{\(digits)}".unicodeScalars)
    default: shown.append(scalar)
    }
  }
  return String(shown)
}

/// How many columns of a terminal text takes; East Asian wide characters and emoji take two.
func displayWidth(_ text: some StringProtocol) -> Int {
  if text.utf8.allSatisfy({ $0 < 0x80 }) { return text.utf8.count }
  return text.reduce(0) { $0 + displayWidth($1) }
}

/// How many columns a character takes.
func displayWidth(_ character: Character) -> Int {
  guard let first = character.unicodeScalars.first else { return 0 }
  switch first.value {
  case 0x300...0x36f, 0x200b...0x200f, 0xfe00...0xfe0f: return 0
  case 0x1100...0x115f, 0x2e80...0x303e, 0x3041...0xa4cf, 0xac00...0xd7a3, 0xf900...0xfaff,
    0xfe30...0xfe6f, 0xff00...0xff60, 0xffe0...0xffe6, 0x1f300...0x1f64f, 0x1f680...0x1f6ff,
    0x1f900...0x1f9ff, 0x20000...0x3fffd:
    return 2
  default: return 1
  }
}

/// A length of time in its largest unit: `350 ms`, `12 s`, `3 min`, `2 h`, `5 d`.
func durationText(ms: Int64) -> String {
  let length = ms.magnitude
  switch length {
  case ..<1000: return "\(length) ms"
  case ..<120_000: return "\(length / 1000) s"
  case ..<7_200_000: return "\(length / 60_000) min"
  case ..<172_800_000: return "\(length / 3_600_000) h"
  default: return "\(length / 86_400_000) d"
  }
}

extension Duration {
  /// In milliseconds; what is left of one is cut off.
  var wholeMs: Int64 {
    let (seconds, attoseconds) = components
    return seconds * 1000 + attoseconds / 1_000_000_000_000_000
  }
}

/// How long ago a moment is, or how soon it will be: `12 s ago`, `in 5 min`, `now`.
func ageText(_ moment: Timestamp, now: Timestamp) -> String {
  let (ms, hasOverflow) = now.millisecondsSinceEpoch.subtractingReportingOverflow(
    moment.millisecondsSinceEpoch)
  if hasOverflow { return "long ago" }
  if ms.magnitude < 1000 { return "now" }
  return ms < 0 ? "in \(durationText(ms: ms))" : "\(durationText(ms: ms)) ago"
}

/// A moment in full: `2026-11-21 12:00:00.123 UTC (12 s ago)`.
func momentText(_ moment: Timestamp, now: Timestamp) -> String {
  "\(moment) UTC (\(ageText(moment, now: now)))"
}

/// A number of bytes: `512 B`, `24 KiB`, `1.5 MiB`.
func byteText(_ count: Int64) -> String {
  if count < 1024 { return "\(count) B" }
  var tenths = Double(count) * 10
  var unit = "B"
  for larger in ["KiB", "MiB", "GiB", "TiB"] where tenths >= 10_240 {
    tenths /= 1024
    unit = larger
  }
  let rounded = Int64(tenths.rounded())
  return rounded >= 1000 || rounded % 10 == 0
    ? "\((rounded + 5) / 10) \(unit)" : "\(rounded / 10).\(rounded % 10) \(unit)"
}

/// A number with one digit behind the point, if that says anything: `2`, `2.5`, `140`.
func numberText(_ number: Double) -> String {
  let tenths = Int64((number * 10).rounded())
  return number >= 100 || tenths % 10 == 0
    ? "\(Int64(number.rounded()))" : "\(tenths / 10).\(tenths % 10)"
}

/// A share: `66.7 %`.
func percentText(_ share: Double) -> String { "\(numberText(share * 100)) %" }

/// A length of time with its fraction: `2.5 ms`, `1.4 s`, `12 min`.
func spanText(ms: Double) -> String {
  if ms < 1000 { return "\(numberText(ms)) ms" }
  return ms < 120_000
    ? "\(numberText(ms / 1000)) s" : durationText(ms: Int64(min(ms.rounded(), 1e15)))
}

/// A number with its noun: `1 task`, `2 tasks`, `2 entries`.
func counted(_ count: Int, _ noun: String, _ plural: String? = nil) -> String {
  "\(count) \(count == 1 ? noun : plural ?? noun + "s")"
}

/// A word as a shell takes it, in quotes if need be.
func shellWord(_ text: String) -> String {
  let isPlain =
    !text.isEmpty
    && text.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "/"), UInt8(ascii: "."),
        UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "+"), UInt8(ascii: "="),
        UInt8(ascii: ":"), UInt8(ascii: ","), UInt8(ascii: "@"), UInt8(ascii: "%"):
        return true
      default: return false
      }
    }
  if isPlain { return text }
  let parts = text.split(separator: "'", omittingEmptySubsequences: false)
  return "'" + parts.joined(separator: "'\\''") + "'"
}
