import Glibc
import Platform
import TestSupport
import Testing

@testable import Recording

@Suite struct PacingTests {
  @Test func aTimeInThePastIsLate() throws {
    let flag = try SharedMemory(byteCount: 8).word32(at: 0)
    let dueNs = MonotonicClock.nowNs() - 1_000_000
    guard case .due(let latenessNs) = Pacer(stopFlag: flag).wait(untilNs: dueNs) else {
      Issue.record("stopped without a reason")
      return
    }
    #expect(latenessNs >= 1_000_000)
  }

  @Test(arguments: [0, 60_000, 10_000_000] as [UInt64])
  func aWaitNeverEndsEarly(spinNs: UInt64) throws {
    let flag = try SharedMemory(byteCount: 8).word32(at: 0)
    let pacer = Pacer(stopFlag: flag, spinNs: spinNs)
    let dueNs = MonotonicClock.nowNs() + 2_000_000
    guard case .due(let latenessNs) = pacer.wait(untilNs: dueNs) else {
      Issue.record("stopped without a reason")
      return
    }
    let nowNs = MonotonicClock.nowNs()
    #expect(nowNs >= dueNs)
    #expect(latenessNs <= nowNs - dueNs)
  }

  @Test func theFlagEndsASleep() throws {
    let flag = try SharedMemory(byteCount: 8).word32(at: 0)
    let thread = TestThread { flag.storeAndWake(1) }
    // Sleeping or about to: a lost wake would hang here for ever.
    #expect(Pacer(stopFlag: flag).wait(untilNs: .max) == .stopped)
    try thread.join()
  }

  @Test func theFlagEndsASpin() throws {
    let flag = try SharedMemory(byteCount: 8).word32(at: 0)
    let thread = TestThread { flag.store(1) }
    #expect(Pacer(stopFlag: flag, spinNs: .max).wait(untilNs: .max) == .stopped)
    try thread.join()
  }

  @Test func aFlagThatIsSetComesFirst() throws {
    let flag = try SharedMemory(byteCount: 8).word32(at: 0)
    flag.store(2)
    #expect(Pacer(stopFlag: flag).wait(untilNs: 0) == .stopped)
    guard case .due = Pacer(stopFlag: flag, runningValue: 2).wait(untilNs: 0) else {
      Issue.record("2 was the running value")
      return
    }
  }

  @Test func theCostOfRecordingCanBeMeasured() throws {
    let directory = TemporaryDirectory()
    let path = "\(directory.path)/cost"
    let cost = try RecordingCost.measure(path: path, batches: 2)
    #expect(cost.nsPerOperation > 0)
    #expect(cost.meanNsPerOperation > 0)
    #expect(cost.nsPerClockPair > 0)
    #expect(cost.longestAppendNs > 0)
    #expect(try OperationLogReader(path: path).withRecords { $0.count } == 4096 * 4)
  }
}
