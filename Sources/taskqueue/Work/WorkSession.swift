internal import ArgumentParser
internal import Foundation
internal import Logging
internal import Platform
internal import QueueConfiguration
internal import QueueEngine
internal import QueueOperations
internal import QueueWorker
internal import Synchronization

/// A worker process from its start to its end.
struct WorkSession {
  let configuration: WorkerConfiguration
  let queue: TaskQueue
  let database: QueueDatabase
  let command: RepeatedCommand
  let commandOptions: CommandHandler.Options
  let mode: Worker.RunMode
  let heartbeatInterval: Duration
  /// Whether to say in JSON what was done.
  let json: Bool

  /// What a command that is ended may take longer than its grace until its task is given back without it.
  private static let reapingMs: Int64 = 2000

  /// Works until the mode's end or until told to stop; returns the exit code.
  func run() throws -> ExitCode {
    var logger = Logger(label: "taskqueue")
    logger.logLevel = configuration.logLevel
    let taskLogger = try TaskLogger(
      database: database, options: configuration.logsToDatabase ? TaskLogOptions() : .off,
      logger: logger)
    let taskLog = QueueLogger(taskLogger: taskLogger, logger: logger)
    let unusable = FirstReason()
    let handler = try CommandHandler(
      command: command, options: commandOptions, concurrency: concurrency,
      workerID: configuration.workerID, taskLog: taskLog
    ) { unusable.note($0) }
    let worker = try Worker(queue: queue, options: workerOptions(logger, taskLog, handler))
    unusable.whenNoted { worker.shutdown() }
    try register(handler, with: worker)

    let monitor = try InterruptMonitor()
    defer { monitor.stop() }
    let heartbeats = try HeartbeatService(
      registry: WorkerRegistry(database: database), workerID: configuration.workerID,
      capabilities: configuration.capabilities, interval: heartbeatInterval, logger: logger)
    try heartbeats.start()
    let startNs = MonotonicClock.nowNs()
    let result = runToEnd(worker, handler, monitor, logger)
    heartbeats.stop(forgettingWorker: true)
    do {
      try taskLogger.close()
    } catch {
      reportWarning("the end of the task log could not be written: \(error)")
    }
    let statistics = worker.statistics
    try tell(statistics, seconds: Double(MonotonicClock.nowNs() - startNs) / 1e9)
    try result.get()
    if let reason = unusable.reason {
      reportError("the command cannot be executed, and its task was given back: \(reason)")
      return ExitCode(reason.exitCode)
    }
    return exitCode(statistics)
  }

  private var concurrency: Int { mode == .once ? 1 : configuration.concurrency }

  private func workerOptions(
    _ logger: Logger, _ taskLog: QueueLogger, _ handler: CommandHandler
  ) -> WorkerOptions {
    var options = configuration.workerOptions(logger: logger)
    options.observers = [taskLog]
    // Not before the command is gone: another worker may take the task at once.
    let (graceMs, hasOverflow) = commandOptions.graceMs.addingReportingOverflow(Self.reapingMs)
    options.cancellationGraceMs = hasOverflow ? .max : graceMs
    options.concurrency = concurrency
    options.tasksAhead = { handler.aheadCount }
    return options
  }

  private func register(_ handler: CommandHandler, with worker: Worker) throws {
    let handle: Worker.Handler = { try await handler.handle($0) }
    guard let types = configuration.types else {
      return try worker.registerForOtherTypes(handler: handle)
    }
    for type in types.sorted() { try worker.register(type, handler: handle) }
  }

  // MARK: Running

  private func runToEnd(
    _ worker: Worker, _ handler: CommandHandler, _ monitor: InterruptMonitor, _ logger: Logger
  ) -> Result<Void, any Error> {
    let end = WorkerEnd()
    let mode = mode
    let run = Task.detached {
      do {
        try await worker.run(mode)
        end.note(.success(()))
      } catch {
        end.note(.failure(error))
      }
    }
    let listener = Thread { Self.obey(monitor, worker, run, handler, logger) }
    listener.name = "signals"
    listener.start()
    return end.wait()
  }

  /// The first SIGTERM or SIGINT lets commands finish, the second one ends them, the third one kills them.
  ///
  /// Goes on until the process ends.
  private static func obey(
    _ monitor: InterruptMonitor, _ worker: Worker, _ run: Task<Void, Never>,
    _ handler: CommandHandler, _ logger: Logger
  ) {
    var seen: UInt32 = 0
    while true {
      let count = monitor.wait(whileCountIs: seen, untilNs: .max)
      for number in (seen + 1)...max(seen + 1, count) {
        switch number {
        case 1:
          worker.shutdown()
          let running = worker.statistics.running
          logger.info("told to stop; takes no more tasks", metadata: ["running": "\(running)"])
          if running > 0, Terminal.isTerminal(2) {
            reportWarning(
              "stopping; \(counted(running, "command")) may go on for a while: "
                + "Ctrl-C ends \(running == 1 ? "it" : "them") now")
          }
        case 2: run.cancel()
        default: handler.killAll()
        }
      }
      seen = count
    }
  }

  // MARK: The end

  private func tell(_ statistics: WorkerStatistics, seconds: Double) throws {
    if json {
      let document = JSONValue.object([
        ("claimed", JSONValue(statistics.claimed)), ("completed", JSONValue(statistics.completed)),
        ("retried", JSONValue(statistics.retried)), ("failed", JSONValue(statistics.failed)),
        ("dead_letter", JSONValue(statistics.deadLettered)),
        ("released", JSONValue(statistics.released)),
        ("lease_lost", JSONValue(statistics.leaseLost)),
        ("seconds", .number((seconds * 1000).rounded() / 1000)),
      ])
      return try document.print()
    }
    // Whoever has started it from a timer hears of trouble only.
    guard Terminal.isTerminal(2) else { return }
    var parts = ["\(statistics.completed) completed"]
    func add(_ count: Int, _ what: String) {
      if count > 0 { parts.append("\(count) \(what)") }
    }
    add(statistics.retried, "to be tried again")
    add(statistics.failed, "failed")
    add(statistics.deadLettered, "in dead_letter")
    add(statistics.released, "given back")
    add(statistics.leaseLost, "lost to others")
    let length = durationText(ms: Int64(seconds * 1000))
    let line = "taskqueue: \(parts.joined(separator: ", ")) in \(length)\n"
    FileHandle.standardError.write(Data(line.utf8))
  }

  /// What `--once` says of its task; otherwise that all went well, whatever became of tasks.
  private func exitCode(_ statistics: WorkerStatistics) -> ExitCode {
    guard mode == .once else { return .success }
    if statistics.completed > 0 { return .success }
    if statistics.claimed == 0 { return OnceExitCode.nothingReady }
    if statistics.failed + statistics.deadLettered > 0 { return OnceExitCode.failed }
    return OnceExitCode.again
  }
}

/// The exit codes of `taskqueue work --once`.
enum OnceExitCode {
  /// There was no task.
  static let nothingReady = ExitCode(1)
  /// The task has failed for good (`EX_SOFTWARE`).
  static let failed = ExitCode(70)
  /// The task will be tried again, or was given back (`EX_TEMPFAIL`).
  static let again = ExitCode(75)
}

/// The end of a worker's run, which one thread waits for.
private final class WorkerEnd: Sendable {
  private let result = Mutex<Result<Void, any Error>>(.success(()))
  private let ended = DispatchSemaphore(value: 0)

  func note(_ result: Result<Void, any Error>) {
    self.result.withLock { $0 = result }
    ended.signal()
  }

  func wait() -> Result<Void, any Error> {
    ended.wait()
    return result.withLock { $0 }
  }
}

/// The first reason for a stop that anybody gives.
private final class FirstReason: Sendable {
  private struct State {
    var first: UnusableCommand?
    var react: (@Sendable () -> Void)?
  }

  private let state = Mutex(State())

  func note(_ reason: UnusableCommand) {
    let react = state.withLock { state in
      if state.first == nil { state.first = reason }
      return state.react
    }
    react?()
  }

  /// What is done then; to be set before anything runs.
  func whenNoted(_ react: @escaping @Sendable () -> Void) { state.withLock { $0.react = react } }

  var reason: UnusableCommand? { state.withLock { $0.first } }
}
