import Foundation
import HarnessDriver
import Results
import Testing
import Verification

@testable import LoadGeneration

@Suite struct ConditionsTests {
  private static let usual = ControlProbe(fsyncUs: 100, lockUs: 4, cpuUs: 80)

  private static func result(_ verdict: Verdict = .valid) -> RepeatResult {
    RepeatResult(
      run: "", cell: "c01", repeatNumber: 1, axes: [], producers: 1, consumers: 1,
      status: .measured, verdict: verdict, detail: "")
  }

  @Test(
    arguments: [
      (ControlProbe(fsyncUs: 199, lockUs: 2.1, cpuUs: 80), nil),
      (ControlProbe(fsyncUs: 201, lockUs: 4, cpuUs: 80), "fsync 201 µs, expected 50 to 200"),
      (ControlProbe(fsyncUs: 49, lockUs: 4, cpuUs: 80), "fsync 49 µs"),
      (ControlProbe(fsyncUs: 100, lockUs: 9, cpuUs: 161), "BEGIN IMMEDIATE 9.0 µs"),
      (ControlProbe(fsyncUs: 100, lockUs: 9, cpuUs: 161), "arithmetic 161 µs"),
    ] as [(ControlProbe, String?)])
  func theBandIsAFactorOfTwo(probe: ControlProbe, complaint: String?) throws {
    let band = try #require(ProbeBand(calibration: Array(repeating: Self.usual, count: 5)))
    let answer = band.complaint(about: probe)
    #expect((answer == nil) == (complaint == nil))
    if let complaint { #expect(answer?.contains(complaint) == true, "\(answer ?? "")") }
  }

  @Test func aMachineThatVariesGetsAWiderBand() throws {
    let probes = [50, 100, 400].map { ControlProbe(fsyncUs: $0, lockUs: 4, cpuUs: 80) }
    let band = try #require(ProbeBand(calibration: probes))
    #expect(band.complaint(about: ControlProbe(fsyncUs: 590, lockUs: 4, cpuUs: 80)) == nil)
    #expect(band.complaint(about: ControlProbe(fsyncUs: 610, lockUs: 4, cpuUs: 80)) != nil)
    #expect(ProbeBand(calibration: []) == nil)
  }

  @Test func aRealProbeTakesTimeAndLeavesNothing() throws {
    let directory = TemporaryDirectory()
    let probe = try ControlProbe.measure(directory: directory.path)
    #expect(probe.fsyncUs > 0 && probe.lockUs > 0 && probe.cpuUs > 0)
    #expect(try FileManager.default.contentsOfDirectory(atPath: directory.path).isEmpty)
  }

  @Test func aDisturbedRepeatRunsAgainTwice() throws {
    var monitor = ConditionsMonitor(
      band: ProbeBand(calibration: [Self.usual]), retries: 10, probe: { Self.usual })
    let slow = ControlProbe(fsyncUs: 900, lockUs: 4, cpuUs: 80)
    for attempt in 1...3 {
      var result = Self.result()
      let runsAgain = monitor.judge(&result, before: Self.usual, after: slow)
      #expect(runsAgain == (attempt < 3))
      #expect(result.conditions.state == .disturbed)
      #expect(result.conditions.probeFsyncUs == 100)
      #expect(result.warnings.count == 1 && result.warnings[0].contains("after it: fsync 900 µs"))
    }
    // The next repeat may run again as often.
    var next = Self.result()
    #expect(monitor.judge(&next, before: slow, after: Self.usual))
    var calm = Self.result()
    #expect(!monitor.judge(&calm, before: Self.usual, after: Self.usual))
    #expect(calm.conditions.state == .normal && calm.warnings.isEmpty)
  }

  @Test func thereIsAnEndToRunningAgain() throws {
    var monitor = ConditionsMonitor(
      band: ProbeBand(calibration: [Self.usual]), retries: 1, probe: { Self.usual })
    let slow = ControlProbe(fsyncUs: 900, lockUs: 4, cpuUs: 80)
    var first = Self.result()
    #expect(monitor.judge(&first, before: slow, after: slow))
    var second = Self.result()
    #expect(!monitor.judge(&second, before: slow, after: slow))
    #expect(second.conditions.state == .disturbed)
  }

  @Test func whatIsInvalidIsNeverMeasuredAway() throws {
    var monitor = ConditionsMonitor(
      band: ProbeBand(calibration: [Self.usual]), retries: 10, probe: { Self.usual })
    let slow = ControlProbe(fsyncUs: 900, lockUs: 4, cpuUs: 80)
    var result = Self.result(.invalid)
    #expect(!monitor.judge(&result, before: slow, after: slow))
    var failed = Self.result()
    failed.status = .failed
    #expect(!monitor.judge(&failed, before: slow, after: slow))
    #expect(failed.conditions.state == nil)
  }

  /// The probe after a repeat is the one before the next.
  @Test func oneProbeStandsBetweenTwoRepeats() throws {
    var probes = 0
    var monitor = ConditionsMonitor(band: ProbeBand(calibration: [Self.usual]), retries: 1) {
      probes += 1
      return Self.usual
    }
    for _ in 1...3 {
      let before = try monitor.probe()
      let after = try monitor.probe()
      var result = Self.result()
      #expect(!monitor.judge(&result, before: before, after: after))
    }
    #expect(probes == 4)
  }
}
