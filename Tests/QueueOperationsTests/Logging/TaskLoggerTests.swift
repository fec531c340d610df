import Logging
import QueueEngine
import QueueOperations
import SQLite
import TestSupport
import Testing

@Suite(.temporaryDirectory, .timeLimit(.minutes(2)))
struct TaskLoggerTests {
  /// No thread writes by itself within a test.
  private static let hourMs: Int64 = 3_600_000

  private func logger(
    _ queue: ObservedQueue, minimumLevel: TaskLogLevel? = .debug, batchSize: Int = 1000,
    flushIntervalMs: Int64 = Self.hourMs, capacity: Int = 10_000, whenWritten: Bell? = nil,
    lines: SaidLines = SaidLines()
  ) throws -> TaskLogger {
    try TaskLogger(
      database: queue.database,
      options: TaskLogOptions(
        minimumLevel: minimumLevel, batchSize: batchSize, flushIntervalMs: flushIntervalMs,
        capacity: capacity),
      logger: lines.logger(), whenWritten: { whenWritten?.ring() })
  }

  private func storedMessages(_ queue: ObservedQueue) throws -> [String] {
    let connection = try queue.byHand()
    let rows = try connection.prepare("SELECT message FROM task_logs ORDER BY log_id")
    defer { rows.reset() }
    var messages: [String] = []
    while try rows.step() { messages.append(rows.text(0) ?? "") }
    return messages
  }

  @Test(arguments: [1, 1000])
  func `Entries come back as they were logged`(batchSize: Int) throws {
    let queue = try ObservedQueue()
    let id = try queue.enqueue(1)[0]
    let logger = try logger(queue, batchSize: batchSize)
    try logger.log(
      id, .warning, "it's 5 o'clock\n\"quoted\"", details: #"{"n": [1, null]}"#,
      now: ObservedQueue.at(7))
    let entry = try #require(try logger.entries(of: id).first)
    #expect(entry.taskID == id && entry.level == .warning)
    #expect(entry.message == "it's 5 o'clock\n\"quoted\"")
    #expect(entry.details == #"{"n": [1, null]}"#)
    #expect(entry.at == ObservedQueue.at(7))
  }

  @Test(arguments: [nil, .debug, .info, .warning, .error, .critical] as [TaskLogLevel?])
  func `What is less grave than the minimum is not kept`(minimum: TaskLogLevel?) throws {
    let queue = try ObservedQueue()
    let id = try queue.enqueue(1)[0]
    let logger = try logger(queue, minimumLevel: minimum)
    for level in TaskLogLevel.allCases { try logger.log(id, level, level.rawValue) }
    let kept = try logger.entries(of: id).map(\.level).reversed()
    let expected = TaskLogLevel.allCases.filter { level in
      minimum.map { level >= $0 } ?? false
    }
    #expect(Array(kept) == expected)
  }

  @Test func `An entry for a task that does not exist costs no other entry`() throws {
    let queue = try ObservedQueue()
    let ids = try queue.enqueue(2)
    let logger = try logger(queue)
    try logger.log(ids[0], .info, "a")
    try logger.log(TaskID(rawValue: 4711), .info, "lost")
    try logger.log(ids[1], .info, "b")
    let error = try #require(throws: QueueError.self) { try logger.flush() }
    #expect(error.code == .invalidArgument)
    #expect(error.message.contains("#4711"), "\(error)")
    #expect(try storedMessages(queue) == ["a", "b"])
    // Said once, and over with.
    try logger.flush()
  }

  @Test func `Unbuffered, a missing task is thrown at once`() throws {
    let queue = try ObservedQueue()
    let logger = try logger(queue, batchSize: 1)
    let error = try #require(throws: QueueError.self) {
      try logger.log(TaskID(rawValue: 9), .info, "lost")
    }
    #expect(error.message.contains("#9"), "\(error)")
  }

  @Test(arguments: ["{", "", "{'a': 1}", "[1,]"])
  func `Details that are no JSON are refused`(details: String) throws {
    let queue = try ObservedQueue()
    let id = try queue.enqueue(1)[0]
    let logger = try logger(queue)
    let error = try #require(throws: QueueError.self) {
      try logger.log(id, .info, "m", details: details)
    }
    #expect(error.code == .invalidArgument)
    #expect(try logger.entries(of: id).isEmpty)
  }

  @Test func `A batch is written without being asked for`() throws {
    let queue = try ObservedQueue()
    let id = try queue.enqueue(1)[0]
    let bell = Bell()
    let logger = try logger(queue, batchSize: 10, whenWritten: bell)
    for number in 0..<10 { try logger.log(id, .info, "\(number)") }
    try bell.wait()
    #expect(try storedMessages(queue) == (0..<10).map { "\($0)" })
  }

  @Test func `A few entries are written after some time`() throws {
    let queue = try ObservedQueue()
    let id = try queue.enqueue(1)[0]
    let bell = Bell()
    let logger = try logger(queue, flushIntervalMs: 5, whenWritten: bell)
    try logger.log(id, .info, "m")
    while try storedMessages(queue).isEmpty { try bell.wait() }
    try logger.close()
    #expect(try storedMessages(queue) == ["m"])
  }

  @Test func `What waits is written when the logger closes or goes`() throws {
    let queue = try ObservedQueue()
    let id = try queue.enqueue(1)[0]
    var logger: TaskLogger? = try self.logger(queue)
    try logger?.log(id, .info, "closed")
    try logger?.close()
    #expect(try storedMessages(queue) == ["closed"])
    try logger?.log(id, .info, "late")
    #expect(try storedMessages(queue) == ["closed", "late"])
    logger = try self.logger(queue)
    try logger?.log(id, .info, "gone")
    logger = nil
    #expect(try storedMessages(queue) == ["closed", "late", "gone"])
  }

  @Test func `A queue that cannot be written to costs what does not fit only`() throws {
    let queue = try ObservedQueue(busyTimeoutMs: 0)
    let id = try queue.enqueue(1)[0]
    let logger = try logger(queue, batchSize: 5, capacity: 5)
    let other = try queue.byHand()
    try other.begin(.immediate)
    for number in 0..<8 { try logger.log(id, .info, "\(number)") }
    #expect(logger.droppedCount == 3)
    let error = try #require(throws: QueueError.self) { try logger.flush() }
    #expect(error.code == .busy)
    other.rollBack()
    try logger.close()
    #expect(try storedMessages(queue) == ["0", "1", "2", "3", "4"])
  }

  @Test func `Loggers of many threads lose nothing and keep each thread's order`() throws {
    let queue = try ObservedQueue()
    let ids = try queue.enqueue(4)
    let database = queue.database
    let path = queue.path
    let perThread = 300
    let results = try inParallel(4) { thread in
      // Two of them share a database, the others have one of their own.
      let own =
        thread < 2 ? database : try QueueDatabase(path: path, options: ObservedQueue.options())
      let logger = try TaskLogger(
        database: own, options: TaskLogOptions(batchSize: 7 + thread, flushIntervalMs: 3))
      for number in 0..<perThread { try logger.log(ids[thread], .info, "\(number)") }
      try logger.close()
      return logger.droppedCount
    }
    #expect(results == [0, 0, 0, 0])
    let reader = try logger(queue)
    for id in ids {
      let messages = try reader.entries(of: id, limit: 1000).reversed().map(\.message)
      #expect(messages == (0..<perThread).map { "\($0)" }, "\(id)")
    }
  }

  @Test func `Entries are found by task, by level and page by page`() throws {
    let queue = try ObservedQueue()
    let ids = try queue.enqueue(2)
    let logger = try logger(queue)
    for number in 0..<20 {
      try logger.log(ids[number % 2], number % 4 == 0 ? .error : .info, "\(number)")
    }
    let first = try logger.entries(of: ids[0], limit: 4)
    #expect(first.map(\.message) == ["18", "16", "14", "12"])
    let second = try logger.entries(of: ids[0], limit: 4, before: first.last?.id)
    #expect(second.map(\.message) == ["10", "8", "6", "4"])
    #expect(
      try logger.entries(of: ids[0], level: .error).map(\.message) == ["16", "12", "8", "4", "0"])
    #expect(try logger.recent(limit: 3).map(\.message) == ["19", "18", "17"])
    #expect(try logger.recent(limit: 2, level: .error).map(\.message) == ["16", "12"])
    #expect(try logger.entries(of: TaskID(rawValue: 99)).isEmpty)
    #expect(try logger.recent(limit: 0).isEmpty)
    #expect(throws: QueueError.self) { try logger.recent(limit: -1) }
  }

  @Test func `Old entries are deleted, and no others`() throws {
    let queue = try ObservedQueue()
    let id = try queue.enqueue(1)[0]
    let logger = try logger(queue, batchSize: 2000)
    let day: Int64 = 86_400
    // More than two transactions' worth, in an order that is not that of time.
    for number in 0..<1300 {
      let age = number % 13 == 0 ? 10 * day : 30 * day + Int64(number % 5)
      try logger.log(id, .info, "\(number)", now: ObservedQueue.at(-age))
    }
    try logger.flush()
    let deletedCount = try logger.deleteOld(olderThanDays: 30, now: ObservedQueue.start)
    // Those of exactly 30 days stay.
    let kept = (0..<1300).filter { $0 % 13 == 0 || $0 % 5 == 0 }
    #expect(deletedCount == 1300 - kept.count)
    #expect(try storedMessages(queue) == kept.map { "\($0)" })
    #expect(throws: QueueError.self) { try logger.deleteOld(olderThanDays: -1) }
  }

  @Test(arguments: [
    TaskLogOptions(batchSize: 0), TaskLogOptions(flushIntervalMs: 0),
    TaskLogOptions(batchSize: 10, capacity: 9),
  ])
  func `Options that make no sense are refused`(options: TaskLogOptions) throws {
    let queue = try ObservedQueue()
    let error = try #require(throws: QueueError.self) {
      _ = try TaskLogger(database: queue.database, options: options)
    }
    #expect(error.code == .invalidArgument)
  }
}
