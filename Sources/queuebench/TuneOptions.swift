internal import ArgumentParser
internal import Experiments
internal import Foundation
internal import SQLite

/// A length of time as people say it: `90s`, `10m`, `1h`.
struct TimeBudget: ExpressibleByArgument {
  let seconds: Double

  init(seconds: Double) { self.seconds = seconds }

  init?(argument: String) {
    guard let span = TimeSpan(argument: argument), span.ms > 0 else { return nil }
    seconds = Double(span.ms) / 1000
  }

  var defaultValueDescription: String { Self.text(seconds) }

  /// `90s`, `10m`: as it can be given again.
  static func text(_ seconds: Double) -> String {
    let whole = Int(seconds.rounded(.up))
    return whole >= 60 && whole.isMultiple(of: 60) ? "\(whole / 60)m" : "\(whole)s"
  }
}

/// A durability class as an argument; the class itself is public, and should not depend on how arguments are
/// read.
enum DurabilityWord: String, CaseIterable, ExpressibleByArgument {
  case process, power

  var durability: DurabilityClass {
    switch self {
    case .process: return .process
    case .power: return .power
    }
  }
}

extension TuningObjective: ExpressibleByArgument {}
