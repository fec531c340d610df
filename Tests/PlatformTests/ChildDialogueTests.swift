import Glibc
import Testing

@testable import Platform

@Suite struct ChildDialogueTests {
  private func later(ms: UInt64 = 20_000) -> UInt64 { MonotonicClock.nowNs() + ms * 1_000_000 }

  @Test func linesGoBothWays() throws {
    let dialogue = try ChildDialogue(shell("exec cat"))
    for line in ["first", "", "ü \"quoted\"", String(repeating: "x", count: 30_000)] {
      #expect(dialogue.send(line))
      #expect(dialogue.receive(untilNs: later()) == .line(line))
    }
    #expect(dialogue.finish(graceNs: 20_000_000_000).isSuccess)
  }

  @Test func whatAChildHasSaidComesBeforeItsEnd() throws {
    let dialogue = try ChildDialogue(shell("echo one; echo two; exit 3"))
    dialogue.child.wait()
    #expect(dialogue.receive(untilNs: later()) == .line("one"))
    #expect(dialogue.receive(untilNs: later()) == .line("two"))
    for _ in 0..<2 {
      guard case .ended(let status) = dialogue.receive(untilNs: later()) else {
        Issue.record("not ended")
        return
      }
      #expect(status.reason == .exited(code: 3))
    }
  }

  /// Grandchildren inherit the pipe, so that its end says nothing of the child's.
  @Test func aChildHasEndedAlthoughSomebodyHoldsItsOutput() throws {
    let dialogue = try ChildDialogue(shell("sleep 3 & exit 4"))
    let beganNs = MonotonicClock.nowNs()
    guard case .ended(let status) = dialogue.receive(untilNs: later()) else {
      Issue.record("not ended")
      return
    }
    #expect(status.reason == .exited(code: 4))
    #expect(MonotonicClock.nowNs() - beganNs < 3_000_000_000)
  }

  @Test func silenceEndsAtTheDeadline() throws {
    let dialogue = try ChildDialogue(shell("exec sleep 60"))
    #expect(dialogue.receive(untilNs: later(ms: 1)) == .silence)
  }

  @Test func anInterruptEndsTheWait() throws {
    let dialogue = try ChildDialogue(shell("exec sleep 60"))
    let doorbell = try Doorbell()
    doorbell.ring()
    #expect(
      dialogue.receive(untilNs: later(), unlessReadable: doorbell.readDescriptor) == .interrupted)
  }

  @Test func aLineWithoutEndIsNotWaitedFor() throws {
    let dialogue = try ChildDialogue(shell("exec tr '\\0' x < /dev/zero"))
    #expect(dialogue.receive(untilNs: later()) == .endlessLine)
  }

  /// Writing into a pipe without a reader would end this process by a signal.
  @Test func whoHasEndedHearsNothing() throws {
    let dialogue = try ChildDialogue(shell("exit 0"))
    dialogue.child.wait()
    #expect(!dialogue.send("are you there?"))
  }
}
