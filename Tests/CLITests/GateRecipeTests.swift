import Foundation
import HarnessDriver
import Platform
import Testing
import Yams

/// The recipes for CI: the shell one, and the workflow that calls it.
@Suite struct GateRecipeTests {
  private let directory = TemporaryDirectory()

  private static let root = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path
  private static let gate = "\(root)/.ci/queue-gate"

  /// Runs a shell command in the repository, with nothing of ours in its environment but what is given.
  private func shell(
    _ command: String, _ variables: [String: String] = [:]
  ) throws -> HarnessResult {
    var environment = ChildCommand.currentEnvironment()
    for name in [
      "BASE", "BASE_QUEUEBENCH", "REPORTS", "BASELINE", "SCENARIO", "GITHUB_ACTIONS",
      "INCONCLUSIVE_IS_FAILURE",
    ] {
      environment[name] = nil
    }
    environment["QUEUEBENCH"] = try Harness.executable()
    environment.merge(variables) { $1 }
    let output = "\(directory.path)/\(UUID().uuidString)"
    let child = try ChildProcess.spawn(
      ChildCommand(
        executable: "/bin/sh", arguments: ["-c", "cd '\(Self.root)' && \(command)"],
        environment: environment, standardOutput: .file(path: "\(output).out"),
        standardError: .file(path: "\(output).err"), name: command))
    let status = try #require(child.wait(untilNs: MonotonicClock.nowNs() + 60_000_000_000))
    func text(_ path: String) -> String {
      String(decoding: FileManager.default.contents(atPath: path) ?? Data(), as: UTF8.self)
    }
    return HarnessResult(
      reason: status.reason, output: text("\(output).out"), errors: text("\(output).err"))
  }

  /// A stand-in for queuebench that notes how it was called and ends as it is told.
  private func standIn(costs: Int = 0, ab: Int = 0) throws -> String {
    try directory.writeProgram(
      """
      #!/bin/sh
      echo "$@" >> '\(directory.path)/calls'
      case $1 in costs) exit \(costs) ;; ab) exit \(ab) ;; esac
      """, to: "stand-in")
  }

  private var calls: [String] {
    let text = try? String(contentsOfFile: "\(directory.path)/calls", encoding: .utf8)
    return (text ?? "").split(separator: "\n").map(String.init)
  }

  // MARK: The shell recipe

  @Test func theCommittedBaselineIsMet() throws {
    let result = try shell(".ci/queue-gate costs", ["REPORTS": "\(directory.path)/reports"])
    // Of a SQLite that it does not hold nothing can be told.
    let isKnown =
      !result.output.contains("planner and virtual machine differ")
      && !result.output.contains("compiled with other options")
    #expect(result.exitCode == (isKnown ? 0 : 5), "\(result)")
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: "\(directory.path)/reports").sorted()
        == ["costs.json", "costs.md", "costs.xml"])
  }

  @Test func aDearerOperationFailsIt() throws {
    // Made here, so that it holds for any SQLite.
    let baseline = "\(directory.path)/costs.json"
    let saved = try shell("\"$QUEUEBENCH\" costs scenarios/ci.yaml --save '\(baseline)'")
    #expect(saved.exitCode == 0, "\(saved)")
    #expect(try shell(".ci/queue-gate", ["BASELINE": baseline]).exitCode == 0)
    let text = try String(contentsOfFile: baseline, encoding: .utf8)
    let cheaper = text.replacing(/"vmSteps" : 18000\b/, with: "\"vmSteps\" : 17999")
    try #require(cheaper != text)
    try cheaper.write(toFile: baseline, atomically: true, encoding: .utf8)
    let result = try shell(".ci/queue-gate", ["BASELINE": baseline])
    #expect(result.exitCode == 2, "\(result)")
    #expect(result.output.contains("complete VM steps <= 89.995"))
  }

  @Test(arguments: [
    (0, 0, 0, 2), (2, 0, 2, 1), (5, 0, 5, 2), (5, 2, 2, 2), (0, 5, 5, 2), (5, 5, 5, 2),
    (0, 2, 2, 2), (65, 0, 65, 1), (0, 4, 4, 2),
  ])
  func bothGatesCount(costs: Int, ab: Int, code: Int32, callCount: Int) throws {
    let program = try standIn(costs: costs, ab: ab)
    let result = try shell(
      ".ci/queue-gate", ["QUEUEBENCH": program, "BASE_QUEUEBENCH": "/the/base"])
    #expect(result.exitCode == code, "\(result)")
    try #require(calls.count == callCount)
    #expect(calls[0] == "costs scenarios/ci.yaml --against .ci/costs.json")
    if callCount > 1 {
      // A change that is dearer on purpose has a new baseline, but BASE stays as it was.
      #expect(
        calls[1]
          == "ab scenarios/ab.yaml --base /the/base --head \(program) --no-costs --budget 5m")
    }
  }

  /// What the costs end with, the variable, the exit code, and whether it is said aloud.
  @Test(arguments: [
    (5, "", Int32(5), true), (5, "1", 5, true), (5, "0", 0, true), (2, "0", 2, false),
    (0, "0", 0, false),
  ])
  func whatCannotBeToldIsNeverSilent(
    costs: Int, variable: String, code: Int32, isSaid: Bool
  ) throws {
    let program = try standIn(costs: costs)
    var variables = ["QUEUEBENCH": program, "GITHUB_ACTIONS": "true"]
    if !variable.isEmpty { variables["INCONCLUSIVE_IS_FAILURE"] = variable }
    let result = try shell(".ci/queue-gate costs", variables)
    #expect(result.exitCode == code, "\(result)")
    #expect(result.errors.contains("!!! the costs were NOT checked") == isSaid, "\(result)")
    #expect(result.output.contains("::warning title=queue-gate::the costs were NOT") == isSaid)
  }

  @Test func variablesAreHandedOn() throws {
    let program = try standIn()
    let result = try shell(
      ".ci/queue-gate ab",
      [
        "QUEUEBENCH": program, "BASE_QUEUEBENCH": "b", "AB_SCENARIO": "s.yaml", "BUDGET": "30s",
        "AB_OPTIONS": "--margin 10%", "REPORTS": "\(directory.path)/r",
      ])
    #expect(result.exitCode == 0, "\(result)")
    #expect(
      calls == [
        "ab s.yaml --base b --head \(program) --no-costs --budget 30s --margin 10% "
          + "--export-markdown \(directory.path)/r/ab.md --export-junit \(directory.path)/r/ab.xml --export-json "
          + "\(directory.path)/r/ab.json"
      ])
  }

  @Test func whatCannotBeDoneIsSaid() throws {
    let program = try standIn()
    let noBase = try shell(".ci/queue-gate ab", ["QUEUEBENCH": program])
    #expect(noBase.exitCode == 64 && noBase.errors.contains("Give BASE"))
    let unknown = try shell(".ci/queue-gate ab", ["QUEUEBENCH": program, "BASE": "no-such-commit"])
    #expect(unknown.exitCode == 64 && unknown.errors.contains("BASE=no-such-commit"))
    #expect(try shell(".ci/queue-gate everything").exitCode == 64)
    #expect(calls.isEmpty)
  }

  // MARK: The workflow

  private func workflow() throws -> [String: Any] {
    let text = try String(
      contentsOfFile: "\(Self.root)/.github/workflows/queue-benchmarks.yml", encoding: .utf8)
    return try #require(try Yams.load(yaml: text) as? [String: Any])
  }

  private func steps() throws -> [[String: Any]] {
    let jobs = try #require(try workflow()["jobs"] as? [String: [String: Any]])
    return jobs.values.flatMap { $0["steps"] as? [[String: Any]] ?? [] }
  }

  @Test func theWorkflowIsWellFormed() throws {
    let workflow = try workflow()
    #expect(workflow["name"] is String)
    let triggers = try #require(workflow["on"] as? [String: Any])
    #expect(triggers.keys.contains("pull_request"))
    let steps = try steps()
    #expect(!steps.isEmpty)
    for step in steps {
      #expect((step["uses"] != nil) != (step["run"] != nil), "\(step)")
    }
    let actions = steps.compactMap { $0["uses"] as? String }
    #expect(
      Set(actions) == ["actions/checkout@v4", "actions/cache@v4", "actions/upload-artifact@v4"])
  }

  @Test func itsPathsAreThere() throws {
    let texts =
      try steps().compactMap { $0["run"] as? String } + [
        String(contentsOfFile: Self.gate, encoding: .utf8),
        String(contentsOfFile: "\(Self.root)/.ci/run", encoding: .utf8),
      ]
    let paths = Set(
      texts.flatMap { $0.matches(of: /(?:\.ci|scenarios)\/[a-z][a-z.-]*[a-z]/).map(\.output) })
    #expect(
      paths.isSuperset(of: [".ci/setup", ".ci/queue-gate", ".ci/costs.json", "scenarios/ci.yaml"]))
    for path in paths {
      #expect(FileManager.default.fileExists(atPath: "\(Self.root)/\(path)"), "\(path)")
    }
  }

  /// The very commands of its steps, with a program that is built already.
  @Test func itsStepsCallTheShellRecipe() throws {
    let gates = try steps().filter { ($0["run"] as? String)?.contains("queue-gate") == true }
    #expect(gates.count == 2)
    let program = try standIn()
    for step in gates {
      var variables = ["QUEUEBENCH": program, "BASE_QUEUEBENCH": "b"]
      for (name, value) in step["env"] as? [String: String] ?? [:] where !value.contains("${{") {
        variables[name] = value
      }
      let result = try shell(try #require(step["run"] as? String), variables)
      #expect(result.exitCode == 0, "\(result)")
    }
    #expect(
      calls == [
        "costs scenarios/ci.yaml --against .ci/costs.json",
        "ab scenarios/ab.yaml --base b --head \(program) --no-costs --budget 10m",
      ])
    // And what this repository's own CI runs is the first of them.
    let own = try String(contentsOfFile: "\(Self.root)/.ci/run", encoding: .utf8)
    let command = try #require(gates[0]["run"] as? String)
    #expect(own.contains(command.trimmingCharacters(in: .whitespacesAndNewlines)))
  }
}
