import Foundation
import Platform
import TestSupport
import Testing

@testable import QueueEngine

/// What can lie where the board's file should be, and what others can do to it.
@Suite(.temporaryDirectory) struct WakeBoardFileTests {
  private var filePath: String { boardPath + "-wake" }

  /// A private board does its work within the process.
  private func expectPrivate(_ board: WakeBoard, because reason: String) throws {
    #expect(!board.isShared)
    #expect(board.obstacle?.contains(reason) == true, "\(board.obstacle ?? "no obstacle")")
    let seat = try board.takeSeat()
    #expect(!seat.isShared)
    let sleeper = try Sleeper(on: seat)
    #expect(board.ring(lane: 1, count: 1) == 1)
    #expect(try sleeper.awakening() == .rung)
  }

  @Test func `A database without a file has a private board`() throws {
    try expectPrivate(try WakeBoard(databasePath: nil), because: "no file")
  }

  @Test(arguments: ["directory", "symbolic link", "missing directory", "pipe"])
  func `Where no file can be there is a private board`(obstacle: String) throws {
    var path = boardPath
    switch obstacle {
    case "directory":
      try FileManager.default.createDirectory(
        atPath: filePath, withIntermediateDirectories: false)
    case "symbolic link":
      try FileManager.default.createSymbolicLink(
        atPath: filePath, withDestinationPath: TemporaryDirectory.path("elsewhere"))
    case "pipe":
      try #require(mkfifo(filePath, 0o600) == 0)
    default:
      path = TemporaryDirectory.path("missing/test.db")
    }
    try expectPrivate(try WakeBoard(databasePath: path), because: "\(path)-wake: ")
  }

  /// Permissions do not keep root out; `/proc` keeps everybody from making files.
  @Test(arguments: ["mode", "/proc"])
  func `In a directory that cannot be written there is a private board`(cause: String) throws {
    if cause == "/proc" {
      return try expectPrivate(try WakeBoard(databasePath: "/proc/test.db"), because: "/proc/")
    }
    let directory = TemporaryDirectory.path("read-only")
    try FileManager.default.createDirectory(
      atPath: directory, withIntermediateDirectories: false,
      attributes: [.posixPermissions: 0o555])
    let board = try WakeBoard(databasePath: directory + "/test.db")
    if geteuid() == 0 {
      #expect(board.isShared)
    } else {
      try expectPrivate(board, because: "check the owner and mode")
    }
  }

  @Test(arguments: [1, 100, WakeBoard.Layout.byteCount, 100_000])
  func `A file that is not ours is left alone`(byteCount: Int) throws {
    let content = Data((0..<byteCount).map { UInt8(truncatingIfNeeded: $0 + 1) })
    try content.write(to: URL(filePath: filePath))
    try expectPrivate(
      try WakeBoard(databasePath: boardPath),
      because: byteCount == WakeBoard.Layout.byteCount ? "move it out of the way" : "which has")
    #expect(try Data(contentsOf: URL(filePath: filePath)) == content)
  }

  @Test func `An empty file is made a board`() throws {
    try Data().write(to: URL(filePath: filePath))
    #expect(try WakeBoard(databasePath: boardPath).isShared)
  }

  @Test func `The file of another version is made over when nobody uses it, and else is not`()
    throws
  {
    let identity = try {
      _ = try WakeBoard(databasePath: boardPath)
      return try boardMemory().word64(at: 0).load()
    }()
    let memory = try boardMemory()
    for offset in stride(from: 8, to: WakeBoard.Layout.byteCount, by: 8) {
      try memory.word64(at: offset).store(.max)
    }
    try memory.word64(at: 0).store(identity + 1)
    let made = try WakeBoard(databasePath: boardPath)
    #expect(made.isShared)
    #expect(try memory.word64(at: 0).load() == identity)
    #expect(made.sleeperCount == 0)

    try memory.word64(at: 0).store(identity + 1)
    try expectPrivate(try WakeBoard(databasePath: boardPath), because: "another version")
    #expect(try memory.word64(at: 0).load() == identity + 1)
    withExtendedLifetime(made) {}
  }

  @Test func `Those who died asleep are forgotten by the first to come back`() throws {
    _ = try WakeBoard(databasePath: boardPath)
    try boardMemory().word64(at: WakeBoard.Layout.highSleepers).store(0xFF)
    let first = try WakeBoard(databasePath: boardPath)
    #expect(first.sleeperCount == 0)
    // And the second one clears nothing.
    let seat = try first.takeSeat()
    _ = seat.prepare(lanes: [1], knownLane: 1)
    _ = try WakeBoard(databasePath: boardPath)
    #expect(first.sleeperCount == 1)
  }

  @Test func `Whoever never gets done with setting up keeps nobody waiting for ever`() throws {
    let stuck = try boardMemory()
    #expect(try stuck.lock(.exclusive, byte: 0))
    try expectPrivate(try WakeBoard(databasePath: boardPath), because: "being set up")
  }

  @Test(arguments: [UInt64.max, 0, 1, 0x8000_0000_8000_0000, 0x5555_5555_5555_5555])
  func `What others write over a board in use stops nobody`(garbage: UInt64) throws {
    let board = try WakeBoard(databasePath: boardPath)
    let memory = try boardMemory()
    let seats = try (0..<3).map { _ in try board.takeSeat() }
    let sleepers = try seats.map { try Sleeper(on: $0) }
    for offset in stride(from: 0, to: WakeBoard.Layout.byteCount, by: 8) {
      try memory.word64(at: offset).store(garbage)
    }
    board.ring(lane: 1, count: 1)
    board.ring(lane: .max, count: .max)
    board.ring(lane: .min, count: .max)
    board.ringAll()
    // If the bitmap was cleared they could not be found; every sleep has its deadline, and a poke.
    for seat in seats { seat.poke() }
    for sleeper in sleepers { #expect(try sleeper.awakening() == .rung) }
    // The next sleep is as good as ever.
    let sleeper = try Sleeper(on: seats[0])
    #expect(board.ring(lane: 1, count: 1) == 1)
    #expect(try sleeper.awakening() == .rung)
  }

  @Test func `A board outlives its file`() throws {
    let board = try WakeBoard(databasePath: boardPath)
    try FileManager.default.removeItem(atPath: filePath)
    let sleeper = try Sleeper(on: board.takeSeat())
    // Who comes later meets on another file and reaches nobody here.
    let later = try WakeBoard(databasePath: boardPath)
    #expect(later.isShared)
    #expect(later.ring(lane: 1, count: 1) == 0)
    #expect(board.ring(lane: 1, count: 1) == 1)
    #expect(try sleeper.awakening() == .rung)
  }
}
