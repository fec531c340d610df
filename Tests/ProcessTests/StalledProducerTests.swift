import Foundation
import HarnessDriver
import Testing

/// A producer of an open loop that is stopped by a signal: coordinated omission would hide it.
@Suite struct StalledProducerTests {
  private let directory = TemporaryDirectory()

  /// Operations that were due while the process stood still have waited, whatever the machine does
  /// besides: response times can only be longer than what arithmetic says.
  @Test func whatWasDueMeanwhileHasWaited() throws {
    let result = try Harness.run(
      [
        "stall", "--allow-debug", "--databases", directory.path, "--stall-ms", "400",
        "--measure-ms", "1500", "--rate", "400", "--tolerance", "1000", "--others-limit-ms",
        "60000",
      ], in: directory)
    #expect(result.exitCode == 0, "\(result)")
    // response p98.864: 249.7 ms, expected 250.0 ms (off by 0.1 %)
    let responses = result.output.matches(
      of: #/response p[\d.]+: ([\d.]+) ms, expected ([\d.]+) ms/#)
    #expect(responses.count == 3, "\(result)")
    for response in responses {
      let measuredMs = try #require(Double(response.output.1))
      let expectedMs = try #require(Double(response.output.2))
      #expect(measuredMs > 0.9 * expectedMs, "\(result)")
    }
    #expect(result.output.contains("the other producers' service time"))
  }

  @Test(arguments: [
    ["stall", "--stall-ms", "0"], ["stall", "--stall-ms", "4000", "--measure-ms", "5000"],
    ["overhead", "--pairs", "0"], ["overhead", "--producers", "300"],
    ["checker", "--operations", "1"],
  ])
  func nonsenseIsRefused(arguments: [String]) throws {
    let result = try Harness.run(arguments + ["--databases", directory.path], in: directory)
    #expect(result.exitCode == 64, "\(result)")
  }

  @Test func aDebugBuildMeasuresNothingUnlessItIsWanted() throws {
    for command in ["stall", "overhead"] {
      let result = try Harness.run([command, "--databases", directory.path], in: directory)
      #expect(result.exitCode == 64 && result.errors.contains("--allow-debug"), "\(result)")
    }
  }

  @Test func theCostOfInstrumentationIsARatioWithItsInterval() throws {
    let result = try Harness.run(
      [
        "overhead", "--allow-debug", "--databases", directory.path, "--pairs", "12",
        "--slice-ms", "50", "--producers", "1", "--consumers", "1", "--at-least", "0",
      ], in: directory)
    #expect(result.exitCode == 0, "\(result)")
    #expect(result.output.split(separator: "\n").count == 13)
    // On a busy machine a slice of 50 ms may pass without a task, which gives no ratio.
    let counts = (6...12).filter { result.output.contains("of \($0) pairs") }
    #expect(result.output.contains("95 % interval [") && counts.count == 1, "\(result)")
  }
}
