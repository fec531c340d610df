import Foundation
package import Results
internal import Statistics

extension CapacityRecord {
  /// All that was found, for a terminal or a log; `width` is that of the terminal.
  package func text(width: Int? = nil) -> String {
    var parts: [String] = []
    if !objectives.isEmpty {
      parts += searches.map { $0.text }
      if searches.count > 1 { parts.append(repeatabilityText + "\n") }
      if !curve.isEmpty { parts.append(curveTable.text(width: width)) }
      let words = [curveNoteText, kneeText, limit?.words, saturationText].compactMap { $0 }
      if !words.isEmpty { parts.append(words.map { $0 + "\n" }.joined()) }
    }
    if let scale { parts.append(scale.text) }
    if voidProbes > 0 {
      parts.append(
        "\(voidProbes) probes\(blocks(voidBlocks)) were void, because the machine was disturbed\n")
    }
    if disturbedProbes > 0 {
      parts.append(
        "⚠ \(disturbedProbes) probes\(blocks(disturbedBlocks)) count although the machine was "
          + "disturbed\n")
    }
    return parts.joined(separator: "\n")
  }

  private func blocks(_ count: Int?) -> String {
    count.map { " in \($0) block\($0 == 1 ? "" : "s")" } ?? ""
  }

  private var repeatabilityText: String {
    let rates = searches.map { search in
      (search.foundRate ? search.rate : nil).map { grouped($0) } ?? "–"
    }.joined(separator: ", ")
    let spread = self.spread.map { fixed($0 * 100, decimals: 1) + " %" } ?? "unknown"
    return "λ* of \(searches.count) searches: \(rates) tasks/s; "
      + "spread (max − min) / median \(spread)"
  }

  /// What was measured at each rate.
  var curveTable: TextTable {
    let name = latency.words
    let unit = LatencyUnit(forAllUs: curve.compactMap(\.p99Us))
    func number(_ us: Double?) -> String { us.map(unit.number) ?? "–" }
    return TextTable(
      columns: [
        .init("tasks/s", alignment: .right), .init("probes", alignment: .right, dropOrder: 2),
        .init("achieved", alignment: .right, dropOrder: 3),
        .init("p50 \(unit.rawValue)", group: name, alignment: .right),
        .init("p99 \(unit.rawValue)", group: name, alignment: .right),
        .init("p99.9 \(unit.rawValue)", group: name, alignment: .right, dropOrder: 4),
        .init("lock", alignment: .right, dropOrder: 1), .init("verdict"),
      ],
      rows: curve.map { point in
        [
          .init(grouped(point.rate)), .init("\(point.probes)"),
          .init("\(fixed(point.achieved * 100, decimals: 1)) %"), .init(number(point.p50Us)),
          .init(number(point.p99Us)), .init(number(point.p999Us)),
          .init(point.lock.map { "\(fixed($0 * 100, decimals: 0)) %" } ?? "–"),
          point.verdict,
        ]
      })
  }

  /// Whether it is the objective at all that sets the rate.
  private var saturationText: String? {
    guard rate != nil, probes.contains(where: { !$0.passed }),
      probes.allSatisfy({ $0.missed.isEmpty })
    else { return nil }
    return
      "The objective held in every probe, those beyond the capacity included: what sets the rate is that "
      + "the queue no longer keeps up."
  }

  private var curveNoteText: String? {
    curveNote.map { "The curve lacks rates beside the capacity: \($0)." }
  }

  var kneeText: String? {
    knee.map {
      "Knee: about \(grouped($0)) tasks/s, where p99 against rate lies farthest below the straight "
        + "line to the first rate that fails (Kneedle)"
    }
  }
}

extension CapacityCurvePoint {
  fileprivate var verdict: TextTable.Cell {
    if passed == probes { return .init("passes", emphasis: .good) }
    if passed == 0 { return .init("fails", emphasis: .bad) }
    return .init("\(passed) of \(probes) pass", emphasis: .doubtful)
  }
}

extension CapacityLatency {
  /// As one says it.
  var words: String {
    switch self {
    case .endToEnd: return "end to end"
    default: return rawValue
    }
  }
}

extension CapacitySearchRecord {
  /// What the search found, in lines.
  package var text: String {
    var lines = [headline]
    if foundRate, let rate {
      lines.append(
        "  \(passedAt) of \(trialsAt) confirmations pass at \(grouped(rateBelow ?? rate))/s"
          + votes(probesPassedAt, against: probesFailedAt)
          + ", \(failedAbove) of \(trialsAbove) fail at "
          + (rateAbove.map { "\(grouped($0))/s" } ?? "a tenth more")
          + votes(probesFailedAbove, against: probesPassedAbove)
          + (givenUp == 0 ? "" : "; \(givenUp) rate\(givenUp == 1 ? "" : "s") given up before"))
    }
    if let transitionLow, let transitionHigh {
      lines.append(
        "  from \(grouped(transitionLow)) to \(grouped(transitionHigh))/s, the share of probes that "
          + "pass falls from 90 to 10 %")
    }
    lines.append("  \(probes) probes, \(fixed(seconds, decimals: 0)) s")
    return lines.joined(separator: "\n") + "\n"
  }

  /// The probes that confirmations are the majorities of; empty where nobody counted them.
  private func votes(_ agreeing: Int?, against others: Int?) -> String {
    guard let agreeing, let others else { return "" }
    return " (\(agreeing) of \(agreeing + others) probes)"
  }

  private var headline: String {
    let shown = rate.map { grouped($0) } ?? "?"
    let interval = low.flatMap { low in
      high.map { "95 % interval \(grouped(low)) to \(grouped($0))" }
    }
    let place = number > 1 ? "Search \(number): " : ""
    switch outcome {
    case .confirmed:
      return "\(place)sustainable: \(shown) tasks/s (\(interval ?? "no interval"))"
    case .unconfirmed:
      return "\(place)not confirmed: about \(shown) tasks/s (\(interval ?? "no interval")); the "
        + "probes pass and fail too irregularly around it to confirm it within 10 %"
    case .impossible:
      return "\(place)the objective is not met even at \(shown) tasks/s, the lowest rate that "
        + "probes of this length say anything about"
    case .unlimited:
      return "\(place)the objective is still met at \(shown) tasks/s, the highest rate that is "
        + "offered"
    case .unfinished:
      let low = highestPassed.map { "\(grouped($0))/s passes" }
      let high = lowestFailed.map { "\(grouped($0))/s fails" }
      let bracket = [low, high].compactMap { $0 }.joined(separator: ", ")
      return "\(place)inconclusive (\(reason ?? "ended early")): "
        + (bracket.isEmpty ? "nothing is known" : bracket)
        + (interval.map { "; so far \($0)" } ?? "")
    }
  }
}
