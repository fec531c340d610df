import Foundation
import Results
import Testing

@testable import Reporting

/// A tuner's record as a short run would leave it.
enum SampleTuning {
  static func configuration(
    _ cell: String, _ pageSize: String, _ pages: Int, synchronous: String = "NORMAL"
  ) -> TuningRecord.Configuration {
    TuningRecord.Configuration(
      cell: cell,
      settings: [
        .init(name: "synchronous", value: synchronous), .init(name: "page_size", value: pageSize),
        .init(name: "checkpoint", value: "pinned(pages=\(pages))"),
      ],
      pragmas: [
        .init(name: "page_size", value: pageSize), .init(name: "journal_mode", value: "WAL"),
        .init(name: "synchronous", value: synchronous), .init(name: "foreign_keys", value: "ON"),
      ], checkpointPolicy: "pinned", checkpointPages: pages,
      durability: synchronous == "FULL" ? "power" : "process")
  }

  static func record(isInterrupted: Bool = false) -> TuningRecord {
    var configurations = [
      configuration("c01", "4096", 2000), configuration("c02", "8192", 8000),
      configuration("c03", "8192", 2000), configuration("c04", "4096", 2000, synchronous: "FULL"),
    ]
    let numbers: [(Double, Double, Int)] = [
      (1000, 900, 20), (1300, 800, 20), (1290, 790, 12), (300, 500, 1),
    ]
    for (index, number) in numbers.enumerated() {
      configurations[index].throughputPerSecond = number.0
      configurations[index].p99Us = number.1
      configurations[index].runs = number.2
      configurations[index].fullRuns = number.2 > 1 ? number.2 - 1 : 0
    }
    var record = TuningRecord(
      run: "tune-a", scenarioName: "a", scenarioFile: "a.yaml", sqliteVersion: "3.40.1",
      durability: "process", promise: "nothing is lost", objective: .throughput, seed: 1,
      budgetSeconds: 600, axisNames: ["synchronous", "page_size", "checkpoint"],
      untuned: [.init(what: "temp_store", reason: "no temporary tables")],
      configurations: configurations,
      forbidden: [
        .init(what: "synchronous=OFF", reason: "a power cut may corrupt"),
        .init(what: "synchronous=OFF page_size=8192", reason: "a power cut may corrupt"),
      ], duplicateCount: 1, notes: [])
    record.isInterrupted = isInterrupted
    guard !isInterrupted else {
      record.recommendation = .init(
        cell: "c02", isConfirmed: false, stage: "race", blocks: 3, throughputRatio: nil,
        p99Ratio: nil, simplifies: nil)
      return record
    }
    let ratio = TuningRecord.Ratio(value: 1.3, low: 1.25, high: 1.36)
    let p99 = TuningRecord.Ratio(value: 0.88, low: 0.8, high: 0.97)
    record.confirmed = [
      .init(
        cell: "c01", blocks: 8, throughputPerSecond: 1000, p99Us: 900, throughputRatio: nil,
        p99Ratio: nil, saturatedBlocks: 0),
      .init(
        cell: "c02", blocks: 8, throughputPerSecond: 1300, p99Us: 800, throughputRatio: ratio,
        p99Ratio: p99, saturatedBlocks: 1),
    ]
    record.ablations = [
      .init(
        setting: "page_size", tuned: "8192", standard: "4096",
        gain: .init(value: 1.28, low: 1.2, high: 1.35), finding: .worth),
      .init(
        setting: "checkpoint", tuned: "pinned(pages=8000)", standard: "pinned(pages=2000)",
        gain: .init(value: 1.005, low: 0.98, high: 1.03), finding: .noDifference),
    ]
    record.recommendation = .init(
      cell: "c03", isConfirmed: true, stage: "check", blocks: 9, throughputRatio: ratio,
      p99Ratio: p99, simplifies: "c02", mostLoss: 0.02)
    return record
  }
}

@Suite("Tuning report")
struct TuningReportTests {
  @Test func `the answer names what to change, its gain and what made no difference`() {
    let text = TuningReport(SampleTuning.record()).text(width: nil, colours: false)
    #expect(
      text.hasPrefix(
        "Use page_size=8192: throughput ×1.30 [1.25, 1.36], p99 ×0.88 [0.80, 0.97] relative to the "
          + "default, on 9 fresh blocks."))
    #expect(text.contains("no difference seen (±3.0 %)"))
    #expect(text.contains("worth 28.0 % [20.0, 35.0] %"))
    #expect(text.contains("8 (1 saturated)"))
    #expect(
      text.contains(
        "without the settings that made no difference, which is at most 2 % better (95 %)."))
    #expect(
      text.contains("turned operations away: c02 (1 saturated). Such a block counts as 10 times"))
    // Nothing that ran once is in the Pareto set, and c01 is worse in both.
    #expect(SampleTuning.record().paretoSet.map(\.cell) == ["c02", "c03"])
  }

  @Test func `an interrupted one is unconfirmed`() {
    let text = TuningReport(SampleTuning.record(isInterrupted: true)).text(
      width: 80, colours: false)
    #expect(
      text.hasPrefix(
        "Unconfirmed: the best so far is page_size=8192 checkpoint=pinned(pages=8000), by 3 blocks of the "
          + "race; no fresh block bears that out."))
    var record = SampleTuning.record(isInterrupted: true)
    record.recommendation?.stage = "confirmation"
    let confirming = TuningReport(record).text(width: 80, colours: false)
    #expect(confirming.contains("by 3 blocks of the confirmation, which was to have more."))
    #expect(!confirming.contains("fresh block bears"))
    #expect(text.contains("To paste (unconfirmed)"))
  }

  @Test func `doubt and lost tasks come with the answer`() {
    var record = SampleTuning.record()
    record.recommendation?.isConfirmed = false
    record.recommendation?.doubt = "5 of the 8 blocks that decide count although they are disturbed"
    record.dropped = [
      .init(
        cell: "c04", stage: "race", reason: "INVALID history: 1 task lost", kind: .invalid),
      .init(cell: "c02", stage: "race", reason: "worse", kind: .worse),
    ]
    let report = TuningReport(record)
    let text = report.text(width: nil, colours: false)
    #expect(text.hasPrefix("Unconfirmed: page_size=8192 looks best, but 5 of the 8 blocks"))
    #expect(text.contains("Never use synchronous=FULL (c04), race: INVALID history: 1 task lost."))
    #expect(!text.contains("Never use page_size"))
    #expect(report.markdown(pictures: []).contains("**Never use synchronous=FULL (c04)"))
  }

  @Test func `where nothing is better the default is recommended plainly`() {
    var record = SampleTuning.record()
    record.effects = [
      .init(
        setting: "synchronous", standard: "NORMAL", values: [.init(value: "FULL", gain: 0.3)]),
      .init(setting: "page_size", standard: "4096", values: [.init(value: "8192", gain: 1.1)]),
      .init(
        setting: "cache_size", standard: "-2000",
        values: [.init(value: "-500", gain: 1.01), .init(value: "-9000", gain: 0.99)]),
    ]
    record.recommendation = .init(
      cell: "c01", isConfirmed: true, stage: "confirmation", blocks: 8, throughputRatio: nil,
      p99Ratio: nil, simplifies: nil)
    let text = TuningReport(record).text(width: nil, colours: false)
    #expect(text.hasPrefix("Nothing beats the default by more than noise"))
    // What made no difference is said all the same, one line for each setting.
    let lines = text.split(separator: "\n").map { $0.split(separator: " ").joined(separator: " ") }
    #expect(lines.contains("synchronous NORMAL FULL ×0.30 the default is best"))
    #expect(lines.contains("page_size 4096 8192 ×1.10 may be worth changing"))
    #expect(lines.contains("cache_size -2000 -500 ×1.01, -9000 ×0.99 no difference seen (±2 %)"))
  }

  @Test func `Markdown holds the tables, the blocks to paste and what was left out`() {
    let text = TuningReport(SampleTuning.record()).markdown(pictures: ["plots/pareto.svg"])
    #expect(text.contains("| setting | tuned | default | without it |"))
    #expect(text.contains("![p99 against throughput](plots/pareto.svg)"))
    #expect(text.contains("```sql\n") && text.contains("```yaml\n") && text.contains("```swift\n"))
    #expect(text.contains("a power cut may corrupt (2 combinations)"))
    #expect(text.contains("`temp_store`: no temporary tables"))
  }

  @Test func `SQL says what is stored in the file and in which order`() throws {
    let sql = ConfigurationSnippets(SampleTuning.configuration("c02", "8192", 8000)).sql
    let statements = sql.split(separator: "\n").filter { $0.hasPrefix("PRAGMA") }
    #expect(
      statements == [
        "PRAGMA page_size = 8192;", "PRAGMA journal_mode = WAL;", "PRAGMA synchronous = NORMAL;",
        "PRAGMA foreign_keys = ON;", "PRAGMA wal_autocheckpoint = 0;",
      ])
    let stored = try #require(sql.range(of: "-- Stored in the file"))
    let perConnection = try #require(sql.range(of: "-- Not stored"))
    let journalMode = try #require(sql.range(of: "PRAGMA journal_mode = WAL"))
    #expect(stored.lowerBound < journalMode.lowerBound)
    #expect(journalMode.lowerBound < perConnection.lowerBound)
    #expect(sql.contains("--   PRAGMA journal_mode = DELETE; PRAGMA page_size = 8192; VACUUM;"))
    #expect(sql.contains("of one process, and no other") && sql.contains("WAL-reset bug"))
  }

  @Test func `YAML has the keys of scenarios, and no bare ON`() {
    let yaml = ConfigurationSnippets(SampleTuning.configuration("c02", "8192", 8000)).yaml
    #expect(
      yaml == """
        # A file that exists takes another page_size only by VACUUM outside of WAL mode:
        #   PRAGMA journal_mode = DELETE; PRAGMA page_size = 8192; VACUUM;
        settings:
          page_size: 8192
          journal_mode: WAL
          synchronous: NORMAL
          foreign_keys: "ON"
          checkpoint: {pinned: {pages: 8000}}

        """)
  }

  @Test(arguments: PlotFormat.allCases)
  func `the Pareto plot is drawn in every format`(format: PlotFormat) throws {
    let directory = FileManager.default.temporaryDirectory
      .appendingPathComponent("pareto-\(UUID().uuidString)").path
    defer { try? FileManager.default.removeItem(atPath: directory) }
    var record = RunRecord(rows: [], manifest: nil)
    record.tuning = SampleTuning.record()
    let plots = PlotSet(record, format: format)
    let plot = try #require(plots.plots.first { $0.name == "pareto" })
    #expect(plot.data.contains("c04") && plot.data.contains("# Pareto set"))
    #expect(try Gnuplot().draw([plot], in: directory).count == 1)
    // The runs of anything else have none, and need no word on it.
    record.tuning = nil
    let others = PlotSet(record, format: format)
    #expect(!others.plots.contains { $0.name == "pareto" })
    #expect(!others.skipped.contains { $0.name == "pareto" })
  }
}
