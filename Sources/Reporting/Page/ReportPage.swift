package import Results
internal import Verification

/// `report.html`: what a run asked, what it found, how far to trust it and how to repeat it, as one file
/// that needs no network and no scripts.
package struct ReportPage: Sendable {
  private let record: RunRecord

  /// The page of the run in `directory`; fails only if its `cells.csv` cannot be read.
  package init(directory: RunDirectory) throws(ResultsError) {
    self.init(try RunRecord(reading: directory))
  }

  /// The page of a run that has been read.
  package init(_ record: RunRecord) {
    self.record = record
  }

  /// A part of the page under a heading of its own.
  private struct Section {
    let id: String
    let title: String
    let content: String
  }

  /// The page; without `gnuplot` it has no pictures and says so.
  package func html(gnuplot: Gnuplot?) -> String {
    let subject = ReportSubject(record)
    let tables = CellTables(subject)
    let run = RunSections(subject)
    let sections = [
      Section(
        id: "numbers", title: "Numbers",
        content: subject.cells.isEmpty
          ? "" : paragraph(subject.spreadSentence) + tables.overview + tables.findings),
      Section(id: "targets", title: "Targets", content: run.targets),
      Section(id: "flow", title: "What became of tasks", content: tables.flow),
      Section(id: "survival", title: "What it survives", content: SurvivalSection(subject).html),
      Section(id: "phases", title: "Where the time goes", content: tables.phases),
      Section(id: "checks", title: "Cross-checks", content: CrossChecks(subject).html),
      Section(
        id: "plots", title: "Plots",
        content: subject.cells.isEmpty ? "" : Figures(record).html(gnuplot: gnuplot)),
      Section(id: "warnings", title: "Warnings", content: run.warnings),
      Section(
        id: "conditions", title: "Conditions", content: ConditionsSection(subject).html),
      Section(id: "settings", title: "Settings", content: run.settings),
      Section(id: "repeat", title: "How to repeat it", content: run.repetition),
    ].filter { !$0.content.isEmpty }

    let manifest = record.manifest
    let name = manifest?.run ?? record.rows.first?.run ?? "a run"
    let question = manifest?.question ?? ""
    let links = sections.map {
      "<li><a href=\"#\($0.id)\">\(escapedHTML($0.title))</a></li>"
    }
    var main = paragraph(kicker(name), cssClass: "kicker")
    main += element("h1", escapedHTML(question.isEmpty ? name : question))
    main += paragraph(Answer(subject).text, cssClass: "answer")
    if subject.measured.count > 1 { main += paragraph(Answer.note, cssClass: "quiet") }
    main += VerdictBanner(subject).html
    main += element(
      "nav", "<ul>\(links.joined())</ul>", "aria-label=\"Sections of this report\"")
    for section in sections {
      main += element(
        "section",
        element("h2", escapedHTML(section.title), "id=\"\(section.id)-title\"") + section.content,
        "id=\"\(section.id)\" aria-labelledby=\"\(section.id)-title\"")
    }
    main += element("footer", escapedHTML(subject.plots.footer.joined(separator: " · ")))
    return """
      <!DOCTYPE html>
      <html lang="en">
      <head>
      <meta charset="utf-8"/>
      <meta name="viewport" content="width=device-width, initial-scale=1"/>
      <meta name="color-scheme" content="light dark"/>
      <title>\(escapedHTML("\(name): queuebench"))</title>
      <style>
      \(PageStyle.css)
      </style>
      </head>
      <body>
      <main>
      \(main)</main>
      </body>
      </html>

      """
  }

  private func kicker(_ name: String) -> String {
    var words = ["queuebench", name]
    if let manifest = record.manifest {
      words.append("\(manifest.createdAtUtc.prefix(16)) UTC")
      words.append("\(manifest.repeats) repeats per cell")
    }
    return words.joined(separator: " · ")
  }
}
