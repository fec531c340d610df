import LoadGeneration
import Platform
import Scenarios
import TestSupport
import Testing

@testable import Experiments

@Suite("Block series", .temporaryDirectory)
struct BlockSeriesTests {
  @Test func `a block on a disturbed machine is void`() throws {
    let directory = TemporaryDirectory.path(".")
    let interrupts = try InterruptMonitor()
    defer { interrupts.stop() }
    let runner = try BlockRunner(
      executable: "/nonexistent", directory: "\(directory)/blocks",
      times: PhaseTimes(warmupMs: 0, measureMs: 1, drainMs: 0), seed: 1, interrupts: interrupts)
    let calm = try ControlProbe.measure(directory: directory)
    var probes = Array(repeating: calm, count: 6)
    let slow = ControlProbe(
      fsyncUs: calm.fsyncUs * 100, lockUs: calm.lockUs, cpuUs: calm.cpuUs)
    // After the second block; before the third, anew, and after it; before and after the fourth.
    probes += [slow, slow, slow, calm, calm]
    var taken = 0
    let machine = try WatchedMachine {
      taken += 1
      return probes[taken - 1]
    }
    let series = BlockSeries(runner: runner, seed: 1, machine: machine)
    #expect(try series.measure([]).disturbance == nil)
    let block = try series.measure([])
    #expect(block.disturbance?.contains("after it: fsync") == true)
    var thrownAway: [Int] = []
    let next = try series.measureUndisturbed([]) { thrownAway.append($0.number) }
    #expect(thrownAway == [3])
    #expect(next.number == 4 && next.disturbance == nil)
    #expect(series.count == 4 && series.voidCount == 2)
    #expect(taken == probes.count)
  }
}
