import Foundation
import HarnessDriver
import Platform
import Results
import Testing
import Verification

/// Disks that fill up while a run writes its results or its database.
@Suite struct FullDiskTests {
  private let directory = TemporaryDirectory()

  private func arguments(_ scenario: String, _ more: String...) -> [String] {
    Harness.runArguments(scenario, results: directory.path, name: "run") + more
  }

  /// `/dev/full` answers every write as a full disk does; files are replaced by way of `<name>.new`.
  @Test(arguments: ["summary.csv", "manifest.json"])
  func aDiskThatFillsUpUnderTheResultsLosesNothing(file: String) throws {
    var tiny = TinyScenario()
    tiny.repeats = 2
    let scenario = try tiny.write(to: directory)
    let files = RunFiles(results: directory.path, name: "run")
    let run = try Harness.start(arguments(scenario), in: directory)
    try waitUntil("a row") { files.rowCount >= 1 }
    // While the program itself is replacing the file, the name is taken for a moment.
    try waitUntil("the name to be free") {
      symlink("/dev/full", "\(files.path)/\(file).new") == 0
    }
    let result = try run.result()
    #expect(result.exitCode == 73, "\(result)")
    #expect(result.errorLines.count == 1)
    #expect(result.errors.contains("\(files.path)/\(file)"))
    #expect(result.errors.contains("No space left on device"))
    #expect(result.errors.contains("--resume"))
    #expect(ProcessEntry.roles(of: run.child.pid).isEmpty)
    let rows = try files.rows()
    #expect(!rows.isEmpty && rows.allSatisfy { $0.status == .measured && $0.verdict == .valid })

    // Once there is space again, it goes on.
    let resumed = try Harness.run(
      ["run", scenario, "--results", directory.path, "--resume", "run", "--allow-debug"]
        + ["--no-plots", "--keep-disturbed"], in: directory)
    #expect(resumed.exitCode == 0, "\(resumed)")
    #expect(try files.storedKeys().sorted() == ["c01-r1", "c01-r2", "c02-r1", "c02-r2"])
    #expect(Array(try files.rows().prefix(rows.count)) == rows)
  }

  /// The second cell's payload is what outgrows the limit; the rest fits.
  private func growingScenario() throws -> String {
    var tiny = TinyScenario()
    tiny.cells = ["NORMAL"]
    tiny.settings = ["producers: 1", "consumers: 1", "rate: 50/s"]
    tiny.more = ["include:", "  - {synchronous: OFF, payload_bytes: 1_000_000, rate: 100/s}"]
    return try tiny.write(to: directory)
  }

  private func expectOneFailedCell(_ result: HarnessResult, reasons: [String]) throws {
    #expect(result.exitCode == 3, "\(result)")
    let rows = try RunFiles(results: directory.path, name: "run").rows()
      .sorted { $0.cell < $1.cell }
    #expect(rows.map(\.status) == [.measured, .failed])
    // On a busy machine not even a small rate is offered in time.
    #expect(rows.count == 2 && rows[0].verdict <= .saturated && rows[1].verdict == .unknown)
    #expect(reasons.contains { rows[1].detail.contains($0) }, "\(rows[1].detail)")
    #expect(rows[1].detail.contains("queue.db"))
    #expect(!rows[1].detail.contains("\n"))
  }

  @Test func aDatabaseThatMeetsTheFileSizeLimitFailsItsRepeat() throws {
    // 6,000 blocks of 512 bytes: enough for logs, too little for three large tasks.
    let result = try Harness.run(
      arguments(try growingScenario()), in: directory, through: Harness.shell("ulimit -f 6000"))
    try expectOneFailedCell(result, reasons: ["SQLITE_IOERR_WRITE", "SQLITE_FULL"])
  }

  /// A mount namespace of its own, which ends with the program.
  private static let canMount: Bool = {
    guard
      let result = try? Harness.run(
        ["--help"], in: TemporaryDirectory(),
        through: ["/usr/bin/env", "unshare", "--mount", "/bin/sh", "-c"]
          + ["mount -t tmpfs -o size=4m none /mnt && exec \"$@\"", "sh"])
    else { return false }
    return result.exitCode == 0
  }()

  @Test(.enabled(if: canMount, "needs the right to mount"))
  func aDatabaseOnADiskThatFillsUpFailsItsRepeat() throws {
    let place = "\(directory.path)/small"
    try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: false)
    let result = try Harness.run(
      arguments(try growingScenario(), "--databases", place), in: directory,
      through: ["/usr/bin/env", "unshare", "--mount", "/bin/sh", "-c"]
        + ["mount -t tmpfs -o size=4m none '\(place)' && exec \"$@\"", "sh"])
    try expectOneFailedCell(result, reasons: ["SQLITE_FULL"])
  }
}
