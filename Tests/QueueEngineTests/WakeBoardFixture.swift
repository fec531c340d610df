import Foundation
import Platform
import Synchronization
import TestSupport
import Testing

@testable import QueueEngine

/// Deadlines that turn a hang into a failure.
let patienceNs: UInt64 = 30_000_000_000

/// The path whose `-wake` file the boards of one test share.
var boardPath: String { TemporaryDirectory.path("test.db") }

func patientDeadlineNs() -> UInt64 { MonotonicClock.nowNs() + patienceNs }

/// The file of ``boardPath``, as somebody else maps it.
func boardMemory() throws -> SharedMemory {
  try SharedMemory(
    filePath: boardPath + "-wake", byteCount: WakeBoard.Layout.byteCount, permissions: 0o600)
}

/// The numbers of the seats whose owners have announced a sleep.
func announcedSeats() throws -> [Int] {
  let memory = try boardMemory()
  let low = try memory.word64(at: WakeBoard.Layout.lowSleepers).load()
  let high = try memory.word64(at: WakeBoard.Layout.highSleepers).load()
  return (0..<128).filter { ($0 < 64 ? low : high) & (1 << UInt64($0 % 64)) != 0 }
}

extension WakeBoard.Seat {
  func prepare(lanes: [Int64], knownLane: Int64) -> Ticket {
    prepare(
      mask: lanes.reduce(0) { $0 | WakeBoard.laneBit($1) }, knownLane: knownLane)
  }
}

/// A thread that sleeps on a seat once.
final class Sleeper: Sendable {
  private let thread: TestThread<WakeBoard.Seat.Awakening>
  private let statusFile: Box

  private final class Box: Sendable {
    let path = Mutex<String?>(nil)
  }

  /// Returns when the thread is asleep.
  init(on seat: WakeBoard.Seat, lanes: [Int64] = [1], knownLane: Int64 = 1) throws {
    let statusFile = Box()
    self.statusFile = statusFile
    thread = TestThread {
      let ticket = seat.prepare(lanes: lanes, knownLane: knownLane)
      let thread = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/thread-self")
      statusFile.path.withLock { $0 = "/proc/\(thread)/stat" }
      return seat.wait(ticket, untilNs: patientDeadlineNs())
    }
    let deadlineNs = patientDeadlineNs()
    while !isAsleep {
      try #require(MonotonicClock.nowNs() < deadlineNs)
      MonotonicClock.sleep(untilNs: MonotonicClock.nowNs() + 100_000)
    }
  }

  /// After it has said where its status lies, the thread sleeps nowhere but on its seat.
  private var isAsleep: Bool {
    guard let path = statusFile.path.withLock({ $0 }),
      let state = SmallFile.read(path)?.split(separator: ")").last
    else { return false }
    return state.hasPrefix(" S")
  }

  /// Waits for the end of the sleep.
  func awakening() throws -> WakeBoard.Seat.Awakening { try thread.join() }
}
