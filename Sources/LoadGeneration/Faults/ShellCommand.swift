#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif
internal import Foundation
internal import Platform

/// A command line that the shell runs beside the load, as somebody at a terminal would.
///
/// It leads a process group of its own. What it says on its standard error is kept in a file, and read when it has
/// failed; what it says besides goes nowhere.
struct ShellCommand {
  let line: String
  let child: ChildProcess
  private let errorPath: String

  /// A command that could not be started, or that says that it has failed.
  struct Failure: Error, CustomStringConvertible {
    let line: String
    let reason: String
    /// The end of what it said on its standard error.
    let errorTail: String

    var description: String {
      let words = errorTail.isEmpty ? "it said nothing" : errorTail
      return "faults.command.run (\(line)): \(reason); \(words)"
    }
  }

  /// How much of what a failed command has said is shown, in bytes: the reason stands at the end.
  private static let tailByteLimit = 1000

  /// Starts a command.
  ///
  /// - Parameters:
  ///   - line: what `/bin/sh -c` is given.
  ///   - databasePath: what it finds in `TASKQUEUE_DB`.
  ///   - programs: the directory that it looks for programs in before all others.
  ///   - errorPath: the file for its standard error, which is made.
  ///   - children: takes the child in.
  /// - Throws: ``Failure``.
  init(
    _ line: String, databasePath: String, programs: String, errorPath: String,
    into children: ChildGroup
  ) throws {
    self.line = line
    self.errorPath = errorPath
    do {
      var environment = ChildCommand.currentEnvironment()
      environment["TASKQUEUE_DB"] = databasePath
      environment["PATH"] = [programs, environment["PATH"] ?? "/usr/local/bin:/usr/bin:/bin"]
        .joined(separator: ":")
      let command = try RepeatedCommand(
        executable: "/bin/sh", name: "sh", arguments: ["-c", line], environment: environment)
      let nowhere = try Self.open("/dev/null", O_RDWR)
      defer { close(nowhere) }
      let errors = try Self.open(errorPath, O_WRONLY | O_CREAT | O_APPEND)
      defer { close(errors) }
      child = try children.spawn(command, input: nowhere, output: nowhere, error: errors)
    } catch {
      throw Failure(line: line, reason: "it could not be started", errorTail: "\(error)")
    }
  }

  private static func open(_ path: String, _ flags: Int32) throws(SystemError) -> Int32 {
    let descriptor = openFile(path, flags | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw .last("open", path) }
    return descriptor
  }

  /// The end of what it has said on its standard error, on one line.
  var errorTail: String {
    guard let file = FileHandle(forReadingAtPath: errorPath) else { return "" }
    defer { try? file.close() }
    let size = (try? file.seekToEnd()) ?? 0
    let fromByte = size > UInt64(Self.tailByteLimit) ? size - UInt64(Self.tailByteLimit) : 0
    try? file.seek(toOffset: fromByte)
    let tail = String(decoding: (try? file.readToEnd()) ?? Data(), as: UTF8.self)
    return tail.split { $0.isNewline }.map(String.init).joined(separator: " ")
  }
}

/// `open(2)`, which the method of the same name hides.
private func openFile(_ path: String, _ flags: Int32, _ mode: mode_t) -> Int32 {
  open(path, flags, mode)
}
