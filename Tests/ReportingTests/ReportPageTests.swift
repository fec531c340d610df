import Foundation
import Results
import Statistics
import Testing
import Verification

@testable import Reporting

/// With QUEUEBENCH_KEEP_PLOTS=<directory>, pages and pictures stay there, to be looked at.
private let kept = ProcessInfo.processInfo.environment["QUEUEBENCH_KEEP_PLOTS"]
private let gnuplot = try? Gnuplot()

/// A page that was checked to be well-formed, with nothing that it needs from elsewhere.
private func checkedPage(
  _ record: RunRecord, gnuplot: Gnuplot? = nil, sourceLocation: SourceLocation = #_sourceLocation
) -> (html: String, markup: MarkupChecker) {
  let html = ReportPage(record).html(gnuplot: gnuplot)
  let markup = MarkupChecker(html)
  #expect(markup.problem == nil, sourceLocation: sourceLocation)
  #expect(markup.repeatedIDs.isEmpty, sourceLocation: sourceLocation)
  let names = Set(markup.elements.map(\.name))
  #expect(
    names.isDisjoint(with: ["script", "img", "iframe", "object", "link", "base", "form"]),
    sourceLocation: sourceLocation)
  for element in markup.elements {
    for (key, value) in element.attributes {
      #expect(!key.hasPrefix("on") && key != "src", "\(element)", sourceLocation: sourceLocation)
      if key == "href" || key == "xlink:href" {
        #expect(value.hasPrefix("#"), "\(element)", sourceLocation: sourceLocation)
      }
    }
  }
  return (html, markup)
}

@Suite("Report page")
struct ReportPageTests {
  @Test(.enabled(if: gnuplot != nil, "gnuplot is not installed"), arguments: SampleRecord.allCases)
  func `a page has every cell's numbers and every plot twice`(sample: SampleRecord) throws {
    let record = sample.record
    let (html, markup) = checkedPage(record, gnuplot: gnuplot)
    if let kept {
      try FileManager.default.createDirectory(atPath: kept, withIntermediateDirectories: true)
      try Data(html.utf8).write(to: URL(fileURLWithPath: "\(kept)/\(sample.rawValue).html"))
      _ = try gnuplot?.draw(PlotSet(record).plots, in: "\(kept)/\(sample.rawValue)")
    }
    for cell in summaries(of: record.rows) {
      #expect(html.contains(">\(cell.cell)<"))
      guard let spread = cell.spread(of: .throughput) else { continue }
      #expect(html.contains(">\(threeDigits(spread.median))<small"))
      let bar = "\(threeDigits(spread.bar.low))–\(threeDigits(spread.bar.high))</small>"
      #expect(html.contains(bar))
    }
    let plots = PlotSet(record, format: .page).plots
    for cssClass in ["wide", "narrow"] {
      let pictures = markup.elements.filter {
        $0.name == "svg" && $0.attributes["class"] == cssClass
      }
      #expect(
        pictures.compactMap { $0.attributes["aria-label"] } == plots.map { escapedHTML($0.title) })
    }
    #expect(html.utf8.count < 1_500_000)
    // A reference to a name that is not there would draw nothing.
    let ids = Set(markup.elements.compactMap { $0.attributes["id"] })
    for element in markup.elements {
      guard let target = element.attributes["href"] ?? element.attributes["xlink:href"] else {
        continue
      }
      #expect(ids.contains(String(target.dropFirst())), "\(element)")
    }
  }

  @Test(.enabled(if: gnuplot != nil, "gnuplot is not installed"))
  func `pictures on a page follow its colours`() throws {
    let (html, _) = checkedPage(SampleRecord.scaling.record, gnuplot: gnuplot)
    let pictures = html.components(separatedBy: "<svg").dropFirst()
    #expect(!pictures.isEmpty)
    for picture in pictures {
      let body = picture.components(separatedBy: "</svg>")[0]
      #expect(!body.contains("#ffffff") && !body.lowercased().contains("rgb("))
      #expect(body.contains("var(--p-text)"))
    }
  }

  @Test(arguments: SampleRecord.allCases)
  func `tables are headed and described`(sample: SampleRecord) {
    let (_, markup) = checkedPage(sample.record)
    let tables = markup.elements.count { $0.name == "table" }
    #expect(tables > 5)
    #expect(markup.elements.count { $0.name == "caption" } == tables)
    #expect(markup.elements.filter { $0.name == "th" }.allSatisfy { $0.attributes["scope"] != nil })
    #expect(markup.elements.count { $0.name == "h1" } == 1)
  }

  // MARK: Partial runs

  @Test func `a run of which nothing is left has a page`() {
    let (html, _) = checkedPage(RunRecord(rows: [], manifest: nil), gnuplot: gnuplot)
    #expect(html.contains("No repeat has ended yet."))
    #expect(html.contains("the run answers nothing"))
  }

  @Test func `a run that has not measured anything has its question`() {
    let (html, markup) = checkedPage(
      RunRecord(rows: [], manifest: SampleRecord.rates.manifest), gnuplot: gnuplot)
    #expect(html.contains("<h1>How long do claims of four consumers wait"))
    #expect(markup.text.contains("queuebench run scenarios/rates.yaml --repeats 6"))
  }

  @Test func `a run of refused cells says why`() {
    var record = SampleRecord.rates.record
    record.rows.removeAll { $0.status == .measured }
    (record.phases, record.timeline) = ([], [])
    let (html, markup) = checkedPage(record, gnuplot: gnuplot)
    #expect(html.contains("Refused: no combination of settings of this run is possible."))
    #expect(markup.text.contains("c03 repeat 1 refused: busy_policy exclusive needs"))
  }

  @Test(arguments: SampleRecord.allCases)
  func `rows alone give a page`(sample: SampleRecord) {
    let (html, _) = checkedPage(
      RunRecord(rows: sample.record.rows, manifest: nil), gnuplot: gnuplot)
    #expect(html.contains("The manifest is lost"))
    #expect(html.contains("phases: phases.csv holds no phases"))
    #expect(html.contains("timeline: timeline.csv holds no windows"))
  }

  @Test(arguments: SampleRun.allCases)
  func `old runs without the newer numbers have a page`(run: SampleRun) throws {
    let record = RunRecord(rows: run.rows, manifest: run.manifest)
    let (html, _) = checkedPage(record, gnuplot: gnuplot)
    if let kept {
      try Data(html.utf8).write(to: URL(fileURLWithPath: "\(kept)/\(run.rawValue).html"))
    }
  }

  @Test func `without gnuplot a page says so`() {
    let (html, markup) = checkedPage(SampleRecord.rates.record, gnuplot: nil)
    #expect(html.contains("gnuplot is not installed, so there are no pictures here"))
    #expect(!markup.elements.contains { $0.name == "svg" })
  }

  @Test func `a directory without timeline and with half a manifest has a page`() throws {
    try withTemporaryDirectory { results in
      let record = SampleRecord.rates.record
      let manifest = try #require(record.manifest)
      let directory = try RunDirectory.create(in: results, manifest: manifest)
      for row in record.rows { try directory.appendRepeat(row) }
      try directory.appendPhases(record.phases)
      let whole = try ReportPage(directory: directory).html(gnuplot: nil)
      #expect(whole.contains("Against the baseline c01"))
      #expect(!whole.contains("timeline.csv:"))
      try FileManager.default.removeItem(atPath: "\(directory.path)/timeline.csv")
      try Data("{\"run\"".utf8).write(to: URL(fileURLWithPath: "\(directory.path)/manifest.json"))
      let html = try ReportPage(directory: directory).html(gnuplot: nil)
      let markup = MarkupChecker(html)
      #expect(markup.problem == nil)
      #expect(markup.text.contains("\(directory.path)/timeline.csv"))
      #expect(markup.text.contains("\(directory.path)/manifest.json"))
    }
  }

  // MARK: Hostile text

  private static let hostile =
    "</td></table><script>alert('1')</script>&amp;\"'><img src=x onerror=\"x\">]]>\u{0}\u{1B}[31m\n|{}_^%$`\\"

  @Test func `text from files cannot become markup`() {
    var record = SampleRecord.rates.record
    let text = Self.hostile
    for index in record.rows.indices {
      record.rows[index].run = text
      record.rows[index].detail = text
      record.rows[index].warnings = [text]
      record.rows[index].commit = text
      record.rows[index].axes = record.rows[index].axes.map {
        AxisValue(name: $0.name, label: $0.label + text)
      }
    }
    var manifest = SampleRecord.rates.manifest
    (manifest.run, manifest.question, manifest.scenarioName, manifest.scenarioFile) = (
      text, text, text, text
    )
    (manifest.scenarioText, manifest.targets, manifest.commit, manifest.buildMode) = (
      text, [text], text, text
    )
    (manifest.createdAtUtc, manifest.finishedAtUtc) = (text, text)
    manifest.commandLine = [text, text]
    manifest.runOrder = [text]
    manifest.machine = ["cpu": text, text: text]
    manifest.sqliteVersion = text
    manifest.sqliteCompileOptions = [text]
    manifest.settings = [text: [text: text], "c01": ["x": text]]
    manifest.pragmasReadBack = [text: [text: text], "c01": ["x": text]]
    record.manifest = manifest
    record.notes = [text]
    // Elements with such names, or attributes, would be found by the check of the page itself.
    let (html, _) = checkedPage(record, gnuplot: gnuplot)
    #expect(html.contains("&lt;script&gt;"))
  }

  @Test(arguments: ["", "\u{202E}rtl", "a\u{0301}", "\u{FFFE}", "x\r\ny", "🙂"])
  func `odd text stays text`(text: String) {
    var record = SampleRecord.fewRepeats.record
    record.manifest?.question = text
    _ = checkedPage(record)
  }
}

@Suite("Answer of a run")
struct AnswerTests {
  private func answer(_ record: RunRecord) -> String { Answer(ReportSubject(record)).text }

  /// Two cells with these throughputs, the first is the baseline.
  private func record(_ first: [Double], _ second: [Double]) -> RunRecord {
    let rows = [("c01", first), ("c02", second)].flatMap { cell, values in
      values.enumerated().map { index, value in
        var row = RepeatResult(
          run: "r", cell: cell, repeatNumber: index + 1,
          axes: [AxisValue(name: "synchronous", label: cell == "c01" ? "FULL" : "NORMAL")],
          producers: 1, consumers: 1, status: .measured, verdict: .valid, detail: "")
        row.throughputPerSecond = value
        return row
      }
    }
    return RunRecord(rows: rows, manifest: nil)
  }

  @Test func `a difference is one only if its interval says so`() {
    #expect(
      answer(record([100, 102, 98, 101, 99, 100], [150, 151, 149, 153, 148, 150]))
        == "Against the baseline c01 (FULL), throughput was ×1.50 (1.48 to 1.52) with c02 (NORMAL)."
    )
    #expect(
      answer(record([100, 102, 98, 101, 99, 100], [101, 100, 99, 100, 100, 99]))
        == "Against the baseline c01 (FULL), throughput shows no difference beyond noise "
        + "(×1.00 (0.98 to 1.01) with c02 (NORMAL)).")
  }

  @Test func `below six repeats nothing is claimed`() {
    let text = answer(record([100, 100, 100, 100, 100], [900, 900, 900, 900, 900]))
    #expect(text.hasPrefix("With fewer than 6 repeats nothing can be claimed with confidence"))
    #expect(text.contains("×9.00"))
  }

  @Test func `an invalid repeat takes its pair along`() {
    var record = record([100, 100, 100, 100, 100, 100], [200, 200, 200, 200, 200, 200])
    record.rows[7].verdict = .invalid
    #expect(answer(record).hasPrefix("With fewer than 6 repeats"))
  }

  @Test func `throughput at another rate is no finding`() {
    let text = answer(SampleRecord.rates.record)
    #expect(!text.contains("throughput was at best"))
    #expect(text.contains("the claim p99 was at best"))
    #expect(text.contains("which is saturated"))
  }

  @Test func `a baseline without numbers cannot be compared with`() {
    var record = SampleRecord.scaling.record
    for index in record.rows.indices where record.rows[index].cell == "c01" {
      record.rows[index].verdict = .invalid
    }
    #expect(answer(record).hasPrefix("The baseline has no repeat"))
  }

  @Test func `one cell is described`() {
    #expect(
      answer(RunRecord(rows: SampleRun.noAxes.rows, manifest: nil))
        .contains("only measured cell, c01, completed"))
  }

  @Test(arguments: [
    (Verdict.valid, "Valid: "), (.saturated, "Sound, with saturated cells"),
    (.unknown, "Unknown: "),
    (.invalid, "INVALID: 1 of 12"),
  ])
  func `the banner says the worst`(verdict: Verdict, words: String) {
    var record = record([1, 1, 1, 1, 1, 1], [2, 2, 2, 2, 2, 2])
    record.rows[3].verdict = verdict
    #expect(VerdictBanner(ReportSubject(record)).html.contains(words))
  }

  @Test func `a check that fails is marked and explained`() {
    let html = CrossChecks(ReportSubject(SampleRecord.rates.record)).html
    #expect(html.contains("<span class=\"bad\">✗ 0.9"))
    #expect(html.contains("<span class=\"bad\">✗ slowdown</span>"))
    #expect(html.contains("Little&#39;s law"))
    let sound = CrossChecks(ReportSubject(SampleRecord.scaling.record)).html
    #expect(!sound.contains("class=\"bad\""))
  }

  @Test func `Little's law is a check of any load`() {
    var record = SampleRecord.scaling.record
    for index in record.rows.indices { record.rows[index].flow.littlesLawRatio = 1.03 }
    #expect(CrossChecks(ReportSubject(record)).html.contains("class=\"bad\">✗ 1.030"))
  }

  @Test func `warnings that differ in numbers alone are one`() {
    var record = record([1, 1, 1], [2, 2, 2])
    record.rows[0].warnings = ["49 operations began late", "swap is on"]
    record.rows[1].warnings = ["105 operations began late"]
    record.rows[4].warnings = ["7 operations began late", "swap is on"]
    let html = RunSections(ReportSubject(record)).warnings
    #expect(
      html.contains(
        "49 operations began late (so or with other numbers: c01-r1, c01-r2, c02-r2)"))
    #expect(html.contains("swap is on (c01-r1, c02-r2)"))
    #expect(html.components(separatedBy: "<li>").count == 3)
  }
}
