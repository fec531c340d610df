@testable import Scenarios

/// A scenario with the required keys on lines 1 and 2, and `body` from line 3.
func scenarioText(_ body: String) -> String {
  "name: test\nquestion: Does it work?\n" + body
}

/// The scenario of ``scenarioText(_:)``.
func scenario(_ body: String) throws -> Scenario {
  try Scenario.parse(yaml: scenarioText(body), file: "test.yaml")
}

/// The lines of the errors that parsing `text` gives; empty if it succeeds.
func errorLines(_ text: String) -> [String] {
  do {
    _ = try Scenario.parse(yaml: text, file: "x.yaml")
    return []
  } catch {
    return error.errors.map(\.description)
  }
}
