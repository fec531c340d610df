import Foundation
import SQLite
import Testing

@testable import Scenarios

/// The files of `scenarios/` in the repository.
@Suite struct ShippedScenarioTests {
  struct Expectation: CustomTestStringConvertible, Sendable {
    let name: String
    let axes: [String]
    let cells: Int
    let baseline: String
    let minMs: Int
    let maxMs: Int
    var testDescription: String { name }
  }

  static let directory = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("scenarios")

  static let expectations = [
    Expectation(
      name: "default", axes: ["journal_mode", "synchronous", "processes"], cells: 12,
      baseline: "journal_mode=WAL synchronous=FULL processes=4", minMs: 81_000, maxMs: 99_000),
    Expectation(
      name: "smoke", axes: ["synchronous", "strategy"], cells: 4,
      baseline: "synchronous=NORMAL strategy=fifo", minMs: 5_200, maxMs: 6_800),
    Expectation(
      name: "seed-targets", axes: [], cells: 1, baseline: "", minMs: 96_750, maxMs: 102_750),
    Expectation(
      name: "pragma-matrix", axes: ["journal_mode", "synchronous", "page_size", "cache_size"],
      cells: 13, baseline: "journal_mode=WAL synchronous=FULL page_size=4096 cache_size=-2000",
      minMs: 107_445, maxMs: 126_945),
    Expectation(
      name: "lease-matrix", axes: ["lease", "work_time"], cells: 12,
      baseline: "lease=30s work_time=1ms", minMs: 135_000, maxMs: 171_000),
    Expectation(
      name: "strategy-matrix", axes: ["strategy", "depth"], cells: 14,
      baseline: "strategy=fifo depth=0", minMs: 123_075, maxMs: 144_075),
    Expectation(
      name: "contention", axes: ["processes", "busy_policy"], cells: 16,
      baseline: "processes=4 busy_policy=sqlite", minMs: 108_000, maxMs: 132_000),
    Expectation(
      name: "contention-rate", axes: ["rate", "busy_policy"], cells: 6,
      baseline: "rate=2000/s busy_policy=sqlite", minMs: 82_500, maxMs: 91_500),
    Expectation(
      name: "write-combining", axes: ["synchronous", "callers", "write_combining"], cells: 12,
      baseline: "synchronous=FULL callers=1 write_combining=on", minMs: 99_000, maxMs: 102_600),
    Expectation(
      name: "checkpoints", axes: ["checkpoint"], cells: 6, baseline: "checkpoint=auto",
      minMs: 202_500, maxMs: 211_500),
    Expectation(
      name: "depth", axes: ["depth", "strategy"], cells: 8,
      baseline: "depth=1000 strategy=priority", minMs: 99_330, maxMs: 99_330),
    Expectation(
      name: "arrivals", axes: ["arrivals", "burst"], cells: 4, baseline: "arrivals=fixed burst=1",
      minMs: 114_000, maxMs: 126_000),
    Expectation(
      name: "capacity", axes: [], cells: 1, baseline: "", minMs: 4_650, maxMs: 5_250),
    Expectation(
      name: "rates", axes: ["rate"], cells: 7, baseline: "rate=1000/s", minMs: 96_250,
      maxMs: 113_750),
    Expectation(
      name: "overload", axes: ["synchronous"], cells: 2, baseline: "synchronous=NORMAL",
      minMs: 69_000, maxMs: 93_000),
    Expectation(name: "ab", axes: [], cells: 1, baseline: "", minMs: 1950, maxMs: 2250),
    Expectation(
      name: "ci", axes: ["strategy", "batch", "task_types", "synchronous"], cells: 13,
      baseline: "strategy=priority batch=1 task_types=task:1 synchronous=NORMAL", minMs: 37_245,
      maxMs: 48_945),
    Expectation(
      name: "tune-default", axes: ["synchronous", "checkpoint", "page_size", "cache_size"],
      cells: 96,
      baseline: "synchronous=NORMAL checkpoint=pinned page_size=4096 cache_size=-20000",
      minMs: 468_480, maxMs: 506_880),
    Expectation(
      name: "tune-claims", axes: ["synchronous", "checkpoint", "page_size", "cache_size"],
      cells: 96,
      baseline: "synchronous=NORMAL checkpoint=pinned page_size=4096 cache_size=-20000",
      minMs: 506_880, maxMs: 545_280),
    Expectation(
      name: "tune-enqueues", axes: ["synchronous", "checkpoint", "page_size", "cache_size"],
      cells: 96,
      baseline: "synchronous=NORMAL checkpoint=pinned page_size=4096 cache_size=-20000",
      minMs: 468_480, maxMs: 506_880),
    Expectation(
      name: "tune-payloads", axes: ["synchronous", "checkpoint", "page_size", "cache_size"],
      cells: 96,
      baseline: "synchronous=NORMAL checkpoint=pinned page_size=4096 cache_size=-20000",
      minMs: 468_480, maxMs: 506_880),
    Expectation(
      name: "faults", axes: ["faults"], cells: 10, baseline: "faults=none", minMs: 163_500,
      maxMs: 313_500),
    Expectation(
      name: "kills", axes: [], cells: 1, baseline: "", minMs: 123_000, maxMs: 163_000),
    Expectation(
      name: "lease-faults", axes: ["faults", "lease", "work_time", "renewal"], cells: 40,
      baseline: "faults=kill(every=250ms) lease=250ms work_time=20ms renewal=0s", minMs: 774_000,
      maxMs: 2_214_000),
    Expectation(
      name: "power", axes: ["journal_mode", "synchronous"], cells: 11,
      baseline: "journal_mode=WAL synchronous=OFF", minMs: 90_750, maxMs: 123_750),
    Expectation(
      name: "operations", axes: ["faults"], cells: 3, baseline: "faults=none", minMs: 605_250,
      maxMs: 605_250),
    Expectation(name: "soak", axes: [], cells: 1, baseline: "", minMs: 3_601_250, maxMs: 3_631_250),
    Expectation(
      name: "sqlite-versions", axes: ["sqlite_library"], cells: 2,
      baseline: "sqlite_library=system", minMs: 330_000, maxMs: 410_000),
    Expectation(
      name: "wal-reset", axes: ["checkpoint", "mmap_size", "busy_policy", "faults"], cells: 2,
      baseline:
        "checkpoint=auto mmap_size=134217728 busy_policy=sqlite "
        + "faults=checkpointer(every=8s for=7900ms)",
      minMs: 330_000, maxMs: 410_000),
  ]

  static func load(_ name: String) throws -> Scenario {
    try Scenario.load(path: directory.appendingPathComponent("\(name).yaml").path)
  }

  @Test func allFilesAreExpected() throws {
    let files = try FileManager.default.contentsOfDirectory(atPath: Self.directory.path)
    #expect(files.sorted() == Self.expectations.map { "\($0.name).yaml" }.sorted())
  }

  @Test(arguments: expectations)
  func loads(_ expected: Expectation) throws {
    let scenario = try Self.load(expected.name)
    #expect(scenario.name == expected.name)
    #expect(scenario.sourceText.hasPrefix("# Which question does this scenario answer?\n"))
    #expect(scenario.axisNames == expected.axes)
    #expect(scenario.cells.count == expected.cells)
    #expect(scenario.cells.allSatisfy { $0.refusal == nil })
    #expect(scenario.baselineCell.summary == expected.baseline)
    #expect(scenario.expectedDuration.minMs == expected.minMs)
    #expect(scenario.expectedDuration.maxMs == expected.maxMs)
  }

  // Two are there to show what the others avoid.
  @Test(arguments: expectations.filter { !["sqlite-versions", "wal-reset"].contains($0.name) })
  func isSafeOnAffectedVersionsOfSQLite(_ expected: Expectation) throws {
    for cell in try Self.load(expected.name).cells {
      #expect(["0", nil].contains(cell.settings.pragmas[.mmapSize]))
      #expect(["0", nil].contains(cell.settings.pragmas[.walAutocheckpoint]))
      // One scenario is about the others.
      #expect(
        cell.settings.checkpointPolicy.isImmuneToWALReset || expected.name == "checkpoints")
    }
  }

  @Test func theDefaultFitsIntoItsTime() throws {
    #expect(try Self.load("default").expectedDuration.maxMs <= 110_000)
    #expect(try Self.load("smoke").expectedDuration.maxMs < 10_000)
  }

  @Test func theDefaultsOrderOfCells() throws {
    let cells = try Self.load("default").cells
    #expect(cells[0].summary == "journal_mode=WAL synchronous=NORMAL processes=2")
    #expect(cells[1].summary == "journal_mode=WAL synchronous=NORMAL processes=4")
    #expect(cells[11].summary == "journal_mode=DELETE synchronous=FULL processes=8")
  }

  @Test func seedTargetsMeasureEnoughForP95() throws {
    let scenario = try Self.load("seed-targets")
    let settings = scenario.cells[0].settings
    #expect(settings.producers == 4)
    #expect(settings.consumers == 4)
    guard case .open(let profile) = settings.arrivals else {
      Issue.record("not an open loop")
      return
    }
    let perSecond = profile.meanPerSecond(overSeconds: 1)
    #expect(abs(perSecond * 60 - 1_000) < 1e-9)
    #expect(perSecond * Double(scenario.measureMs) / 1_000 > 72)
    #expect(scenario.targets.map(\.metric.column).count == 4)
    #expect(
      scenario.targets.map(\.text) == [
        "claim.p95 < 10ms", "enqueue.p95 < 5ms", "busy_error_rate < 1%", "throughput >= 500/min",
      ])
  }

  @Test(arguments: expectations)
  func canBeShortened(_ expected: Expectation) throws {
    let scenario = try Self.load(expected.name)
    let short = scenario.shortened(
      measureMs: 50, warmupMs: 0, drainMs: 20, repeats: 1, maxDepth: 50)
    #expect(short.cells.map(\.id) == scenario.cells.map(\.id))
    #expect(short.cells.map(\.axisValues) == scenario.cells.map(\.axisValues))
    #expect(short.cells.allSatisfy { $0.settings.depth <= 50 && $0.settings.finished <= 50 })
    #expect(short.expectedDuration.minMs <= scenario.cells.count * 300)
    #expect(short.expectedDuration.maxMs == short.expectedDuration.minMs + 20 * short.cells.count)
    #expect(short.runOrder(seed: 1).count == scenario.cells.count)
    #expect(scenario.shortened() == scenario)
  }
}
