import Testing

@testable import Scenarios

@Suite struct FaultPlanTests {
  private func scenario(_ faults: String, measure: String = "10s") throws -> Scenario {
    try Scenario.parse(
      yaml: "name: a\nquestion: b\nmeasure: \(measure)\nsettings: {faults: \(faults)}\n",
      file: "a.yaml")
  }

  @Test(arguments: [
    ("none", "none"), ("kill", "kill"), ("{kill: {}}", "kill"), ("{kill: {every: 0.2s}}", "kill"),
    ("{kill: {every: 50ms}}", "kill(every=50ms)"),
    ("{stop: {every: 2s, for: 1s}}", "stop(every=2s for=1s)"),
    ("{clock: {by: 1min}, reader: {}}", "reader+clock(every=1s for=500ms by=60s)"),
    ("{disk_full: {}, io_error: {for: 10ms}}", "disk_full+io_error(every=1s for=10ms)"),
    ("{command: {run: taskqueue backup}}", "command(run=taskqueue backup every=1s)"),
    (
      "{command: {run: taskqueue backup, every: 10s, at: 0s}}",
      "command(run=taskqueue backup every=10s at=0s)"
    ),
    // What a table cannot show is left out, and the fingerprint keeps two commands apart.
    ("{command: {run: \"a, 'b' | c\"}}", "command(run=a_ _b_ _ c#ee31af07 every=1s)"),
    ("{command: {run: \"a, 'b' | d\"}}", "command(run=a_ _b_ _ d#eb31aa4e every=1s)"),
  ])
  func `one plan has one label`(text: String, label: String) throws {
    let settings = try scenario(text).cells[0].settings
    #expect(settings.faults.label == label)
    #expect(settings.described["faults"] == (label == "none" ? nil : label))
  }

  @Test(arguments: [
    ("kil", "did you mean \"kill\"?"), ("{kil: {}}", "did you mean \"kill\"?"),
    ("{kill: {evry: 1s}}", "did you mean \"every\"?"), ("{kill: {for: 1s}}", "unknown parameter"),
    ("{kill: {every: 5}}", "needs a unit"), ("{kill: {every: 0s}}", "longer than zero"),
    ("{stop: {every: 1s, for: 1s}}", "for (1s) must be shorter than every (1s)"),
    ("command", "a command needs a line to run"), ("{command: {}}", "run: missing"),
    ("{command: {every: 1s}}", "run: missing"), ("{command: {run: \" \"}}", "a command line"),
    ("{command: {run: \"a\\0b\"}}", "a command line"), ("{command: {run: [a]}}", "a command line"),
    ("{command: {rum: a}}", "did you mean \"run\"?"),
    ("{command: {run: a, for: 1s}}", "unknown parameter"),
    ("{command: {run: a, every: 1s, at: 1s}}", "at (1s) must be less than every (1s)"),
    ("{kill: {run: a}}", "unknown parameter"), ("{vacuum: {at: 1s}}", "unknown parameter"),
    ("{stop: 5s}", "a map with every or for"), ("[kill, stop]", "none, kill"),
  ])
  func `a mistake names the place`(text: String, message: String) {
    let errors = #expect(throws: ScenarioErrors.self) { try scenario(text) }
    let shown = errors?.description ?? ""
    #expect(shown.contains("a.yaml:4") && shown.contains("faults"), "\(shown)")
    #expect(shown.contains(message), "\(shown)")
  }

  @Test func `a command is kept as it was written`() throws {
    let faults = try scenario("{command: {run: \"a, 'b' | c\", at: 200ms}}").cells[0].settings
      .faults
    #expect(faults.faults[0].commandLine == "a, 'b' | c")
    #expect(faults.faults[0].atMs == 200)
  }

  @Test(arguments: [("finished: 1_000", 1000), ("depth: 3", 0)])
  func `finished tasks are a setting`(text: String, count: Int) throws {
    let scenario = try Scenario.parse(
      yaml: "name: a\nquestion: b\nsettings: {\(text)}\n", file: "a.yaml")
    let settings = scenario.cells[0].settings
    #expect(settings.finished == count)
    #expect(settings.described["finished"] == (count > 0 ? "\(count)" : nil))
    #expect(scenario.shortened(maxDepth: 10).cells[0].settings.finished == min(count, 10))
  }

  @Test func `a fault that cannot happen in the time is refused`() throws {
    let cell = try scenario("{kill: {every: 2s}}", measure: "1s").cells[0]
    #expect(cell.refusal?.contains("one in every 2s") == true, "\(cell.refusal ?? "")")
    #expect(try scenario("kill", measure: "1s").cells[0].refusal == nil)
  }

  @Test(arguments: [
    ("{faults: kill, instrumentation: \"off\"}", "need instrumentation"),
    ("{lease: 1s, renewal: 1s}", "renewal 1s comes too late for a lease of 1s"),
  ])
  func `what cannot be is refused`(settings: String, reason: String) throws {
    let scenario = try Scenario.parse(
      yaml: "name: a\nquestion: b\nsettings: \(settings)\n", file: "a.yaml")
    let refusal = scenario.cells[0].refusal ?? ""
    #expect(refusal.contains(reason), "\(refusal)")
  }

  @Test(arguments: ["system", "/opt/sqlite/libsqlite3.so.0", ".build/libsqlite3.so.0"])
  func `a SQLite is named by its path`(text: String) throws {
    let scenario = try Scenario.parse(
      yaml: "name: a\nquestion: b\naxes: {sqlite_library: [\(text)]}\n", file: "a.yaml")
    #expect(scenario.cells[0].settings.sqliteLibraryPath == (text == "system" ? nil : text))
    #expect(scenario.cells[0].axisValues[0].label == text)
  }

  @Test(arguments: ["libsqlite3.so.0", "\"/a b/lib.so\"", "\"/a:/b\"", "\"\""])
  func `anything else is no SQLite`(text: String) {
    let errors = #expect(throws: ScenarioErrors.self) {
      try Scenario.parse(
        yaml: "name: a\nquestion: b\nsettings: {sqlite_library: \(text)}\n", file: "a.yaml")
    }
    #expect(errors?.description.contains("sqlite_library") == true)
  }

  @Test func `faults are an axis`() throws {
    let scenario = try Scenario.parse(
      yaml: """
        name: a
        question: b
        measure: 3s
        axes:
          faults: [none, kill, {stop: {every: 1s, for: 100ms}}]
        """, file: "a.yaml")
    #expect(
      scenario.cells.map { $0.axisValues[0].label } == ["none", "kill", "stop(every=1s for=100ms)"])
  }
}
