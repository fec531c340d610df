/// What a gate found: a list of expectations, each of which was met, missed, or could not be judged.
///
/// The one value that checks, comparisons and A/B tests end with, so that they read alike in every format.
package struct GateReport: Sendable, Equatable {
  /// What became of an expectation.
  package enum Outcome: String, Sendable, CaseIterable {
    case met
    case missed
    /// Too few samples, or an interval on both sides of the limit.
    case inconclusive

    static let worstFirst: [Outcome] = [.missed, .inconclusive, .met]
  }

  /// One expectation at one place.
  package struct Finding: Sendable, Equatable {
    /// Where it applies: a cell with what sets it apart (`c03 synchronous=FULL`), or a metric.
    package var place: String
    /// What was expected, as its author wrote it or as one would say it (`claim.p95 < 10ms`).
    package var expectation: String
    /// What was measured, with its unit and its interval; empty if nothing was.
    package var measured: String
    package var outcome: Outcome
    /// One sentence for whoever has to act on it: why it was missed or cannot be judged.
    package var explanation: String
    /// The file and the line where the expectation stands; nil if it stands in none.
    package var source: SourcePlace?
    /// ``measured`` as numbers, for programs that read the report; nil if nothing was measured.
    package var quantity: Quantity?

    package init(
      place: String, expectation: String, measured: String, outcome: Outcome,
      explanation: String = "", source: SourcePlace? = nil, quantity: Quantity? = nil
    ) {
      self.place = place
      self.expectation = expectation
      self.measured = measured
      self.outcome = outcome
      self.explanation = explanation
      self.source = source
      self.quantity = quantity
    }
  }

  /// A measured number and how well it is known.
  package struct Quantity: Sendable, Equatable {
    package var value: Double
    /// The ends of the interval, or of the range of the repeats; nil for a value without either.
    package var low: Double?
    package var high: Double?
    /// `us`, `1/s`, `share`, `count` or `ratio`.
    package var unit: String

    package init(value: Double, low: Double? = nil, high: Double? = nil, unit: String) {
      self.value = value
      self.low = low
      self.high = high
      self.unit = unit
    }
  }

  /// A line of a file.
  package struct SourcePlace: Sendable, Equatable {
    package var file: String
    /// From 1.
    package var line: Int?

    package init(file: String, line: Int?) {
      self.file = file
      self.line = line
    }
  }

  /// What was judged, in a few words (`check results/reference-default`).
  package var title: String
  /// What one must know to believe it: other machines, few repeats.
  package var warnings: [String]
  package var findings: [Finding]

  package init(title: String, warnings: [String] = [], findings: [Finding]) {
    self.title = title
    self.warnings = warnings
    self.findings = findings
  }

  /// The worst of the findings: missed before inconclusive before met. Where nothing was judged, nothing was met.
  package var outcome: Outcome {
    if findings.isEmpty { return .inconclusive }
    if findings.contains(where: { $0.outcome == .missed }) { return .missed }
    return findings.contains { $0.outcome == .inconclusive } ? .inconclusive : .met
  }

  /// How many findings came out that way.
  func count(_ outcome: Outcome) -> Int { findings.count { $0.outcome == outcome } }

  /// `1 missed, 2 inconclusive, 9 met`: the worst first, what there is none of left out.
  var countsText: String {
    guard !findings.isEmpty else { return "nothing was judged" }
    return Outcome.worstFirst.compactMap { outcome in
      count(outcome) == 0 ? nil : "\(count(outcome)) \(outcome.rawValue)"
    }.joined(separator: ", ")
  }
}
