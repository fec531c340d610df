internal import Logging
internal import Platform
internal import QueueEngine
internal import QueueOperations
internal import QueueWorker
internal import Synchronization

#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// What becomes of the standard output of commands.
enum OutputChoice: String, Sendable, CaseIterable {
  /// It is the task's result.
  case result
  /// It goes to the worker's own.
  case pass
  /// Nobody wants it.
  case drop
}

/// What becomes of the standard error of commands; its last lines are kept with a task that fails.
enum ErrorChoice: String, Sendable, CaseIterable {
  /// It goes to the worker's own, line by line.
  case pass
  /// Each line is logged, with the task that it is about.
  case log
  /// Nobody wants it.
  case drop
}

/// Why an attempt has failed; its text is stored with the task.
struct CommandError: Error, Sendable, CustomStringConvertible {
  let description: String
}

/// Works tasks by running a command for each.
final class CommandHandler: Sendable {
  /// How commands are run, and what is made of their ends.
  struct Options: Sendable {
    var policy = ExitCodePolicy()
    var timeoutMs: Int64?
    /// The time between SIGTERM and SIGKILL.
    var graceMs: Int64
    var output = OutputChoice.result
    var errors = ErrorChoice.pass
  }

  private let command: RepeatedCommand
  private let options: Options
  private let limits: RunLimits
  private let workerID: String
  private let taskLog: QueueLogger
  /// Called once, with the reason, when the command cannot be executed.
  private let whenUnusable: @Sendable (UnusableCommand) -> Void
  private let pool: CommandPool
  private let running = Mutex<[ObjectIdentifier: RunControl]>([:])

  /// How often, and with which pauses, a start is tried again for which the system lacks something.
  private static let startPausesMs: [UInt64] = [50, 200, 1000, 2000, 5000]

  init(
    command: RepeatedCommand, options: Options, concurrency: Int, workerID: String,
    taskLog: QueueLogger, whenUnusable: @escaping @Sendable (UnusableCommand) -> Void
  ) throws {
    self.command = command
    self.options = options
    self.workerID = workerID
    self.taskLog = taskLog
    self.whenUnusable = whenUnusable
    pool = CommandPool(slots: concurrency)
    let output: RunLimits.Output
    switch options.output {
    case .result: output = .kept(byteLimit: CommandText.outputByteLimit)
    case .pass: output = .inherited
    case .drop: output = .descriptor(try Self.nullDevice())
    }
    limits = RunLimits(
      timeoutNs: options.timeoutMs.map { UInt64($0) * 1_000_000 },
      graceNs: UInt64(options.graceMs) * 1_000_000, output: output,
      errorTailByteLimit: CommandText.errorTailByteLimit)
  }

  /// Open as long as the process lives.
  private static func nullDevice() throws -> Int32 {
    let descriptor = open("/dev/null", O_WRONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw SystemError.last("open", "/dev/null") }
    return descriptor
  }

  // MARK: Handling

  /// How many tasks are to be taken ahead, see ``CommandPool/aheadCount``.
  var aheadCount: Int { pool.aheadCount }

  /// Runs the command for a task; returns its result.
  func handle(_ context: TaskContext) async throws -> String? {
    let control = RunControl()
    running.withLock { $0[ObjectIdentifier(control)] = control }
    defer { running.withLock { _ = $0.removeValue(forKey: ObjectIdentifier(control)) } }
    return try await withTaskCancellationHandler {
      try await pool.run { runner in
        try self.outcome(of: context, self.run(context, on: runner, control))
      }
    } onCancel: {
      control.stop(.gentle)
    }
  }

  /// Ends all commands by SIGKILL.
  func killAll() {
    for control in running.withLock({ Array($0.values) }) { control.stop(.immediate) }
  }

  private func run(
    _ context: TaskContext, on runner: CommandRunner, _ control: RunControl
  ) throws -> RunEnd {
    // Taken ahead, and never begun.
    if context.isShuttingDown { throw CancellationError() }
    let facts = TaskFacts(
      task: context.task, workerID: workerID,
      timeOutAt: options.timeoutMs.map { Timestamp.now().adding(milliseconds: $0) })
    let variables = facts.variables
    let relay = errorRelay(context)
    defer { relay?.finish() }
    var pauses = Self.startPausesMs[...]
    while true {
      if control.requested != .none { throw CancellationError() }
      do {
        return try runner.run(
          command, variables: variables, input: context.payload, limits: limits, control: control
        ) { relay?.receive($0) }
      } catch .unusable(let error) {
        throw unusable(.cannotStart(error))
      } catch .system(let error) {
        guard let pauseMs = pauses.popFirst() else { throw error }
        context.logger.warning("a command could not be started; trying again: \(error)")
        MonotonicClock.sleep(untilNs: MonotonicClock.nowNs() + pauseMs * 1_000_000)
      }
    }
  }

  // MARK: Outcomes

  private func outcome(of context: TaskContext, _ end: RunEnd) throws -> String? {
    switch end.cause {
    case .stopped:
      // By a shutdown, and the task is given back; or because it is none of ours any more.
      throw CancellationError()
    case .timeout:
      let limit = TimeLength(ms: options.timeoutMs ?? 0)
      throw failure("timed out after \(limit), and was ended (\(end.status))", end)
    case .itself: break
    }
    switch end.status.reason {
    case .exited(let code):
      switch options.policy.verdict(code) {
      case .completed: return CommandText.result(end.output, of: end.outputByteCount)
      case .retried: throw failure("exit code \(code)", end)
      case .failed: throw PermanentFailure(failure("exit code \(code)", end).description)
      case .unusable: throw unusable(.said(code, failure("exit code \(code)", end).description))
      }
    case .signaled: throw failure("ended by \(end.status)", end)
    case .unknown: throw failure("nobody knows how the command ended", end)
    }
  }

  private func failure(_ what: String, _ end: RunEnd) -> CommandError {
    let lines =
      CommandText.lastLines(end.errorTail, of: end.errorByteCount)
      // Some programs tell of errors there.
      ?? CommandText.lastLines(
        end.output.suffix(CommandText.errorTailByteLimit), of: end.outputByteCount)
    return CommandError(description: lines.map { "\(what): \($0)" } ?? what)
  }

  /// The task is given back, because the worker is about to stop.
  private func unusable(_ reason: UnusableCommand) -> any Error {
    whenUnusable(reason)
    return CancellationError()
  }

  // MARK: Standard error

  private func errorRelay(_ context: TaskContext) -> LineRelay? {
    switch options.errors {
    case .drop: return nil
    case .pass: return LineRelay { Self.writeToStandardError($0) }
    case .log:
      let id = context.id
      return LineRelay { [taskLog] lines in
        for line in lines.split(separator: UInt8(ascii: "\n")) {
          let text = String(decoding: line.filter { $0 != 0 }, as: UTF8.self)
          taskLog.event(id, .info, text, details: ["event": "stderr"])
        }
      }
    }
  }

  private static let standardError = Mutex(())

  private static func writeToStandardError(_ bytes: ArraySlice<UInt8>) {
    standardError.withLock { _ in
      bytes.withUnsafeBytes { bytes in
        var rest = bytes
        while let start = rest.baseAddress, !rest.isEmpty {
          var vector = iovec(
            iov_base: UnsafeMutableRawPointer(mutating: start), iov_len: rest.count)
          let count = writev(2, &vector, 1)
          if count < 0, errno == EINTR { continue }
          // There is nobody to be told.
          if count <= 0 { return }
          rest = UnsafeRawBufferPointer(rebasing: rest[count...])
        }
      }
    }
  }
}

/// Why no task can be worked by a command.
enum UnusableCommand: Error, Sendable, CustomStringConvertible {
  /// It cannot be started.
  case cannotStart(SystemError)
  /// A shell, or what else stands in front of it, has said so by its exit code.
  case said(Int32, String)

  /// That of a shell: 126 if there is something that cannot be executed, else 127.
  var exitCode: Int32 {
    switch self {
    case .cannotStart(let error): return error.code == ENOENT ? 127 : 126
    case .said(let code, _): return code
    }
  }

  var description: String {
    switch self {
    case .cannotStart(let error): return "\(error)"
    case .said(_, let message): return message
    }
  }
}
