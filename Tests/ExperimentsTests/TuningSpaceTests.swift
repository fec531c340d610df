import Foundation
import QueueEngine
import Reporting
import Results
import SQLite
import Scenarios
import Testing

@testable import Experiments

@Suite("Tuning space")
struct TuningSpaceTests {
  static let affected = SQLiteLibrary.knownBugs(ofVersion: 3_040_001)
  static let fixed = SQLiteLibrary.knownBugs(ofVersion: 3_051_003)

  private func scenario(_ more: String) throws -> Scenario {
    try Scenario.parse(
      yaml: "name: a\nquestion: b?\nmax_cells: 4096\n\(more)\n", file: "a.yaml")
  }

  /// Everything that may be an axis, with values inside and outside of the classes.
  private static let everything = """
    settings: {producers: 1, consumers: 1}
    axes:
      journal_mode: [WAL, DELETE, TRUNCATE, PERSIST, MEMORY, "OFF"]
      synchronous: ["OFF", NORMAL, FULL, EXTRA]
      checkpoint: [pinned, gated, auto, deferred, dedicated, none]
      mmap_size: [0, 1048576]
      page_size: [4096, 8192]
      wal_autocheckpoint: [0, 1000]
    """

  @Test(arguments: DurabilityClass.allCases, [true, false])
  func `never leaves its class`(durability: DurabilityClass, hasBug: Bool) throws {
    let bugs = hasBug ? Self.affected : Self.fixed
    for more in [Self.everything, "", "settings: {journal_mode: DELETE, synchronous: EXTRA}"] {
      let scenario = try scenario(more)
      let space = try TuningSpace(scenario, durability: durability, bugs: bugs)
      #expect(space.configurations.count > 3)
      for configuration in space.configurations {
        let settings = configuration.cell.settings
        // What processes really open, not what the space believes.
        let options = SQLiteStoreOptions(
          pragmas: settings.pragmas.settings, checkpointPolicy: settings.checkpointPolicy)
        func value(_ pragma: Pragma) -> String? {
          options.effectivePragmas.last { $0.pragma == pragma }?.value
        }
        // In words, not by the predicate that the space was built with.
        let journalMode = try #require(value(.journalMode))
        let synchronous = try #require(value(.synchronous))
        let pair = "\(journalMode) \(synchronous)"
        let power: Set<String> = [
          "WAL FULL", "WAL EXTRA", "TRUNCATE FULL", "TRUNCATE EXTRA", "PERSIST FULL",
          "PERSIST EXTRA", "DELETE EXTRA",
        ]
        let allowed = durability == .power ? power : power.union(["WAL NORMAL", "DELETE FULL"])
        #expect(allowed.contains(pair))
        if hasBug, journalMode == "WAL" {
          #expect(["pinned", "gated", "none"].contains(options.effectiveCheckpointPolicy.name))
          #expect(value(.mmapSize) == "0")
        }
      }
      if !scenario.axisNames.isEmpty {
        let total = space.configurations.count + space.forbidden.count + space.duplicates.count
        #expect(total == scenario.cells.count)
      }
      // The search asks for nothing else.
      var search = TuningSearch(
        space: space.search, plan: TuningPlan(budgetSeconds: 300, secondsPerRun: 1), seed: 1)
      var elapsed = 0.0
      while let request = search.next(elapsed: elapsed) {
        elapsed += Double(request.combinations.count)
        #expect(request.combinations.allSatisfy(space.configurations.indices.contains))
        search.record(
          Dictionary(
            uniqueKeysWithValues: request.combinations.map { ($0, .cost(Double(1 + $0 % 7))) }),
          of: request)
      }
      #expect(search.recommended != nil)
    }
  }

  @Test func `combinations that SQLite takes for the same are searched once`() throws {
    let space = try TuningSpace(
      scenario(
        """
        settings: {producers: 1, consumers: 1}
        axes:
          journal_mode: [WAL, TRUNCATE]
          synchronous: [FULL, EXTRA]
          checkpoint: [pinned, gated]
        """), durability: .power, bugs: Self.affected)
    // WAL: EXTRA is FULL. TRUNCATE: there is no log to checkpoint.
    #expect(space.configurations.count == 2 + 2)
    #expect(space.duplicates.count == 4)
    let truncated = try #require(
      space.configurations.firstIndex { $0.cell.label(of: "journal_mode") == "TRUNCATE" })
    // Another name of the same combination leads to it.
    var levels = space.search.levels[truncated]
    levels[2] = 1 - levels[2]
    #expect(space.search.index(of: levels) == truncated)
  }

  @Test func `the default is the baseline, or what is nearest to it in the class`() throws {
    let text = """
      settings: {producers: 1, consumers: 1, journal_mode: WAL}
      axes:
        synchronous: [NORMAL, FULL]
        page_size: [4096, 8192]
      baseline: {synchronous: NORMAL, page_size: 8192}
      """
    let process = try TuningSpace(scenario(text), durability: .process, bugs: Self.affected)
    #expect(process.standard.cell.summary == "synchronous=NORMAL page_size=8192")
    #expect(process.notes.isEmpty && process.forbidden.isEmpty)
    let power = try TuningSpace(scenario(text), durability: .power, bugs: Self.affected)
    #expect(power.standard.cell.summary == "synchronous=FULL page_size=8192")
    #expect(power.notes.count == 1 && power.forbidden.count == 2)
    #expect(power.forbidden.allSatisfy { $0.reason.contains("power cut") })
  }

  @Test func `without axes the load's own settings are the default`() throws {
    let space = try TuningSpace(
      scenario("settings: {page_size: 2048, cache_size: -4000, journal_mode: WAL}"),
      durability: .process, bugs: Self.affected)
    #expect(
      space.standard.cell.summary
        == "journal_mode=WAL synchronous=NORMAL checkpoint=pinned(pages=2000) page_size=2048 "
        + "cache_size=-4000 mmap_size=0")
    #expect(space.configurations.contains { $0.cell.label(of: "page_size") == "16384" })
    #expect(!space.configurations.contains { $0.cell.label(of: "checkpoint") == "none" })
    let isFixed = try TuningSpace(scenario(""), durability: .process, bugs: Self.fixed)
    #expect(isFixed.configurations.contains { $0.cell.label(of: "mmap_size") != "0" })
    #expect(
      isFixed.configurations.contains { $0.cell.label(of: "checkpoint")?.hasPrefix("auto") == true }
    )
  }

  @Test(arguments: [("700", "auto(pages=700)"), ("0", "none")])
  func `a PRAGMA that asks for SQLite's own checkpoints is not forgotten`(
    pages: String, policy: String
  ) throws {
    let space = try TuningSpace(
      scenario("settings: {journal_mode: WAL, wal_autocheckpoint: \(pages)}"),
      durability: .process, bugs: Self.fixed)
    #expect(space.standard.cell.label(of: "checkpoint") == policy)
    #expect(space.standard.options.effectiveCheckpointPolicy.description == policy)
    #expect(
      space.notes == ["wal_autocheckpoint=\(pages) stands for checkpoint=\(policy)"])
    #expect(
      space.configurations.contains { $0.options.effectiveCheckpointPolicy.name == "pinned" })
  }

  @Test(arguments: [
    ("axes: {processes: [2, 4]}", "axes.processes", "part of the load"),
    ("axes: {busy_policy: [sqlite, handoff]}", "axes.busy_policy", "part of the load"),
    ("axes: {synchronous: [NORMAL, FULL], depth: [0, 10]}", "axes.depth", "part of the load"),
    ("axes: {foreign_keys: [ON, OFF]}", "axes.foreign_keys", "correctness"),
    ("axes: {locking_mode: [NORMAL]}", "axes.locking_mode", "one process"),
    ("axes: {synchronous: [\"OFF\"]}", "a.yaml", "nothing is left"),
    (
      "settings: {journal_mode: WAL}\naxes: {synchronous: [FULL, EXTRA]}", "only",
      "nothing to choose"
    ),
  ])
  func `what cannot be tuned is refused with the reason`(
    more: String, place: String, reason: String
  ) throws {
    let scenario = try scenario(more)
    let failure = #expect(throws: TuningSpace.Failure.self) {
      _ = try TuningSpace(scenario, durability: .process, bugs: Self.affected)
    }
    #expect(failure?.description.contains(place) == true, "\(String(describing: failure))")
    #expect(failure?.description.contains(reason) == true, "\(String(describing: failure))")
  }

  @Test func `every PRAGMA is either tuned or has a reason not to be`() {
    let named = Set(TunableSettings.axes.map(\.name) + TunableSettings.exclusions.map(\.name))
    #expect(named == Set(Pragma.all.map(\.name)).union([TunableSettings.checkpoint]))
  }
}

@Suite("Recommended options")
struct RecommendedOptionsTests {
  /// The Swift that is recommended, as a compiler sees it: the lines between the marks are compared with what
  /// is printed.
  private var pasted: SQLiteStoreOptions {
    // begin
    // A file that exists takes another page_size only by VACUUM outside of WAL mode:
    //   PRAGMA journal_mode = DELETE; PRAGMA page_size = 8192; VACUUM;
    SQLiteStoreOptions(
      pragmas: [
        PragmaSetting(.pageSize, "8192"),
        PragmaSetting(.journalMode, "WAL"),
        PragmaSetting(.synchronous, "FULL"),
        PragmaSetting(.mmapSize, "0"),
        PragmaSetting(.cacheSize, "-2000"),
        PragmaSetting(.tempStore, "MEMORY"),
        PragmaSetting(.foreignKeys, "ON"),
      ].compactMap { $0 },
      busyPolicy: .fixed(delayUs: 500, timeoutMs: 100),
      checkpointPolicy: .pinned(pages: 8000),
      transactionMode: .deferred
    )
    // Of the queue: write_combining: off
    // end
  }

  private func configuration() throws -> TuningSpace.Configuration {
    let scenario = try Scenario.parse(
      yaml: """
        name: a
        question: b?
        settings:
          journal_mode: WAL
          synchronous: FULL
          cache_size: -2000
          checkpoint: {pinned: {pages: 8000}}
          busy_policy: {fixed: {delay: 500us, timeout: 100ms}}
          transaction: deferred
          write_combining: off
        axes: {page_size: [8192, 4096]}
        """, file: "a.yaml")
    return try TuningSpace(scenario, durability: .power).configurations[0]
  }

  @Test func `the Swift to paste compiles, and opens what was measured`() throws {
    let configuration = try configuration()
    let source = try String(contentsOfFile: #filePath, encoding: .utf8)
    let begin = try #require(source.range(of: "    // begin\n"))
    let end = try #require(source.range(of: "    // end\n"))
    let lines = source[begin.upperBound..<end.lowerBound].split(separator: "\n")
    let text = lines.map { $0.dropFirst(4) + "\n" }.joined()
    #expect(ConfigurationSnippets(TuningRecord.Configuration(configuration)).swift == text)
    #expect(TuningSpace.normalForm(pasted) == TuningSpace.normalForm(configuration.options))
    #expect(pasted.busyPolicy == configuration.cell.settings.busyPolicy)
    #expect(pasted.transactionMode == configuration.cell.settings.transactionMode)
  }

  @Test func `the YAML to paste is a scenario's settings`() throws {
    let configuration = try configuration()
    let yaml = ConfigurationSnippets(TuningRecord.Configuration(configuration)).yaml
    let scenario = try Scenario.parse(yaml: "name: a\nquestion: b?\n\(yaml)", file: "a.yaml")
    let options = TuningSpace.options(scenario.baselineCell.settings)
    #expect(TuningSpace.normalForm(options) == TuningSpace.normalForm(configuration.options))
    #expect(scenario.baselineCell.settings.busyPolicy == .fixed(delayUs: 500, timeoutMs: 100))
    #expect(scenario.baselineCell.settings.transactionMode == .deferred)
    #expect(!scenario.baselineCell.settings.writeCombining)
  }

  @Test(arguments: [
    BusyPolicy.sqlite(timeoutMs: 100), .timeout(timeoutMs: 7), .handoff(timeoutMs: 1500),
    .backoff(initialUs: 50, maxUs: 2000, timeoutMs: 900),
  ])
  func `every busy policy can be read again`(policy: BusyPolicy) throws {
    var settings = CellSettings.standard
    settings.busyPolicy = policy
    let others = TuningRecord.OtherSetting.all(of: settings)
    #expect(others.count == 1)
    let yaml = try #require(others.first?.yaml)
    let scenario = try Scenario.parse(
      yaml: "name: a\nquestion: b?\nsettings:\n  \(yaml)\n", file: "a.yaml")
    #expect(scenario.baselineCell.settings.busyPolicy == policy)
    #expect(TuningRecord.OtherSetting.all(of: .standard).isEmpty)
  }
}
