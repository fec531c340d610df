import Glibc
import Testing

@testable import Platform

@Suite struct ProcessUsageTests {
  @Test func theNameOfAProgramMayHoldAnything() {
    var usage = ProcessUsage()
    usage.addFaults(procStat: "7 (a) b (c)) S 1 7 7 0 -1 4194304 123 0 4 0 9 8 7")
    #expect(usage.minorFaults == 123 && usage.majorFaults == 4)
  }

  @Test(arguments: ["", "7 (x) S 1", "garbage", "7 (x) S 1 7 7 0 -1 0 a 0 b"])
  func whatIsNotThereIsNotKnown(procStat: String) {
    var usage = ProcessUsage()
    usage.addFaults(procStat: procStat)
    usage.addBytes(procIO: procStat)
    usage.addTimes(schedstat: procStat)
    usage.addSwitches(status: procStat)
    #expect(usage == ProcessUsage())
  }

  @Test func threadsAreAddedUp() {
    var usage = ProcessUsage()
    for _ in 1...2 {
      usage.addTimes(schedstat: "1000 250 17\n")
      usage.addSwitches(
        status: "Name:\tx\nvoluntary_ctxt_switches:\t5\nnonvoluntary_ctxt_switches:\t3\n")
    }
    usage.addBytes(procIO: "rchar: 9\nread_bytes: 4096\nwrite_bytes: 8192\n")
    #expect(usage.runningNs == 2000 && usage.runnableNs == 500)
    #expect(usage.voluntarySwitches == 10 && usage.involuntarySwitches == 6)
    #expect(usage.readBytes == 4096 && usage.writtenBytes == 8192)
  }

  @Test func aDifferenceKnowsWhatBothKnow() {
    var earlier = ProcessUsage()
    (earlier.runningNs, earlier.minorFaults, earlier.readBytes) = (100, 9, 1)
    var later = ProcessUsage()
    (later.runningNs, later.minorFaults) = (250, 4)
    let difference = later.since(earlier)
    #expect(difference.runningNs == 150)
    #expect(difference.minorFaults == 0)
    #expect(difference.readBytes == nil)
    #expect((later + earlier).runningNs == 350)
  }

  /// What this process does shows, by the kernel's word.
  @Test func workShows() throws {
    let before = try #require(ProcessUsage.of(pid: getpid()))
    let ownBefore = ProcessUsage.ownRunningNs()
    var sum: UInt64 = 0
    let endNs = MonotonicClock.nowNs() + 20_000_000
    while MonotonicClock.nowNs() < endNs { sum &+= MonotonicClock.nowNs() }
    let used = try #require(ProcessUsage.of(pid: getpid())).since(before)
    #expect(try #require(used.runningNs) > 0 && sum > 0)
    #expect(ProcessUsage.ownRunningNs() >= ownBefore)
    #expect(ProcessUsage.of(pid: -1) == nil)
  }
}
