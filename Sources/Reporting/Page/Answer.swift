import Results
import Statistics
internal import Verification

/// The answer of a run to its question, in one sentence that its numbers support.
struct Answer {
  /// The sentence.
  let text: String

  /// What one must know to read its ratios.
  static let note =
    "Ratios compare repeats with the same number, which ran close to each other. In parentheses stands the "
    + "95 % order-statistic interval of their median, or the range where there are fewer than 6. Each interval "
    + "stands by itself: among many cells, some differ by chance."

  init(_ subject: ReportSubject) {
    let measured = subject.measured
    guard let first = measured.first else {
      text = "No cell has a repeat whose numbers may be used, so the run answers nothing."
      return
    }
    guard measured.count > 1 else {
      text = Self.only(first, subject)
      return
    }
    guard let baseline = subject.plots.baseline, !baseline.usable.isEmpty else {
      text =
        "The baseline has no repeat whose numbers may be used, so the cells cannot be compared with it."
      return
    }
    let others = measured.filter { $0.cell != baseline.cell }
    let name = subject.name(of: baseline)
    // Where the rate is given, throughput follows it, and says nothing of the cell.
    let comparable = others.filter { Self.offered($0) == Self.offered(baseline) }
    let parts = [
      Comparison("throughput", .throughput, isHigherBetter: true, comparable, baseline, subject),
      Comparison(
        "the claim p99", .latency(.claim, .p99), isHigherBetter: false, others, baseline, subject),
    ].compactMap(\.self)
    guard !parts.isEmpty else {
      text = "No repeat of another cell can be compared with one of the baseline \(name)."
      return
    }
    let claims = parts.contains(where: \.mayClaim)
    let words = parts.map { $0.words(claims: claims) }.joined(separator: "; ")
    text =
      claims
      ? "Against the baseline \(name), \(words)."
      : "With fewer than 6 repeats nothing can be claimed with confidence; seen were, against the "
        + "baseline \(name), \(words)."
  }

  private static func offered(_ cell: CellSummary) -> Double? {
    cell.spread(of: .offered).map { ($0.median * 1000).rounded() / 1000 }
  }

  private static func only(_ cell: CellSummary, _ subject: ReportSubject) -> String {
    func value(_ metric: Metric, _ text: (Double) -> String) -> String? {
      cell.spread(of: metric).map { spread in
        text(spread.median)
          + (spread.count > 1 ? " (\(text(spread.bar.low)) to \(text(spread.bar.high)))" : "")
      }
    }
    let values = [
      value(.throughput, threeDigits).map { "completed \($0) tasks per second" },
      value(.latency(.claim, .p99), latencyText).map { "had a claim p99 of \($0)" },
    ].compactMap(\.self)
    let caution =
      cell.usable.count < 6
      ? "With fewer than 6 repeats nothing can be claimed with confidence; the" : "The"
    guard !values.isEmpty else {
      return "The only measured cell, \(subject.name(of: cell)), completed nothing."
    }
    return "\(caution) only measured cell, \(subject.name(of: cell)), "
      + values.joined(separator: " and ") + "."
  }
}

/// The cells furthest from the baseline in one metric.
private struct Comparison {
  private struct Found {
    let cell: CellSummary
    let ratio: PairedRatio
  }

  private let title: String
  private let subject: ReportSubject
  private let best: Found
  private let worst: Found
  private let isDifference: Bool
  private let count: Int
  /// Whether any cell has repeats enough to tell a difference from noise.
  let mayClaim: Bool

  init?(
    _ title: String, _ metric: Metric, isHigherBetter: Bool, _ cells: [CellSummary],
    _ baseline: CellSummary, _ subject: ReportSubject
  ) {
    let found = cells.compactMap { cell in
      PairedRatio(of: metric, in: cell, to: baseline).map { Found(cell: cell, ratio: $0) }
    }.sorted { ($0.ratio.median > $1.ratio.median) == isHigherBetter }
    guard let best = found.first, let worst = found.last else { return nil }
    self.title = title
    self.subject = subject
    self.best = best
    self.worst = worst
    count = found.count
    isDifference = found.contains { $0.ratio.isDifference == true }
    mayClaim = found.contains { $0.ratio.interval != nil }
  }

  /// What was found; `claims` says whether there are repeats enough to speak of noise.
  func words(claims: Bool) -> String {
    if mayClaim, !isDifference {
      let extremes =
        count == 1 ? text(best) : "between \(text(best)) and \(text(worst))"
      return "\(title) shows no difference beyond noise (\(extremes))"
    }
    if count == 1 { return "\(title) was \(text(best))\(claims ? noise(best) : "")" }
    let doubt = claims ? noise(best) : ""
    return "\(title) was at best \(text(best))\(doubt)\(doubt.isEmpty ? "" : ",") and at worst "
      + "\(text(worst))\(claims ? noise(worst) : "")"
  }

  private func text(_ found: Found) -> String {
    let bar = found.ratio.bar
    let range = found.ratio.count > 1 ? "\(times(bar.low)) to \(times(bar.high))" : ""
    let few = mayClaim && found.ratio.interval == nil ? " in only \(found.ratio.count) repeats" : ""
    let state = found.cell.verdict == .saturated ? ", which is saturated" : ""
    let trust = range + few
    return "×\(times(found.ratio.median))\(trust.isEmpty ? "" : " (\(trust))") with "
      + subject.name(of: found.cell) + state
  }

  private func noise(_ found: Found) -> String {
    found.ratio.isDifference == false ? ", which may be noise" : ""
  }

  private func times(_ ratio: Double) -> String {
    ratio < 9.995 ? fixed(ratio, decimals: 2) : threeDigits(ratio)
  }
}
