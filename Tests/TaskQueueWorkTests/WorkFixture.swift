import Foundation
import Platform
import QueueEngine
import SQLite
import TestSupport
import Testing

/// A queue in the running test's directory, and `taskqueue` processes that work it.
struct WorkFixture {
  let directory = TemporaryDirectory.current.url.path
  var database: String { "\(directory)/queue.db" }
  let queue: TaskQueue

  init(counting: Bool = false) throws {
    queue = TaskQueue(
      store: try SQLiteQueueStore(
        path: TemporaryDirectory.path("queue.db"),
        options: SQLiteStoreOptions(
          busyPolicy: .fixed(delayUs: 500, timeoutMs: 30_000), countsTasks: counting)))
  }

  func path(_ name: String) -> String { "\(directory)/\(name)" }

  @discardableResult
  func enqueue(
    _ payload: String = "{}", type: String = "test", priority: Int = 100, maxAttempts: Int = 5,
    key: String? = nil
  ) throws -> TaskID {
    try queue.enqueue(
      NewTask(
        type: type, payload: payload, priority: priority, maxAttempts: maxAttempts,
        idempotencyKey: key)
    ).id
  }

  func task(_ id: TaskID) throws -> QueueTask { try #require(try queue.task(id)) }

  // MARK: Processes

  /// Starts `taskqueue` with its output going to files.
  func start(
    _ arguments: [String], environment: [String: String] = [:]
  ) throws -> Program {
    var variables = ChildCommand.currentEnvironment()
      .filter { !$0.key.hasPrefix("TASKQUEUE_") }
      .merging(environment, uniquingKeysWith: { $1 })
    variables["COLUMNS"] = nil
    variables["SWIFT_BACKTRACE"] = "enable=no"
    let output = path(UUID().uuidString)
    let child = try ChildProcess.spawn(
      ChildCommand(
        executable: try Program.path(), arguments: arguments, environment: variables,
        standardOutput: .file(path: "\(output).out"), standardError: .file(path: "\(output).err"),
        name: arguments.joined(separator: " ")))
    return Program(child: child, outputPath: "\(output).out", errorPath: "\(output).err")
  }

  /// Starts a worker.
  func work(
    _ options: [String], _ command: [String], environment: [String: String] = [:]
  ) throws -> Program {
    try start(
      ["work", "--db", database] + options + (command.isEmpty ? [] : ["--"] + command),
      environment: environment)
  }

  /// Runs a worker on a line of shell to its end.
  @discardableResult
  func drain(_ line: String, _ options: String...) throws -> ProgramEnd {
    try work(["--drain", "--shell", line] + options, []).end()
  }

  /// Works one task with a line of shell.
  @discardableResult
  func once(_ line: String, _ options: String...) throws -> ProgramEnd {
    try work(["--once", "--shell", line] + options, []).end()
  }
}

/// `taskqueue`, running.
final class Program: Sendable {
  let child: ChildProcess
  private let outputPath: String
  private let errorPath: String

  init(child: ChildProcess, outputPath: String, errorPath: String) {
    self.child = child
    self.outputPath = outputPath
    self.errorPath = errorPath
  }

  struct NotBuilt: Error {}

  /// Where it lies: beside the tests.
  static func path() throws -> String {
    let beside = ([Bundle.main.executableURL] + Bundle.allBundles.map(\.bundleURL))
      .compactMap { $0?.resolvingSymlinksInPath().deletingLastPathComponent().path }
    for directory in beside
    where FileManager.default.isExecutableFile(atPath: "\(directory)/taskqueue") {
      return "\(directory)/taskqueue"
    }
    throw NotBuilt()
  }

  var errors: String { Self.text(errorPath) }

  /// Waits for its end; kills it, and fails, after a minute.
  func end() throws -> ProgramEnd {
    guard let status = child.wait(untilNs: MonotonicClock.nowNs() + 60_000_000_000) else {
      child.kill(signal: SIGKILL)
      throw TimedOut(what: "\(child.name) to end; it wrote:\n\(Self.text(outputPath))\(errors)")
    }
    return ProgramEnd(reason: status.reason, output: Self.text(outputPath), errors: errors)
  }

  private static func text(_ path: String) -> String {
    String(decoding: FileManager.default.contents(atPath: path) ?? Data(), as: UTF8.self)
  }
}

struct ProgramEnd: CustomStringConvertible {
  let reason: Platform.ExitStatus.Reason
  let output: String
  let errors: String

  var code: Int32? {
    if case .exited(let code) = reason { return code }
    return nil
  }

  var description: String { "\(reason)\n\(output)\n\(errors)" }
}

struct TimedOut: Error, CustomStringConvertible {
  let what: String

  var description: String { "waited in vain for \(what)" }
}

/// Waits until `condition` gives a value, and fails after half a minute: for what gives no signal of
/// its own.
func waitUntil<Value>(_ what: String, _ condition: () throws -> Value?) throws -> Value {
  let deadlineNs = MonotonicClock.nowNs() + 30_000_000_000
  while true {
    if let value = try condition() { return value }
    guard MonotonicClock.nowNs() < deadlineNs else { throw TimedOut(what: what) }
    MonotonicClock.sleep(untilNs: MonotonicClock.nowNs() + 2_000_000)
  }
}

func waitUntil(_ what: String, _ condition: () throws -> Bool) throws {
  try waitUntil(what) { try condition() ? () : nil }
}

/// A pipe with a name that commands signal through, or wait at: each line is a signal.
final class Gate {
  let path: String
  private let descriptor: Int32

  init(_ path: String) throws {
    self.path = path
    try #require(mkfifo(path, 0o600) == 0)
    // For both, so that neither side ever sees an end.
    descriptor = Glibc.open(path, O_RDWR | O_CLOEXEC)
    try #require(descriptor >= 0)
  }

  deinit { close(descriptor) }

  /// Waits for so many lines of commands, and returns them.
  func receive(_ count: Int = 1) throws -> [String] {
    var bytes: [UInt8] = []
    let deadlineNs = MonotonicClock.nowNs() + 30_000_000_000
    while bytes.count(where: { $0 == UInt8(ascii: "\n") }) < count {
      var watched = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
      guard MonotonicClock.nowNs() < deadlineNs else { throw TimedOut(what: "lines in \(path)") }
      guard poll(&watched, 1, 100) > 0 else { continue }
      var byte: UInt8 = 0
      if read(descriptor, &byte, 1) == 1 { bytes.append(byte) }
    }
    return String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init)
  }

  /// Lets so many commands pass that `read` a line.
  func open(_ count: Int = 1) {
    let lines = Array(repeating: UInt8(ascii: "\n"), count: count)
    _ = write(descriptor, lines, count)
  }
}

/// Whether a process is there and no zombie.
func isAlive(_ pid: Int32) -> Bool {
  guard let status = FileManager.default.contents(atPath: "/proc/\(pid)/stat") else { return false }
  let text = String(decoding: status, as: UTF8.self)
  guard let end = text.lastIndex(of: ")") else { return false }
  return !["Z", "X"].contains(text[end...].dropFirst(2).prefix(1))
}
