import Testing

@testable import Scenarios

/// Targets without a scenario around them.
@Suite struct TargetListTests {
  @Test func expressionsAreSeparatedByCommas() throws {
    let targets = try TargetList.parse(" claim.p99 < 10ms,busy_error_rate<1% , lost == 0")
    #expect(targets.map(\.text) == ["claim.p99 < 10ms", "busy_error_rate<1%", "lost == 0"])
    #expect(targets.map(\.value) == [10_000, 0.01, 0])
    #expect(targets.allSatisfy { $0.cells.isEmpty && $0.line == nil })
  }

  @Test(arguments: [
    ("", 1, "expected a metric such as claim.p95"),
    ("claim.p99 < 10ms,", 18, "expected a metric such as claim.p95"),
    ("claim.p99 < 10ms,, lost == 0", 18, "expected a metric such as claim.p95"),
    ("claim.p99 < 10ms, busy_error_rate < 0.01", 41, "expected the unit % for busy_error_rate"),
    ("é.p99 < 1ms", 1, "unknown metric \"é.p99\""),
    ("claim.p99 < 10 ms", 15, "expected the unit us, ms or s for claim.p99"),
  ])
  func theCaretPointsAtTheCharacter(text: String, column: Int, message: String) throws {
    let problem = try #require(throws: TargetList.Problem.self) { try TargetList.parse(text) }
    #expect(problem.column == column)
    let lines = problem.description.split(separator: "\n", omittingEmptySubsequences: false)
    #expect(lines.count == 3)
    #expect(lines[0].hasPrefix(message))
    #expect(lines[1] == "  \(text)")
    #expect(lines[2] == String(repeating: " ", count: column + 1) + "^")
  }

  @Test func theCaretStaysBelowATextWithTabsAndLineBreaks() throws {
    let problem = try #require(throws: TargetList.Problem.self) {
      try TargetList.parse("claim.p99\t<\n10")
    }
    #expect(problem.description.hasSuffix("\n  claim.p99 < 10\n                ^"))
  }

  private static let cells = [
    [AxisValue(name: "lease", label: "1s"), AxisValue(name: "variant", label: "no index")],
    [AxisValue(name: "lease", label: "500ms"), AxisValue(name: "variant", label: "index")],
  ]

  private func lines(_ yaml: String) -> [String] {
    do {
      return try TargetList.parse(yaml: yaml, file: "t.yaml", cells: Self.cells).map { target in
        "\(target.line ?? 0) \(target.text) \(target.cellsText)"
      }
    } catch {
      return error.errors.map(\.description)
    }
  }

  @Test func aFileHasAListOfTargets() {
    let text = """
      # Limits
      targets:
        - claim.p99 < 10ms
        - expect: lost == 0
          cells: {lease: 1000ms}
        - {expect: vm_steps.claim <= 120, cells: {variant: no index, lease: 1s}}
      """
    #expect(
      lines(text) == [
        "3 claim.p99 < 10ms ", "4 lost == 0 lease=1s",
        "6 vm_steps.claim <= 120 variant=no index lease=1s",
      ])
  }

  @Test(arguments: [
    (
      "targets: [claim.p99 < 10]",
      "t.yaml:1:25: targets[0]: expected the unit us, ms or s for claim.p99"
    ),
    (
      "target: [lost == 0]",
      "t.yaml:1: target: unknown key; a file of targets has targets alone, did you mean \"targets\"?"
    ),
    ("{}", "t.yaml:1: targets: missing"), ("targets: []", "t.yaml:1: targets: the list is empty"),
    ("- lost == 0", "t.yaml:1: must be a map with targets, not a list"),
    ("", "t.yaml:1: the file is empty"),
    (
      "targets:\n  - {expect: lost == 0, cell: {lease: 1s}}",
      "t.yaml:2: targets[0].cell: unknown key, did you mean \"cells\"?"
    ),
    (
      "targets:\n  - expect: lost == 0\n    cells: {leese: 1s}",
      "t.yaml:3: targets[0].cells.leese: not an axis of this run; it has lease, variant, did you mean \"lease\"?"
    ),
    (
      "targets:\n  - expect: lost == 0\n    cells: {lease: 2s}",
      "t.yaml:3: targets[0].cells.lease: no cell of this run has \"2s\"; it has 1s, 500ms, did you mean \"1s\"?"
    ),
    (
      "targets:\n  - expect: lost == 0\n    cells: {lease: 1s, variant: index}",
      "t.yaml:3: targets[0].cells: matches no cell"
    ),
    ("targets:\n  - expect: lost == 0\n    cells: {}", "t.yaml:3: targets[0].cells: names no axis"),
  ])
  func whatIsWrongWithAFileIsSaid(yaml: String, message: String) {
    #expect(lines(yaml) == [message])
  }

  @Test func targetsOfAScenarioMustFitTheRun() throws {
    let scenario = try scenario(
      """
      axes: {lease: [1s, 2s]}
      targets:
        - lost == 0
        - {expect: claim.p99 < 10ms, cells: {lease: 2s}}
      """)
    let error = #expect(throws: ScenarioErrors.self) {
      try TargetList.check(scenario.targets, of: "s.yaml", cells: Self.cells)
    }
    #expect(
      error?.description
        == "s.yaml:6: targets: claim.p99 < 10ms: no cell of the run has lease=2s")
  }
}
