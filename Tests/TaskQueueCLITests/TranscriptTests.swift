import Foundation
import HarnessDriver
import Platform
import Testing

/// Terminal sessions as a new user types them, with what they print.
///
/// A transcript has the form of a terminal's screen: lines that begin with `$ ` are typed (`> ` goes on with
/// one), all others are what they print, on standard output and standard error, and `[exit 65]` stands behind a
/// command that fails. One shell runs them all, in an empty directory that is its home, with nothing on its
/// path but the program and the system's commands.
///
/// What differs from run to run is made equal on both sides before they are compared: moments, ages, lengths of
/// time, the directory, and with them the width of columns.
///
/// `RECORD_TRANSCRIPTS=1 swift test --filter TranscriptTests` writes down what is printed now.
@Suite struct TranscriptTests {
  private static let directory = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().appending(path: "Transcripts")

  static let names: [String] =
    ((try? FileManager.default.contentsOfDirectory(atPath: directory.path)) ?? [])
    .filter { $0.hasSuffix(".txt") }.sorted()

  @Test func `There are transcripts`() { #expect(!Self.names.isEmpty) }

  @Test(arguments: names)
  func `A session goes as written down`(name: String) throws {
    let file = Self.directory.appending(path: name)
    let transcript = Transcript(try String(contentsOf: file, encoding: .utf8))
    let session = try ShellSession()
    let outputs = try session.run(transcript.steps.map(\.command))
    if ProcessInfo.processInfo.environment["RECORD_TRANSCRIPTS"] == "1" {
      try transcript.text(with: outputs.map { session.withoutDirectory($0) })
        .write(to: file, atomically: true, encoding: .utf8)
      return
    }
    try #require(outputs.count == transcript.steps.count, "\(outputs)")
    for (step, output) in zip(transcript.steps, outputs) {
      let actual = ShellSession.comparable(session.withoutDirectory(output))
      let expected = ShellSession.comparable(step.output)
      #expect(actual == expected, "line \(step.line) of \(name): \(step.command)\n\(output)")
    }
  }

  /// The section is what a new user goes by.
  @Test func `Every command that the README shows is typed in a session`() throws {
    let readme = try String(
      contentsOf: Self.directory.appending(path: "../../../README.md").standardized,
      encoding: .utf8)
    let start = try #require(readme.range(of: "### Using the queue from the shell\n"))
    let section = readme[start.upperBound...].components(separatedBy: "\n## ")[0]
    // Whatever stands between fences.
    let shown = section.components(separatedBy: "```").enumerated()
      .filter { $0.offset % 2 == 1 }.flatMap { $0.element.split(separator: "\n").dropFirst() }
      .map(Self.withoutRemark).filter { !$0.isEmpty }
    var typed: Set<String> = []
    for name in Self.names {
      let text = try String(contentsOf: Self.directory.appending(path: name), encoding: .utf8)
      for step in Transcript(text).steps {
        typed.formUnion(step.command.split(separator: "\n").map(Self.withoutRemark))
      }
    }
    for verb in ["init", "enqueue", "work", "stats", "top", "backup", "prune", "restore"] {
      #expect(shown.contains { $0.hasPrefix("taskqueue \(verb)") }, "\(verb)")
    }
    #expect(shown.filter { !typed.contains($0) } == [])
  }

  /// A line of shell without the comment at its end.
  private static func withoutRemark(_ line: some StringProtocol) -> String {
    line.replacingOccurrences(of: " +# .*$", with: "", options: .regularExpression)
  }

  @Test func `What differs from run to run is made equal, and nothing else`() {
    let comparable = ShellSession.comparable
    #expect(
      comparable("1  email  12 s ago   2026-11-22 07:37:34.016 UTC\n")
        == comparable("1  email  now  2031-01-01 00:00:00.000 UTC\n"))
    #expect(
      comparable("made backups/queue-20261122T073736.233Z.db\n")
        == comparable("made backups/queue-20271122T073736.001Z.db\n"))
    #expect(
      comparable("worker   host-1\n{\"worker\":\"host-1\"}\n")
        == comparable("worker   other-22\n{\"worker\":\"other-22\"}\n"))
    #expect(
      comparable("due in 1 s, after: exit code 1\n") == comparable("ready, after: exit code 1\n"))
    #expect(comparable("mean 2 ms, p50 1 ms\n") == comparable("mean 2.5 s, p50 140 ms\n"))
    #expect(comparable("ready\n") != comparable("due in 1 s\n"))
    #expect(comparable("1  email  10\n") != comparable("1  email  11\n"))
    #expect(comparable("a b\n") != comparable("a  b\n"))
  }
}

/// Commands and what they print.
private struct Transcript {
  struct Step {
    /// Where it is typed, from 1.
    let line: Int
    var command: String
    var output = ""
  }

  /// What stands above the first command.
  private(set) var preamble = ""
  private(set) var steps: [Step] = []

  init(_ text: String) {
    for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated()
    {
      if line.hasPrefix("$ ") {
        steps.append(Step(line: index + 1, command: String(line.dropFirst(2))))
      } else if line.hasPrefix("> "), let last = steps.indices.last, steps[last].output.isEmpty {
        steps[last].command += "\n" + line.dropFirst(2)
      } else if let last = steps.indices.last {
        steps[last].output += line + "\n"
      } else {
        preamble += line + "\n"
      }
    }
    // The end of the last line is no empty line.
    if let last = steps.indices.last, steps[last].output.hasSuffix("\n") {
      steps[last].output.removeLast()
    }
  }

  func text(with outputs: [String]) -> String {
    preamble
      + zip(steps, outputs).map { step, output in
        "$ "
          + step.command.split(separator: "\n", omittingEmptySubsequences: false)
          .joined(separator: "\n> ") + "\n" + output
      }.joined()
  }
}

/// A shell in an empty directory.
private struct ShellSession {
  private let directory = TemporaryDirectory()
  private let mark = "end-of-output-\(UUID().uuidString)"
  private let programs: String

  init() throws {
    let program = try Harness.executable("taskqueue")
    // Only the program: the tests' own directory holds more.
    programs = "\(directory.path)/.bin"
    try FileManager.default.createDirectory(atPath: programs, withIntermediateDirectories: true)
    try FileManager.default.createSymbolicLink(
      atPath: "\(programs)/taskqueue", withDestinationPath: program)
  }

  /// Types the commands one after the other, and returns what each printed.
  func run(_ commands: [String]) throws -> [String] {
    var script = "cd '\(directory.path)' || exit\nexec 2>&1\n"
    for command in commands {
      script += "\(command)\nprintf '%s %s\\n' '\(mark)' \"$?\"\n"
    }
    let scriptPath = try directory.write(script, to: ".session.sh")
    let outputPath = "\(directory.path)/.session.out"
    let environment = [
      "PATH": "\(programs):/usr/bin:/bin", "HOME": directory.path, "TMPDIR": directory.path,
      "LANG": "C.UTF-8", "TZ": "UTC",
    ]
    let child = try ChildProcess.spawn(
      ChildCommand(
        executable: "/bin/sh", arguments: [scriptPath], environment: environment,
        standardOutput: .file(path: outputPath), standardError: .file(path: outputPath)))
    guard child.wait(untilNs: MonotonicClock.nowNs() + 120_000_000_000) != nil else {
      child.kill(signal: SIGKILL)
      throw TimedOut(what: "the session to end")
    }
    let text = String(
      decoding: FileManager.default.contents(atPath: outputPath) ?? Data(), as: UTF8.self)
    return outputs(in: text)
  }

  private func outputs(in text: String) -> [String] {
    var outputs: [String] = []
    var current = ""
    for line in text.split(separator: "\n", omittingEmptySubsequences: false).dropLast() {
      guard let place = line.range(of: mark) else {
        current += line + "\n"
        continue
      }
      // Output without an end of line runs into the mark.
      if place.lowerBound > line.startIndex { current += line[..<place.lowerBound] + "\n" }
      let status = line[place.upperBound...].dropFirst()
      outputs.append(status == "0" ? current : current + "[exit \(status)]\n")
      current = ""
    }
    return outputs
  }

  /// The directory's name differs each time: `~` stands for it.
  func withoutDirectory(_ output: String) -> String {
    let resolved = URL(fileURLWithPath: directory.path).resolvingSymlinksInPath().path
    return output.replacingOccurrences(of: resolved, with: "~")
      .replacingOccurrences(of: directory.path, with: "~")
  }

  /// Output in which everything that differs from run to run is the same.
  static func comparable(_ output: String) -> String {
    let replacements: [(pattern: String, word: String)] = [
      ("[0-9]{8}T[0-9]{6}\\.[0-9]{3}Z(-[0-9]+)?", "STAMP"),
      ("[0-9]{4}-[0-9]{2}-[0-9]{2}[ T][0-9:]{8}(\\.[0-9]+)?Z?", "TIME"),
      // Entries of tasks that are taken together come in any order.
      ("(?m)^ *[0-9]+(?= +TIME)", "ENTRY"), ("in [0-9]+ (ms|s|min|h|d)\\b", "AGE"),
      ("[0-9]+ (ms|s|min|h|d) ago\\b", "AGE"), ("\\bnow\\b", "AGE"),
      ("[0-9]+(\\.[0-9]+)? (B|KiB|MiB)\\b", "SIZE"),
      ("(?m)(?<=^worker)( +)\\S+$|(?<=\"worker\":)\"[^\"]+\"", "WORKER"),
      ("[0-9]{2}:[0-9]{2}:[0-9]{2} UTC\\b", "CLOCK"),
      ("\\bfor [0-9]+ (ms|s|min)\\b", "for AGE"),
      ("\\b(mean|p[0-9]{2}) [0-9.]+ (ms|s|min)\\b", "$1 SPAN"),
      // A retry may be due by the time of the next look.
      ("\\b(ready|due AGE), after", "soon, after"), ("─+", "─"), (" {2,}", "  "),
      ("(?m)^ +", " "),
    ]
    return replacements.reduce(output) { text, replacement in
      text.replacingOccurrences(
        of: replacement.pattern, with: replacement.word, options: .regularExpression)
    }
  }
}
