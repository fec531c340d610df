import Foundation
import HarnessDriver
import Results
import SQLite
import Testing

/// Commands that just work.
@Suite struct CommandTests {
  private let directory = TemporaryDirectory()

  @Test(
    arguments: [
      [], ["run"], ["list"], ["plot"], ["report"], ["floor"], ["overhead"], ["stall"], ["doctor"],
      ["capacity"],
    ] as [[String]])
  func helpIsThere(command: [String]) throws {
    let result = try Harness.run(command + ["--help"], in: directory)
    #expect(result.exitCode == 0)
    #expect(result.output.contains("USAGE: queuebench \(command.joined())"))
    #expect(result.errors.isEmpty)
    if command.isEmpty { #expect(result.output.contains("Exit codes: 0 fine")) }
  }

  @Test func doctorNamesSQLiteAndTheMachine() throws {
    let result = try Harness.run(["doctor", "--directory", directory.path], in: directory)
    #expect(result.exitCode == 0, "\(result)")
    #expect(result.output.contains("SQLite") && result.output.contains(SQLiteLibrary.version))
    for fact in ["cores", "clock", "file system", "fdatasync", "load"] {
      #expect(result.output.contains(fact), "\(fact)")
    }
    for bug in SQLiteLibrary.knownBugs { #expect(result.output.contains(bug.name)) }
    let missing = try Harness.run(
      ["doctor", "--directory", "\(directory.path)/missing"], in: directory)
    #expect(missing.exitCode == 65, "\(missing)")
  }

  @Test func listShowsTheCellsOfSmoke() throws {
    let result = try Harness.run(
      ["list", "\(ShippedScenarioRunTests.scenariosPath)/smoke.yaml"], in: directory)
    #expect(result.exitCode == 0)
    #expect(
      result.output == """
        smoke: Does a benchmark run from end to end?

        cell  synchronous  strategy
        ───────────────────────────
        c01   NORMAL       fifo
        c02   NORMAL       priority
        c03   FULL         fifo
        c04   FULL         priority

        4 cells × 2 repeats, 100 ms warm-up + 300 ms measured + at most 200 ms drain each: 6 s to 7 s

        """)
  }

  @Test func listShowsWhatWillBeOffered() throws {
    func list(seed: Int, _ arguments: [String] = []) throws -> String {
      let scenario = try directory.write(
        """
        name: rates
        question: What is due?
        seed: \(seed)
        repeats: 2
        warmup: 100ms
        measure: 1s
        settings: {producers: 1, callers: 2}
        axes: {rate: [closed, {0s: 4/s, 500ms: 8/s}], arrivals: [fixed, poisson]}
        """, to: "rates.yaml")
      let result = try Harness.run(["list", "--schedule", scenario] + arguments, in: directory)
      #expect(result.exitCode == 0, "\(result)")
      return result.output
    }
    let output = try list(seed: 1)
    #expect(try list(seed: 1) == output)
    #expect(try list(seed: 1, ["--repeat", "1"]) == output)
    #expect(try list(seed: 2) != output)
    #expect(try list(seed: 1, ["--repeat", "2"]) != output)
    let lines = output.split(separator: "\n").map { $0.split { $0 == " " } }
    #expect(lines.count { $0.count == 1 && $0[0].contains("-r") } == 2 * 3)
    // The load begins 100 ms before: operation 3 of all is due when 0.6 s have offered 2.4 at 4/s, and
    // 75 ms more the rest at 8/s.
    let evenly = lines.filter { $0.first == "c03" }.map {
      $0.dropLast().dropFirst(3).map(String.init)
    }
    #expect(
      evenly == [
        ["3", "400000000", "700000000", "950000000"], ["3", "150000000", "575000000", "825000000"],
      ])
    #expect(lines.count { $0.first == "c04" } == 2)
    for arguments in [
      ["--repeat", "3", "--schedule"], ["--repeat", "0", "--schedule"], ["--repeat", "1"],
    ] {
      let result = try Harness.run(
        ["list", "\(directory.path)/rates.yaml"] + arguments, in: directory)
      #expect(result.exitCode == 64, "\(result)")
    }
  }

  @Test func theHeaderOfCellsIsTheDocumentedOne() throws {
    let scenario = try TinyScenario().write(to: directory)
    let result = try Harness.run(
      Harness.runArguments(scenario, results: directory.path, name: "run"), in: directory)
    #expect(result.exitCode == 0, "\(result)")
    let files = RunFiles(results: directory.path, name: "run")
    let header = try #require(try files.cellsLines().first).split(separator: ",").map(String.init)
    #expect(header.prefix(5) == ["schema_version", "run", "cell", "repeat", "axis.synchronous"])
    #expect(header.suffix(3) == ["commit", "warnings", "detail"])
    let run = try RunDirectory.open(files.path)
    #expect(Set(try run.phases().map(\.key)) == Set(try files.rows().map(\.key)))
    #expect(Set(try run.timeline().map(\.key)) == Set(try files.rows().map(\.key)))
    for row in try files.rows() {
      #expect(
        FileManager.default.fileExists(
          atPath: "\(files.path)/hist/\(row.cell)-r1-enqueue.hgrm"))
    }
  }

  @Test func theSameSeedGivesTheSameOrder() throws {
    var tiny = TinyScenario()
    tiny.cells = ["NORMAL", "OFF", "FULL"]
    tiny.measureMs = 30
    tiny.drainMs = 30
    let scenario = try tiny.write(to: directory)
    func order(_ name: String, seed: String) throws -> [String] {
      let result = try Harness.run(
        Harness.runArguments(
          scenario, results: directory.path, name: name, "--seed", seed, "--repeats", "3"
        ), in: directory)
      #expect(result.exitCode == 0, "\(result)")
      let files = RunFiles(results: directory.path, name: name)
      #expect(try files.storedKeys() == files.manifest().runOrder)
      return try files.storedKeys()
    }
    #expect(try order("a", seed: "5") == order("b", seed: "5"))
  }

  @Test func aMissedTargetIsExitCode2AndAnUndecidedOne5() throws {
    var tiny = TinyScenario()
    tiny.cells = ["NORMAL"]
    tiny.settings = ["producers: 1", "consumers: 1", "rate: 20/s"]
    for (name, target, code) in [
      ("missed", "throughput >= 100000/s", 2), ("undecided", "claim.p99 < 1s", 5),
      ("met", "throughput < 100000/s", 0),
    ] as [(String, String, Int32)] {
      tiny.more = ["targets:", "  - \(target)"]
      let result = try Harness.run(
        Harness.runArguments(
          try tiny.write(to: directory), results: directory.path, name: name), in: directory)
      #expect(result.exitCode == code, "\(result)")
      #expect(result.output.contains(target))
    }
  }

  @Test func floorComparesEveryOperation() throws {
    let result = try Harness.run(
      [
        "floor", "--blocks", "2", "--operations", "50", "--databases", directory.path,
        "--allow-debug",
      ], in: directory)
    #expect(result.exitCode == 0, "\(result)")
    for word in ["NORMAL", "FULL", "enqueue", "claim", "complete", "recording:"] {
      #expect(result.output.contains(word), "\(word)")
    }
  }
}
