/// What the correctness check says about a repeat, from best to worst.
package enum Verdict: String, CaseIterable, Comparable, Sendable {
  case valid
  /// The history does not suffice to decide; also the verdict of what was not measured.
  case unknown
  /// Tasks were lost or completed twice, or the database is corrupt: the numbers mean nothing.
  case invalid

  /// Better is less.
  package static func < (left: Verdict, right: Verdict) -> Bool {
    left.severity < right.severity
  }

  private var severity: Int {
    switch self {
    case .valid: return 0
    case .unknown: return 1
    case .invalid: return 2
    }
  }
}
