import Results
internal import Verification

/// How far the run may be trusted as a whole, before any number.
struct VerdictBanner {
  let html: String

  init(_ subject: ReportSubject) {
    let cells = subject.cells
    let rows = cells.flatMap { $0.usable + $0.invalid + $0.unmeasured }
    var parts: [String] = []
    for verdict in Verdict.allCases {
      let count = cells.count { $0.status == .measured && $0.verdict == verdict }
      if count > 0 { parts.append("\(count) \(verdict.rawValue)") }
    }
    for status in [RepeatStatus.refused, .failed] {
      let count = cells.count { $0.status == status }
      if count > 0 { parts.append("\(count) \(status.rawValue)") }
    }
    let invalid = rows.count { $0.verdict == .invalid }
    let saturated = cells.contains { $0.verdict == .saturated }
    let doubtful = cells.contains { $0.verdict != .valid || $0.status != .measured }
    let heading: String
    if cells.isEmpty {
      heading = "No repeat has ended yet."
    } else if invalid > 0 {
      heading =
        "INVALID: \(invalid) of \(rows.count) repeats lost or doubled tasks, or left a corrupt "
        + "database; their numbers are left out everywhere."
    } else if cells.contains(where: { $0.status == .failed }) {
      heading = "Incomplete: at least one cell could not run to its end."
    } else if cells.contains(where: { $0.status == .measured && $0.verdict == .unknown }) {
      heading = "Unknown: not every history suffices to decide whether all tasks survived."
    } else if cells.allSatisfy({ $0.status == .refused }) {
      heading = "Refused: no combination of settings of this run is possible."
    } else if saturated {
      heading =
        "Sound, with saturated cells: no task was lost or doubled, but some cells could not take "
        + "the rate that was offered."
    } else if doubtful {
      heading = "Valid where measured; some combinations of settings are refused."
    } else {
      heading = "Valid: in every repeat each task was completed exactly once."
    }
    let mark = invalid > 0 ? " bad" : doubtful || cells.isEmpty ? " doubtful" : ""
    let noun = cells.count == 1 ? "cell" : "cells"
    var second = cells.isEmpty ? "" : "\(cells.count) \(noun): \(parts.joined(separator: ", "))."
    let disturbed = rows.count { $0.conditions.state == .disturbed }
    if disturbed > 0 {
      second += " \(disturbed) \(disturbed == 1 ? "repeat" : "repeats") ran on a disturbed machine."
    }
    if let manifest = subject.record.manifest {
      if manifest.finishedAtUtc == nil { second += " The run was interrupted or still goes on." }
      if manifest.buildMode != "release" {
        second += " It was a \(manifest.buildMode) build, whose numbers mean nothing."
      }
    }
    html = element(
      "div", paragraph(heading) + (second.isEmpty ? "" : paragraph(second)),
      "class=\"banner\(mark)\" role=\"note\"")
  }
}
