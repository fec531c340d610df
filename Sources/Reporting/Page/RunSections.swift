import Results
import Scenarios
import Statistics
internal import Verification

/// What was asked of the run, what must be known of it, and how to repeat it.
struct RunSections {
  private let subject: ReportSubject
  private var manifest: Manifest? { subject.record.manifest }

  init(_ subject: ReportSubject) { self.subject = subject }

  // MARK: Targets

  /// How the targets of the scenario were met; empty if it has none.
  var targets: String {
    guard let manifest, !manifest.targets.isEmpty else { return "" }
    // Most of its cells were made to be more than the queue can take.
    if let capacity = subject.record.capacity {
      return paragraph(
        "Not held against the cells of a search for the capacity, which looks for rates at which they "
          + "fail. Each of its probes was held against: "
          + (capacity.objectives.isEmpty ? "nothing" : capacity.objectives.joined(separator: ", ")))
    }
    guard let scenario = subject.record.scenario() else {
      return paragraph(
        "This version cannot read the scenario again, so its targets were not checked: "
          + manifest.targets.joined(separator: "; "))
    }
    let report = TargetReport(scenario: scenario, rows: subject.record.rows)
    guard !report.isEmpty else { return "" }
    let table = HTMLTable(
      caption: "Targets (\(subject.spreadWords)): all of the range has to keep to the limit",
      columns: [
        HTMLTable.Column(title: "target", isNumeric: false),
        HTMLTable.Column(title: "cell", isNumeric: false), HTMLTable.Column(title: "measured"),
        HTMLTable.Column(title: "outcome", isNumeric: false),
      ],
      headingCount: 1,
      rows: report.lines.map { line in
        [
          HTMLTable.Cell(text: line.target.text), HTMLTable.Cell(text: line.cell.id),
          subject.cell(line.spread, line.target.metric.text),
          HTMLTable.Cell(
            text: (line.outcome == .missed ? "✗ " : "") + line.outcome.word,
            mark: line.outcome.mark),
        ]
      }
    ).html
    let explained = report.lines.filter { !$0.explanation.isEmpty }
    guard !explained.isEmpty else { return table }
    let reasons = definitionList(
      explained.map { ("\($0.target.text) at \($0.cell.id)", $0.explanation) })
    return table + (explained.count > 6 ? details("Why not met", reasons) : reasons)
  }

  // MARK: Warnings

  /// What a reader must know of the numbers; empty if nothing.
  var warnings: String {
    var items = subject.record.notes
    var order: [String] = []
    var alike: [String: [(warning: String, place: String)]] = [:]
    for row in subject.cells.flatMap({ $0.usable + $0.invalid + $0.unmeasured }) {
      for warning in row.warnings {
        // Warnings that differ in their numbers alone say the same.
        let kind = warning.split { $0.isNumber }.joined(separator: "0")
        if alike[kind] == nil { order.append(kind) }
        alike[kind, default: []].append((warning, "\(row.cell)-r\(row.repeatNumber)"))
      }
    }
    items += order.map { kind in
      let all = alike[kind] ?? []
      let areSame = Set(all.map(\.warning)).count == 1
      let shown = all.prefix(12).map(\.place).joined(separator: ", ")
      let rest = all.count > 12 ? ", and \(all.count - 12) more" : ""
      let places = areSame ? shown + rest : "so or with other numbers: \(shown)\(rest)"
      return "\(all.first?.warning ?? "") (\(places))"
    }
    guard !items.isEmpty else { return "" }
    return "<ul class=\"plain\">\n"
      + items.map { element("li", escapedHTML($0)) }.joined() + "</ul>\n"
  }

  // MARK: Settings

  /// What every cell was set to; empty if that is lost.
  var settings: String {
    guard let settings = manifest?.settings, !settings.isEmpty else { return "" }
    return SettingsTable(caption: "Settings", settings: settings, subject: subject).html
  }

  // MARK: Repeating it

  /// The command, the seed and the order of the repeats.
  var repetition: String {
    guard let manifest else {
      return paragraph("The manifest is lost, and with it how the run was started.")
    }
    var html = element("pre", escapedHTML(Self.command(manifest.commandLine)))
    html += definitionList([
      ("run", manifest.run), ("scenario", manifest.scenarioFile),
      ("seed", String(manifest.seed)), ("repeats", String(manifest.repeats)),
      ("commit", manifest.commit), ("began", "\(manifest.createdAtUtc) UTC"),
      ("ended", manifest.finishedAtUtc.map { "\($0) UTC" } ?? "not yet, or interrupted"),
      ("scenario's fingerprint", manifest.scenarioFingerprint),
    ])
    if !manifest.scenarioText.isEmpty {
      html += details("The scenario", element("pre", escapedHTML(manifest.scenarioText)))
    }
    if !manifest.runOrder.isEmpty {
      html += details(
        "The order in which the \(manifest.runOrder.count) repeats ran",
        paragraph(manifest.runOrder.joined(separator: " "), cssClass: "quiet"))
    }
    return html
  }

  /// The words as a shell would take them.
  static func command(_ words: [String]) -> String {
    let plain = Set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./=:,+@%")
    return words.map { word in
      !word.isEmpty && word.allSatisfy(plain.contains)
        ? word : "'\(word.replacing("'", with: #"'\''"#))'"
    }.joined(separator: " ")
  }
}

extension GateReport.Outcome {
  /// How it stands in tables of the page.
  fileprivate var mark: HTMLTable.Mark {
    switch self {
    case .met: return .good
    case .missed: return .bad
    case .inconclusive: return .doubtful
    }
  }
}
