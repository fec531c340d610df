import BackgroundTasks
import Foundation
import QueueEngine
import QueueOperations
import QueueWorker
import Synchronization
import TestSupport
import Testing

/// The code of the articles does what they say.
@Suite(.temporaryDirectory) struct SnippetRunTests {
  private let path = TemporaryDirectory.path("queue.db")

  @Test func tour() async throws {
    let queue = try TourSnippets.open(path)
    let receipt = try await TourSnippets.enqueue(on: queue)
    #expect(receipt.isNew)
    #expect(try await TourSnippets.enqueue(on: queue).isNew == false)
    try await TourSnippets.enqueueMany(on: queue)
    #expect(try await TourSnippets.look(at: queue, receipt) == .queued)

    let sent = Mutex<[String]>([])
    let worker = try TourSnippets.worker(of: queue) { payload in
      sent.withLock { $0.append(payload) }
    }
    try TourSnippets.failures(worker) { true }
    let hopeless = try await queue.enqueue(NewTask(type: "import"))
    let busy = try await queue.enqueue(NewTask(type: "import", payload: "[1]"))
    try await TourSnippets.drain(worker)
    #expect(sent.withLock { $0 } == [#"{"to": "a@example.org"}"#])
    let done = try #require(try await queue.task(receipt.id))
    #expect(done.status == .completed)
    #expect(done.result == #"{"sent": true}"#)
    #expect(try await queue.task(hopeless.id)?.status == .failed)
    #expect(try await queue.task(busy.id)?.status == .queued)
    #expect(try await queue.task(busy.id)?.errorMessage?.contains("busy") == true)
    // No handler, and not due yet.
    #expect(try await queue.counts()[.queued] == 3)
    try await TourSnippets.stop(worker)
  }

  @Test func claimsByHand() async throws {
    let queue = try TourSnippets.open(path)
    #expect(try await TourSnippets.byHand(on: queue) == nil)
    try await queue.enqueue(NewTask(type: "page", payload: "7"))
    #expect(try await TourSnippets.byHand(on: queue) == .accepted)
    let next = try await queue.claim(
      as: Claimant(workerID: "w", types: ["index"]), leaseDurationMs: 1000)
    #expect(next?.payload == "7")
  }

  @Test func operation() async throws {
    let queue = try OperationSnippets.counting(path)
    let receipt = try await queue.enqueue(NewTask(type: "email"))
    try await OperationSnippets.observed(queue, path)
    let database = try QueueDatabase(path: path)
    #expect(try TaskLogger(database: database).entries(of: receipt.id).count == 2)
    #expect(try WorkerRegistry(database: database).all().isEmpty)
    #expect(try QueueMetrics(database: database).isCounting())
    #expect(
      try OperationSnippets.metrics(database).contains(
        #"taskqueue_tasks_ended_total{type="email",status="completed"} 1"#))
    #expect(try OperationSnippets.health(database).isEmpty)

    let directory = TemporaryDirectory.path("backups")
    try FileManager.default.createDirectory(
      atPath: directory, withIntermediateDirectories: false)
    let check = try OperationSnippets.backup(database, into: directory)
    #expect(check.isValid && check.rows?.tasks == 1)
    let report = try OperationSnippets.prune(database)
    #expect(report.isComplete && report.tasks == 0)
  }

  @Test func backgroundWork() async throws {
    let queue = try TourSnippets.open(path)
    let manager = try await OperationSnippets.background(queue) { "\"\($0.count)\"" }
    OperationSnippets.routing(manager)
    #expect(manager.routing == .queue)
    #expect(try await OperationSnippets.rollback(manager) == 0)
    #expect(manager.routing == .memory)
    #expect(try await manager.status(of: "thumbnail:42")?.status == .completed)
  }

  @Test func configuration() throws {
    let file = TemporaryDirectory.path("worker.yaml")
    let article = try Article.named("ConfigurationReference")
    let yaml = try #require(article.code("").first { $0.hasPrefix("# worker.yaml") })
    try Data(yaml.utf8).write(to: URL(filePath: file))
    _ = try OperationSnippets.configured(file, environment: [:])
    #expect(FileManager.default.fileExists(atPath: path))
  }

  @Test func importing() throws {
    _ = try TourSnippets.open(path)
    let file = TemporaryDirectory.path("queue.tsv")
    let tsv = """
      id\ttype\tpayload\tstatus\tcreated_at\trun_at\tattempts\terror\tresult
      0123456789abcdef\temail\t{}\tpending\t1700000000\t1700000000\t0\t\t

      """
    try Data(tsv.utf8).write(to: URL(filePath: file))
    let report = try OperationSnippets.importing(try QueueDatabase(path: path), file)
    #expect(report.isVerified && report.added == 1)
  }

  @Test func jsonLines() throws {
    let queue = try TourSnippets.open(path)
    let file = TemporaryDirectory.path("tasks.jsonl")
    let lines = try #require(try Article.named("Migrating").code("").first)
    try Data(lines.utf8).write(to: URL(filePath: file))
    #expect(
      try JSONLines.enqueueLines(from: .file(file), into: queue, mode: .allOrNothing).added == 2)
  }
}
