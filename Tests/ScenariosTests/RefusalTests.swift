import Testing

@testable import Scenarios

@Suite struct RefusalTests {
  @Test(arguments: [
    ("{producers: 0, consumers: 0}", "no producers and no consumers: nothing to run"),
    ("{producers: 0, rate: 10/s}", "a rate needs at least one producer"),
    (
      "{rate: 10/s, think_time: 1ms}",
      "think_time has no effect at a fixed rate: use rate closed"
    ),
    (
      "{arrivals: poisson}", "arrivals poisson has no effect in a closed loop: set a rate"
    ),
    ("{burst: 2}", "burst has no effect in a closed loop: set a rate"),
    (
      "{rate: {0s: 10/s, 2s: 20/s}}",
      "the step of the rate at 2s begins after the measurement (measure: 2s)"
    ),
    ("{locking_mode: EXCLUSIVE}", "locking_mode EXCLUSIVE admits one process, not 8"),
    (
      "{locking_mode: EXCLUSIVE, journal_mode: WAL, processes: 2}",
      "locking_mode EXCLUSIVE admits one process, not 2"
    ),
    (
      "{busy_timeout: 100, busy_policy: fixed}",
      "busy_timeout excludes busy_policy fixed: both set the connection's busy handler"
    ),
    (
      "{busy_timeout: 100, busy_policy: {sqlite: {timeout: 5s}}}",
      "busy_timeout 100 contradicts busy_policy sqlite with timeout 5s"
    ),
  ])
  func isRefused(settings: String, reason: String) throws {
    let cell = try scenario("settings: \(settings)").cells[0]
    #expect(cell.refusal == reason)
  }

  @Test(arguments: [
    "{producers: 0}", "{consumers: 0}", "{journal_mode: OFF, synchronous: OFF}",
    "{locking_mode: EXCLUSIVE, producers: 1, consumers: 0}", "{busy_timeout: 100}",
    "{busy_timeout: 100, busy_policy: sqlite}",
    "{busy_timeout: 5000, busy_policy: {sqlite: {timeout: 5s}}}", "{rate: 10/s, think_time: 0}",
    "{arrivals: fixed, burst: 1}", "{rate: 10/s, arrivals: poisson, burst: 10000}",
    "{rate: {0s: 10/s, 1999999us: 0/s}}",
  ])
  func isRunnable(settings: String) throws {
    let cell = try scenario("settings: \(settings)").cells[0]
    #expect(cell.refusal == nil)
  }

  @Test func refusedCellsAreListedButNotRun() throws {
    let scenario = try scenario(
      """
      repeats: 2
      axes: {busy_policy: [sqlite, fixed], producers: [1, 2]}
      settings: {busy_timeout: 100}
      """)
    #expect(scenario.cells.map { $0.refusal != nil } == [false, false, true, true])
    #expect(Set(scenario.runOrder(seed: 1).map(\.cellIndex)) == [0, 1])
    #expect(scenario.runOrder(seed: 1).count == 4)
    #expect(scenario.expectedDuration.minMs == 2 * 2 * 2_750)
  }

  @Test func aScenarioMayBeRefusedAsAWhole() throws {
    let scenario = try scenario("settings: {locking_mode: EXCLUSIVE}")
    #expect(scenario.runOrder(seed: 1).isEmpty)
    #expect(scenario.expectedDuration.maxMs == 0)
    #expect(scenario.baselineIndex == 0)
  }
}
