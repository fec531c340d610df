import Glibc
import TestSupport
import Testing

@testable import Platform

/// Serialised, because dispositions belong to the process.
@Suite(.serialized) struct SignalTests {
  /// Makes the dispositions known, whatever the test runner was started under.
  init() {
    signal(SIGINT, SIG_DFL)
    signal(SIGTERM, SIG_DFL)
  }

  private func handler(of signal: Int32) -> Int {
    var action = sigaction()
    sigaction(signal, nil, &action)
    return unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self)
  }

  @Test func signalsAreCountedAndRing() throws {
    let monitor = try InterruptMonitor()
    defer { monitor.stop() }
    #expect(!monitor.isInterrupted)
    #expect(monitor.lastSignal == nil)
    kill(getpid(), SIGINT)
    #expect(monitor.wait(whileCountIs: 0, untilNs: .max) == 1)
    #expect(monitor.lastSignal == SIGINT)
    guard
      case .readable = ChildGroup().waitForEvent(
        untilNs: .max, alsoReadable: [monitor.doorbell.readDescriptor])
    else {
      Issue.record("the bell was not rung")
      return
    }
    kill(getpid(), SIGTERM)
    #expect(monitor.wait(whileCountIs: 1, untilNs: .max) == 2)
    #expect(monitor.lastSignal == SIGTERM)
  }

  @Test func aSleepingThreadIsWoken() throws {
    let monitor = try InterruptMonitor()
    defer { monitor.stop() }
    // Whether the signal comes before or during the wait: without it, this would never end.
    let thread = TestThread { _ = kill(getpid(), SIGINT) }
    #expect(monitor.wait(whileCountIs: 0, untilNs: .max) == 1)
    try thread.join()
  }

  @Test func theWaitEndsAtItsDeadline() throws {
    let monitor = try InterruptMonitor()
    defer { monitor.stop() }
    #expect(monitor.wait(whileCountIs: 0, untilNs: MonotonicClock.nowNs() + 1_000_000) == 0)
  }

  @Test func formerDispositionsComeBack() throws {
    let custom: @convention(c) (Int32) -> Void = { _ in }
    signal(SIGTERM, custom)
    let before = (handler(of: SIGINT), handler(of: SIGTERM))
    let monitor = try InterruptMonitor()
    #expect(handler(of: SIGINT) != before.0)
    #expect(handler(of: SIGTERM) != before.1)
    monitor.stop()
    monitor.stop()
    #expect(handler(of: SIGINT) == before.0)
    #expect(handler(of: SIGTERM) == before.1)
  }

  @Test func anIgnoredSignalStaysIgnored() throws {
    signal(SIGINT, SIG_IGN)
    let ignored = handler(of: SIGINT)
    let monitor = try InterruptMonitor()
    defer { monitor.stop() }
    #expect(handler(of: SIGINT) == ignored)
    kill(getpid(), SIGINT)
    kill(getpid(), SIGTERM)
    #expect(monitor.wait(whileCountIs: 0, untilNs: .max) == 1)
    #expect(monitor.lastSignal == SIGTERM)
  }

  @Test func onlyOneMonitorAtATime() throws {
    let monitor = try InterruptMonitor()
    defer { monitor.stop() }
    let error = #expect(throws: SystemError.self) { try InterruptMonitor() }
    #expect(error?.code == EBUSY)
    // The failed one has not taken the first one's handlers away.
    kill(getpid(), SIGINT)
    #expect(monitor.wait(whileCountIs: 0, untilNs: .max) == 1)
  }

  @Test func theCountBeginsAnew() throws {
    let first = try InterruptMonitor()
    kill(getpid(), SIGINT)
    #expect(first.wait(whileCountIs: 0, untilNs: .max) == 1)
    first.stop()
    let second = try InterruptMonitor()
    defer { second.stop() }
    #expect(second.count == 0)
    // Too late to have a say: the handlers are the second one's.
    first.stop()
    kill(getpid(), SIGINT)
    #expect(second.wait(whileCountIs: 0, untilNs: .max) == 1)
  }

  @Test func aChildOfAnotherParentEndsAtOnce() async {
    await #expect(processExitsWith: .exitCode(71)) {
      ParentDeath.dieWithParent(parentPid: getppid() + 1)
    }
    #expect(ParentDeath.orphanExitCode == 71)
  }

  @Test func aChildAsksToDieWithItsParent() async {
    await #expect(processExitsWith: .exitCode(9)) {
      ParentDeath.dieWithParent(parentPid: getppid())
      exit(ParentDeath.requestedSignal ?? 0)
    }
  }
}
