import Foundation
import SQLite
import TestSupport
import Testing

@testable import QueueEngine

#if os(Linux)
  import Glibc
#endif

/// A disk that fills up in the middle of a call: a typed error, nothing half done, and the same object
/// goes on once there is room again.
@Suite(.temporaryDirectory)
struct FullDiskTests {
  /// A call that needs more room than there is.
  enum Call: String, CaseIterable, Sendable {
    case enqueue, enqueueMany, enqueueWithKey, claim, claimMany, complete, completeMany, fail
  }

  private static let large = "[" + String(repeating: "1", count: 100_000) + "]"
  private static let longName = String(repeating: "w", count: 255)

  private func expectFull(_ body: () throws -> Void) throws {
    let error = try queueError(body)
    #expect(error.code == .diskFull)
    #expect(!error.isRetryable)
    #expect(error.resultCode == .full)
    #expect(error.message.contains("queue.db"))
    #expect(error.message.contains("make room on the disk"))
  }

  /// Makes the call, again and again if a single one does not need room, until it fails.
  private func untilFull(_ call: Call, _ queue: SQLiteQueueStore, _ held: [Fence]) throws {
    let claimant = Claimant(workerID: Self.longName)
    let big = NewTask(type: "big", payload: Self.large)
    switch call {
    case .enqueue: _ = try queue.enqueue(big, now: start)
    case .enqueueMany: _ = try queue.enqueue([NewTask(type: "small"), big], now: start)
    case .enqueueWithKey:
      var task = big
      task.idempotencyKey = "key"
      _ = try queue.enqueue(task, now: start)
    case .claim:
      while let task = try queue.claim(as: claimant, leaseDurationMs: 60_000, now: start) {
        #expect(task.fence.attempt == 1)
      }
    case .claimMany:
      while try !queue.claim(as: claimant, limit: 50, leaseDurationMs: 60_000, now: start).isEmpty {
      }
    case .complete: _ = try queue.complete(held[0], result: Self.large, now: start)
    case .completeMany:
      _ = try queue.complete([(held[0], nil), (held[1], Self.large)], now: start)
    case .fail:
      _ = try queue.fail(held[0], .permanent(message: Self.large), now: start)
    }
  }

  /// Every row as text, to see that nothing has changed.
  private func contents(_ queue: SQLiteQueueStore) throws -> [[String?]] {
    try queue.connection.rows("SELECT * FROM task_queue ORDER BY id")
      + queue.connection.rows("SELECT * FROM task_lanes ORDER BY lane")
  }

  @Test(arguments: Call.allCases, [TransactionMode.immediate, .deferred])
  func `A call that finds the disk full has done nothing`(
    call: Call, mode: TransactionMode
  ) throws {
    let queue = try openQueue("queue.db", options(mode: mode))
    try _ = queue.enqueue((0..<1002).map { _ in NewTask(type: "t") }, now: start)
    let held = try queue.claim(
      as: Claimant(workerID: "w"), limit: 2, leaseDurationMs: 60_000, now: start
    ).map(\.fence)
    let pages = try #require(try queue.connection.scalar("PRAGMA page_count"))
    try queue.connection.execute(script: "PRAGMA max_page_count = \(pages)")
    let before = try contents(queue)
    try expectFull { try untilFull(call, queue, held) }
    #expect(!queue.connection.isInTransaction)
    // Calls before the one that failed have found room.
    if call != .claim, call != .claimMany { #expect(try contents(queue) == before) }
    #expect(try queue.counts().values.reduce(0, +) == 1002)

    try queue.connection.execute(script: "PRAGMA max_page_count = 1000000")
    let heldCount = try #require(try queue.counts()[.processing])
    let rest = try queue.claim(
      as: Claimant(workerID: "x"), limit: 2000, leaseDurationMs: 60_000, now: start)
    #expect(rest.count == 1002 - heldCount)
    #expect(rest.allSatisfy { $0.fence.attempt == 1 })
    for fence in held { #expect(try queue.complete(fence, result: nil, now: start) == .accepted) }
    if call != .claim, call != .claimMany { try untilFull(call, queue, held) }
    #expect(try queue.connection.scalar("PRAGMA integrity_check") == "ok")
    try expectLanesRight(queue)
  }

  private func expectLanesRight(_ queue: SQLiteQueueStore) throws {
    #expect(
      try queue.connection.scalar(
        """
        SELECT count(*) FROM task_queue AS t JOIN task_lanes AS l USING (lane)
        WHERE t.type <> l.type
        """) == "0")
  }

  @Test func `A transaction that ignores a full disk does not happen, not even in part`() throws {
    let queue = try openQueue()
    try _ = queue.enqueue(NewTask(type: "t"), now: start)
    let pages = try #require(try queue.connection.scalar("PRAGMA page_count"))
    try queue.connection.execute(script: "PRAGMA max_page_count = \(pages)")
    let before = try contents(queue)
    let small = NewTask(type: "t")
    try expectFull {
      try queue.atomically {
        _ = try queue.enqueue(small, now: start)
        try expectFull {
          _ = try queue.enqueue(
            [small, NewTask(type: "t", payload: Self.large)], now: start)
        }
        // SQLite has ended the transaction: this must not become one of its own.
        try expectFull { _ = try queue.enqueue(small, now: start) }
      }
    }
    #expect(try contents(queue) == before)
    try queue.connection.execute(script: "PRAGMA max_page_count = 1000000")
    #expect(try queue.enqueue(NewTask(type: "t", payload: Self.large), now: start).isNew)
    #expect(!queue.connection.isInTransaction)
  }

  #if os(Linux)
    /// A disk of 2 MiB under the running test's directory.
    private final class SmallDisk {
      let path: String

      /// Whether this program may mount file systems.
      static let isPermitted: Bool = {
        let path = FileManager.default.temporaryDirectory
          .appending(path: "queuebench-tests-\(UUID().uuidString)").path
        defer { rmdir(path) }
        return (try? SmallDisk(path: path)) != nil
      }()

      init(path: String = TemporaryDirectory.path("disk")) throws {
        self.path = path
        guard mkdir(path, 0o700) == 0, mount("tmpfs", path, "tmpfs", 0, "size=2m") == 0 else {
          throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EPERM)
        }
      }

      deinit { umount2(path, Int32(MNT_DETACH)) }

      /// Takes the rest of the disk.
      func fill() {
        let file = open("\(path)/ballast", O_WRONLY | O_CREAT, 0o600)
        let block = [UInt8](repeating: 1, count: 4096)
        while write(file, block, block.count) > 0 {}
        close(file)
      }

      /// Gives it back.
      func makeRoom() { unlink("\(path)/ballast") }
    }

    @Test(.enabled(if: SmallDisk.isPermitted), arguments: [true, false])
    func `Threads on a disk that is really full go on when there is room`(isCombining: Bool) throws
    {
      let disk = try SmallDisk()
      let queue = TaskQueue(
        store: try SQLiteQueueStore(
          path: "\(disk.path)/queue.db",
          options: options(busyPolicy: .fixed(delayUs: 200, timeoutMs: 60_000))),
        options: TaskQueueOptions(writeCombining: isCombining))
      let ids = try queue.enqueue(contentsOf: (0..<200).map { _ in NewTask(type: "t") }).map(\.id)
      let claimant = Claimant(workerID: "w")
      let held = try queue.claim(as: claimant, limit: 50, leaseDurationMs: 60_000).map(\.fence)

      disk.fill()
      let stored = try inParallel(4) { thread -> [TaskID] in
        var stored: [TaskID] = []
        for round in 0..<20 {
          do {
            let payload = "\"" + String(repeating: "x", count: 2000 * round) + "\""
            stored.append(try queue.enqueue(NewTask(type: "late", payload: payload)).id)
          } catch let error as QueueError {
            #expect(error.code == .diskFull, "\(error)")
            #expect(error.message.contains("queue.db"))
          }
        }
        return stored
      }.flatMap { $0 }
      #expect(stored.count < 80)
      let counts = try queue.counts()
      #expect(counts[.queued] == 150 + stored.count)
      #expect(counts[.processing] == 50)

      disk.makeRoom()
      #expect(try queue.complete(held.map { ($0, nil) }).allSatisfy { $0 == .accepted })
      let rest = try queue.claim(as: claimant, limit: 1000, leaseDurationMs: 60_000)
      #expect(Set(rest.map(\.id)) == Set(ids + stored).subtracting(held.map(\.id)))
      #expect(rest.count == 150 + stored.count)
      #expect(try queue.enqueue(NewTask(type: "t")).isNew)
    }

    @Test(.enabled(if: SmallDisk.isPermitted))
    func `A queue that cannot be made on a full disk is made when there is room`() throws {
      let disk = try SmallDisk()
      disk.fill()
      let path = "\(disk.path)/queue.db"
      let error = try queueError { _ = try SQLiteQueueStore(path: path, options: options()) }
      #expect(error.code == .diskFull, "\(error)")
      #expect(error.message.contains(path))
      disk.makeRoom()
      let queue = try SQLiteQueueStore(path: path, options: options())
      #expect(try queue.enqueue(NewTask(type: "t"), now: start).isNew)
    }
  #endif
}
