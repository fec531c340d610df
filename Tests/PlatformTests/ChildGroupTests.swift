import Glibc
import Testing

@testable import Platform

@Suite struct ChildGroupTests {
  @Test func eachEndIsReportedOnce() throws {
    let group = ChildGroup()
    for code in 1...4 { try group.spawn(shell("exit \(code)")) }
    var codes: Set<Int32> = []
    for _ in 1...4 {
      guard case .exited(_, let status) = group.waitForEvent(untilNs: .max),
        case .exited(let code) = status.reason
      else {
        Issue.record("a child that should have ended did not")
        return
      }
      codes.insert(code)
    }
    #expect(codes == [1, 2, 3, 4])
    guard case .nothingToAwait = group.waitForEvent(untilNs: .max) else {
      Issue.record("an end was reported twice")
      return
    }
  }

  /// Whom a command has left behind, and who does not listen, by the descriptor that they hold.
  @Test(arguments: [
    ("sleep 60 & exit 0", false), ("trap '' TERM; sleep 60 & while :; do sleep 60; done", true),
  ])
  func whatLeadsAGroupEndsWithIt(line: String, mustBeEnded: Bool) throws {
    var ends: [Int32] = [0, 0]
    try #require(pipe(&ends) == 0)
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    defer { close(ends[0]) }
    let group = ChildGroup()
    let command = try RepeatedCommand(
      executable: "/bin/sh", name: "sh", arguments: ["-c", line],
      environment: ChildCommand.currentEnvironment())
    let nowhere = open("/dev/null", O_RDWR | O_CLOEXEC)
    defer { close(nowhere) }
    let child = try group.spawn(command, input: nowhere, output: nowhere, error: ends[1])
    close(ends[1])
    if mustBeEnded { group.endGroup(of: child, graceNs: 1_000_000) }
    guard case .exited(let ended, let status) = group.waitForEvent(untilNs: .max) else {
      Issue.record("the end was not reported")
      return
    }
    #expect(ended === child && status.isSuccess == !mustBeEnded)
    // The end of the file comes when nobody of the group is left to write.
    var byte: UInt8 = 0
    #expect(read(ends[0], &byte, 1) == 0)
  }

  @Test func aDescriptorEndsTheWait() throws {
    let group = ChildGroup()
    try group.spawn(shell("exec sleep 60"))
    let bell = try Doorbell()
    bell.ring()
    guard
      case .readable(let descriptor) = group.waitForEvent(
        untilNs: .max, alsoReadable: [bell.readDescriptor])
    else {
      Issue.record("the bell was not heard")
      return
    }
    #expect(descriptor == bell.readDescriptor)
    bell.clear()
    guard
      case .deadline = group.waitForEvent(
        untilNs: MonotonicClock.nowNs() + 1_000_000, alsoReadable: [bell.readDescriptor])
    else {
      Issue.record("the bell was cleared and still heard")
      return
    }
  }

  @Test func aChildCanRingAnInheritedBell() throws {
    let group = ChildGroup()
    let bell = try Doorbell()
    // Eight bytes, as an eventfd wants them.
    var command = shell("printf '\\001\\000\\000\\000\\000\\000\\000\\000' >&7; exec sleep 60")
    command.descriptors = [.init(source: bell.writeDescriptor, target: 7)]
    try group.spawn(command)
    guard case .readable = group.waitForEvent(untilNs: .max, alsoReadable: [bell.readDescriptor])
    else {
      Issue.record("the child was not heard")
      return
    }
  }

  @Test func waitAllTellsDeadlineFromEnd() throws {
    let group = ChildGroup()
    try group.spawn(shell("exit 0"))
    #expect(group.waitAll(untilNs: .max))
    try group.spawn(shell("exec sleep 60"))
    #expect(!group.waitAll(untilNs: MonotonicClock.nowNs() + 1_000_000))
    #expect(group.running.count == 1)
  }

  @Test func obedientChildrenEndWithinTheGrace() throws {
    let group = ChildGroup()
    for _ in 1...3 { try group.spawn(shell("exec sleep 60")) }
    #expect(group.terminateAll(graceNs: 60_000_000_000) == 0)
    for child in group.children {
      #expect(child.poll()?.reason == .signaled(signal: SIGTERM, dumpedCore: false))
    }
  }

  @Test func stubbornChildrenAreKilled() throws {
    let group = ChildGroup()
    let bell = try Doorbell()
    var command = shell(
      "trap '' TERM; printf '\\001\\000\\000\\000\\000\\000\\000\\000' >&7; exec sleep 60")
    command.descriptors = [.init(source: bell.writeDescriptor, target: 7)]
    let child = try group.spawn(command)
    // Only once the trap is set is the child stubborn.
    _ = group.waitForEvent(untilNs: .max, alsoReadable: [bell.readDescriptor])
    #expect(group.terminateAll(graceNs: 1_000_000) == 1)
    #expect(child.poll()?.reason == .signaled(signal: SIGKILL, dumpedCore: false))
  }

  @Test func aReleasedGroupLeavesNoChild() throws {
    var group: ChildGroup? = ChildGroup()
    let child = try #require(try group?.spawn(shell("exec sleep 60")))
    group = nil
    #expect(child.poll()?.reason == .signaled(signal: SIGKILL, dumpedCore: false))
  }
}
