import Foundation
import HarnessDriver
import Results
import Testing

/// Pictures, and what becomes of a run that cannot have any.
@Suite struct PlotTests {
  private let directory = TemporaryDirectory()
  private var files: RunFiles { RunFiles(results: directory.path, name: "run") }

  /// Runs a scenario with its plots under that search path.
  private func run(searchPath: String) throws -> HarnessResult {
    try Harness.run(
      [
        "run", TinyScenario().write(to: directory), "--results", directory.path, "--name", "run",
        "--allow-debug", "--keep-disturbed",
      ], environment: ["PATH": searchPath], in: directory)
  }

  private func names(_ ending: String) -> [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: "\(files.path)/plots")) ?? [])
      .filter { $0.hasSuffix(ending) }.map { String($0.dropLast(ending.count)) }.sorted()
  }

  private static let searchPath = ProcessInfo.processInfo.environment["PATH"] ?? ""
  private static let hasGnuplot = searchPath.split(separator: ":").contains {
    FileManager.default.isExecutableFile(atPath: "\($0)/gnuplot")
  }

  @Test func aMissingGnuplotCostsThePicturesOnly() throws {
    let result = try run(searchPath: "/nonexistent")
    #expect(result.exitCode == 0, "\(result)")
    #expect(result.errorLines.count == 1)
    #expect(result.errors.contains("gnuplot is not installed"))
    #expect(result.errors.contains("queuebench plot \(files.path)"))
    #expect(files.rowCount == 2)
    #expect(names(".svg").isEmpty)
    #expect(try files.manifest().finishedAtUtc != nil)

    let plot = try Harness.run(
      ["plot", files.path], environment: ["PATH": "/nonexistent"], in: directory)
    #expect(plot.exitCode == 69)
    #expect(plot.errors.contains("gnuplot is not installed"))
  }

  @Test func aFailingGnuplotCostsThePicturesOnly() throws {
    _ = try directory.writeProgram("#!/bin/sh\necho out of ink >&2\nexit 1\n", to: "gnuplot")
    let result = try run(searchPath: directory.path)
    #expect(result.exitCode == 0, "\(result)")
    #expect(result.errors.contains("out of ink"))
    #expect(files.rowCount == 2)
  }

  @Test(.enabled(if: hasGnuplot, "needs gnuplot"))
  func picturesAreDrawnWithTheirScriptsAndAgain() throws {
    let result = try run(searchPath: Self.searchPath)
    #expect(result.exitCode == 0, "\(result)")
    #expect(result.errors.isEmpty)
    let pictures = names(".svg")
    #expect(!pictures.isEmpty)
    #expect(names(".gp") == pictures && names(".dat") == pictures)

    // Again, from the CSV alone.
    try FileManager.default.removeItem(atPath: "\(files.path)/plots")
    let plot = try Harness.run(["plot", files.path], in: directory)
    #expect(plot.exitCode == 0, "\(plot)")
    #expect(names(".svg") == pictures)
    let printed = plot.output.split(separator: "\n")
    #expect(Set(printed) == Set(pictures.map { "\(files.path)/plots/\($0).svg" }))
  }

  @Test func aDirectoryWithoutARunIsAnError() throws {
    let result = try Harness.run(["plot", directory.path], in: directory)
    #expect(result.exitCode == 65, "\(result)")
    #expect(result.errors.contains("\(directory.path): holds no run"))
  }
}
