import Glibc
import TestSupport
import Testing

@testable import Platform

@Suite struct SharedMemoryTests {
  /// A second mapping of the same region, as a child would make it.
  private func secondMapping(of memory: SharedMemory) throws -> SharedMemory {
    try SharedMemory(inheriting: dup(memory.descriptor), byteCount: memory.byteCount)
  }

  @Test func beginsWithZeros() throws {
    let memory = try SharedMemory(byteCount: 128)
    for offset in stride(from: 0, to: 128, by: 8) {
      #expect(try memory.word64(at: offset).load() == 0)
    }
  }

  @Test func wordsAreSharedBetweenMappings() throws {
    let memory = try SharedMemory(byteCount: 64)
    let other = try secondMapping(of: memory)
    let word = try memory.word32(at: 4)
    let otherWord = try other.word32(at: 4)
    word.store(7)
    #expect(otherWord.load() == 7)
    #expect(otherWord.add(3) == 7)
    #expect(word.loadRelaxed() == 10)
    #expect(!word.exchange(expected: 9, with: 1))
    #expect(word.exchange(expected: 10, with: 1))
    #expect(otherWord.load() == 1)

    let counter = try memory.word64(at: 8)
    counter.store(UInt64.max)
    #expect(try other.word64(at: 8).add(2) == UInt64.max)
    #expect(counter.load() == 1)
    #expect(counter.exchange(expected: 1, with: 5))
    #expect(!counter.exchange(expected: 1, with: 5))
    #expect(counter.loadRelaxed() == 5)
  }

  @Test func aWakeReachesAnotherMapping() throws {
    let memory = try SharedMemory(byteCount: 64)
    let flag = try memory.word32(at: 0)
    let seen = try memory.word32(at: 4)
    let otherFlag = try secondMapping(of: memory).word32(at: 0)
    let thread = TestThread {
      while otherFlag.wait(whileEqualTo: 0, untilNs: .max) != .changed {}
      seen.store(otherFlag.load())
    }
    // Whether the waiter sleeps already or not: it must see the change. A lost wake hangs here.
    flag.storeAndWake(42)
    try thread.join()
    #expect(seen.load() == 42)
  }

  @Test func manyHandoversLoseNoWake() throws {
    let memory = try SharedMemory(byteCount: 64)
    let turn = try memory.word32(at: 0)
    let otherTurn = try secondMapping(of: memory).word32(at: 0)
    let rounds: UInt32 = 2_000
    let thread = TestThread {
      for round in 0..<rounds {
        while otherTurn.load() != 2 * round + 1 {
          _ = otherTurn.wait(whileEqualTo: 2 * round, untilNs: .max)
        }
        otherTurn.storeAndWake(2 * round + 2)
      }
    }
    for round in 0..<rounds {
      turn.storeAndWake(2 * round + 1)
      while turn.load() != 2 * round + 2 {
        _ = turn.wait(whileEqualTo: 2 * round + 1, untilNs: .max)
      }
    }
    try thread.join()
    #expect(turn.load() == 2 * rounds)
  }

  @Test func concurrentAdditionsAllCount() throws {
    let memory = try SharedMemory(byteCount: 64)
    let counter = try memory.word64(at: 0)
    let threads = (0..<4).map { _ in TestThread { for _ in 0..<10_000 { counter.add(1) } } }
    for thread in threads { try thread.join() }
    #expect(counter.load() == 40_000)
  }

  @Test func aWaitEndsAtOnceOrAtItsDeadline() throws {
    let word = try SharedMemory(byteCount: 8).word32(at: 0)
    #expect(word.wait(whileEqualTo: 1, untilNs: .max) == .changed)
    #expect(word.wait(whileEqualTo: 0, untilNs: 0) == .deadline)
    #expect(word.wait(whileEqualTo: 0, untilNs: MonotonicClock.nowNs() + 1_000_000) == .deadline)
  }

  @Test(arguments: [-4, -1, 1, 2, 62, 64, 68, Int.max, Int.min])
  func a32BitWordOutsideOrMisalignedIsAnError(offset: Int) throws {
    let memory = try SharedMemory(byteCount: 64)
    let error = #expect(throws: SystemError.self) { _ = try memory.word32(at: offset) }
    #expect(error?.description.contains("\(offset)") == true)
  }

  @Test(arguments: [-8, 4, 60, 64, Int.max])
  func a64BitWordOutsideOrMisalignedIsAnError(offset: Int) throws {
    let memory = try SharedMemory(byteCount: 64)
    #expect(throws: SystemError.self) { _ = try memory.word64(at: offset) }
  }

  @Test(arguments: [0, -1, Int.max])
  func anImpossibleSizeIsAnError(byteCount: Int) {
    #expect(throws: SystemError.self) { try SharedMemory(byteCount: byteCount) }
  }

  @Test func anInheritedRegionThatIsTooShortIsAnError() throws {
    let memory = try SharedMemory(byteCount: 64)
    let error = #expect(throws: SystemError.self) {
      try SharedMemory(inheriting: memory.descriptor, byteCount: 128)
    }
    #expect(error?.code == EINVAL)
    #expect(throws: SystemError.self) { try SharedMemory(inheriting: 100_000, byteCount: 8) }
    // The failed attempt has not closed what was not its own.
    #expect(try memory.word32(at: 0).load() == 0)
  }

  @Test func nobodyCanShrinkTheRegion() throws {
    let memory = try SharedMemory(byteCount: 4096)
    #expect(ftruncate(memory.descriptor, 0) == -1)
  }

  @Test func aWordKeepsItsRegionMapped() throws {
    var memory: SharedMemory? = try SharedMemory(byteCount: 64)
    let word = try #require(try memory?.word32(at: 0))
    memory = nil
    word.store(3)
    #expect(word.load() == 3)
  }
}
