import Foundation
import HarnessDriver
import Results
import Testing
import Verification

/// Faults as users ask for them, on real processes.
@Suite struct FaultTests {
  private let directory = TemporaryDirectory()

  private func run(
    _ faults: String, settings: [String] = [], measureMs: Int = 1500, drainMs: Int = 8000
  ) throws -> (result: HarnessResult, rows: [RepeatResult], faults: [FaultRow]) {
    var scenario = TinyScenario()
    scenario.cells = ["NORMAL"]
    scenario.measureMs = measureMs
    scenario.drainMs = drainMs
    scenario.settings = settings + ["faults: \(faults)", "rate: 400/s", "lease: 300ms"]
    let result = try Harness.run(
      [
        "run", scenario.write(to: directory), "--results", directory.path, "--name", "faults",
        "--allow-debug", "--no-plots", "--keep-disturbed",
      ], in: directory)
    let run = try RunDirectory.open("\(directory.path)/faults")
    return (result, try run.rows().rows, try run.faults())
  }

  /// Which faults each must survive with every task, and what it leaves behind.
  @Test(arguments: [
    "{kill: {every: 150ms}}", "{stop: {every: 700ms, for: 600ms}}",
    "{reader: {every: 700ms, for: 300ms}}", "{writer: {every: 700ms, for: 100ms}}",
    "{disk_full: {every: 700ms, for: 100ms}}",
    "{io_error: {every: 700ms, for: 100ms}}", "{clock: {every: 700ms, for: 300ms, by: 1min}}",
    "{backup: {every: 700ms}}", "{vacuum: {every: 700ms}}",
  ])
  func `no fault loses a task`(faults: String) throws {
    let found = try run(faults)
    let row = try #require(found.rows.first, "\(found.result)")
    #expect(row.status == .measured, "\(row.detail)")
    #expect([.valid, .saturated].contains(row.verdict), "\(row.verdict): \(row.detail)")
    #expect(row.flow.lost == 0 && row.flow.duplicated == 0)
    #expect(row.drained == true)
    #expect((row.faults ?? 0) >= 2 && found.faults.count == row.faults)
    #expect(found.faults.allSatisfy { faults.hasPrefix("{\($0.kind)") })
    #expect(!row.warnings.contains { $0.contains("could not be done") }, "\(row.warnings)")
    #expect(row.enqueued > 50)
  }

  /// A command that looks at what it is given, one that takes completed tasks of the run away, and one that fails.
  @Test(arguments: [
    (
      #"test -f \"$TASKQUEUE_DB\" && command -v queuebench && command -v taskqueue"#,
      RepeatStatus.measured, Verdict.valid, ""
    ),
    ("taskqueue prune --older-than 1ms", .measured, .invalid, "acknowledged tasks lost"),
    ("echo 'no such luck' >&2; exit 7", .failed, .unknown, "exit code 7; no such luck"),
  ])
  func `a command runs beside the load`(
    line: String, status: RepeatStatus, verdict: Verdict, detail: String
  ) throws {
    let found = try run(
      "{command: {run: \"\(line)\", every: 600ms, at: 200ms}}", settings: ["finished: 50"],
      measureMs: 600, drainMs: 500)
    let row = try #require(found.rows.first, "\(found.result)")
    #expect(row.status == status, "\(row.detail)")
    #expect(detail.isEmpty || row.detail.contains(detail), "\(row.detail)")
    let verdicts = verdict == .valid ? [.valid, .saturated] : [verdict]
    #expect(verdicts.contains(row.verdict), "\(row.verdict): \(row.detail)")
    #expect(found.faults.map(\.kind) == ["command"])
    #expect((found.faults.first?.beginSeconds ?? 0) >= 0.2)
    if status == .measured {
      #expect(row.faults == 1 && found.faults.first?.endSeconds != nil, "\(row.warnings)")
    }
  }

  @Test func `the tasks of killed consumers are recovered when their leases end`() throws {
    let found = try run(
      "{kill: {every: 100ms}}", settings: ["work_time: 20ms", "producers: 2", "consumers: 4"],
      measureMs: 3000)
    let row = try #require(found.rows.first)
    #expect([.valid, .saturated].contains(row.verdict), "\(row.detail)")
    #expect((row.flow.recovered ?? 0) > 0 && (row.flow.redelivered ?? 0) > 0)
    #expect(row.flow.reclaim.maxUs != nil && row.flow.lost == 0 && row.drained == true)
    #expect(Set(found.faults.map(\.remark)).count > 2)
  }

  @Test func `a stop that outlasts the lease is turned down by the fence`() throws {
    let found = try run(
      "{stop: {every: 500ms, for: 450ms}}",
      settings: ["work_time: 20ms", "producers: 1", "consumers: 3"])
    let row = try #require(found.rows.first)
    #expect([.valid, .saturated].contains(row.verdict), "\(row.detail)")
    #expect(row.flow.lost == 0 && row.flow.duplicated == 0)
    #expect((row.flow.refused ?? 0) > 0)
  }
}
