import Foundation
import HarnessDriver
import Results
import Testing

/// What the user gets wrong, and what the program says to it.
@Suite struct BadInputTests {
  private let directory = TemporaryDirectory()

  private func run(_ scenario: String, _ more: String...) throws -> HarnessResult {
    try Harness.run(
      ["run", scenario, "--allow-debug", "--no-plots", "--keep-disturbed"]
        + (more.contains("--results") ? [] : ["--results", directory.path]) + more, in: directory)
  }

  /// A change of a scenario's text, and the line that it must lead to (`FILE` is the file).
  @Test(arguments: [
    (
      "  synchronous: [", "  sychronous: [",
      #"FILE:13: axes.sychronous: unknown axis, did you mean "synchronous"?"#
    ),
    ("repeats: 1", "repeats: some", "FILE:4: repeats: "),
    ("measure: 300ms", "measure: -1s", "FILE:6: measure: "),
    ("measure: 300ms", "measure: 0ms", "FILE:6: measure: "),
    ("[NORMAL, OFF]", "[]", "FILE:13: axes.synchronous: "),
    ("seed: 3", "seed: 3\nmax_cells: 1", "FILE:"),
    ("question: Does it work?", "question: [", "FILE:"),
  ])
  func aMistakeInAScenarioIsNamed(original: String, mistake: String, message: String) throws {
    let text = TinyScenario().yaml
    try #require(text.contains(original))
    let path = try directory.write(text.replacing(original, with: mistake), to: "wrong.yaml")
    for command in [["run", path, "--allow-debug", "--results", directory.path], ["list", path]] {
      let result = try Harness.run(command, in: directory)
      #expect(result.exitCode == 65, "\(result)")
      let expected = "queuebench: " + message.replacing("FILE", with: path)
      #expect(result.errorLines.first?.hasPrefix(expected) == true, "\(result)")
      #expect(result.output.isEmpty)
    }
    #expect(try FileManager.default.contentsOfDirectory(atPath: directory.path).count <= 5)
  }

  @Test(arguments: ["missing.yaml", "/dev/null", "/proc/self/mem", "/"])
  func aFileThatIsNoneIsAnError(_ name: String) throws {
    let path = name.hasPrefix("/") ? name : "\(directory.path)/\(name)"
    let result = try run(path)
    #expect(result.exitCode == 65, "\(result)")
    #expect(result.errorLines.count == 1 && result.errors.contains(path))
  }

  @Test(arguments: [
    "--results", "--databases",
  ])
  func aDirectoryThatCannotBeWrittenIsAnError(option: String) throws {
    let scenario = try TinyScenario().write(to: directory)
    let file = try directory.write("a file", to: "file")
    for (name, place) in [("a", "\(file)/below"), ("b", "/proc/queuebench-test")] {
      let result = try run(scenario, option, place, "--name", name)
      #expect(result.exitCode == 73, "\(result)")
      #expect(result.errorLines.count == 1)
      #expect(result.errors.contains(place))
      #expect(result.errors.contains("Not a directory") || result.errors.contains("No such file"))
    }
  }

  @Test func theNameOfAnExistingRunIsAnErrorThatKeepsIt() throws {
    let scenario = try TinyScenario().write(to: directory)
    #expect(try run(scenario, "--name", "a").exitCode == 0)
    let files = RunFiles(results: directory.path, name: "a")
    let before = try files.cellsLines()
    let again = try run(scenario, "--name", "a")
    #expect(again.exitCode == 65)
    #expect(again.errors.contains("--resume"))
    #expect(try files.cellsLines() == before)
  }

  @Test(arguments: ["", "../a", "a/b", ".hidden", "a\nb"])
  func aNameThatIsNoneIsAnError(name: String) throws {
    let result = try run(try TinyScenario().write(to: directory), "--name", name)
    #expect(result.exitCode == 65, "\(result)")
  }

  @Test func onlyARunOfTheSameScenarioCanBeResumed() throws {
    let scenario = try TinyScenario().write(to: directory)
    let missing = try run(scenario, "--resume", "missing")
    #expect(missing.exitCode == 65)
    #expect(missing.errors.contains("\(directory.path)/missing"))

    #expect(try run(scenario, "--name", "a").exitCode == 0)
    var other = TinyScenario()
    other.cells = ["FULL"]
    _ = try other.write(to: directory)
    let result = try run(scenario, "--resume", "a")
    #expect(result.exitCode == 65)
    #expect(result.errors.contains("another version of \(scenario)"))
    #expect(RunFiles(results: directory.path, name: "a").rowCount == 2)
  }

  @Test(arguments: [
    ["run"], ["run", "a.yaml", "--repeats", "0"], ["run", "a.yaml", "--repeats", "many"],
    ["run", "a.yaml", "--name", "a", "--resume", "b"], ["run", "a.yaml", "--sed", "4"],
    ["frobnicate"], ["list"], ["floor", "--blocks", "0"], ["role"],
  ])
  func wrongUsageIsExitCode64(arguments: [String]) throws {
    let result = try Harness.run(arguments, in: directory)
    #expect(result.exitCode == 64, "\(result)")
    #expect(result.errors.contains("Usage:"))
  }

  @Test(arguments: ["run", "floor"])
  func aDebugBuildMeasuresOnlyOnDemand(command: String) throws {
    let scenario = try TinyScenario().write(to: directory)
    let result = try Harness.run(
      [command] + (command == "run" ? [scenario, "--results", directory.path] : []), in: directory)
    #expect(result.exitCode == 64, "\(result)")
    #expect(result.errors.contains("--allow-debug"))
  }

  @Test(arguments: ["role", "floor-engine"])
  func aChildWithoutAConfigurationSaysSo(argument: String) throws {
    let path = try directory.write("{", to: "configuration.json")
    for file in [path, "\(directory.path)/missing.json"] {
      let result = try Harness.run([argument, file], in: directory)
      #expect(result.exitCode == 1, "\(result)")
      #expect(!result.errors.isEmpty)
    }
  }
}
