internal import Foundation
package import LoadGeneration
package import Platform
package import Results
internal import SQLite
package import Scenarios

/// A program that measures blocks: this one or another, as a child that speaks the ``BlockProtocol``.
package final class BlockClient: ComparedSide {
  /// Why a program is of no use, or of no use any more; names its command and what helps.
  package struct Failure: Error, CustomStringConvertible {
    /// That of the program.
    package let name: String
    package let description: String
  }

  /// A command that cannot be run at all; names it and the reason.
  package struct NotRunnable: Error, CustomStringConvertible {
    package let description: String
  }

  /// What a block brought.
  package struct Answer: Sendable {
    package var result: RepeatResult
    /// The PRAGMAs as all processes read them back.
    package let pragmas: [String: String]
  }

  /// What errors call it: `base` or `head`.
  package let name: String
  /// The command as the user wrote it.
  package let command: String
  /// What it says of itself.
  package private(set) var greeting: BlockGreeting
  private let dialogue: ChildDialogue
  private let errorPath: String
  private let interrupts: InterruptMonitor?
  private let patienceNs: UInt64
  private var requestCount = 0

  /// Starts the program and waits for its greeting.
  ///
  /// - Parameters:
  ///   - name: what errors call it.
  ///   - command: a path of the program, or a command with arguments, which `/bin/sh` splits; nil for this
  ///     program. The arguments of the protocol are put behind it.
  ///   - executable: this program.
  ///   - directory: an absolute path; where its databases lie meanwhile, and what it complains about. Must exist,
  ///     and is the caller's to remove.
  ///   - place: what its databases' directory is called in there; by default its name.
  ///   - interrupts: ends every wait when it counts a signal; nil if there is none to be counted.
  ///   - patienceNs: how long it may take beyond what a block should.
  /// - Throws: ``Failure``, ``NotRunnable``, and `CancellationError`.
  package init(
    name: String, command: String?, executable: String, directory: String,
    place: String? = nil, interrupts: InterruptMonitor?, patienceNs: UInt64 = 60_000_000_000
  ) throws {
    self.name = name
    self.command = command ?? executable
    self.interrupts = interrupts
    self.patienceNs = patienceNs
    errorPath = "\(directory)/\(name).stderr"
    let databases = "\(directory)/\(place ?? name)"
    let child = Self.childCommand(
      command ?? executable, name: name,
      arguments: [
        BlockProtocol.commandName, "--directory", databases, "--parent",
        String(ProcessInfo.processInfo.processIdentifier),
      ], errorPath: errorPath)
    do {
      dialogue = try ChildDialogue(child)
    } catch {
      throw NotRunnable(description: "\(name) (\(command ?? executable)): \(error)")
    }
    greeting = BlockGreeting(
      protocolVersion: 0, commit: "", buildMode: "", sqliteVersion: "", sqliteSourceID: "")
    greeting = try receiveGreeting()
  }

  /// The command with the arguments behind it.
  ///
  /// A path of a program may hold blanks; anything else is for the shell, which is gone before the
  /// program runs.
  private static func childCommand(
    _ command: String, name: String, arguments: [String], errorPath: String
  ) -> ChildCommand {
    var isDirectory: ObjCBool = false
    let isProgram =
      command.contains("/")
      && FileManager.default.fileExists(atPath: command, isDirectory: &isDirectory)
      && !isDirectory.boolValue
    let executable = isProgram ? command : "/bin/sh"
    let words = isProgram ? arguments : ["-c", "exec \(command) \"$@\"", "sh"] + arguments
    return ChildCommand(
      executable: executable, arguments: words, environment: ChildCommand.currentEnvironment(),
      standardError: .file(path: errorPath), name: name)
  }

  /// Measures one block; whatever came of it, also one that was refused or whose history is invalid.
  ///
  /// Throws ``Failure`` if the program fails, and `CancellationError` when the user interrupts.
  package func measure(
    _ cell: Cell, block: Int, times: PhaseTimes, seed: UInt64
  ) throws -> Answer {
    let settings = cell.settings
    let request = BlockRequest.Block(
      cell: cell.id, settings: settings, block: block, seed: seed,
      warmupMs: Int(times.warmupNs / 1_000_000), measureMs: Int(times.measureNs / 1_000_000),
      drainMs: Int(times.drainNs / 1_000_000))
    let expectedNs =
      times.warmupNs + times.measureNs + times.drainNs
      + UInt64(settings.busyPolicy.timeoutMs) * 1_000_000
      + UInt64((settings.depth + settings.finished) * Scenario.prefillUsPerTask) * 10_000
    let answer = try ask(.block(request), expectedNs: expectedNs)
    guard let fields = answer.fields else {
      throw failure("its answer has no fields", remedy: Self.otherProgram)
    }
    try check(understood: answer.settings ?? [:], asked: settings)
    do {
      var result = try RepeatResult(
        fieldsByColumn: fields,
        axes: cell.axisValues.map { Results.AxisValue(name: $0.name, label: $0.label) },
        source: "\(name) (\(command))")
      result.cell = cell.id
      result.repeatNumber = block
      result.commit = greeting.commit
      return Answer(result: result, pragmas: answer.pragmas ?? [:])
    } catch {
      throw failure(error.message, remedy: Self.otherProgram)
    }
  }

  /// What the operations of a cell cost.
  package enum Costs: Sendable {
    case counted(CostProfile)
    /// The queue does not work with these settings; why.
    case failed(String)
  }

  /// Counts what the operations of a cell cost; throws as ``measure(_:block:times:seed:)`` does.
  package func costs(of cell: Cell, seed: UInt64) throws -> Costs {
    let request = BlockRequest.Costs(cell: cell.id, settings: cell.settings, seed: seed)
    let answer = try ask(.costs(request), expectedNs: 0)
    try check(understood: answer.settings ?? [:], asked: cell.settings)
    if let reason = answer.costsFailure { return .failed(reason) }
    guard let profile = answer.costs else {
      throw failure("its answer has no costs", remedy: Self.otherProgram)
    }
    return .counted(profile)
  }

  /// Says goodbye and waits for the program's end.
  package func finish() { dialogue.finish(graceNs: Self.graceNs) }

  private static let graceNs: UInt64 = 2_000_000_000
  private static let otherProgram = "is it a queuebench of a version that can be compared?"

  /// An older program skips what it does not know, which is fine as long as that is not set.
  private func check(understood: [String: String], asked: CellSettings) throws {
    let standard = CellSettings.standard.described
    for (name, value) in asked.described.sorted(by: { $0.key < $1.key })
    where understood[name] != value {
      guard understood[name] == nil, standard[name] == value else {
        throw failure(
          "it was asked for \(name)=\(value) and has understood \(understood[name] ?? "nothing")",
          remedy: "its version does not know that; leave the setting out")
      }
    }
  }

  // MARK: Messages

  private func receiveGreeting() throws -> BlockGreeting {
    let line = try receive(untilNs: MonotonicClock.nowNs() + patienceNs, "said nothing")
    guard let greeting = try? JSONDecoder().decode(BlockGreeting.self, from: Data(line.utf8))
    else {
      // The version comes first: whatever else has changed, it says why.
      if let other = try? JSONDecoder().decode(VersionAlone.self, from: Data(line.utf8)) {
        throw otherVersion(other.queuebench_blocks)
      }
      throw failure("said \(Self.quoted(line))", remedy: Self.otherProgram)
    }
    guard greeting.protocolVersion == BlockProtocol.version else {
      throw otherVersion(greeting.protocolVersion)
    }
    return greeting
  }

  private struct VersionAlone: Decodable {
    let queuebench_blocks: Int
  }

  private func otherVersion(_ version: Int) -> Failure {
    failure(
      "speaks version \(version) of the block protocol, this program version "
        + "\(BlockProtocol.version)",
      remedy: version < BlockProtocol.version
        ? "compare with the queuebench of that time" : "compare with a newer queuebench")
  }

  private func ask(_ work: BlockRequest.Work, expectedNs: UInt64) throws -> BlockAnswer {
    requestCount += 1
    let request = BlockRequest(number: requestCount, work: work)
    // A program that has ended says so when its answer is awaited.
    _ = dialogue.send(String(decoding: try JSONEncoder().encode(request), as: UTF8.self))
    let limitNs = MonotonicClock.nowNs() + expectedNs + patienceNs
    let line = try receive(untilNs: limitNs, "did not answer within its time")
    guard let answer = try? JSONDecoder().decode(BlockAnswer.self, from: Data(line.utf8)) else {
      throw failure("answered \(Self.quoted(line))", remedy: Self.otherProgram)
    }
    if answer.wasInterrupted == true { throw CancellationError() }
    if let reason = answer.failure {
      throw failure("could not do what it was asked for: \(reason)", remedy: nil)
    }
    guard answer.number == requestCount else {
      throw failure(
        "answered request \(answer.number) when it was asked \(requestCount)",
        remedy: Self.otherProgram)
    }
    return answer
  }

  private func receive(untilNs: UInt64, _ silence: String) throws -> String {
    if interrupts?.isInterrupted == true { throw CancellationError() }
    let reply = dialogue.receive(
      untilNs: untilNs, unlessReadable: interrupts?.doorbell.readDescriptor)
    switch reply {
    case .line(let line): return line
    case .interrupted: throw CancellationError()
    case .silence:
      dialogue.child.kill(signal: SIGKILL)
      throw failure("\(silence)", remedy: "try its command by hand")
    case .endlessLine:
      throw failure("wrote a line without end", remedy: Self.otherProgram)
    case .ended(let status):
      // A Ctrl-C at the terminal reaches both; who of the two sees it first is chance.
      if interrupts?.isInterrupted == true || Self.isInterruption(status) {
        throw CancellationError()
      }
      throw failure("ended (\(status))", remedy: Self.otherProgram)
    }
  }

  private static func isInterruption(_ status: ExitStatus) -> Bool {
    switch status.reason {
    case .exited(let code): return code == 130
    case .signaled(let signal, _): return signal == SIGINT || signal == SIGTERM
    case .unknown: return false
    }
  }

  private func failure(_ what: String, remedy: String?) -> Failure {
    var text = "\(name) (\(command)): \(what)"
    let complaint = lastErrorLine()
    if !complaint.isEmpty { text += "; it complained: \(complaint)" }
    if let remedy { text += "; \(remedy)" }
    return Failure(name: name, description: text)
  }

  /// What it has last written to its standard error.
  private func lastErrorLine() -> String {
    let text = (try? String(contentsOfFile: errorPath, encoding: .utf8)) ?? ""
    let lines = text.split(whereSeparator: \.isNewline).map(String.init)
    // The parser of arguments says what is wrong first, and then how to get help.
    return lines.first { $0.hasPrefix("Error:") } ?? lines.last ?? ""
  }

  private static func quoted(_ line: String) -> String {
    let shown = line.prefix(80)
    return "\"\(shown)\(shown.count < line.count ? "…" : "")\""
  }
}
