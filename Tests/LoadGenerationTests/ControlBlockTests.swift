import Platform
import Testing

@testable import LoadGeneration

@Suite struct ControlBlockTests {
  @Test func releasingSetsEveryInstantBeforeThePhase() throws {
    let control = try ControlBlock(memory: SharedMemory(byteCount: ControlBlock.byteCount))
    #expect(control.phase.load() == ControlBlock.Phase.gathering.rawValue)
    control.release(
      startNs: 1_000, scenarioTimes: PhaseTimes(warmupMs: 5, measureMs: 70, drainMs: 900))
    #expect(control.phase.load() == ControlBlock.Phase.running.rawValue)
    #expect(control.startNs.load() == 1_000)
    #expect(control.measureStartNs.load() == 5_001_000)
    #expect(control.measureEndNs.load() == 75_001_000)
    #expect(control.drainEndNs.load() == 975_001_000)
  }

  @Test func aPhaseMayBeEmpty() throws {
    let control = try ControlBlock(memory: SharedMemory(byteCount: ControlBlock.byteCount))
    control.release(
      startNs: 9, scenarioTimes: PhaseTimes(warmupMs: 0, measureMs: 1, drainMs: 0))
    #expect(control.measureStartNs.load() == 9)
    #expect(control.drainEndNs.load() == control.measureEndNs.load())
  }

  @Test func whoMapsTheSameMemorySeesTheSameWords() throws {
    let memory = try SharedMemory(byteCount: ControlBlock.byteCount)
    let ours = try ControlBlock(memory: memory)
    let theirs = try ControlBlock(memory: memory)
    ours.readyCount.add(3)
    ours.finishedProducers.add(2)
    ours.release(startNs: 7, scenarioTimes: PhaseTimes(warmupMs: 1, measureMs: 1, drainMs: 1))
    #expect(theirs.readyCount.load() == 3)
    #expect(theirs.finishedProducers.load() == 2)
    #expect(theirs.measureEndNs.load() == 2_000_007)
  }

  @Test func tooLittleMemoryIsRefused() throws {
    let memory = try SharedMemory(byteCount: 128)
    #expect(throws: SystemError.self) { try ControlBlock(memory: memory) }
  }
}
