import Foundation
import HarnessDriver
import Results
import Testing

/// The report of a run, written again from its files.
@Suite struct ReportTests {
  private let directory = TemporaryDirectory()
  private var files: RunFiles { RunFiles(results: directory.path, name: "run") }
  private var page: String { "\(files.path)/report.html" }

  @Test func aReportIsWrittenFromTheFilesAlone() throws {
    let run = try Harness.run(
      [
        "run", TinyScenario().write(to: directory), "--results", directory.path, "--name", "run",
        "--allow-debug", "--no-plots", "--keep-disturbed",
      ], in: directory)
    #expect(run.exitCode == 0, "\(run)")
    try? FileManager.default.removeItem(atPath: page)

    let report = try Harness.run(["report", files.path], in: directory)
    #expect(report.exitCode == 0, "\(report)")
    #expect(report.output == "\(page)\n")
    let html = try String(contentsOfFile: page, encoding: .utf8)
    #expect(html.hasPrefix("<!DOCTYPE html>") && html.hasSuffix("</html>\n"))
    #expect(html.contains("each task was completed exactly once"))

    // Pictures are all that gnuplot is needed for.
    let without = try Harness.run(
      ["report", files.path], environment: ["PATH": "/nonexistent"], in: directory)
    #expect(without.exitCode == 0, "\(without)")
    #expect(
      try String(contentsOfFile: page, encoding: .utf8).contains("gnuplot is not installed"))
  }

  @Test func aDirectoryWithoutARunIsAnError() throws {
    let result = try Harness.run(["report", directory.path], in: directory)
    #expect(result.exitCode == 65, "\(result)")
    #expect(result.errors.contains("\(directory.path): holds no run"))
  }
}
