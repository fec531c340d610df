import Platform
import TestSupport
import Testing

@testable import QueueEngine

/// Who is woken by a ring, and who sleeps on.
@Suite(.temporaryDirectory) struct WakeBoardTests {
  /// From where a ring comes.
  enum Ringer: CaseIterable {
    case sameBoard
    case otherBoard
    case privateBoard
  }

  /// The board to sleep on and the one to ring.
  private func boards(_ ringer: Ringer) throws -> (WakeBoard, WakeBoard) {
    let board = try WakeBoard(databasePath: ringer == .privateBoard ? nil : boardPath)
    #expect(board.isShared == (ringer != .privateBoard))
    return (board, ringer == .otherBoard ? try WakeBoard(databasePath: boardPath) : board)
  }

  @Test(arguments: Ringer.allCases)
  func `A ring wakes a sleeper who serves the lane`(ringer: Ringer) throws {
    let (board, ringing) = try boards(ringer)
    #expect(ringing.ring(lane: 1, count: 1) == 0)
    let sleeper = try Sleeper(on: board.takeSeat())
    #expect(ringing.sleeperCount == 1)
    #expect(ringing.ring(lane: 1, count: 1) == 1)
    #expect(try sleeper.awakening() == .rung)
    #expect(ringing.sleeperCount == 0)
    #expect(ringing.ring(lane: 1, count: 1) == 0)
  }

  @Test func `A ring leaves those alone who serve other lanes`() throws {
    let board = try WakeBoard(databasePath: boardPath)
    let seats = try (0..<3).map { _ in try board.takeSeat() }
    let sleepers = [
      try Sleeper(on: seats[0], lanes: [1], knownLane: 2),
      try Sleeper(on: seats[1], lanes: [2], knownLane: 2),
      try Sleeper(on: seats[2], lanes: [], knownLane: 2),
    ]
    #expect(board.ring(lane: 2, count: 10) == 1)
    #expect(try announcedSeats() == [0, 2])
    #expect(try sleepers[1].awakening() == .rung)
    board.ringAll()
    #expect(try announcedSeats() == [])
    #expect(try sleepers[0].awakening() == .rung)
    #expect(try sleepers[2].awakening() == .rung)
  }

  @Test(arguments: [(0, 0), (-1, 0), (1, 1), (3, 3), (5, 5), (9, 5), (Int.max, 5)])
  func `No more are woken than there are tasks`(count: Int, woken: Int) throws {
    let board = try WakeBoard(databasePath: boardPath)
    let sleepers = try (0..<5).map { _ in try Sleeper(on: board.takeSeat()) }
    #expect(board.ring(lane: 1, count: count) == woken)
    #expect(board.sleeperCount == 5 - woken)
    board.ringAll()
    for sleeper in sleepers { #expect(try sleeper.awakening() == .rung) }
  }

  @Test func `Who has not judged a lane yet is woken beyond the count`() throws {
    let board = try WakeBoard(databasePath: boardPath)
    let seats = try (0..<4).map { _ in try board.takeSeat() }
    // A ring begins behind the seat that was woken last, at first behind seat 0.
    let sleepers = [
      try Sleeper(on: seats[0], lanes: [1, 2], knownLane: 2),
      try Sleeper(on: seats[1], lanes: [1], knownLane: 1),
      try Sleeper(on: seats[2], lanes: [], knownLane: 0),
      try Sleeper(on: seats[3], lanes: [1, 2], knownLane: 2),
    ]
    #expect(board.ring(lane: 2, count: 1) == 1)
    #expect(try announcedSeats() == [0])
    board.ringAll()
    for sleeper in sleepers { #expect(try sleeper.awakening() == .rung) }
  }

  /// Lanes 64 apart share a bit. A sleeper who knows only one of them is certain to serve it.
  @Test(arguments: [
    (1, 64, true), (1, 65, false), (63, 126, true), (63, 127, false), (65, 65, false),
    (128, 200, false), (Int64.max, Int64.max, false), (0, 0, true),
  ])
  func `Who may only share a bit with a lane is woken beyond the count`(
    lane: Int64, knownLane: Int64, isCertain: Bool
  ) throws {
    let board = try WakeBoard(databasePath: boardPath)
    let sleepers = try (0..<3).map { _ in
      try Sleeper(on: board.takeSeat(), lanes: [lane], knownLane: knownLane)
    }
    #expect(board.ring(lane: lane, count: 1) == (isCertain ? 1 : 0))
    #expect(board.sleeperCount == (isCertain ? 2 : 0))
    board.ringAll()
    for sleeper in sleepers { #expect(try sleeper.awakening() == .rung) }
  }

  @Test func `Sleepers take turns`() throws {
    let board = try WakeBoard(databasePath: boardPath)
    let seats = try (0..<3).map { _ in try board.takeSeat() }
    var sleepers = try seats.map { try Sleeper(on: $0) }
    var turns: [Int] = []
    for _ in 0..<6 {
      #expect(board.ring(lane: 1, count: 1) == 1)
      let announced = try announcedSeats()
      let woken = try #require((0..<3).first { !announced.contains($0) })
      turns.append(woken)
      #expect(try sleepers[woken].awakening() == .rung)
      sleepers[woken] = try Sleeper(on: seats[woken])
    }
    #expect(turns == [1, 2, 0, 1, 2, 0])
    board.ringAll()
    for sleeper in sleepers { #expect(try sleeper.awakening() == .rung) }
  }

  @Test func `A ring between the announcement and the sleep ends it at once and does not count`()
    throws
  {
    let board = try WakeBoard(databasePath: boardPath)
    let early = try board.takeSeat()
    let ticket = early.prepare(lanes: [1], knownLane: 1)
    #expect(board.ring(lane: 1, count: 1) == 0)
    #expect(early.wait(ticket, untilNs: patientDeadlineNs()) == .rung)
    // It was the first in turn, and the wake is left for the one who sleeps.
    let sleeping = try board.takeSeat()
    let sleeper = try Sleeper(on: sleeping)
    _ = early.prepare(lanes: [1], knownLane: 1)
    #expect(board.ring(lane: 1, count: 1) == 1)
    #expect(try sleeper.awakening() == .rung)
  }

  @Test func `A ring before the announcement is not remembered`() throws {
    let board = try WakeBoard(databasePath: boardPath)
    let seat = try board.takeSeat()
    board.ringAll()
    seat.poke()
    #expect(seat.wait(seat.prepare(lanes: [1], knownLane: 1), untilNs: 0) == .deadline)
  }

  @Test func `A sleep that was called off or has timed out is not rung`() throws {
    let board = try WakeBoard(databasePath: boardPath)
    let seat = try board.takeSeat()
    let ticket = seat.prepare(lanes: [1], knownLane: 1)
    #expect(board.sleeperCount == 1)
    seat.cancel()
    #expect(board.sleeperCount == 0)
    board.ring(lane: 1, count: 1)
    board.ringAll()
    // Nobody has touched the word.
    _ = seat.prepare(lanes: [1], knownLane: 1)
    #expect(seat.wait(ticket, untilNs: MonotonicClock.nowNs() + 1_000_000) == .deadline)
    #expect(board.sleeperCount == 0)
  }

  @Test func `A poke wakes its own seat only`() throws {
    let board = try WakeBoard(databasePath: boardPath)
    let seats = try (0..<2).map { _ in try board.takeSeat() }
    let sleepers = try seats.map { try Sleeper(on: $0) }
    seats[1].poke()
    #expect(try sleepers[1].awakening() == .rung)
    #expect(try announcedSeats() == [0])
    let ticket = seats[1].prepare(lanes: [1], knownLane: 1)
    seats[1].poke()
    #expect(seats[1].wait(ticket, untilNs: patientDeadlineNs()) == .rung)
    board.ringAll()
    #expect(try sleepers[0].awakening() == .rung)
  }

  // MARK: Seats

  @Test func `Boards on one file never give out a seat twice`() throws {
    let boards = try (0..<3).map { _ in try WakeBoard(databasePath: boardPath) }
    let seats = try (0..<9).map { try boards[$0 % 3].takeSeat() }
    for seat in seats { _ = seat.prepare(lanes: [], knownLane: 0) }
    #expect(try announcedSeats() == Array(0..<9))
  }

  @Test(arguments: [true, false])
  func `All seats of a board can be used, and who finds none is rung by nobody`(
    isShared: Bool
  ) throws {
    let board = try WakeBoard(databasePath: isShared ? boardPath : nil)
    var seats = try (0..<WakeBoard.seatCount).map { _ in try board.takeSeat() }
    #expect(seats.allSatisfy { $0.isShared == isShared })
    // Each serves a lane of its own as far as there are bits, so that one can be told from another.
    let tickets = seats.enumerated().map { number, seat in
      seat.prepare(lanes: [Int64(number % 64)], knownLane: 63)
    }
    #expect(board.sleeperCount == 128)
    board.ring(lane: 7, count: .max)
    #expect(board.sleeperCount == 126)
    #expect(seats[7].wait(tickets[7], untilNs: 0) == .rung)
    #expect(seats[71].wait(tickets[71], untilNs: 0) == .rung)
    #expect(seats[70].wait(tickets[70], untilNs: 0) == .deadline)
    board.ringAll()
    #expect(board.sleeperCount == 0)
    for (seat, ticket) in zip(seats, tickets).suffix(20) {
      #expect(seat.wait(ticket, untilNs: 0) == .rung)
    }

    let lonely = try board.takeSeat()
    #expect(!lonely.isShared)
    let sleeper = try Sleeper(on: lonely)
    #expect(board.ring(lane: 1, count: 1) == 0)
    board.ringAll()
    lonely.poke()
    #expect(try sleeper.awakening() == .rung)
    #expect(lonely.wait(lonely.prepare(lanes: [1], knownLane: 1), untilNs: 0) == .deadline)

    seats.remove(at: 100)
    let next = try board.takeSeat()
    #expect(next.isShared == isShared)
    _ = next.prepare(lanes: [1], knownLane: 1)
    #expect(board.sleeperCount == 1)
  }

  @Test func `A seat given back announces nobody`() throws {
    let board = try WakeBoard(databasePath: boardPath)
    var seat: WakeBoard.Seat? = try board.takeSeat()
    _ = seat?.prepare(lanes: [1], knownLane: 1)
    #expect(board.sleeperCount == 1)
    seat = nil
    #expect(board.sleeperCount == 0)
    // And another board can take it.
    let next = try WakeBoard(databasePath: boardPath).takeSeat()
    _ = next.prepare(lanes: [1], knownLane: 1)
    #expect(try announcedSeats() == [0])
  }

  @Test func `Threads take seats at the same time without sharing any`() throws {
    let board = try WakeBoard(databasePath: boardPath)
    let other = try WakeBoard(databasePath: boardPath)
    let seats = try inParallel(8) { index in
      try (0..<16).map { _ in try (index % 2 == 0 ? board : other).takeSeat() }
    }.flatMap { $0 }
    #expect(seats.allSatisfy { $0.isShared })
    for seat in seats { _ = seat.prepare(lanes: [], knownLane: 0) }
    #expect(board.sleeperCount == 128)
  }
}
