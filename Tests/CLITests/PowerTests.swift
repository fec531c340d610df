import Foundation
import HarnessDriver
import Results
import Testing

/// `queuebench power`, and `power_cuts` in a scenario.
@Suite struct PowerTests {
  private let directory = TemporaryDirectory()

  private func scenario(_ cells: [String], more: [String] = []) throws -> String {
    var scenario = TinyScenario()
    scenario.cells = cells
    scenario.more = more
    return try scenario.write(to: directory)
  }

  @Test func `each setting keeps what it promises, and shows what it loses`() throws {
    let result = try Harness.run(
      [
        "power", scenario(["FULL", "NORMAL", "\"OFF\""]), "--cuts", "16", "--databases",
        directory.path,
      ], in: directory)
    #expect(result.exitCode == 0, "\(result)")
    let cells = result.output.components(separatedBy: "\nc0")
    #expect(cells.count == 3)
    #expect(cells[0].contains("promised: power; shown by 16 power cuts"))
    #expect(cells[0].contains("operations: power") && cells[0].contains("lost: nothing"))
    #expect(cells[1].contains("promised: process") && cells[1].contains("operations: process"))
    #expect(cells[1].contains("only the latest were lost"))
    #expect(cells[2].contains("promised: none") && cells[2].contains("damaged after"))
  }

  @Test func `a run that asks for power cuts has them in its rows`() throws {
    let result = try Harness.run(
      [
        "run", scenario(["NORMAL"], more: ["power_cuts: 40"]), "--results", directory.path,
        "--name",
        "power", "--allow-debug", "--no-plots", "--keep-disturbed",
      ], in: directory)
    #expect(result.exitCode == 0, "\(result)")
    let row = try #require(try RunFiles(results: directory.path, name: "power").rows().first)
    #expect(row.power.durabilityClass == "process" && row.power.cuts == 40)
    #expect(row.power.corrupt == 0 && (row.power.lostMax ?? 0) > 0)
  }

  @Test func `a cell that is not there is an error`() throws {
    let result = try Harness.run(
      ["power", scenario(["FULL"]), "--cell", "c07"], in: directory)
    #expect(result.exitCode == 65 && result.errors.contains("has the cells c01"), "\(result)")
  }
}
