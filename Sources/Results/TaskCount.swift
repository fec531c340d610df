internal import Verification

/// A whole number of `cells.csv` that says what became of tasks: its column has the same name.
package enum TaskCount: String, CaseIterable, Sendable {
  /// See ``FlowResult/lost``.
  case lost
  /// See ``FlowResult/duplicated``.
  case duplicated
  case unfinished
  case redelivered
  case recovered
  case refused
  case indeterminate
  /// Operations that began long after they were due.
  case late
  /// Operations that were never offered.
  case skipped

  /// Its value in a repeat; nil if nobody counted.
  package func value(in result: RepeatResult) -> Int? {
    switch self {
    case .lost: return result.flow.lost ?? Self.zeroIfSound(result)
    case .duplicated: return result.flow.duplicated ?? Self.zeroIfSound(result)
    case .unfinished: return result.flow.unfinished
    case .redelivered: return result.flow.redelivered
    case .recovered: return result.flow.recovered
    case .refused: return result.flow.refused
    case .indeterminate: return result.flow.indeterminate
    case .late: return result.load.late
    case .skipped: return result.load.skipped
    }
  }

  /// Whether it is counted in a history whose numbers mean nothing otherwise.
  package var isOfVerdict: Bool { self == .lost || self == .duplicated }

  /// What a verdict says where the file is older than the column.
  private static func zeroIfSound(_ result: RepeatResult) -> Int? {
    result.status == .measured && result.verdict <= .saturated ? 0 : nil
  }
}
