internal import Foundation
package import Platform

/// The built program, and how to start it.
package enum Harness {
  /// Why a test cannot start the program.
  package struct NotBuilt: Error, CustomStringConvertible {
    package let description: String
  }

  /// The path of an executable that lies beside the tests.
  package static func executable(_ name: String = "queuebench") throws -> String {
    let beside = ([Bundle.main.executableURL] + Bundle.allBundles.map(\.bundleURL))
      .compactMap { $0?.resolvingSymlinksInPath().deletingLastPathComponent().path }
    for directory in beside
    where FileManager.default.isExecutableFile(atPath: "\(directory)/\(name)") {
      return "\(directory)/\(name)"
    }
    throw NotBuilt(
      description: "\(name) is not in \(Set(beside).sorted().joined(separator: " or ")): "
        + "build it with: swift build --build-tests")
  }

  /// Starts the program with its output going to files in `directory`.
  ///
  /// `environment` adds or replaces variables; `wrapper` is a command that executes the program, such
  /// as `/usr/bin/env setsid`.
  package static func start(
    _ arguments: [String], environment: [String: String] = [:], in directory: TemporaryDirectory,
    through wrapper: [String] = []
  ) throws -> HarnessRun {
    var environment = ChildCommand.currentEnvironment()
      .merging(environment, uniquingKeysWith: { $1 })
    // No colours, no width of whoever runs the tests.
    environment["COLUMNS"] = nil
    let output = "\(directory.path)/\(UUID().uuidString)"
    let command = wrapper + [try executable()] + arguments
    let child = try ChildProcess.spawn(
      ChildCommand(
        executable: command[0], arguments: Array(command.dropFirst()), environment: environment,
        standardOutput: .file(path: "\(output).out"), standardError: .file(path: "\(output).err"),
        name: arguments.joined(separator: " ")))
    return HarnessRun(
      child: child, outputPath: "\(output).out", errorPath: "\(output).err", directory: directory)
  }

  /// Runs the program to its end, as ``start(_:environment:in:through:)`` starts it.
  package static func run(
    _ arguments: [String], environment: [String: String] = [:], in directory: TemporaryDirectory,
    through wrapper: [String] = []
  ) throws -> HarnessResult {
    try start(arguments, environment: environment, in: directory, through: wrapper).result()
  }

  /// A wrapper that runs shell commands before the program, such as `ulimit`.
  package static func shell(_ commands: String) -> [String] {
    ["/bin/sh", "-c", "\(commands)\nexec \"$@\"", "sh"]
  }

  /// The arguments of a `run` without what only people need.
  package static func runArguments(
    _ scenario: String, results: String, name: String, _ more: String...
  ) -> [String] {
    // While tests run, machines are disturbed all the time.
    [
      "run", scenario, "--results", results, "--name", name, "--allow-debug", "--no-plots",
      "--keep-disturbed",
    ] + more
  }
}

/// A program that has been started.
package final class HarnessRun: Sendable {
  /// The process.
  package let child: ChildProcess
  private let outputPath: String
  private let errorPath: String
  /// Kept as long as the process may write to it.
  private let directory: TemporaryDirectory

  init(
    child: ChildProcess, outputPath: String, errorPath: String, directory: TemporaryDirectory
  ) {
    self.child = child
    self.outputPath = outputPath
    self.errorPath = errorPath
    self.directory = directory
  }

  /// What it has written to standard output so far.
  package var output: String { Self.text(outputPath) }
  /// What it has written to standard error so far.
  package var errors: String { Self.text(errorPath) }

  /// Waits for its end; kills it, and fails, after a minute.
  package func result() throws -> HarnessResult {
    guard let status = child.wait(untilNs: MonotonicClock.nowNs() + 60_000_000_000) else {
      child.kill(signal: SIGKILL)
      throw TimedOut(what: "\(child.name) to end; it wrote:\n\(output)\(errors)")
    }
    return HarnessResult(reason: status.reason, output: output, errors: errors)
  }

  private static func text(_ path: String) -> String {
    String(decoding: FileManager.default.contents(atPath: path) ?? Data(), as: UTF8.self)
  }
}

/// How a run of the program ended.
package struct HarnessResult: Sendable, CustomStringConvertible {
  package let reason: ExitStatus.Reason
  package let output: String
  package let errors: String

  package init(reason: ExitStatus.Reason, output: String, errors: String) {
    self.reason = reason
    self.output = output
    self.errors = errors
  }

  /// The exit code; nil if a signal ended it.
  package var exitCode: Int32? {
    if case .exited(let code) = reason { return code }
    return nil
  }

  /// What it wrote to standard error, line by line.
  package var errorLines: [Substring] { errors.split(separator: "\n") }

  package var description: String { "\(reason)\n\(output)\n\(errors)" }
}
