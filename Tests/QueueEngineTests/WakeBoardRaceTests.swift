import Foundation
import Platform
import TestSupport
import Testing

@testable import QueueEngine

/// No wake is lost, between threads and between processes.
@Suite(.temporaryDirectory) struct WakeBoardRaceTests {
  /// A queue that holds numbers of tasks only: those added and those taken.
  private struct CountedQueue: Sendable {
    let added: SharedWord64
    let taken: SharedWord64
    let isClosed: SharedWord64

    init() throws {
      let memory = try SharedMemory(byteCount: 192)
      added = try memory.word64(at: 0)
      taken = try memory.word64(at: 64)
      isClosed = try memory.word64(at: 128)
    }

    func take() -> Bool {
      while true {
        let seen = taken.load()
        if seen == added.load() { return false }
        if taken.exchange(expected: seen, with: seen + 1) { return true }
      }
    }
  }

  /// The ringer adds the next task when the last one was taken, so that each one meets a sleeper on its
  /// way to sleep or just asleep, and a wake that is lost is made good by none that follows.
  @Test func `Each of many tasks wakes a worker that goes to sleep meanwhile`() throws {
    let path = boardPath
    let queue = try CountedQueue()
    let tasks: UInt64 = 20_000
    let worker = TestThread {
      let seat = try WakeBoard(databasePath: path).takeSeat()
      var timeouts = 0
      while queue.taken.load() < tasks && timeouts == 0 {
        let ticket = seat.prepare(lanes: [1], knownLane: 1)
        if queue.take() {
          seat.cancel()
        } else if seat.wait(ticket, untilNs: patientDeadlineNs()) == .deadline {
          timeouts += 1
        }
      }
      return timeouts
    }
    let board = try WakeBoard(databasePath: path)
    let deadlineNs = patientDeadlineNs() + patienceNs
    var pauses = SystemRandomNumberGenerator()
    adding: for task in 1...tasks {
      queue.added.store(task)
      board.ring(lane: 1, count: 1)
      while queue.taken.load() < task {
        if MonotonicClock.nowNs() > deadlineNs { break adding }
      }
      // Long enough to find the worker at every stage of falling asleep, and often fully asleep.
      let pauseNs = UInt64.random(in: 0..<30_000, using: &pauses)
      let resumeNs = MonotonicClock.nowNs() + pauseNs
      while MonotonicClock.nowNs() < resumeNs {}
    }
    #expect(try worker.join() == 0)
    #expect(queue.taken.load() == tasks)
  }

  @Test func `Several ringers and workers leave no task behind`() throws {
    let path = boardPath
    let queue = try CountedQueue()
    let tasksEach = 5_000
    let ringers = 2
    let workers = (0..<3).map { _ in
      TestThread {
        let seat = try WakeBoard(databasePath: path).takeSeat()
        var timeouts = 0
        while timeouts == 0 {
          let ticket = seat.prepare(lanes: [1], knownLane: 1)
          if queue.take() {
            seat.cancel()
          } else if queue.isClosed.load() != 0 {
            break
          } else if seat.wait(ticket, untilNs: patientDeadlineNs()) == .deadline {
            timeouts += 1
          }
        }
        return timeouts
      }
    }
    let deadlineNs = patientDeadlineNs()
    _ = try inParallel(ringers) { _ in
      let board = try WakeBoard(databasePath: path)
      for task in 0..<tasksEach {
        queue.added.add(1)
        board.ring(lane: 1, count: 1)
        // Now and then the workers get the time to fall asleep.
        if task % 16 == 0 {
          while queue.taken.load() < queue.added.load(), MonotonicClock.nowNs() < deadlineNs {}
        }
      }
    }
    queue.isClosed.store(1)
    try WakeBoard(databasePath: path).ringAll()
    for worker in workers { #expect(try worker.join() == 0) }
    #expect(queue.taken.load() == UInt64(ringers * tasksEach))
  }

  // MARK: Processes

  @Test func `A ring wakes a worker in another process`() async throws {
    let path = boardPath
    let board = try WakeBoard(databasePath: path)
    let ringing = TestThread {
      let deadlineNs = patientDeadlineNs()
      // A ring that comes before the child is fully asleep does not count.
      while board.ring(lane: 1, count: 1) == 0 && MonotonicClock.nowNs() < deadlineNs {
        MonotonicClock.sleep(untilNs: MonotonicClock.nowNs() + 1_000_000)
      }
    }
    await #expect(processExitsWith: .exitCode(7)) { [path = path as String] in
      let seat = try WakeBoard(databasePath: path).takeSeat()
      guard seat.isShared else { exit(1) }
      let ticket = seat.prepare(lanes: [1], knownLane: 1)
      exit(seat.wait(ticket, untilNs: patientDeadlineNs()) == .rung ? 7 : 2)
    }
    try ringing.join()
  }

  @Test func `The seat of a process that was killed in its sleep is free again`() async throws {
    let path = boardPath
    let board = try WakeBoard(databasePath: path)
    let seat = try board.takeSeat()
    await #expect(processExitsWith: .signal(SIGKILL)) { [path = path as String] in
      let seat = try WakeBoard(databasePath: path).takeSeat()
      _ = seat.prepare(lanes: [1], knownLane: 1)
      kill(getpid(), SIGKILL)
      withExtendedLifetime(seat) {}
    }
    // Seat 0 was ours, so it had the next one; its announcement is still there.
    #expect(try announcedSeats() == [1])
    let next = try board.takeSeat()
    #expect(next.isShared)
    #expect(try announcedSeats() == [])
    _ = next.prepare(lanes: [1], knownLane: 1)
    _ = seat.prepare(lanes: [1], knownLane: 1)
    #expect(try announcedSeats() == [0, 1])
  }

  @Test func `A wake is not spent on a process that was killed in its sleep`() async throws {
    let path = boardPath
    let board = try WakeBoard(databasePath: path)
    let seat = try board.takeSeat()
    await #expect(processExitsWith: .signal(SIGKILL)) { [path = path as String] in
      let seat = try WakeBoard(databasePath: path).takeSeat()
      _ = seat.prepare(lanes: [1], knownLane: 1)
      kill(getpid(), SIGKILL)
      withExtendedLifetime(seat) {}
    }
    let sleeper = try Sleeper(on: seat)
    #expect(try announcedSeats() == [0, 1])
    // The dead one is first in turn.
    #expect(board.ring(lane: 1, count: 1) == 1)
    #expect(try sleeper.awakening() == .rung)
    #expect(try announcedSeats() == [])
  }
}
