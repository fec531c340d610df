import HarnessDriver
import Results
import Testing

/// `run --cell`: one cell of a scenario, and its continuation.
@Suite struct OneCellTests {
  private let directory = TemporaryDirectory()

  private func run(_ more: [String]) throws -> HarnessResult {
    try Harness.run(
      [
        "run", TinyScenario().write(to: directory), "--results", directory.path, "--allow-debug",
        "--no-plots", "--keep-disturbed",
      ] + more, in: directory)
  }

  @Test func `one cell alone is run, and more repeats of it`() throws {
    let first = try run(["--name", "one", "--cell", "c02"])
    #expect(first.exitCode == 0, "\(first)")
    let files = RunFiles(results: directory.path, name: "one")
    #expect(try files.storedKeys() == ["c02-r1"])
    #expect(try files.manifest().baselineCell == "c02")

    let more = try run(["--resume", "one", "--repeats", "2"])
    #expect(more.exitCode == 0, "\(more)")
    #expect(try files.storedKeys() == ["c02-r1", "c02-r2"])

    let other = try run(["--resume", "one", "--cell", "c01"])
    #expect(other.exitCode == 65 && other.errors.contains("did not begin with it"), "\(other)")
  }

  @Test func `a cell that is not there is an error`() throws {
    let result = try run(["--cell", "c07"])
    #expect(result.exitCode == 65, "\(result)")
    #expect(result.errors.contains("--cell c07") && result.errors.contains("c01, c02"))
  }
}
