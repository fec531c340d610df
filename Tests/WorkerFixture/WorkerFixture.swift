import Glibc
import Logging
import QueueEngine
import QueueWorker
import ServiceLifecycle
import UnixSignals

/// A worker process for tests: `WorkerFixture <database> <worker id> <log file> [drain]`.
///
/// Everything that its handlers do is a line of the log, written at once: `<word> <task> <attempt>`.
@main
struct WorkerFixture {
  static func main() async throws {
    let arguments = CommandLine.arguments
    guard arguments.count >= 4 else {
      print("usage: WorkerFixture <database> <worker id> <log file> [drain]")
      exit(64)
    }
    // Those that crash on purpose need leave no image.
    var noCore = rlimit(rlim_cur: 0, rlim_max: 0)
    setrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &noCore)

    let log = open(arguments[3], O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0o644)
    let queue = TaskQueue(store: try SQLiteQueueStore(path: arguments[1]))
    let worker = try Worker(
      queue: queue,
      options: WorkerOptions(
        workerID: arguments[2], concurrency: 4, leaseDurationMs: 400,
        retryPolicy: .fixed(delayMs: 0), shutdownGraceMs: 500))
    try register(with: worker, log: log)
    if arguments.count > 4 {
      try await worker.run(.drain)
    } else {
      let group = ServiceGroup(
        services: [worker], gracefulShutdownSignals: [.sigterm, .sigint],
        logger: Logger(label: "fixture", factory: { _ in SwiftLogNoOpLogHandler() }))
      try await group.run()
    }
  }

  private static func register(with worker: Worker, log: Int32) throws {
    try worker.register("work") { task in
      write("work", task, to: log)
      return nil
    }
    try worker.register("finishes") { task in
      write("began", task, to: log)
      while !task.isShuttingDown { try await Task.sleep(for: .milliseconds(1)) }
      return "\"finished\""
    }
    try worker.register("waits") { task in
      write("began", task, to: log)
      try await Task.sleep(for: .seconds(3600))
      return nil
    }
    try worker.register("ignores") { task in
      write("began", task, to: log)
      // Deaf to its cancellation, like code that was not written with it in mind.
      await withCheckedContinuation { (_: CheckedContinuation<Void, Never>) in }
      return nil
    }
    try worker.register("poison") { task in
      write("poison", task, to: log)
      abort()
    }
  }

  private static func write(_ word: String, _ task: TaskContext, to log: Int32) {
    let line = Array("\(word) \(task.id.rawValue) \(task.attempt)\n".utf8)
    precondition(Glibc.write(log, line, line.count) == line.count, "the log cannot be written")
  }
}
