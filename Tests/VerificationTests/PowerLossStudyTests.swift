import Foundation
import HarnessDriver
import QueueEngine
import Recording
import Testing

@testable import SQLite
@testable import Verification

/// Power cuts in histories of the real engine on the real SQLite, whose answers are known beforehand.
///
/// Each runs in a process of its own, since a process logs the writes of one database only.
@Suite struct PowerLossStudyTests {
  /// Works through some tasks with every write logged, and cuts the power.
  private static func loss(
    journalMode: String, synchronous: String, cuts: Int = 300,
    altering alter: (WriteLog) -> WriteLog = { $0 }
  ) throws -> PowerLoss {
    let directory = TemporaryDirectory()
    let path = "\(directory.path)/queue.db"
    let settings = try [
      #require(PragmaSetting(.journalMode, journalMode)),
      #require(PragmaSetting(.synchronous, synchronous)),
    ]
    // Checkpoints come often, and within the operations.
    let options = SQLiteStoreOptions(
      pragmas: settings, checkpointPolicy: .auto(pages: 40), strategies: [.fifo],
      wakesWorkers: false)
    do {
      let store = try SQLiteQueueStore(path: path, options: options)
      _ = try store.connection.execute(script: "PRAGMA wal_checkpoint(TRUNCATE)")
    }
    let initial = try Data(contentsOf: URL(fileURLWithPath: path))
    let logPath = "\(directory.path)/writes.log"
    try WriteLog.record(appendingTo: logPath)
    let queue = TaskQueue(store: try SQLiteQueueStore(path: path, options: options))
    let claimant = Claimant(workerID: "w", strategy: .fifo)
    func marking(_ kind: OperationKind, _ body: () throws -> (id: Int64, attempt: Int)) throws {
      let startNs = DispatchTime.now().uptimeNanoseconds
      let (id, attempt) = try body()
      WriteLog.mark(
        kind: UInt32(kind.rawValue), id: id, detail: UInt32(attempt), startNs: startNs)
    }
    for _ in 0..<60 {
      try marking(.enqueue) {
        (try queue.enqueue(NewTask(type: "t", payload: "{}")).id.rawValue, 0)
      }
      var claimed: ClaimedTask?
      try marking(.claim) {
        let task = try #require(try queue.claim(as: claimant, leaseDurationMs: 60_000))
        claimed = task
        return (task.id.rawValue, task.fence.attempt)
      }
      let fence = try #require(claimed).fence
      try marking(.complete) {
        let answer = try queue.complete(fence)
        #expect(answer == .accepted)
        return (fence.id.rawValue, fence.attempt)
      }
    }
    WriteLog.stopRecording()
    let images = "\(directory.path)/images"
    try FileManager.default.createDirectory(atPath: images, withIntermediateDirectories: true)
    let log = try WriteLog(path: logPath)
    #expect(log.entries.count > 500)
    var random = SeededRandom(state: 7)
    return try PowerLossStudy(
      log: alter(log), initial: [.database: Array(initial)], directory: images
    ).run(cuts: cuts, using: &random)
  }

  /// Enough for choosing where to cut.
  private struct SeededRandom: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return state ^ (state >> 29)
    }
  }

  @Test func `synchronous FULL in WAL mode loses nothing`() async {
    await #expect(processExitsWith: .success) {
      let loss = try Self.loss(journalMode: "WAL", synchronous: "FULL")
      #expect(loss.cuts == 300 && loss.acknowledged == 180)
      #expect(loss.losing == 0 && loss.corrupt == 0 && loss.reordered == 0)
      #expect(loss.shown == .power)
    }
  }

  @Test func `synchronous NORMAL in WAL mode loses the latest operations only`() async {
    await #expect(processExitsWith: .success) {
      let loss = try Self.loss(journalMode: "WAL", synchronous: "NORMAL")
      #expect(loss.losing > 20 && loss.mostLost.count > 3 && loss.oldestLostNs > 0)
      #expect(loss.corrupt == 0 && loss.reordered == 0)
      #expect(loss.shown == .process)
      #expect(loss.complaint(about: .power) != nil && loss.complaint(about: .process) == nil)
    }
  }

  @Test func `synchronous OFF damages the file`() async {
    await #expect(processExitsWith: .success) {
      let loss = try Self.loss(journalMode: "WAL", synchronous: "OFF")
      #expect(loss.corrupt > 0 && loss.firstCorruption != nil)
      #expect(loss.shown == nil)
      #expect(loss.complaint(about: .process) != nil && loss.complaint(about: nil) == nil)
    }
  }

  @Test func `a journal in memory damages the file`() async {
    await #expect(processExitsWith: .success) {
      let loss = try Self.loss(journalMode: "MEMORY", synchronous: "FULL")
      #expect(loss.corrupt > 0 && loss.shown == nil)
    }
  }

  @Test func `a deleted journal comes back unless the directory is synced`() async {
    await #expect(processExitsWith: .success) {
      let full = try Self.loss(journalMode: "DELETE", synchronous: "FULL")
      #expect(full.losing > 0 && full.corrupt == 0)
      #expect(full.shown == .process)
    }
    await #expect(processExitsWith: .success) {
      let extra = try Self.loss(journalMode: "DELETE", synchronous: "EXTRA")
      #expect(extra.losing == 0 && extra.corrupt == 0)
      #expect(extra.shown == .power)
    }
  }

  @Test func `a disk that lies about syncs is found out`() async {
    await #expect(processExitsWith: .success) {
      // What FULL would be on a disk that forgets: the check must not be one that cannot fail.
      let loss = try Self.loss(journalMode: "WAL", synchronous: "FULL") { log in
        log.filtered { event in
          if case .syncEnded = event { return false }
          return true
        }
      }
      #expect(loss.losing > 0)
    }
  }

  @Test func `an acknowledgement before its write is found out`() async {
    await #expect(processExitsWith: .success) {
      // As if an engine answered first and wrote later: every mark moves in front of 40 events.
      let loss = try Self.loss(journalMode: "WAL", synchronous: "FULL") { log in
        log.withMarks(earlierBy: 40)
      }
      #expect(loss.losing > 0 && loss.shown != .power)
    }
  }
}
