import BackgroundTasks
import Logging
import QueueConfiguration
import QueueEngine
import QueueOperations
import QueueWorker

/// The code of the articles about operation, background tasks, configuration and migration.
enum OperationSnippets {
  static func observed(_ queue: TaskQueue, _ path: String) async throws {
    // snippet: observed-worker
    let database = try QueueDatabase(path: path)
    let taskLogger = try TaskLogger(database: database)
    var options = WorkerOptions(workerID: "mail-1")
    options.observers = [QueueLogger(taskLogger: taskLogger, logger: Logger(label: "mail"))]
    let worker = try Worker(queue: queue, options: options)
    try worker.register("email") { _ in nil }

    let heartbeats = try HeartbeatService(
      registry: WorkerRegistry(database: database), workerID: "mail-1")
    try heartbeats.start()
    try await worker.run(.drain)
    heartbeats.stop(forgettingWorker: true)
    try taskLogger.close()
    // end
  }

  static func metrics(_ database: QueueDatabase) throws -> String {
    // snippet: prometheus
    let metrics = QueueMetrics(database: database)
    let page = PrometheusText(of: try metrics.snapshot()).text
    // end
    return page
  }

  static func counting(_ path: String) throws -> TaskQueue {
    // snippet: counting
    let store = try SQLiteQueueStore(path: path, options: SQLiteStoreOptions(countsTasks: true))
    // end
    return TaskQueue(store: store)
  }

  static func health(_ database: QueueDatabase) throws -> [String] {
    // snippet: health
    let health = try QueueMetrics(database: database).healthSummary()
    let problems = health.problems.map { "\($0.level.rawValue): \($0.message)" }
    // end
    return problems
  }

  static func backup(_ database: QueueDatabase, into directory: String) throws -> BackupCheck {
    // snippet: backup
    let backups = QueueBackup(database: database, directory: directory)
    let file = try backups.create(name: "nightly")
    let check = try backups.verify(file.path)
    try backups.cleanup(keep: 7, name: "nightly")
    // end
    return check
  }

  static func prune(_ database: QueueDatabase) throws -> RetentionReport {
    // snippet: prune
    let report = try QueueMaintenance(database).prune(.days(30, logDays: 14))
    // end
    return report
  }

  static func background(
    _ queue: TaskQueue, makeThumbnail: @escaping @Sendable (String) async throws -> String
  ) async throws -> BackgroundTaskManager {
    // snippet: background
    let manager = try BackgroundTaskManager(queue: queue, routing: .percentage(10))
    try manager.register("thumbnail") { task in try await makeThumbnail(task.payload) }

    let worker = try Worker(queue: queue, options: WorkerOptions(workerID: "web-1"))
    try manager.registerHandlers(with: worker)

    try await manager.start(
      Run(id: "thumbnail:42", type: "thumbnail", payload: #"{"image": 42}"#))
    // end
    try await worker.run(.drain)
    return manager
  }

  static func routing(_ manager: BackgroundTaskManager) {
    // snippet: routing
    manager.routing = .types(["video_processing", "batch_classification"])
    manager.routing = .percentage(25)
    manager.routing = .byType(["video_processing": 100, "email": 10], others: 0)
    manager.routing = .queue
    // end
  }

  static func rollback(_ manager: BackgroundTaskManager) async throws -> Int {
    // snippet: rollback
    manager.rollback()
    let left = try await manager.drain(deadlineMs: 30_000)
    // end
    return left
  }

  static func configured(
    _ file: String, environment: [String: String]
  ) throws -> (TaskQueue, Worker) {
    // snippet: configuration
    let configuration = try EffectiveConfiguration.load(file: file, environment: environment)
      .configuration
    let queue = TaskQueue(
      store: try SQLiteQueueStore(
        path: configuration.databasePath, options: configuration.storeOptions()))
    let worker = try Worker(queue: queue, options: configuration.workerOptions())
    // end
    return (queue, worker)
  }

  static func importing(_ database: QueueDatabase, _ file: String) throws -> ImportReport {
    // snippet: import
    let report = try TaskImport(database).run(from: file)
    if !report.isVerified { _ = try TaskImport(database).rollBack(report.importID) }
    // end
    return report
  }
}
