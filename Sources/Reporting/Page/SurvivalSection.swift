import Results
import Statistics
internal import Verification

/// What was done to the cells on purpose, what they can lose, and what came of it.
struct SurvivalSection {
  private let subject: ReportSubject

  init(_ subject: ReportSubject) { self.subject = subject }

  /// The tables; empty if nothing was tried.
  var html: String { faults + powerCuts + hazards }

  // MARK: Faults

  private var faults: String {
    let cells = subject.cells.filter { cell in Self.rows(of: cell).contains { ($0.faults ?? 0) > 0 }
    }
    guard !cells.isEmpty else { return "" }
    let table = HTMLTable(
      caption: "Faults: sums over the repeats, and medians of times",
      columns: subject.nameColumns + [
        HTMLTable.Column(title: "faults"), HTMLTable.Column(title: "lost"),
        HTMLTable.Column(title: "doubled"), HTMLTable.Column(title: "redelivered"),
        HTMLTable.Column(title: "recovered"), HTMLTable.Column(title: "turned down"),
        HTMLTable.Column(title: "taken over after, ms (p99)"),
        HTMLTable.Column(title: "at most, ms"),
        HTMLTable.Column(title: "claim p99, ms"), HTMLTable.Column(title: "under faults, ms"),
      ],
      headingCount: 1,
      rows: cells.map { cell in
        let rows = Self.rows(of: cell)
        func sum(_ count: (RepeatResult) -> Int?) -> HTMLTable.Cell {
          HTMLTable.Cell(text: grouped(Double(rows.reduce(0) { $0 + (count($1) ?? 0) })))
        }
        func harm(_ count: (RepeatResult) -> Int?) -> HTMLTable.Cell {
          let known = rows.compactMap(count)
          let total = known.reduce(0, +)
          // A file that cannot be read any more says nothing of what was in it.
          if known.count < rows.count, total == 0 { return HTMLTable.Cell(text: "?", mark: .bad) }
          return HTMLTable.Cell(
            text: (total > 0 ? "✗ " : "") + grouped(Double(total)), mark: total > 0 ? .bad : .good)
        }
        func milliseconds(_ metric: Metric) -> HTMLTable.Cell {
          subject.cell(cell.spread(of: metric), { threeDigits($0 / 1000) })
        }
        return subject.names(cell) + [
          sum(\.faults), harm(\.flow.lost), harm(\.flow.duplicated), sum(\.flow.redelivered),
          sum(\.flow.recovered), sum(\.flow.refused),
          milliseconds(.latency(of: .reclaim, .p99)), milliseconds(.maximum(of: .reclaim)),
          milliseconds(.latency(.claim, .p99)), milliseconds(.faultLatency(.claim)),
        ]
      })
    return table.html
      + definitionList([
        (
          "lost, doubled",
          "Acknowledged operations that the database does not know of; ids, fences or completions given out or "
            + "accepted twice. Both must be 0 whatever is done."
        ),
        (
          "redelivered, recovered, turned down",
          "Claims beyond a task's first; tasks completed under a later attempt; acknowledgements that came "
            + "after the lease had passed on."
        ),
        (
          "taken over after",
          "From the end of a lease whose holder was gone to the claim that took the task over."
        ),
        (
          "under faults",
          "Claims that were under way while something was done, or up to a tenth of a second after a kill."
        ),
      ])
  }

  // MARK: Power cuts

  private var powerCuts: String {
    let cells = subject.cells.filter { cell in Self.rows(of: cell).contains { $0.power.cuts != nil }
    }
    guard !cells.isEmpty else { return "" }
    let table = HTMLTable(
      caption: "Power cuts, on paper, among the operations of a moment",
      columns: subject.nameColumns + [
        HTMLTable.Column(title: "promises", isNumeric: false), HTMLTable.Column(title: "cuts"),
        HTMLTable.Column(title: "lost at most"), HTMLTable.Column(title: "back to, ms"),
        HTMLTable.Column(title: "damaged"),
      ],
      headingCount: 1,
      rows: cells.map { cell in
        let row = Self.rows(of: cell).first { $0.power.cuts != nil }
        let power = row?.power ?? PowerResult()
        let lost = power.lostMax ?? 0
        let corrupt = power.corrupt ?? 0
        let breaksPromise =
          (corrupt > 0 && power.durabilityClass != PowerResult.noPromise)
          || (lost > 0 && power.durabilityClass == "power")
        func entry(_ text: String, _ isHarm: Bool) -> HTMLTable.Cell {
          HTMLTable.Cell(
            text: (isHarm && breaksPromise ? "✗ " : "") + text,
            mark: isHarm ? (breaksPromise ? .bad : .doubtful) : nil)
        }
        return subject.names(cell) + [
          HTMLTable.Cell(text: power.durabilityClass),
          HTMLTable.Cell(text: grouped(Double(power.cuts ?? 0))),
          entry(grouped(Double(lost)), lost > 0),
          HTMLTable.Cell(text: lost > 0 ? threeDigits(power.lostMs ?? 0) : "–"),
          entry(grouped(Double(corrupt)), corrupt > 0),
        ]
      })
    return table.html
      + definitionList([
        (
          "promises",
          "power: nothing acknowledged is lost; process: a power cut may cost the latest operations, never "
            + "the database; none: anything."
        ),
        (
          "back to",
          "How long before the cut the oldest operation had been acknowledged that was lost."
        ),
      ])
  }

  // MARK: Hazards

  private var hazards: String {
    let cells = subject.cells.compactMap { cell -> (CellSummary, String)? in
      let hazard = Self.rows(of: cell).map(\.power.hazard).first { !$0.isEmpty }
      return hazard.map { (cell, $0) }
    }
    guard !cells.isEmpty else { return "" }
    return HTMLTable(
      caption: "Settings that promise nothing, on the SQLite that ran",
      columns: subject.nameColumns + [HTMLTable.Column(title: "why", isNumeric: false)],
      headingCount: 1,
      rows: cells.map { cell, hazard in
        subject.names(cell) + [HTMLTable.Cell(text: hazard, mark: .doubtful)]
      }
    ).html
  }

  /// What was measured, and what broke down under what was done to it.
  private static func rows(of cell: CellSummary) -> [RepeatResult] {
    cell.usable + cell.invalid + cell.unmeasured.filter { $0.verdict == .invalid }
  }
}
