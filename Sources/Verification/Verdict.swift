/// What can be said of a repeat as a whole, from best to worst.
package enum Verdict: String, CaseIterable, Comparable, Sendable {
  case valid
  /// The history is sound, but the load that was asked for could not be offered: latencies are those of an
  /// overloaded queue.
  case saturated
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
    case .saturated: return 1
    case .unknown: return 2
    case .invalid: return 3
    }
  }
}
