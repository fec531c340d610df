import Foundation
package import Results

/// What a tuner found, in words: for the terminal, and as `recommendation.md`.
package struct TuningReport: Sendable {
  private let record: TuningRecord

  package init(_ record: TuningRecord) { self.record = record }

  // MARK: Words

  /// The answer in a few sentences.
  package var answer: String {
    guard let recommendation = record.recommendation, let standard = record.standard else {
      return "Nothing is known yet: it was broken off before the first block was over."
    }
    let better = record.objective == .p99 ? "a lower p99" : "a higher throughput"
    guard recommendation.isConfirmed else {
      if let doubt = recommendation.doubt {
        return "Unconfirmed: \(words(recommendation.cell)) looks best, but \(doubt)."
      }
      let count = "\(recommendation.blocks) block\(recommendation.blocks == 1 ? "" : "s")"
      let best = "Unconfirmed: the best so far is \(words(recommendation.cell))"
      return recommendation.stage == "confirmation"
        ? "\(best), by \(count) of the confirmation, which was to have more."
        : "\(best), by \(count) of the \(recommendation.stage); no fresh block bears that out."
    }
    if recommendation.cell == standard.cell {
      let count = record.confirmed.count { $0.cell != standard.cell }
      return "Nothing beats the default by more than noise: keep \(standard.summary). "
        + "\(count) configuration\(count == 1 ? " was" : "s were") measured against it on fresh blocks, "
        + "none of which has \(better) with confidence."
    }
    var text =
      "Use \(words(recommendation.cell)): \(gain(recommendation)), on \(blocks(recommendation.blocks))."
    if let simplified = recommendation.simplifies {
      text += " It is \(words(simplified)) without the settings that made no difference"
      if let loss = recommendation.mostLoss {
        text += ", which is at most \(fixed(loss * 100, decimals: 0)) % better (95 %)"
      }
      text += "."
    }
    return text
  }

  /// What one must know before one follows the answer.
  private var warnings: [String] {
    var warnings = record.invalid.map { drop in
      "Never use \(words(drop.cell)) (\(drop.cell)), \(drop.stage): \(drop.reason)."
    }
    let failing = record.confirmed.filter { !Self.failures(of: $0).isEmpty }
    if !failing.isEmpty {
      let list = failing.map { "\($0.cell)\(Self.failures(of: $0))" }.joined(separator: ", ")
      warnings.append(
        "Of the confirmed, some did not keep up in some blocks or turned operations away: \(list). Such a "
          + "block counts as \(fixed(TuningRecord.failingFactor, decimals: 0)) times the cost, which may "
          + "have decided more than the ratios say.")
    }
    return warnings
  }

  private func blocks(_ count: Int) -> String { "\(count) fresh block\(count == 1 ? "" : "s")" }

  /// What sets a configuration apart from the default.
  private func words(_ cell: String) -> String {
    guard let configuration = record[cell], let standard = record.standard else { return cell }
    let changes = zip(configuration.settings, standard.settings).filter { $0 != $1 }.map(\.0)
    return changes.isEmpty
      ? "the default (\(standard.summary))"
      : changes.map { "\($0.name)=\($0.value)" }.joined(separator: " ")
  }

  private func gain(_ recommendation: TuningRecord.Recommendation) -> String {
    let throughput = "throughput \(Self.text(recommendation.throughputRatio))"
    let p99 = "p99 \(Self.text(recommendation.p99Ratio))"
    let both = record.objective == .p99 ? [p99, throughput] : [throughput, p99]
    return both.joined(separator: ", ") + " relative to the default"
  }

  /// `×1.23 [1.19, 1.28]`
  static func text(_ ratio: TuningRecord.Ratio?) -> String {
    guard let ratio else { return "–" }
    let value = "×\(fixed(ratio.value, decimals: 2))"
    guard let low = ratio.low, let high = ratio.high else { return value }
    return "\(value) [\(fixed(low, decimals: 2)), \(fixed(high, decimals: 2))]"
  }

  /// What became of a change that was taken back.
  static func text(_ ablation: TuningRecord.Ablation) -> String {
    func percent(_ ratio: Double) -> String { fixed(abs(ratio - 1) * 100, decimals: 1) + " %" }
    let interval = ablation.gain.flatMap { gain in
      gain.low.flatMap { low in
        gain.high.map {
          "[\(fixed((low - 1) * 100, decimals: 1)), \(fixed(($0 - 1) * 100, decimals: 1))] %"
        }
      }
    }
    guard let gain = ablation.gain, let low = gain.low, let high = gain.high, let interval else {
      return "could not be taken back alone"
    }
    switch ablation.finding {
    case .noDifference:
      return "no difference seen (±\(percent(1 + max(abs(low - 1), abs(high - 1)))))"
    case .worth: return "worth \(percent(gain.value)) \(interval)"
    case .harmful: return "costs \(percent(gain.value)) \(interval)"
    case .unavailable: return "could not be taken back alone"
    }
  }

  // MARK: Tables

  /// The confirmed configurations against the default.
  private var confirmationTable: TextTable {
    TextTable(
      columns: [
        .init("cell"), .init("what it changes"), .init("tasks/s", alignment: .right),
        .init("p99", alignment: .right), .init("throughput", alignment: .right),
        .init("p99 ratio", alignment: .right), .init("blocks", alignment: .right),
      ],
      rows: record.confirmed.map { confirmation in
        [
          .init(confirmation.cell), .init(words(confirmation.cell)),
          .init(confirmation.throughputPerSecond.map(threeDigits) ?? "–"),
          .init(confirmation.p99Us.map(latencyText) ?? "–"),
          .init(
            confirmation.cell == record.standard?.cell
              ? "1" : Self.text(confirmation.throughputRatio)),
          .init(
            confirmation.cell == record.standard?.cell ? "1" : Self.text(confirmation.p99Ratio)),
          .init("\(confirmation.blocks)" + Self.failures(of: confirmation)),
        ]
      })
  }

  /// ` (1 saturated, 2 with busy errors)`
  private static func failures(of confirmation: TuningRecord.Confirmation) -> String {
    let words = [
      (confirmation.saturatedBlocks, "saturated"),
      (confirmation.busyErrorBlocks, "with busy errors"),
    ].filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }
    return words.isEmpty ? "" : " (\(words.joined(separator: ", ")))"
  }

  private var ablationTable: TextTable {
    TextTable(
      titles: ["setting", "tuned", "default", "without it"],
      rows: record.ablations.map { [$0.setting, $0.tuned, $0.standard, Self.text($0)] })
  }

  /// A value that changes less than this makes no difference that a guess could show.
  private static let leastEffect = 0.02

  private var effectsTable: TextTable {
    TextTable(
      titles: ["setting", "default", "instead of it", "finding"],
      rows: record.effects.map { effect in
        let values = effect.values.map { "\($0.value) ×\(fixed($0.gain, decimals: 2))" }
        let best = effect.values.map(\.gain).max() ?? 1
        let isIdle = effect.values.allSatisfy { abs($0.gain - 1) <= Self.leastEffect }
        let finding =
          isIdle
          ? "no difference seen (±\(fixed(Self.leastEffect * 100, decimals: 0)) %)"
          : best > 1 + Self.leastEffect ? "may be worth changing" : "the default is best"
        return [effect.setting, effect.standard, values.joined(separator: ", "), finding]
      })
  }

  private var paretoTable: TextTable {
    TextTable(
      columns: [
        .init("cell"), .init("what it changes"), .init("tasks/s", alignment: .right),
        .init("p99", alignment: .right), .init("runs", alignment: .right), .init("survives"),
      ],
      rows: record.paretoSet.map { configuration in
        [
          .init(configuration.cell), .init(words(configuration.cell)),
          .init(configuration.throughputPerSecond.map(threeDigits) ?? "–"),
          .init(configuration.p99Us.map(latencyText) ?? "–"), .init("\(configuration.fullRuns)"),
          .init(configuration.durability == "power" ? "power cut" : "process crash"),
        ]
      })
  }

  // MARK: Texts

  private struct Part {
    let title: String
    let lines: [String]
    var table: TextTable?
    var code: [(language: String, title: String, text: String)] = []
  }

  private var parts: [Part] {
    var parts: [Part] = []
    if !record.confirmed.isEmpty {
      parts.append(
        Part(
          title: "Confirmed on fresh blocks",
          lines: [
            "Medians, and ratios to the default in the same blocks. Each column's intervals hold for all its "
              + "rows together (95 %), but not for both columns at once. tasks/s counts enqueued and "
              + "completed ones; p99 is that of the slowest kind of operation."
          ], table: confirmationTable))
    }
    if !record.ablations.isEmpty {
      parts.append(
        Part(
          title: "What each change is worth",
          lines: [
            "Each change alone was put back to its default, in pairs with the best, by "
              + (record.objective == .p99 ? "p99." : "throughput.")
          ], table: ablationTable))
    }
    if !record.effects.isEmpty {
      parts.append(
        Part(
          title: "What each setting does, whatever the others are",
          lines: [
            "How many times as good "
              + (record.objective == .p99 ? "p99" : "throughput")
              + " is as with the default, by a model of all blocks: a guess without intervals, from short "
              + "runs for the most part."
          ], table: effectsTable))
    }
    if !record.paretoSet.isEmpty {
      parts.append(
        Part(
          title: "Pareto set",
          lines: ["Nothing that was measured as well is better in both."], table: paretoTable))
    }
    if let recommendation = record.recommendation, let configuration = record[recommendation.cell] {
      let snippets = ConfigurationSnippets(configuration)
      parts.append(
        Part(
          title: recommendation.isConfirmed ? "To paste" : "To paste (unconfirmed)", lines: [],
          code: [
            ("sql", "SQL", snippets.sql),
            (
              "yaml", "Settings of a scenario, and in future of the queue's configuration file",
              snippets.yaml
            ),
            ("swift", "Swift", snippets.swift),
          ]))
    }
    return parts
  }

  private var scope: [String] {
    let count = record.configurations.count
    let screened = record.configurations.filter { $0.runs > 0 }.count
    let void = record.blocks.count { $0.disturbance != nil }
    let tolerated = record.blocks.count { $0.tolerated != nil }
    let runs = record.configurations.reduce(0) { $0 + $1.runs }
    return [
      "Durability \(record.durability): \(record.promise). \(count) configurations of "
        + "\(record.axisNames.joined(separator: ", ")); \(screened) of them measured in \(runs) runs, "
        + "\(record.blocks.count) blocks (\(void) void, \(tolerated) that count although they are "
        + "disturbed), \(threeDigits(record.elapsedSeconds)) s of "
        + "\(threeDigits(record.budgetSeconds)) s. SQLite \(record.sqliteVersion), seed \(record.seed)."
    ] + record.notes.map { "Note: \($0)." }
  }

  /// For the terminal.
  package func text(width: Int?, colours: Bool) -> String {
    var text = answer + "\n" + warnings.map { $0 + "\n" }.joined()
    for part in parts {
      text += "\n\(part.title)\n"
      text += part.lines.map { $0 + "\n" }.joined()
      if let table = part.table { text += table.text(width: width, colours: colours) }
      for code in part.code { text += "\n# \(code.title)\n\(code.text)" }
    }
    return text + "\n" + scope.map { $0 + "\n" }.joined()
  }

  /// `recommendation.md`; `pictures` are paths relative to it.
  package func markdown(pictures: [String]) -> String {
    var text = "# \(record.run)\n\n\(Self.escaped(answer))\n"
    for warning in warnings { text += "\n**\(Self.escaped(warning))**\n" }
    for part in parts {
      text += "\n## \(part.title)\n"
      for line in part.lines { text += "\n\(line)\n" }
      if let table = part.table { text += "\n" + Self.markdown(table) }
      if part.title == "Pareto set" {
        for picture in pictures { text += "\n![p99 against throughput](\(picture))\n" }
      }
      for code in part.code {
        text += "\n\(code.title):\n\n```\(code.language)\n\(code.text)```\n"
      }
    }
    text += "\n## What was searched\n"
    for line in scope { text += "\n\(Self.escaped(line))\n" }
    text += Self.list(
      "Left out of the durability class, or not possible", grouped(record.forbidden))
    text += Self.list(
      "Not varied", record.untuned.map { "`\($0.what)`: \(Self.escaped($0.reason))" })
    text += Self.list(
      "Given up",
      record.dropped.map {
        "\($0.cell) (\(Self.escaped(words($0.cell)))), \($0.stage): \(Self.escaped($0.reason))"
      })
    return text
  }

  /// One line for each reason.
  private func grouped(_ omissions: [TuningRecord.Omission]) -> [String] {
    var order: [String] = []
    var counts: [String: Int] = [:]
    for omission in omissions {
      if counts[omission.reason] == nil { order.append(omission.reason) }
      counts[omission.reason, default: 0] += 1
    }
    return order.map { reason in
      let count = counts[reason] ?? 0
      return "\(Self.escaped(reason)) (\(count) combination\(count == 1 ? "" : "s"))"
    }
  }

  private static func list(_ title: String, _ items: [String]) -> String {
    guard !items.isEmpty else { return "" }
    return "\n\(title):\n\n" + items.map { "- \($0)\n" }.joined()
  }

  private static func markdown(_ table: TextTable) -> String {
    func line(_ cells: [String]) -> String { "| " + cells.joined(separator: " | ") + " |\n" }
    return line(table.columns.map(\.title))
      + line(table.columns.map { $0.alignment == .right ? "--:" : "---" })
      + table.rows.map { line($0.map { escaped($0.text) }) }.joined()
  }

  /// Underscores and bars would be markup.
  private static func escaped(_ text: String) -> String {
    text.replacingOccurrences(of: "_", with: "\\_").replacingOccurrences(of: "|", with: "\\|")
      .replacingOccurrences(of: "*", with: "\\*")
  }
}
