import QueueEngine
import SQLite
import Testing

@testable import Scenarios

@Suite struct SettingOverrideTests {
  private func cell(_ settings: String = "journal_mode: WAL") throws -> Cell {
    try Scenario.parse(
      yaml: "name: a\nquestion: b\nsettings: {\(settings)}\n", file: "a.yaml"
    ).cells[0]
  }

  @Test(arguments: [
    ("synchronous=FULL", "synchronous", "FULL"), ("lease=2000ms", "lease_ms", "2000"),
    ("busy_policy=sqlite", "busy_policy", "sqlite(5000ms)"), ("processes=2", "producers", "1"),
    ("busy_policy={fixed: {delay: 2ms}}", "busy_policy", "fixed(2000us, 5000ms)"),
    ("rate=100/s", "rate", "100/s"),
  ])
  func aValueIsReadAsInAScenario(text: String, name: String, value: String) throws {
    let override = try SettingOverride(text, option: "--head-set")
    let changed = try cell().overridden(by: [override], measureMs: 100)
    #expect(changed.refusal == nil)
    // The words of policies are those of their own descriptions; what counts is that they are the same.
    let written = try cell(
      "journal_mode: WAL, " + text.replacing("=", with: ": ", maxReplacements: 1))
    #expect(changed.settings == written.settings)
    #expect(changed.settings.described[name] == written.settings.described[name], "\(value)")
    #expect(changed.settings != (try cell().settings))
  }

  @Test(arguments: [
    ("synchronous=FULLL", "--base-set: synchronous: must be "),
    ("synchronous", "--base-set: must be name=value"), ("=FULL", "--base-set: must be name=value"),
    ("sychronous=FULL", "did you mean \"synchronous\"?"),
    ("synchronous=", "--base-set: synchronous: has no value"), ("lease=5", "needs a unit"),
    ("busy_policy={fixed: {dealy: 2ms}}", "--base-set: busy_policy.fixed.dealy: unknown parameter"),
    ("busy_policy={fixed: {", "--base-set: busy_policy: invalid YAML"),
    ("injected_fault=slow", "unknown setting"),
  ])
  func aMistakeNamesOptionAndPlace(text: String, message: String) {
    let errors = #expect(throws: ScenarioErrors.self) {
      try SettingOverride(text, option: "--base-set")
    }
    let shown = errors?.description ?? ""
    #expect(shown.hasPrefix("--base-set: ") && shown.contains(message), "\(shown)")
    #expect(!shown.contains("--base-set:1"))
  }

  @Test func whatDoesNotGoTogetherIsRefused() throws {
    let handoff = try SettingOverride("busy_policy=handoff", option: "o")
    let cell = try cell("busy_timeout: 100").overridden(by: [handoff], measureMs: 100)
    #expect(cell.refusal?.contains("busy_timeout excludes busy_policy") == true)
  }

  @Test(arguments: [
    ("synchronous=FULL", "synchronous", true), ("producers=1", "processes", true),
    ("processes=2", "consumers", true), ("producers=1", "consumers", false),
    ("synchronous=FULL", "journal_mode", false),
  ])
  func anOverrideKnowsTheAxesThatItContradicts(text: String, axis: String, overlaps: Bool) throws {
    #expect(try SettingOverride(text, option: "o").overlaps(axis: axis) == overlaps)
  }
}
