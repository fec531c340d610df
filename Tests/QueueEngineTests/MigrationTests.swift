import Foundation
import SQLite
import TestSupport
import Testing

@testable import QueueEngine

#if os(Linux)
  import Glibc
#endif

/// Files are made, recognised, left alone or refused.
@Suite(.temporaryDirectory)
struct MigrationTests {
  private let path = TemporaryDirectory.path("queue.db")

  /// A database of somebody else.
  private func makeForeign(_ script: String) throws {
    try Connection(path: path, busyPolicy: .timeout(timeoutMs: 0)).execute(script: script)
  }

  private func contents() throws -> Data { try Data(contentsOf: URL(filePath: path)) }

  @Test func `The defaults make a safe queue`() throws {
    let queue = try SQLiteQueueStore(path: path)
    #expect(queue.pragmas.count == SQLiteStoreOptions.safePragmas.count)
    #expect(Set(queue.pragmas) == Set(SQLiteStoreOptions.safePragmas))
    for setting in queue.pragmas {
      #expect(try queue.connection.value(of: setting.pragma) == setting.value)
    }
    #expect(try queue.connection.value(of: .mmapSize) == "0")
    #expect(try queue.connection.scalar("PRAGMA user_version") == String(Schema.version))
    #expect(
      try queue.connection.scalar("PRAGMA application_id") == String(Schema.applicationID))
    #expect(try queue.connection.scalar("PRAGMA integrity_check") == "ok")
    #expect(try queue.connection.rows("PRAGMA foreign_key_check").isEmpty)
  }

  @Test func `PRAGMAs that are named displace the safe ones`() throws {
    let asked: [(Pragma, String)] = [
      (.journalMode, "TRUNCATE"), (.synchronous, "FULL"), (.pageSize, "8192"),
    ]
    let settings = asked.compactMap { PragmaSetting($0, $1) }
    #expect(settings.count == asked.count)
    let queue = try SQLiteQueueStore(path: path, options: SQLiteStoreOptions(pragmas: settings))
    for setting in settings {
      #expect(try queue.connection.value(of: setting.pragma) == setting.value)
    }
    try _ = queue.enqueue(NewTask(type: "t"), now: start)
    #expect(try queue.claim(.priority) != nil)
  }

  @Test(arguments: [Set<ClaimStrategy>([.priority]), Set(ClaimStrategy.allCases), []])
  func `Opening again writes nothing`(strategies: Set<ClaimStrategy>) throws {
    let options = options(strategies)
    try { _ = try SQLiteQueueStore(path: path, options: options) }()
    let before = try contents()
    let modified =
      try FileManager.default.attributesOfItem(atPath: path)[.modificationDate] as? Date
    try { _ = try SQLiteQueueStore(path: path, options: options) }()
    #expect(try contents() == before)
    #expect(
      try FileManager.default.attributesOfItem(atPath: path)[.modificationDate] as? Date
        == modified)
    let observer = try Connection(
      path: path, mode: .readWrite, busyPolicy: .timeout(timeoutMs: 0))
    let version = try observer.scalar("PRAGMA data_version")
    let writer = try Connection(path: path, mode: .readWrite, busyPolicy: .timeout(timeoutMs: 0))
    try writer.begin(.immediate)
    // It even opens while somebody else holds the write lock.
    _ = try SQLiteQueueStore(path: path, options: options)
    writer.rollBack()
    #expect(try observer.scalar("PRAGMA data_version") == version)
  }

  @Test(arguments: ClaimStrategy.allCases)
  func `A strategy that is not enabled is refused by name`(strategy: ClaimStrategy) throws {
    let queue = try openQueue("queue.db", options([]))
    let error = try queueError { _ = try queue.claim(strategy) }
    #expect(error.code == .invalidArgument)
    #expect(error.message.contains(strategy.rawValue))
    #expect(error.message.contains("queue.db"))
    // Without any index the queue still takes tasks.
    #expect(try queue.enqueue(NewTask(type: "t"), now: start).isNew)
  }

  @Test(arguments: ClaimStrategy.allCases)
  func `Enabling a strategy later takes the tasks along`(strategy: ClaimStrategy) throws {
    let ids = try {
      let queue = try openQueue("queue.db", options([]))
      return try queue.enqueue((0..<100).map { _ in NewTask(type: "t") }, now: start).map(\.id)
    }()
    let queue = try openQueue("queue.db", options([strategy]))
    #expect(try Set(queue.drain(strategy).map(\.id)) == Set(ids))
    #expect(try openQueue("queue.db", options([])).claim(strategy) == nil)
  }

  @Test(arguments: [10, 16, 17, 100])
  func `Enabling the lottery does not upset the other strategies`(count: Int) throws {
    let first = try openQueue("queue.db", options([.priority]))
    let ids = try (0..<count).map {
      // The tasks that have been due for longest are the least urgent ones.
      try first.enqueue(
        NewTask(type: "t", priority: count - $0, runAfter: at(Int64($0 - count))), now: start
      ).id
    }
    let second = try openQueue("queue.db", options([.weightedRandom]))
    #expect(try second.drain(.priority).map(\.id) == ids.reversed())
  }

  @Test func `A connection that was open sees the strategy that another one enabled`() throws {
    let first = try openQueue("queue.db", options([.priority]))
    #expect(throws: QueueError.self) { try first.claim(.fifo) }
    _ = try openQueue("queue.db", options([.fifo]))
    try _ = first.enqueue(NewTask(type: "t"), now: start)
    #expect(try first.claim(.fifo) != nil)
  }

  @Test(arguments: [1, 7, 1000])
  func `A newer schema is refused and left alone`(ahead: Int) throws {
    try { _ = try openQueue() }()
    try makeForeign("PRAGMA user_version = \(Schema.version + ahead)")
    let before = try contents()
    let error = try queueError { _ = try openQueue() }
    #expect(error.code == .schemaTooNew)
    #expect(error.message.contains("queue.db"))
    #expect(error.message.contains(String(Schema.version + ahead)))
    #expect(try contents() == before)
  }

  @Test(
    arguments: [
      "CREATE TABLE t (a)", "PRAGMA user_version = 1; CREATE TABLE t (a)",
      "PRAGMA application_id = 7; CREATE TABLE t (a)", "PRAGMA user_version = 1",
      "CREATE TABLE task_queue (id INTEGER PRIMARY KEY, status TEXT)",
    ])
  func `Another program's database is refused and left alone`(script: String) throws {
    try makeForeign(script)
    let before = try contents()
    let error = try queueError { _ = try openQueue() }
    #expect(error.code == .notAQueue)
    #expect(error.message.contains("queue.db"))
    #expect(try contents() == before)
    let foreign = try Connection(path: path, busyPolicy: .timeout(timeoutMs: 0))
    #expect(try foreign.value(of: .journalMode) == "DELETE")
  }

  @Test(arguments: [50, 5000])
  func `A file that is no database is refused and left alone`(size: Int) throws {
    try Data(repeating: 0x41, count: size).write(to: URL(filePath: path))
    let error = try queueError { _ = try openQueue() }
    #expect(error.code == .notAQueue)
    #expect(error.resultCode == .notADatabase)
    #expect(error.message.contains("name a file of its own"))
    #expect(error.message.contains("queue.db"))
    #expect(try contents() == Data(repeating: 0x41, count: size))
  }

  @Test func `An empty file becomes a queue`() throws {
    try Data().write(to: URL(filePath: path))
    #expect(try openQueue().enqueue(NewTask(type: "t"), now: start).isNew)
  }

  @Test func `A missing directory is named`() throws {
    let error = try queueError { _ = try openQueue("missing/queue.db") }
    #expect(error.code == .readOnly)
    #expect(error.message.contains("missing/queue.db"))
    #expect(error.message.contains("the directory must exist"))
    #expect(!error.isRetryable)
  }

  @Test func `A directory in place of the file is named`() throws {
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
    let error = try queueError { _ = try openQueue() }
    #expect(error.code == .readOnly)
    #expect(error.resultCode?.primary == .cannotOpen)
    #expect(error.message.contains("queue.db"))
    var isDirectory: ObjCBool = false
    #expect(FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory))
    #expect(isDirectory.boolValue)
  }

  @Test func `A damaged file is named, and nothing is written to it`() throws {
    try {
      let queue = try openQueue()
      try _ = queue.enqueue((0..<500).map { _ in NewTask(type: "t") }, now: start)
    }()
    var damaged = try contents()
    // The first page stays whole; everything behind it is rubbish.
    damaged.replaceSubrange(4096..., with: Data(repeating: 0x5a, count: damaged.count - 4096))
    try damaged.write(to: URL(filePath: path))
    let error = try queueError {
      let queue = try openQueue()
      _ = try queue.claim(.priority)
    }
    #expect(error.code == .corrupt)
    #expect(error.message.contains("queue.db"))
    #expect(error.message.contains("restore a backup"))
    #expect(!error.isRetryable)
  }

  @Test func `A missing file is not made unless asked`() throws {
    var options = options()
    options.createsFile = false
    let error = try queueError { _ = try openQueue("queue.db", options) }
    #expect(error.resultCode?.primary == .cannotOpen)
    #expect(!FileManager.default.fileExists(atPath: path))
  }

  #if os(Linux)
    @Test(arguments: [true, false])
    func `A file that cannot be written to is refused as read-only`(exists: Bool) throws {
      if exists { try { _ = try openQueue() }() }
      let directory = TemporaryDirectory.current.url.path
      if exists { chmod(path, 0o444) }
      chmod(directory, 0o555)
      defer { chmod(directory, 0o755) }
      let path = path
      // Nothing is read-only for root, so a thread of its own becomes somebody else.
      let thread = TestThread { () -> QueueError.Code? in
        if geteuid() == 0 { Self.becomeNobody() }
        do {
          _ = try SQLiteQueueStore(path: path, options: options())
          return nil
        } catch let error as QueueError {
          return error.code
        }
      }
      #expect(try thread.join() == .readOnly)
    }
  #endif

  #if os(Linux)
    /// Lets the calling thread touch files only as user 65534 does.
    private static func becomeNobody() {
      // Glibc's module leaves `setfsuid` out; unlike `setuid` it is a matter of one thread.
      typealias SetFileSystemUser = @convention(c) (uid_t) -> Int32
      let symbol = dlsym(nil, "setfsuid")!
      _ = unsafeBitCast(symbol, to: SetFileSystemUser.self)(65_534)
    }
  #endif

  @Test func `Opening while another one makes the file is not refused`() throws {
    for round in 0..<50 {
      let path = TemporaryDirectory.path("round\(round).db")
      let ids = try inParallel(3) { _ in
        let queue = try SQLiteQueueStore(
          path: path, options: options(busyPolicy: .fixed(delayUs: 200, timeoutMs: 60_000)))
        return try queue.enqueue(NewTask(type: "t"), now: start).id
      }
      #expect(Set(ids).count == 3)
    }
  }
}
