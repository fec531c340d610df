import Foundation
import QueueEngine
import SQLite
import Testing

@testable import Scenarios

@Suite struct ScenarioParsingTests {
  @Test func readsEveryKey() throws {
    let text = """
      name: full-1
      question: What is where?
      seed: 18446744073709551615
      repeats: 2
      warmup: 0
      measure: 1.5s
      drain: 1min
      max_cells: 2
      settings:
        page_size: 8192
        journal_mode: wal
        synchronous: 2
        lease: 90s
        transaction: deferred
        busy_policy: {backoff: {initial: 200us, max: 5ms}}
        producers: 3
        consumers: 0
        depth: 1_000
        payload_bytes: 512
        batch: 10
        work_time: 1500us
        rate: 90/min
        arrivals: poisson
        burst: 3
        instrumentation: off
        task_types: {video: 3, email: 1}
        priorities: {10: 1, -5: 9}
      axes:
        strategy: [fifo, weighted_random]
      baseline: {strategy: weighted_random}
      targets:
        - claim.p95 < 10ms
        - {cells: {strategy: fifo}, expect: throughput >= 600/min}
      """
    let scenario = try Scenario.parse(yaml: text, file: "full.yaml")
    #expect(scenario.file == "full.yaml")
    #expect(scenario.name == "full-1")
    #expect(scenario.question == "What is where?")
    #expect(scenario.seed == .max)
    #expect(scenario.repeats == 2)
    #expect(scenario.warmupMs == 0)
    #expect(scenario.measureMs == 1_500)
    #expect(scenario.drainMs == 60_000)
    #expect(scenario.maxCells == 2)
    #expect(scenario.axisNames == ["strategy"])
    #expect(scenario.baselineIndex == 1)
    #expect(scenario.baselineCell.id == "c02")
    #expect(scenario.sourceText == text)
    #expect(scenario.cells.map(\.summary) == ["strategy=fifo", "strategy=weighted_random"])

    let settings = scenario.cells[0].settings
    #expect(
      settings.pragmas.settings.map(\.description)
        == ["page_size=8192", "journal_mode=WAL", "synchronous=FULL"])
    #expect(settings.pragmas[.journalMode] == "WAL")
    #expect(settings.pragmas[.mmapSize] == nil)
    #expect(settings.leaseDurationMs == 90_000)
    #expect(settings.strategy == .fifo)
    #expect(settings.transactionMode == .deferred)
    #expect(settings.busyPolicy == .backoff(initialUs: 200, maxUs: 5_000, timeoutMs: 5_000))
    #expect(settings.producers == 3)
    #expect(settings.consumers == 0)
    #expect(settings.depth == 1_000)
    #expect(settings.payloadBytes == 512)
    #expect(settings.batchSize == 10)
    #expect(settings.workTimeUs == 1_500)
    #expect(settings.thinkTimeUs == 0)
    #expect(settings.arrivals == .open(ratePerSecond: 1.5))
    #expect(settings.arrivalProcess == .poisson)
    #expect(settings.burst == 3)
    #expect(settings.instrumentation == false)
    #expect(
      settings.taskTypes
        == [WeightedName(name: "video", weight: 3), WeightedName(name: "email", weight: 1)])
    #expect(
      settings.priorities
        == [WeightedPriority(priority: 10, weight: 1), WeightedPriority(priority: -5, weight: 9)])

    #expect(scenario.targets.map(\.text) == ["claim.p95 < 10ms", "throughput >= 600/min"])
    #expect(scenario.targets[1].value == 10)
    #expect(scenario.cells.map(scenario.targets[0].applies) == [true, true])
    #expect(scenario.cells.map(scenario.targets[1].applies) == [true, false])
  }

  @Test func fillsInDefaults() throws {
    let scenario = try scenario("")
    #expect(scenario.seed == 1)
    #expect(scenario.repeats == 3)
    #expect(scenario.warmupMs == 500)
    #expect(scenario.measureMs == 2_000)
    #expect(scenario.drainMs == 1_000)
    #expect(scenario.maxCells == 64)
    #expect(scenario.targets.isEmpty)
    #expect(scenario.axisNames.isEmpty)
    #expect(scenario.cells.map(\.id) == ["c01"])
    #expect(scenario.cells[0].settings == .standard)
    #expect(scenario.cells[0].settings.pragmas.settings.isEmpty)
    #expect(scenario.cells[0].settings.busyPolicy == .standard)
    #expect(scenario.cells[0].refusal == nil)
  }

  @Test func processesAreHalfProducersHalfConsumers() throws {
    let scenario = try scenario("axes: {processes: [2, 8]}")
    #expect(scenario.cells.map(\.settings.producers) == [1, 4])
    #expect(scenario.cells.map(\.settings.consumers) == [1, 4])
  }

  @Test func busyTimeoutChoosesSQLitesPolicy() throws {
    let scenario = try scenario("axes: {busy_timeout: [0, 250]}")
    #expect(
      scenario.cells.map(\.settings.busyPolicy)
        == [.sqlite(timeoutMs: 0), .sqlite(timeoutMs: 250)])
  }

  @Test(arguments: [
    ("lease", "30s", "30s"), ("lease", "2000ms", "2s"), ("lease", "1min", "60s"),
    ("lease", "0.5s", "500ms"), ("work_time", "0", "0s"), ("work_time", "0ms", "0s"),
    ("think_time", "1500us", "1500us"), ("rate", "1000/s", "1000/s"),
    ("rate", "1000/min", "1000/min"), ("rate", "120/min", "2/s"), ("rate", "0.5/s", "30/min"),
    ("rate", "closed", "closed"), ("rate", "{0s: 500/s}", "500/s"),
    ("rate", "{0: 30000/min, 1s: 2000/s, 1500ms: 0/s}", "0s:500/s|1s:2000/s|1.5s:0/s"),
    ("rate", "{0s: 90/min, 1us: 1/s, 1min: 0/min}", "0s:90/min|0.000001s:1/s|60s:0/s"),
    ("arrivals", "poisson", "poisson"), ("burst", "1_000", "1000"),
    ("instrumentation", "off", "off"),
    ("busy_policy", "fixed", "fixed"),
    ("busy_policy", "{fixed: {delay: 1ms, timeout: 5s}}", "fixed"),
    ("busy_policy", "{fixed: {delay: 2ms}}", "fixed(delay=2ms timeout=5s)"),
    ("busy_policy", "{sqlite: {timeout: 1s}}", "sqlite(timeout=1s)"),
    ("busy_policy", "{timeout: {timeout: 250ms}}", "timeout(timeout=250ms)"),
    ("busy_policy", "{backoff: {max: 1ms}}", "backoff(initial=100us max=1ms timeout=5s)"),
    ("task_types", "{video: 3, email: 1}", "video:3|email:1"),
    ("priorities", "{10: 1, -5: 9}", "10:1|-5:9"), ("depth", "1_000_000", "1000000"),
    ("synchronous", "off", "OFF"), ("synchronous", "\"1\"", "NORMAL"),
    ("mmap_size", "134_217_728", "134217728"), ("cache_size", "-20000", "-20000"),
    ("strategy", "weighted_random", "weighted_random"), ("transaction", "deferred", "deferred"),
  ])
  func labelsAreNormalised(name: String, value: String, label: String) throws {
    let scenario = try scenario("axes:\n  \(name):\n    - \(value)")
    #expect(scenario.cells[0].label(of: name) == label)
    #expect(!label.contains { ",\"\n".contains($0) })
  }

  @Test func everySettingIsAnAxis() throws {
    for setting in Setting.all {
      let scenario = try? scenario("axes: {\(setting.name): []}")
      #expect(scenario == nil)
      let line = errorLines(scenarioText("axes: {\(setting.name): []}"))
      #expect(
        line == ["x.yaml:3: axes.\(setting.name): empty axis: give at least one value"])
    }
    #expect(Setting.names.count == Set(Setting.names).count)
  }

  @Test func standardLabelsAreReadBackAsTheStandardSettings() throws {
    for setting in LoadSetting.allCases where ![.taskTypes, .priorities].contains(setting) {
      let scenario = try scenario("settings: {\(setting.rawValue): \(setting.standardValue.label)}")
      #expect(scenario.cells[0].settings == .standard, "\(setting)")
    }
  }

  @Test func ratesChangeInSteps() throws {
    let scenario = try scenario("axes: {rate: [closed, {0s: 500/s, 1s: 2000/s, 1500ms: 0/s}]}")
    #expect(scenario.cells[0].settings.arrivals == .closed)
    let profile = RateProfile(steps: [
      .init(startUs: 0, perSecond: 500), .init(startUs: 1_000_000, perSecond: 2000),
      .init(startUs: 1_500_000, perSecond: 0),
    ])
    #expect(scenario.cells[1].settings.arrivals == .open(profile))
    for (seconds, mean) in [(0.5, 500.0), (1.5, 1000), (2, 750), (1.25, 800)] {
      #expect(abs(profile.meanPerSecond(overSeconds: seconds) - mean) < 1e-9)
    }
  }

  @Test func theManifestNamesEverySetting() throws {
    let scenario = try scenario(
      "settings: {rate: {0s: 5/s, 1s: 1/min}, arrivals: poisson, burst: 2, instrumentation: off}")
    let described = scenario.cells[0].settings.described
    #expect(described["rate"] == "0s:5/s|1s:1/min")
    #expect(described["arrivals"] == "poisson")
    #expect(described["burst"] == "2")
    #expect(described["instrumentation"] == "off")
  }

  @Test func settingsSurviveCoding() throws {
    let scenario = try scenario(
      """
      settings:
        journal_mode: WAL
        cache_size: -2000
        rate: {0s: 100/s, 1s: 3/s}
        busy_policy: fixed
      """)
    let settings = scenario.cells[0].settings
    let data = try JSONEncoder().encode(settings)
    #expect(try JSONDecoder().decode(CellSettings.self, from: data) == settings)
    let json = try #require(String(data: data, encoding: .utf8))
    #expect(json.contains(#"["journal_mode=WAL","cache_size=-2000"]"#))
  }

  @Test(arguments: [#"["journal_mode=BANANA"]"#, #"["journal_mode"]"#, #"["nothing=1"]"#])
  func codedPragmasAreValidated(json: String) {
    #expect(throws: DecodingError.self) {
      try JSONDecoder().decode(PragmaList.self, from: Data(json.utf8))
    }
  }

  @Test func anchorsAndAliasesWork() throws {
    let scenario = try scenario(
      """
      axes:
        depth: &sizes [256, 512]
        payload_bytes: *sizes
      """)
    #expect(scenario.cells.count == 4)
  }

  @Test(arguments: ["\u{FEFF}", "# comment\n\n", "---\n"])
  func acceptsWhatEditorsAddInFront(prefix: String) throws {
    let text = prefix + scenarioText("seed: 3")
    #expect(try Scenario.parse(yaml: text, file: "x.yaml").seed == 3)
  }

  @Test func acceptsWindowsLineEnds() throws {
    let text = scenarioText("seed: 3\naxes:\n  dept: [1]\n").replacing("\n", with: "\r\n")
    #expect(
      errorLines(text) == ["x.yaml:5: axes.dept: unknown axis, did you mean \"depth\"?"])
  }
}
