public import ArgumentParser
public import QueueEngine
public import QueueOperations

/// A length of time on a command line: `500ms`, `90s`, `10min`, `2h`, `30d`.
struct TimeLength: ExpressibleByArgument, Hashable, CustomStringConvertible {
  let ms: Int64

  init(ms: Int64) { self.ms = ms }

  private static let units: [(name: String, ms: Double)] = [
    ("ms", 1), ("min", 60_000), ("m", 60_000), ("s", 1000), ("h", 3_600_000), ("d", 86_400_000),
  ]
  /// A hundred years: more is a slip.
  private static let longestMs = 36_525.0 * 86_400_000

  init?(argument: String) {
    if argument == "0" {
      self.init(ms: 0)
      return
    }
    guard let unit = Self.units.first(where: { argument.hasSuffix($0.name) }) else { return nil }
    let number = argument.dropLast(unit.name.count)
    // No signs, exponents or words that a Double would take.
    guard !number.isEmpty, number.utf8.allSatisfy({ (48...57).contains($0) || $0 == 46 }),
      let value = Double(number), value * unit.ms <= Self.longestMs,
      (value * unit.ms).rounded() == value * unit.ms
    else { return nil }
    self.init(ms: Int64(value * unit.ms))
  }

  var duration: Duration { .milliseconds(ms) }

  /// `500ms`, `90s`, `5min`, `2h`, `30d`
  var description: String {
    if ms == 0 { return "0" }
    for name in ["d", "h", "min", "s"] {
      guard let unit = Self.units.first(where: { $0.name == name }) else { continue }
      if ms % Int64(unit.ms) == 0 { return "\(ms / Int64(unit.ms))\(name)" }
    }
    return "\(ms)ms"
  }

  var defaultValueDescription: String { description }
}

/// A moment on a command line: in UTC, or a length of time before now.
enum Moment: ExpressibleByArgument {
  case at(Timestamp)
  case ago(TimeLength)

  init?(argument: String) {
    if let moment = Timestamp(argument) {
      self = .at(moment)
    } else if let span = TimeLength(argument: argument) {
      self = .ago(span)
    } else {
      return nil
    }
  }

  func timestamp(now: Timestamp) -> Timestamp {
    switch self {
    case .at(let moment): return moment
    case .ago(let span): return now.adding(milliseconds: -span.ms)
    }
  }
}

/// A moment in UTC on a command line: `2026-11-21 12:00:00` or `2026-11-21T12:00:00Z`.
struct UTCMoment: ExpressibleByArgument {
  let timestamp: Timestamp

  init?(argument: String) {
    guard let timestamp = Timestamp(argument) else { return nil }
    self.timestamp = timestamp
  }
}

/// A task on a command line: `42` or `#42`.
struct TaskNumber: ExpressibleByArgument {
  let id: TaskID

  init?(argument: String) {
    let digits = argument.hasPrefix("#") ? argument.dropFirst() : argument[...]
    guard !digits.isEmpty, digits.utf8.allSatisfy({ (48...57).contains($0) }),
      let number = Int64(digits), number > 0
    else { return nil }
    id = TaskID(rawValue: number)
  }
}

/// A level of the task log on a command line, in any case.
struct LevelWord: ExpressibleByArgument {
  let level: TaskLogLevel

  init?(argument: String) {
    guard let level = TaskLogLevel(named: argument) else { return nil }
    self.level = level
  }

  static var allValueStrings: [String] {
    TaskLogLevel.allCases.map { $0.rawValue.lowercased() }
  }
}

extension TaskStatus: ExpressibleByArgument {}
extension ClaimStrategy: ExpressibleByArgument {}
extension CheckpointMode: ExpressibleByArgument {}
extension TransferFormat: ExpressibleByArgument {}

/// A number of things on a command line, at least 1.
struct PositiveCount: ExpressibleByArgument, Hashable {
  let value: Int

  init(_ value: Int) { self.value = value }

  init?(argument: String) {
    guard let value = Int(argument), value >= 1 else { return nil }
    self.value = value
  }

  var defaultValueDescription: String { "\(value)" }
}

/// A range of priorities on a command line: `10` or `0-50`.
struct PriorityRange: ExpressibleByArgument {
  let range: ClosedRange<Int>

  init?(argument: String) {
    if let one = Int(argument) {
      range = one...one
      return
    }
    // A minus sign in front belongs to the number.
    guard let separator = argument.dropFirst().firstIndex(of: "-"),
      let low = Int(argument[..<separator]),
      let high = Int(argument[argument.index(after: separator)...]), low <= high
    else { return nil }
    range = low...high
  }
}
