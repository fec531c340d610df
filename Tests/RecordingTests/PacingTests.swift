import Glibc
import Platform
import TestSupport
import Testing

@testable import Recording

@Suite struct PacingTests {
  private func schedule(
    _ rate: OfferedRate?, process: Int = 0, of count: Int = 1, startNs: UInt64 = 0
  ) throws -> FixedRateSchedule {
    let rate = try #require(rate)
    return try #require(
      FixedRateSchedule(rate: rate, processIndex: process, processCount: count, startNs: startNs))
  }

  @Test func operationsAreDueFromTheStartOn() throws {
    let schedule = try schedule(.perSecond(1000), startNs: 500)
    #expect(
      (0...3).map { schedule.dueNs(ofOperation: $0) } == [500, 1_000_500, 2_000_500, 3_000_500])
  }

  @Test(arguments: [1, 3, 7, 997, 1000])
  func nothingDriftsOverHours(perMinute: Int) throws {
    let schedule = try schedule(.perMinute(perMinute), startNs: 17)
    // After each whole minute of a day, exactly that many operations are over.
    for minute in stride(from: UInt64(0), through: 1440, by: 60) {
      let due = schedule.dueNs(ofOperation: minute * UInt64(perMinute))
      #expect(due == 17 + minute * 60_000_000_000)
    }
  }

  @Test(arguments: [1, 2, 3, 4, 7])
  func processesInterleaveToTheWholeSchedule(count: Int) throws {
    let whole = try schedule(.perSecond(333))
    let parts = try (0..<count).map { try schedule(.perSecond(333), process: $0, of: count) }
    for global in 0..<1000 {
      let part = parts[global % count]
      #expect(
        part.dueNs(ofOperation: UInt64(global / count)) == whole.dueNs(ofOperation: UInt64(global)))
    }
  }

  @Test func gapsAreEvenToANanosecond() throws {
    let schedule = try schedule(.perSecond(3))
    for index in 0..<1000 as Range<UInt64> {
      let gap = schedule.dueNs(ofOperation: index + 1) - schedule.dueNs(ofOperation: index)
      #expect(gap == 333_333_333 || gap == 333_333_334)
    }
  }

  @Test func fractionalRatesAreExact() throws {
    let schedule = try schedule(.perSecond(2.5))
    #expect(schedule.dueNs(ofOperation: 9_000) == 3_600_000_000_000)
  }

  @Test func beyondTheClockIsNever() throws {
    #expect(try schedule(.perMinute(1)).dueNs(ofOperation: .max) == .max)
    #expect(try schedule(.perSecond(1000), startNs: .max - 5).dueNs(ofOperation: 1) == .max)
    #expect(try schedule(.perSecond(1), process: 1, of: 2).dueNs(ofOperation: .max) == .max)
  }

  @Test(arguments: [0, -1, .nan, .infinity, 1e-9, 2e9])
  func anImpossibleRateIsNil(perSecond: Double) {
    #expect(OfferedRate.perSecond(perSecond) == nil)
  }

  @Test(arguments: [(0, 0), (-1, 2), (2, 2), (0, -1)])
  func aProcessOutsideIsNil(index: Int, count: Int) throws {
    let rate = try #require(OfferedRate.perMinute(1))
    #expect(OfferedRate.perMinute(0) == nil)
    #expect(OfferedRate(operations: 1, intervalNs: 0) == nil)
    #expect(
      FixedRateSchedule(rate: rate, processIndex: index, processCount: count, startNs: 0) == nil)
  }

  // MARK: Waiting

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
