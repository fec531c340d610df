import Foundation
import HarnessDriver
import LoadGeneration
import Results
import SQLite
import Scenarios
import Statistics
import Testing
import Verification

@testable import Experiments

/// Programs that do not keep to the protocol, and one that does.
@Suite struct BlockClientTests {
  private let directory = HarnessDriver.TemporaryDirectory()
  private static let greeting =
    #"{"queuebench_blocks":1,"commit":"c","build":"debug","sqlite":"3","sqlite_source":"s"}"#

  private func client(
    _ command: String?, patienceMs: UInt64 = 20_000
  ) throws -> BlockClient {
    try BlockClient(
      name: "base", command: command, executable: try Harness.executable(),
      directory: directory.path, interrupts: nil, patienceNs: patienceMs * 1_000_000)
  }

  /// A shell script as a command; the arguments of the protocol are its own.
  private func script(_ text: String) throws -> String {
    let path = try directory.write(text, to: "\(UUID().uuidString).sh")
    return "sh \(path)"
  }

  private func failure(
    _ text: String, patienceMs: UInt64 = 20_000, measures: Bool = false,
    settings: CellSettings = .standard
  ) throws -> String {
    let command = try script(text)
    let failure = #expect(throws: BlockClient.Failure.self) {
      let client = try self.client(command, patienceMs: patienceMs)
      if measures {
        _ = try client.measure(
          Cell(settings: settings), block: 1,
          times: PhaseTimes(warmupMs: 0, measureMs: 1, drainMs: 0), seed: 1)
      }
    }
    let shown = failure?.description ?? ""
    #expect(shown.hasPrefix("base (\(command)): "), "\(shown)")
    return shown
  }

  @Test(arguments: [
    ("echo hello; exec sleep 60", #"said "hello"; is it a queuebench"#),
    ("echo hello; exit 1", #"said "hello""#),
    (
      #"echo '{"queuebench_blocks":99,"new":[]}'; exec sleep 60"#,
      "speaks version 99 of the block protocol, this program version 1; compare with a newer"
    ),
    (
      "echo '\(greeting.replacing(":1,", with: ":0,"))'",
      "speaks version 0 of the block protocol"
    ),
    ("echo first >&2; echo oops >&2; exit 7", "ended (exit code 7); it complained: oops; is it"),
    ("echo 'Error: no such command' >&2; echo Usage >&2; exit 64", "Error: no such command"),
    ("tr '\\0' x < /dev/zero", "a line without end"),
  ])
  func aGreetingThatIsNoneIsNamed(text: String, message: String) throws {
    let shown = try failure(text)
    #expect(shown.contains(message), "\(shown)")
  }

  @Test func aProgramThatSaysNothingIsNotWaitedForForever() throws {
    #expect(try failure("exec sleep 60", patienceMs: 30).contains("said nothing"))
  }

  @Test func aProgramThatIsNotThereIsNamed() throws {
    for command in ["/nonexistent/queuebench", "no-such-program-anywhere --flag"] {
      let failure = #expect(throws: BlockClient.Failure.self) {
        try client(command)
      }
      #expect(failure?.description.contains("not found") == true, "\(failure as Any)")
    }
  }

  @Test(arguments: [
    ("read line; echo nonsense; exec sleep 60", #"answered "nonsense""#),
    ("read line; exit 9", "ended (exit code 9)"),
    ("read line; kill -9 $$", "ended (signal 9"),
    (#"read line; echo '{"number":5}'; exec sleep 60"#, "answered request 5 when it was asked 1"),
    (#"read line; echo '{"number":1}'; exec sleep 60"#, "its answer has no fields"),
    (
      #"read line; echo '{"number":1,"failure":"no room"}'"#,
      "could not do what it was asked for: no room"
    ),
    (
      #"read line; echo '{"number":1,"fields":{"throughput_per_s":"many"},"settings":{}}'"#,
      #"throughput_per_s: "many" is not a number"#
    ),
  ])
  func anAnswerThatIsNoneIsNamed(text: String, message: String) throws {
    let shown = try failure("echo '\(Self.greeting)'; \(text)", measures: true)
    #expect(shown.contains(message), "\(shown)")
  }

  @Test func aProgramThatHangsInABlockIsNotWaitedForForever() throws {
    var settings = CellSettings.standard
    settings.busyPolicy = .timeout(timeoutMs: 1)
    let shown = try failure(
      "echo '\(Self.greeting)'; read line; exec sleep 60", patienceMs: 100, measures: true,
      settings: settings)
    #expect(shown.contains("did not answer"), "\(shown)")
  }

  /// An older program would leave out a setting that it does not know, and measure something else.
  @Test func aSettingThatIsNotUnderstoodIsNoSilentMistake() throws {
    var settings = CellSettings.standard
    settings.depth = 17
    let answer = #"{"number":1,"fields":{"status":"measured","verdict":"valid"},"settings":{}}"#
    let shown = try failure(
      "echo '\(Self.greeting)'; read line; echo '\(answer)'", measures: true, settings: settings)
    #expect(shown.contains("asked for depth=17 and has understood nothing"), "\(shown)")
  }

  @Test func aRealBlockComesBackWhole() throws {
    let client = try self.client(nil)
    #expect(client.greeting.protocolVersion == BlockProtocol.version)
    #expect(client.greeting.sqliteVersion == SQLiteLibrary.version)
    var settings = CellSettings.standard
    (settings.producers, settings.consumers) = (1, 1)
    settings.injectedFault = .slowClaim(percent: 1000)
    let answer = try client.measure(
      Cell(id: "c07", axisValues: [], settings: settings), block: 3,
      times: PhaseTimes(warmupMs: 10, measureMs: 500, drainMs: 0), seed: 5)
    let result = answer.result
    #expect(result.status == .measured && result.verdict == .valid, "\(result.detail)")
    #expect(result.cell == "c07" && result.repeatNumber == 3)
    #expect(result.claim.count > 0 && result.throughputPerSecond ?? 0 > 0)
    // Eleven times as long as without the fault; else a claim takes half as long again as a completion.
    #expect(
      result.claim.latency.p50Us ?? 0 > 4 * (result.complete.latency.p50Us ?? .infinity),
      "\(result.claim.latency) \(result.complete.latency)")
    #expect(!answer.pragmas.isEmpty)
    client.finish()
    #expect(!FileManager.default.fileExists(atPath: "\(directory.path)/base/block"))
  }

  /// The queue by hand with an index that is of no use, and what the gate says of it.
  @Test func aDroppedIndexIsCaughtByCounting() throws {
    let cell = Cell(settings: .standard)
    let trial = GateTrial(
      plan: Comparison.Plan(cells: [ComparedCell(base: cell, head: cell)], seed: 1),
      executable: try Harness.executable(), directory: "\(directory.path)/trial",
      interrupts: nil)
    let result = try trial.compare(.droppedIndex, number: 1)
    #expect(result.decision == .failed && result.isByCosts && result.blocks == 0)
    #expect(result.worst.hasPrefix("claim VM steps"), "\(result.worst)")
  }

  @Test func equalSidesCostTheSame() throws {
    let sides = try ComparedSides(
      base: nil, head: nil, executable: try Harness.executable(),
      directory: "\(directory.path)/sides", interrupts: nil)
    let cell = Cell(settings: .standard)
    let costs = try ComparedCosts(
      of: [ComparedCell(base: cell, head: cell)], base: sides.base, head: sides.head, seed: 1)
    #expect(!costs.hasFailed)
    guard case .equal = costs.findings[0].finding else {
      Issue.record("\(costs.findings[0].finding)")
      return
    }
  }
}
