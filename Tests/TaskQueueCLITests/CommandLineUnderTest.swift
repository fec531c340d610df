import Foundation
import HarnessDriver
import Platform
import SQLite
import Testing

/// The built program, and a directory with a queue for it.
///
/// Runs know nothing of the user's own variables: the directory is their home, and `TASKQUEUE_DB` names
/// `queue.db` in it.
struct CommandLineUnderTest {
  let directory = TemporaryDirectory()

  /// The queue's path.
  var database: String { path("queue.db") }

  func path(_ name: String) -> String { "\(directory.path)/\(name)" }

  var environment: [String: String] {
    [
      "PATH": "/usr/bin:/bin", "HOME": directory.path, "TMPDIR": directory.path,
      "TASKQUEUE_DB": database,
    ]
  }

  /// A queue, made by the program.
  init(makesQueue: Bool = true) throws {
    if makesQueue { try run("init").expectSuccess() }
  }

  /// Runs the program to its end.
  ///
  /// - Parameters:
  ///   - arguments: what stands behind its name.
  ///   - input: what it finds on standard input; nil for nothing.
  ///   - environment: replaces variables; an empty value unsets one.
  ///   - output: where standard output goes instead of into the result.
  /// - Returns: how it ended, and what it printed.
  /// - Throws: if it cannot be started, or does not end within a minute.
  @discardableResult
  func run(
    _ arguments: String..., input: String? = nil, environment: [String: String] = [:],
    output: String? = nil
  ) throws -> HarnessResult {
    try run(arguments, input: input, environment: environment, output: output)
  }

  /// The same with an array.
  @discardableResult
  func run(
    _ arguments: [String], input: String? = nil, environment: [String: String] = [:],
    output: String? = nil
  ) throws -> HarnessResult {
    try start(arguments, input: input, environment: environment, output: output).result()
  }

  /// Starts the program.
  func start(
    _ arguments: [String], input: String? = nil, environment: [String: String] = [:],
    output: String? = nil
  ) throws -> StartedProgram {
    let stem = path(UUID().uuidString)
    var standardInput = ChildCommand.Stream.null
    if let input {
      try Data(input.utf8).write(to: URL(fileURLWithPath: "\(stem).in"))
      standardInput = .file(path: "\(stem).in")
    }
    let child = try ChildProcess.spawn(
      ChildCommand(
        executable: try Harness.executable("taskqueue"), arguments: arguments,
        environment: self.environment.merging(environment) { $1 },
        standardInput: standardInput, standardOutput: .file(path: output ?? "\(stem).out"),
        standardError: .file(path: "\(stem).err"), name: arguments.joined(separator: " ")))
    return StartedProgram(
      child: child, outputPath: output == nil ? "\(stem).out" : "/dev/null",
      errorPath: "\(stem).err", directory: directory)
  }

  /// What a command prints with `--json`; it must succeed, unless another exit code is expected.
  func json(
    _ arguments: String..., exitCode: Int32 = 0, location: SourceLocation = #_sourceLocation
  ) throws -> JSONNode {
    let result = try run(arguments + ["--json"])
    #expect(result.exitCode == exitCode, "\(result)", sourceLocation: location)
    return try JSONDecoder().decode(JSONNode.self, from: Data(result.output.utf8))
  }

  /// Enqueues tasks of that type.
  func enqueue(_ count: Int, type: String = "t") throws {
    let lines = (0..<count).map { "{\"type\":\"\(type)\",\"payload\":{\"n\":\($0)}}\n" }.joined()
    try run("enqueue", input: lines).expectSuccess()
  }

  /// A connection of a stranger to the queue.
  func connect() throws -> Connection {
    try Connection(path: database, mode: .readWrite, busyPolicy: .timeout(timeoutMs: 10_000))
  }

  /// Runs SQL as a stranger would.
  func execute(_ sql: String) throws { try connect().execute(script: sql) }

  /// How many tasks there are.
  func taskCount() throws -> Int64 {
    try connect().integer("SELECT COUNT(*) FROM task_queue") ?? -1
  }
}

/// A program that has been started.
final class StartedProgram: Sendable {
  let child: ChildProcess
  private let outputPath: String
  private let errorPath: String
  /// Kept as long as the process may write to it.
  private let directory: TemporaryDirectory

  init(child: ChildProcess, outputPath: String, errorPath: String, directory: TemporaryDirectory) {
    self.child = child
    self.outputPath = outputPath
    self.errorPath = errorPath
    self.directory = directory
  }

  /// Waits for its end; kills it, and fails, after a minute.
  func result() throws -> HarnessResult {
    guard let status = child.wait(untilNs: MonotonicClock.nowNs() + 60_000_000_000) else {
      child.kill(signal: SIGKILL)
      throw TimedOut(what: "\(child.name) to end; it wrote: \(text(outputPath))\(text(errorPath))")
    }
    return HarnessResult(
      reason: status.reason, output: text(outputPath), errors: text(errorPath))
  }

  private func text(_ path: String) -> String {
    if path == "/dev/null" { return "" }
    return String(decoding: FileManager.default.contents(atPath: path) ?? Data(), as: UTF8.self)
  }
}

extension HarnessResult {
  /// Expects exit code 0 and nothing on standard error.
  func expectSuccess(_ location: SourceLocation = #_sourceLocation) {
    #expect(exitCode == 0, "\(self)", sourceLocation: location)
    #expect(errors == "", "\(self)", sourceLocation: location)
  }

  /// Expects an exit code, and text in the first line on standard error, which says who it is from.
  func expectFailure(
    _ code: Int32, _ text: String, location: SourceLocation = #_sourceLocation
  ) {
    #expect(exitCode == code, "\(self)", sourceLocation: location)
    #expect(errors.hasPrefix("taskqueue: error: "), "\(self)", sourceLocation: location)
    #expect(errors.contains(text), "\(self)", sourceLocation: location)
  }
}

/// JSON as it was printed.
enum JSONNode: Decodable, Equatable, ExpressibleByStringLiteral, ExpressibleByIntegerLiteral,
  ExpressibleByBooleanLiteral, ExpressibleByArrayLiteral, ExpressibleByNilLiteral
{
  case null
  case boolean(Bool)
  case number(Double)
  case string(String)
  case array([JSONNode])
  case object([String: JSONNode])

  init(stringLiteral value: String) { self = .string(value) }
  init(integerLiteral value: Int) { self = .number(Double(value)) }
  init(booleanLiteral value: Bool) { self = .boolean(value) }
  init(arrayLiteral elements: JSONNode...) { self = .array(elements) }
  init(nilLiteral: ()) { self = .null }

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if container.decodeNil() {
      self = .null
    } else if let value = try? container.decode(Bool.self) {
      self = .boolean(value)
    } else if let value = try? container.decode(Double.self) {
      self = .number(value)
    } else if let value = try? container.decode(String.self) {
      self = .string(value)
    } else if let value = try? container.decode([JSONNode].self) {
      self = .array(value)
    } else {
      self = .object(try container.decode([String: JSONNode].self))
    }
  }

  /// A member of an object; nil if there is none.
  subscript(_ key: String) -> JSONNode? {
    if case .object(let members) = self { return members[key] }
    return nil
  }

  /// The elements of an array; none of anything else.
  var elements: [JSONNode] {
    if case .array(let elements) = self { return elements }
    return []
  }

  var text: String? {
    if case .string(let text) = self { return text }
    return nil
  }

  var number: Int? {
    if case .number(let number) = self { return Int(number) }
    return nil
  }
}
