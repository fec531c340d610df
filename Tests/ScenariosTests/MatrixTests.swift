import QueueEngine
import SQLite
import Testing

@testable import Scenarios

@Suite struct MatrixTests {
  @Test func theFirstAxisVariesSlowest() throws {
    let scenario = try scenario(
      """
      axes:
        strategy: [fifo, lifo]
        depth: [0, 5, 9]
      """)
    #expect(scenario.axisNames == ["strategy", "depth"])
    #expect(
      scenario.cells.map { "\($0.id) \($0.summary)" } == [
        "c01 strategy=fifo depth=0", "c02 strategy=fifo depth=5", "c03 strategy=fifo depth=9",
        "c04 strategy=lifo depth=0", "c05 strategy=lifo depth=5", "c06 strategy=lifo depth=9",
      ])
    #expect(scenario.cells[4].settings.strategy == .lifo)
    #expect(scenario.cells[4].settings.depth == 5)
    #expect(scenario.cells[4].label(of: "depth") == "5")
    #expect(scenario.cells[4].label(of: "batch") == nil)
  }

  @Test func idsGrowWithTheMatrix() throws {
    let values = (1...120).map(String.init).joined(separator: ", ")
    let scenario = try scenario("max_cells: 120\naxes: {depth: [\(values)]}")
    #expect(scenario.cells.map(\.id).first == "c001")
    #expect(scenario.cells.map(\.id).last == "c120")
  }

  @Test func excludeRemovesPartialMatches() throws {
    let scenario = try scenario(
      """
      axes:
        strategy: [fifo, lifo]
        depth: [0, 5]
        batch: [1, 2]
      exclude:
        - {strategy: lifo, batch: 2}
        - {depth: 0, strategy: fifo}
        - {strategy: fifo, depth: 0, batch: 1}
      """)
    #expect(
      scenario.cells.map(\.summary) == [
        "strategy=fifo depth=5 batch=1", "strategy=fifo depth=5 batch=2",
        "strategy=lifo depth=0 batch=1", "strategy=lifo depth=5 batch=1",
      ])
  }

  /// The example from GitHub's documentation with fruit → strategy (apple → fifo, pear → lifo,
  /// banana → priority), animal → depth (cat → 1, dog → 2), color → batch (green → 10, pink → 20)
  /// and shape → payload_bytes (circle → 100).
  @Test func includeFollowsGitHubsExample() throws {
    let scenario = try scenario(
      """
      axes:
        strategy: [fifo, lifo]
        depth: [1, 2]
      include:
        - batch: 10
        - batch: 20
          depth: 1
        - strategy: fifo
          payload_bytes: 100
        - strategy: priority
        - strategy: priority
          depth: 1
      """)
    #expect(scenario.axisNames == ["strategy", "depth", "batch", "payload_bytes"])
    #expect(
      scenario.cells.map(\.summary) == [
        "strategy=fifo depth=1 batch=20 payload_bytes=100",
        "strategy=fifo depth=2 batch=10 payload_bytes=100",
        "strategy=lifo depth=1 batch=20 payload_bytes=256",
        "strategy=lifo depth=2 batch=10 payload_bytes=256",
        "strategy=priority depth=0 batch=1 payload_bytes=256",
        "strategy=priority depth=1 batch=1 payload_bytes=256",
      ])
    #expect(scenario.cells[0].settings.payloadBytes == 100)
    #expect(scenario.cells[2].settings.payloadBytes == 256)
    #expect(scenario.cells[4].settings.depth == 0)
  }

  @Test func includeComesAfterExclude() throws {
    let scenario = try scenario(
      """
      axes: {strategy: [fifo, lifo], depth: [1, 2]}
      exclude: [{strategy: lifo}]
      include: [{strategy: lifo, depth: 2}]
      """)
    #expect(
      scenario.cells.map(\.summary)
        == ["strategy=fifo depth=1", "strategy=fifo depth=2", "strategy=lifo depth=2"])
  }

  @Test func includeAloneMakesACellPerEntry() throws {
    let scenario = try scenario("include: [{strategy: lifo}, {depth: 2}]")
    #expect(scenario.axisNames == ["strategy", "depth"])
    #expect(
      scenario.cells.map(\.summary) == ["strategy=lifo depth=0", "strategy=priority depth=2"])
  }

  @Test func includeOverridesFixedSettings() throws {
    let scenario = try scenario(
      """
      settings: {batch: 7, mmap_size: 0}
      axes: {journal_mode: [WAL, DELETE]}
      include: [{journal_mode: WAL, batch: 9, cache_size: 100, mmap_size: 4096}]
      """)
    #expect(
      scenario.cells.map(\.summary) == [
        "journal_mode=WAL batch=9 cache_size=100 mmap_size=4096",
        "journal_mode=DELETE batch=7 cache_size=default mmap_size=0",
      ])
    #expect(scenario.cells[0].settings.pragmas[.mmapSize] == "4096")
    #expect(scenario.cells[1].settings.pragmas[.cacheSize] == nil)
  }

  @Test func valuesMatchHoweverTheyAreSpelled() throws {
    let scenario = try scenario(
      """
      axes: {lease: [1s, 2s], synchronous: [NORMAL, FULL]}
      exclude: [{lease: 2000ms, synchronous: 2}]
      baseline: {synchronous: full}
      """)
    #expect(scenario.cells.count == 3)
    #expect(scenario.baselineCell.summary == "lease=1s synchronous=FULL")
  }

  @Test func theBaselineIsTheFirstCellThatCanRun() throws {
    let scenario = try scenario("axes: {locking_mode: [EXCLUSIVE, NORMAL]}")
    #expect(scenario.baselineIndex == 1)
  }

  @Test func targetsOnlyApplyToTheirCells() throws {
    let scenario = try scenario(
      """
      axes: {strategy: [fifo, lifo], lease: [1s, 2s]}
      targets:
        - {cells: {lease: 2000ms}, expect: claim.p95 < 10ms}
      """)
    #expect(scenario.cells.map(scenario.targets[0].applies) == [false, true, false, true])
    #expect(scenario.targets[0].cells == [AxisValue(name: "lease", label: "2s")])
  }
}
