import Foundation
import HarnessDriver
import Results
import SQLite
import Scenarios
import Testing
import Verification

/// Every scenario that we ship, run from end to end in a shortened form.
@Suite struct ShippedScenarioRunTests {
  private let directory = TemporaryDirectory()

  static let scenariosPath = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("scenarios").path

  // What is tuned has a hundred cells, which differ in nothing that other scenarios do not try; so have leases
  // under faults. What is meant to damage a database may do so, and wants a SQLite that is not here.
  private static let left = ["tune-", "lease-faults", "sqlite-versions", "wal-reset"]
  static let names: [String] =
    ((try? FileManager.default.contentsOfDirectory(atPath: scenariosPath)) ?? [])
    .filter { name in
      name.hasSuffix(".yaml") && !left.contains { name.hasPrefix($0) }
    }.map { String($0.dropLast(5)) }
    .sorted()

  @Test func thereAreScenarios() {
    #expect(
      Set(Self.names).isSuperset(of: [
        "default", "smoke", "seed-targets", "pragma-matrix", "lease-matrix", "strategy-matrix",
        "contention", "depth",
      ]))
  }

  @Test(arguments: names)
  func aShippedScenarioRuns(name: String) throws {
    let path = "\(Self.scenariosPath)/\(name).yaml"
    let scenario = try Scenario.load(path: path)
    let result = try Harness.run(
      Harness.runArguments(
        path, results: directory.path, name: "run", "--quick", "--repeats", "1"), in: directory)
    // A look of 300 ms has too few samples for targets, and a slow machine may even miss one.
    let allowed: [Int32] = scenario.targets.isEmpty ? [0] : [0, 2, 5]
    #expect(allowed.contains(result.exitCode ?? -1), "\(result)")
    #expect(result.errors.isEmpty)

    let files = RunFiles(results: directory.path, name: "run")
    let rows = try files.rows()
    #expect(Set(rows.map(\.cell)) == Set(scenario.cells.map(\.id)))
    #expect(rows.count == scenario.cells.count)
    for row in rows {
      #expect(row.status == .measured, "\(row.cell): \(row.detail)")
      // Some offer more than a slow machine can take.
      #expect([.valid, .saturated].contains(row.verdict), "\(row.cell): \(row.detail)")
      #expect(row.pragmaHash.count == 16 && !row.sqliteVersion.isEmpty)
      let cell = try #require(scenario.cells.first { $0.id == row.cell })
      #expect(row.axes.map(\.label) == cell.axisValues.map(\.label))
    }
    // On a busy machine a child may not get to run at all in a look of 300 ms, but not all of them.
    let busyRows = rows.filter { $0.enqueued > 0 }
    #expect(2 * busyRows.count > rows.count || scenario.cells[0].settings.producers == 0)
    let manifest = try files.manifest()
    #expect(manifest.finishedAtUtc != nil && manifest.buildMode == "debug")
    #expect(Set(manifest.pragmasReadBack.keys) == Set(scenario.cells.map(\.id)))
    #expect(manifest.scenarioText == scenario.sourceText)
    for cell in scenario.cells {
      let asked = manifest.pragmasReadBack[cell.id, default: [:]]
      for setting in cell.settings.pragmas.settings {
        #expect(asked[setting.pragma.name] == setting.value)
      }
    }
    #expect(!FileManager.default.fileExists(atPath: "\(files.path)/databases"))
    #expect(result.output.contains("Results: \(files.path)/"))
  }
}
