internal import Foundation
internal import Platform
internal import QueueEngine
internal import Synchronization

#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// The same commands, started for tasks of a queue and for nothing.
struct CommandTrial {
  /// What went wrong.
  struct Failure: Error, CustomStringConvertible {
    let description: String
  }

  /// The path of the program, and its arguments.
  let command: [String]
  let count: Int
  let concurrency: Int
  let taskqueue: String
  let workArguments: [String]
  let directory: String

  /// What a block has shown.
  struct Sample {
    /// Commands per second.
    let rate: Double
    /// Time of processors per command, of whoever starts it and its own, in µs.
    let cpuUs: Double
  }

  /// A worker process, its start and its end included.
  func withQueue() throws -> Sample {
    let path = "\(directory)/commands.db"
    defer { removeDatabase(path) }
    do {
      // As `taskqueue init` makes it.
      var options = SQLiteStoreOptions()
      options.countsTasks = true
      let queue = TaskQueue(store: try SQLiteQueueStore(path: path, options: options))
      try queue.enqueue(
        contentsOf: (0..<count).map { NewTask(type: "command", payload: "{\"number\":\($0)}") })
    }
    let arguments =
      ["work", "--db", path, "--drain", "-j", "\(concurrency)"] + workArguments + ["--"] + command
    let startNs = MonotonicClock.nowNs()
    let status = try ChildProcess.spawn(
      ChildCommand(
        executable: taskqueue, arguments: arguments,
        environment: ChildCommand.currentEnvironment())
    ).wait()
    let seconds = Double(MonotonicClock.nowNs() - startNs) / 1e9
    let queue = TaskQueue(store: try SQLiteQueueStore(path: path))
    guard status.isSuccess, try queue.counts()[.completed] == count else {
      throw Failure(description: "\(taskqueue): \(status), and not all tasks are completed")
    }
    let usedUs = status.usage.userUs + status.usage.systemUs
    return Sample(rate: Double(count) / seconds, cpuUs: Double(usedUs) / Double(count))
  }

  /// Threads that do nothing but start commands and wait for them.
  func withoutQueue() throws -> Sample {
    let arguments: [UnsafeMutablePointer<CChar>?] = command.map { strdup($0) } + [nil]
    defer { for argument in arguments { free(argument) } }
    let starts = CommandStarts(arguments: arguments, count: count)
    let usedBeforeUs = Self.usedUs()
    let startNs = MonotonicClock.nowNs()
    let threads = (0..<concurrency).map { _ in starts.startThread() }
    for thread in threads { thread.wait() }
    let seconds = Double(MonotonicClock.nowNs() - startNs) / 1e9
    if let failure = starts.failure { throw failure }
    return Sample(
      rate: Double(count) / seconds,
      cpuUs: Double(Self.usedUs() - usedBeforeUs) / Double(count))
  }

  /// What this process and its finished children have used so far.
  private static func usedUs() -> UInt64 {
    [ResourceUsage.ofThisProcess(), .ofFinishedChildren()]
      .reduce(0) { $0 + $1.userUs + $1.systemUs }
  }
}

func removeDatabase(_ path: String) {
  for suffix in ["", "-wal", "-shm", "-wake"] {
    try? FileManager.default.removeItem(atPath: path + suffix)
  }
}

/// Commands that several threads start one after the other, by the plainest means.
///
/// `@unchecked Sendable`: the arguments outlive the threads and are only read.
private final class CommandStarts: @unchecked Sendable {
  private let arguments: [UnsafeMutablePointer<CChar>?]
  private let count: Int
  private let started = Atomic<Int>(0)
  private let failures = Mutex<CommandTrial.Failure?>(nil)

  init(arguments: [UnsafeMutablePointer<CChar>?], count: Int) {
    self.arguments = arguments
    self.count = count
  }

  var failure: CommandTrial.Failure? { failures.withLock { $0 } }

  func startThread() -> DispatchSemaphore {
    let ended = DispatchSemaphore(value: 0)
    Thread { [self] in
      while started.add(1, ordering: .relaxed).oldValue < count, failure == nil { runOne() }
      ended.signal()
    }.start()
    return ended
  }

  private func runOne() {
    var pid: pid_t = 0
    let code = posix_spawn(&pid, arguments[0]!, nil, nil, arguments, environ)
    var status: Int32 = 0
    if code == 0 { while waitpid(pid, &status, 0) < 0, errno == EINTR {} }
    if code != 0 || status != 0 {
      failures.withLock { $0 = CommandTrial.Failure(description: "the command cannot be run") }
    }
  }
}
