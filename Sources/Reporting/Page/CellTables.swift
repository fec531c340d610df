import Results
import Statistics
internal import Verification

/// The tables of what was measured of each cell.
struct CellTables {
  private let subject: ReportSubject

  init(_ subject: ReportSubject) { self.subject = subject }

  private typealias Column = (HTMLTable.Column, (CellSummary) -> HTMLTable.Cell)

  private func table(_ caption: String, _ columns: [Column]) -> String {
    HTMLTable(
      caption: "\(caption) (\(subject.spreadWords))",
      columns: subject.nameColumns + columns.map(\.0), headingCount: 1,
      rows: subject.cells.map { cell in subject.names(cell) + columns.map { $0.1(cell) } }
    ).html
  }

  private func has(_ metric: Metric) -> Bool {
    subject.cells.contains { $0.spread(of: metric) != nil }
  }

  // MARK: Latency and throughput

  /// Throughput, latencies, contention and verdict.
  var overview: String {
    var columns: [Column] = [
      (HTMLTable.Column(title: "verdict", isNumeric: false), Self.verdict),
      (
        HTMLTable.Column(title: "tasks/s"),
        { subject.cell($0, .throughput, threeDigits) }
      ),
    ]
    if has(.offered) {
      columns.insert(
        (HTMLTable.Column(title: "offered/s"), { subject.cell($0, .offered, plainNumber) }), at: 1)
    }
    let groups: [(String, (Percentile) -> Metric)] = [
      ("claim", { .latency(.claim, $0) }), ("enqueue", { .latency(.enqueue, $0) }),
      ("end to end", { .latency(of: .endToEnd, $0) }),
    ]
    for (name, metric) in groups {
      let percentiles = [Percentile.p50, .p95, .p99].filter { has(metric($0)) }
      let unit = unit(percentiles.map(metric))
      columns += percentiles.map { percentile in
        (
          HTMLTable.Column(title: "p\(percentile.text)", group: "\(name), \(unit.rawValue)"),
          { subject.cell($0, metric(percentile), unit.number) }
        )
      }
    }
    columns += [
      (
        HTMLTable.Column(title: "retry", group: "BUSY, %"),
        { subject.cell($0, .busyRetryRate, percent) }
      ),
      (
        HTMLTable.Column(title: "error", group: "BUSY, %"),
        { subject.cell($0, .busyErrorRate, percent) }
      ),
      (HTMLTable.Column(title: "repeats"), { HTMLTable.Cell(text: "\($0.usable.count)") }),
    ]
    return table("Throughput, latency and contention", columns)
  }

  private func unit(_ metrics: [Metric]) -> LatencyUnit {
    LatencyUnit(
      forAllUs: subject.cells.flatMap { cell in
        metrics.compactMap { cell.spread(of: $0)?.median }
      })
  }

  static func verdict(_ cell: CellSummary) -> HTMLTable.Cell {
    if cell.verdict == .invalid {
      let repeats = cell.usable.count + cell.invalid.count + cell.unmeasured.count
      let invalid = cell.invalid.count + cell.unmeasured.count { $0.verdict == .invalid }
      return HTMLTable.Cell(text: "✗ INVALID \(invalid)/\(repeats)", mark: .bad)
    }
    switch cell.status {
    case .failed: return HTMLTable.Cell(text: "✗ FAILED", mark: .bad)
    case .refused: return HTMLTable.Cell(text: "refused", mark: .doubtful)
    case .measured:
      return HTMLTable.Cell(
        text: cell.verdict.rawValue, mark: cell.verdict == .valid ? .good : .doubtful)
    }
  }

  /// Why numbers are missing: what was found in invalid repeats, and why others did not run.
  var findings: String {
    let items = subject.cells.flatMap { cell -> [String] in
      let groups: [([RepeatResult], String)] = [
        (cell.invalid, "INVALID"), (cell.unmeasured.filter { $0.status == .refused }, "refused"),
        (cell.unmeasured.filter { $0.status == .failed }, "failed"),
        (cell.usable.filter { $0.verdict != .valid && !$0.detail.isEmpty }, cell.verdict.rawValue),
      ]
      return groups.flatMap { results, state -> [String] in
        var details: [String] = []
        for result in results where !details.contains(result.detail) {
          details.append(result.detail)
        }
        return details.map { detail in
          let same = results.filter { $0.detail == detail }
          let numbers = same.map { "\($0.repeatNumber)" }.joined(separator: ", ")
          return "\(cell.cell) repeat \(numbers) \(state): \(detail)"
        }
      }
    }
    guard !items.isEmpty else { return "" }
    return "<ul class=\"plain\">\n"
      + items.map { element("li", escapedHTML($0)) }.joined() + "</ul>\n"
  }

  // MARK: Flow

  /// What became of tasks between processes; empty if nobody looked.
  var flow: String {
    var columns: [Column] = []
    let groups: [(String, LatencyKind, [Percentile])] = [
      ("end to end", .endToEnd, [.p50, .p99, .p999]), ("queued", .queued, [.p50, .p99]),
      ("reclaim", .reclaim, [.p50, .p99]),
    ]
    for (name, kind, percentiles) in groups {
      let shown = percentiles.filter { has(.latency(of: kind, $0)) }
      let unit = unit(shown.map { .latency(of: kind, $0) })
      columns += shown.map { percentile in
        (
          HTMLTable.Column(title: "p\(percentile.text)", group: "\(name), \(unit.rawValue)"),
          { subject.cell($0, .latency(of: kind, percentile), unit.number) }
        )
      }
    }
    if has(.oldestReady) {
      columns.append(
        (
          HTMLTable.Column(title: "oldest ready, ms"),
          { subject.cell($0, .oldestReady, threeDigits) }
        ))
    }
    if has(.wastedWorkRate) {
      columns.append(
        (HTMLTable.Column(title: "wasted, %"), { subject.cell($0, .wastedWorkRate, percent) }))
    }
    if has(.redeliveryRate) {
      columns.append(
        (HTMLTable.Column(title: "redelivered, %"), { subject.cell($0, .redeliveryRate, percent) }))
    }
    let counts: [(String, KeyPath<RepeatResult, Int?>)] = [
      ("redelivered", \.flow.redelivered), ("recovered", \.flow.recovered),
      ("refused acks", \.flow.refused), ("indeterminate", \.flow.indeterminate),
      ("unfinished", \.flow.unfinished),
    ]
    for (title, path) in counts
    where subject.cells.contains(where: { $0.usable.contains { $0[keyPath: path] != nil } }) {
      columns.append(
        (
          HTMLTable.Column(title: title),
          { cell in
            let values = cell.usable.compactMap { $0[keyPath: path].map(Double.init) }
            return subject.cell(Spread(of: values), grouped)
          }
        ))
    }
    guard !columns.isEmpty else { return "" }
    return table("What became of tasks", columns)
      + definitionList(meanings.filter { meaning in columns.contains { $0.0.isAbout(meaning.0) } })
  }

  private let meanings = [
    ("end to end", "from the moment a task was due to be enqueued to the end of its completion"),
    ("queued", "from the end of the enqueue to the end of the first claim"),
    ("oldest ready", "the longest that a task lay ready before somebody claimed it"),
    ("redelivered", "claims beyond a task's first, because its lease ran out"),
    ("recovered", "tasks that were completed under a later attempt than their first"),
    ("reclaim", "from the end of a lease that ran out to the claim that took the task over"),
  ]

  // MARK: Phases

  /// Where the time of operations goes; empty if nobody split it.
  var phases: String {
    let cells = subject.cells.filter { subject.phases.cells.contains($0.cell) }
    guard !cells.isEmpty else { return "" }
    let parts = OperationPhase.parts
    let note =
      "The parts add up to the whole; asleep in the handler is a part of waiting for the lock, with a rollback journal of committing too. Means near the "
      + "p99 are those of operations of about that latency."
    return paragraph(note)
      + [MeasuredOperation.claim, .enqueue, .complete].map { operation in
        let tails = cells.compactMap { subject.phases.total(.tail, operation, $0.cell) }
        let unit = LatencyUnit(forAllUs: tails)
        let columns =
          [.lag, .lockWait, .handler, .execute, .commit, .checkpoint].map {
            (phase: OperationPhase) -> Column in
            (
              HTMLTable.Column(title: phase.caption, group: "share of all time, %"),
              {
                subject.cell(subject.phases.shares(operation, phase, $0.cell)) {
                  fixed($0 * 100, decimals: 1)
                }
              }
            )
          }
          + parts.map { phase -> Column in
            (
              HTMLTable.Column(title: phase.caption, group: "mean near p99, \(unit.rawValue)"),
              {
                subject.cell(subject.phases.means(.tail, operation, phase, $0.cell), unit.number)
              }
            )
          }
        let table = HTMLTable(
          caption: "Phases of \(operation.rawValue) (\(subject.spreadWords))",
          columns: subject.nameColumns + columns.map(\.0), headingCount: 1,
          rows: cells.map { cell in subject.names(cell) + columns.map { $0.1(cell) } }
        ).html
        return operation == .claim ? table : details("Phases of \(operation.rawValue)", table)
      }.joined()
  }
}

extension HTMLTable.Column {
  /// Whether a word stands in its headings.
  fileprivate func isAbout(_ word: String) -> Bool {
    title.hasPrefix(word) || group.hasPrefix(word)
  }
}
