import Foundation
import Logging
import QueueEngine
import QueueOperations
import QueueWorker
import TestSupport
import Testing

@Suite(.temporaryDirectory)
struct QueueLoggerTests {
  /// What a handler fails with.
  private struct Breakdown: Error, CustomStringConvertible {
    var description: String { "it broke down" }
  }

  private struct Logs {
    let queue: ObservedQueue
    let stored: TaskLogger
    let said = SaidLines()
    let log: QueueLogger

    init(minimumLevel: TaskLogLevel? = .debug, said level: Logger.Level = .trace) throws {
      queue = try ObservedQueue()
      stored = try TaskLogger(
        database: queue.database,
        options: TaskLogOptions(minimumLevel: minimumLevel, batchSize: 1))
      log = QueueLogger(taskLogger: stored, logger: said.logger(level))
    }
  }

  private func details(_ entry: TaskLog) throws -> [String: Any] {
    let json = try #require(entry.details)
    let object = try JSONSerialization.jsonObject(with: Data(json.utf8))
    return try #require(object as? [String: Any])
  }

  @Test func `A transition is told to both logs`() throws {
    let logs = try Logs()
    let id = try logs.queue.enqueue(1)[0]
    logs.log.transition(
      id, from: .queued, to: .deadLetter, details: ["by": "hand"], now: ObservedQueue.at(3))
    let entry = try #require(try logs.stored.entries(of: id).first)
    #expect(entry.message == "queued -> dead_letter")
    #expect(entry.level == .warning && entry.at == ObservedQueue.at(3))
    let stored = try details(entry)
    #expect(stored["from"] as? String == "queued" && stored["to"] as? String == "dead_letter")
    #expect(stored["by"] as? String == "hand")
    let line = try #require(logs.said.lines.first)
    #expect(line.level == .warning && line.message == "queued -> dead_letter")
    #expect(line.metadata["task"] == "\(id)" && line.metadata["by"] == "hand")
  }

  @Test func `An error is told with its description and its type`() throws {
    let logs = try Logs()
    let id = try logs.queue.enqueue(1)[0]
    logs.log.error(id, Breakdown())
    let entry = try #require(try logs.stored.entries(of: id).first)
    #expect(entry.level == .error && entry.message == "it broke down")
    let type = try #require(try details(entry)["error_type"] as? String)
    #expect(type.hasSuffix("Breakdown"), "\(type)")
  }

  @Test func `A retry is told with its numbers`() throws {
    let logs = try Logs()
    let id = try logs.queue.enqueue(1)[0]
    logs.log.retry(id, attempt: 2, of: 5, nextRunAfter: ObservedQueue.at(60))
    let stored = try details(try #require(try logs.stored.entries(of: id).first))
    #expect(stored["attempt"] as? Int == 2 && stored["max_attempts"] as? Int == 5)
    #expect(stored["next_run_after"] as? String == "2026-11-21 12:01:00.000")
  }

  @Test(arguments: ["\"", "\\", "a\u{0}b\u{1f}\n\t\r", "𝄞 ü", "'); DROP TABLE task_logs; --"])
  func `Any text is stored as it is`(text: String) throws {
    let logs = try Logs()
    let id = try logs.queue.enqueue(1)[0]
    logs.log.event(
      id, .info, "m", details: [text: .array([.string(text), .dictionary(["k": "\(text)"])])])
    let stored = try details(try #require(try logs.stored.entries(of: id).first))
    let array = try #require(stored[text] as? [Any])
    #expect(array.first as? String == text)
    #expect((array.last as? [String: Any])?["k"] as? String == text)
  }

  @Test(arguments: [true, false], [true, false])
  func `Each log keeps what its own level asks for`(isStored: Bool, isSaid: Bool) throws {
    let logs = try Logs(
      minimumLevel: isStored ? .info : .warning, said: isSaid ? .info : .warning)
    let id = try logs.queue.enqueue(1)[0]
    var askedCount = 0
    func text() -> String {
      askedCount += 1
      return "m"
    }
    logs.log.event(id, .info, text())
    #expect(try logs.stored.entries(of: id).count == (isStored ? 1 : 0))
    #expect(logs.said.lines.count == (isSaid ? 1 : 0))
    #expect(askedCount == (isStored || isSaid ? 1 : 0))
  }

  @Test func `An entry that cannot be stored is an error in the program's log`() throws {
    let logs = try Logs()
    logs.log.event(TaskID(rawValue: 77), .info, "m")
    let errors = logs.said.lines.filter { $0.level == .error }
    #expect(errors.count == 1 && errors[0].message.contains("#77"), "\(errors)")
  }

  @Test func `A worker that it observes tells it`() async throws {
    let logs = try Logs()
    let id = try logs.queue.enqueue(1)[0]
    let queue = TaskQueue(
      store: try SQLiteQueueStore(path: logs.queue.path, options: ObservedQueue.options()))
    let worker = try Worker(
      queue: queue,
      options: WorkerOptions(
        workerID: "w", retryPolicy: .fixed(delayMs: 0), observers: [logs.log]))
    try worker.register("t") { task in
      if task.attempt == 1 { throw Breakdown() }
      return nil
    }
    try await worker.run(.drain)
    let story = try logs.stored.entries(of: id).reversed().map(\.message)
    #expect(story.count == 5, "\(story)")
    #expect(story.first == "queued -> processing" && story.last == "processing -> completed")
    #expect(story[1] == "it broke down" && story[2].hasPrefix("attempt 1 of 5 has failed"))
  }

  @Test func `A worker's words become the story of its task`() throws {
    let logs = try Logs()
    let id = try logs.queue.enqueue(1, maxAttempts: 2)[0]
    let task = try logs.queue.claim(as: "w")
    logs.log.workerStarted(task, workerID: "w")
    logs.log.workerWillRetry(
      task, at: ObservedQueue.at(9), message: "it broke down", error: Breakdown(), workerID: "w")
    logs.log.workerReleased(task, workerID: "w")
    logs.log.workerLostLease(task, workerID: "w")
    logs.log.workerFailed(
      task, endedAs: .deadLetter, message: "timed out", error: nil, workerID: "w")
    logs.log.workerCompleted(task, workerID: "w")
    let story = try logs.stored.entries(of: id).reversed()
    #expect(
      story.map(\.message) == [
        "queued -> processing", "it broke down",
        "attempt 1 of 2 has failed; the next one is due at 2026-11-21 12:00:09.000",
        "processing -> queued", "the lease was lost: what the handler returns is dropped",
        "timed out", "processing -> dead_letter", "processing -> completed",
      ])
    for entry in story { #expect(try details(entry)["worker"] as? String == "w") }
    let stats = try WorkerRegistry(database: logs.queue.database).stats(of: "w")
    #expect(stats.retried == 1 && stats.heldTasks == 1)
  }
}
