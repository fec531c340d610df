#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif
internal import Foundation
internal import Platform
internal import Results
internal import Scenarios

/// Does to the processes of one repeat what its plan says, and keeps a record of it.
final class Nemesis {
  /// Starts a process; the configuration is new for each.
  typealias Spawn = (RoleConfiguration) throws -> ChildProcess
  /// Starts a command of the shell.
  typealias SpawnCommand = (String) throws -> ShellCommand

  private let events: [FaultEvent]
  private let control: ControlBlock
  private let measure: Range<UInt64>
  private let spawn: Spawn
  private let spawnCommand: SpawnCommand
  /// Of each process of the repeat its latest configuration, and the child that it is now.
  private var processes: [(configuration: RoleConfiguration, child: ChildProcess)]
  /// What was done to it, by the process's id, until its end was seen.
  private var killed: Set<Int32> = []
  private var diedNs: [Int32: UInt64] = [:]
  /// The operation logs of the processes that were killed.
  private(set) var killedLogPaths: [String] = []
  private var intruders: [Int32: Int] = [:]
  /// Those of the intruders that are commands of the shell.
  private var commands: [Int32: ShellCommand] = [:]
  /// Processes that were started in place of killed ones.
  private(set) var successors: [RoleConfiguration] = []
  private var log: [(event: FaultEvent, beganNs: UInt64, endedNs: UInt64?, remark: String)] = []

  /// How long after a process was killed operations count as under the fault.
  static let killAftermathNs: UInt64 = 100_000_000

  init(
    events: [FaultEvent], processes: [(configuration: RoleConfiguration, child: ChildProcess)],
    control: ControlBlock, measure: Range<UInt64>, spawn: @escaping Spawn,
    spawnCommand: @escaping SpawnCommand
  ) {
    self.events = events
    self.processes = processes
    self.control = control
    self.measure = measure
    self.spawn = spawn
    self.spawnCommand = spawnCommand
  }

  /// When the events begin and end, as indices of ``events``; those that are over at once have no end.
  var agenda: [(atNs: UInt64, event: Int, isEnd: Bool)] {
    events.enumerated().flatMap { index, event in
      let beginNs = measure.lowerBound + event.afterNs
      let end = (atNs: beginNs + event.durationNs, event: index, isEnd: true)
      return [(atNs: beginNs, event: index, isEnd: false)] + (endsByHand(event) ? [end] : [])
    }
  }

  private func endsByHand(_ event: FaultEvent) -> Bool {
    switch event.kind {
    case .stop, .diskFull, .ioError, .clock: return true
    case .kill, .reader, .writer, .checkpointer, .backup, .vacuum, .command: return false
    }
  }

  // MARK: Doing it

  /// Begins an event.
  func begin(_ index: Int) throws {
    let event = events[index]
    let nowNs = MonotonicClock.nowNs()
    var remark = ""
    switch event.kind {
    case .kill:
      // Who has ended with the measurement has no successor.
      guard let process = event.process, nowNs < measure.upperBound else { return }
      let child = processes[process].child
      remark = child.name
      guard child.kill(signal: SIGKILL), killed.insert(child.pid).inserted else { return }
      diedNs[child.pid] = nowNs
      killedLogPaths += processes[process].configuration.logPaths
    case .stop:
      guard let process = event.process else { break }
      let child = processes[process].child
      let isStopped = !killed.contains(child.pid) && child.kill(signal: SIGSTOP)
      remark = isStopped ? child.name : Self.notDone("\(child.name) was gone")
    case .diskFull: control.ioFault.store(IOFault.diskFull.rawValue)
    case .ioError: control.ioFault.store(IOFault.writeAndSyncErrors.rawValue)
    case .clock: control.clockOffsetMs.store(UInt64(bitPattern: Int64(event.byMs)))
    case .reader, .writer, .checkpointer, .backup, .vacuum, .command:
      if intruders.values.contains(where: { log[$0].event.kind == event.kind }) {
        remark = Self.notDone("the one before was still at it")
      } else if let line = event.commandLine {
        remark = FaultPlan.Fault.label(commandLine: line)
        let command = try spawnCommand(line)
        intruders[command.child.pid] = log.count
        commands[command.child.pid] = command
      } else {
        let child = try spawn(intruder(for: event))
        intruders[child.pid] = log.count
      }
    }
    let isOver = event.kind == .kill || Self.isNotDone(remark)
    log.append((event, nowNs, isOver ? nowNs : nil, remark))
  }

  /// Ends an event that lasts.
  func end(_ index: Int) {
    let event = events[index]
    switch event.kind {
    case .stop:
      // Also if it was killed meanwhile: its successor is not stopped.
      if let process = event.process { processes[process].child.kill(signal: SIGCONT) }
    case .diskFull, .ioError: control.ioFault.store(IOFault.none.rawValue)
    case .clock: control.clockOffsetMs.store(0)
    case .kill, .reader, .writer, .checkpointer, .backup, .vacuum, .command: break
    }
    if let entry = log.lastIndex(where: { $0.event == event }) {
      log[entry].endedNs = MonotonicClock.nowNs()
    }
  }

  /// Whether anybody is at the database who is none of the repeat's processes.
  var hasIntruders: Bool { !intruders.isEmpty }

  /// Gives up on intruders that do not come to an end.
  ///
  /// A command was done all the same, for as long as the load ran.
  func abandonIntruders(_ children: ChildGroup) {
    for child in children.running where intruders[child.pid] != nil {
      if commands[child.pid] != nil {
        children.endGroup(of: child, graceNs: Self.commandGraceNs)
      } else {
        child.kill(signal: SIGKILL)
      }
    }
    for (pid, entry) in intruders {
      if commands[pid] != nil {
        log[entry].remark += Self.cutShortWords
        log[entry].endedNs = MonotonicClock.nowNs()
      } else {
        log[entry].remark = Self.notDone("it did not come to an end")
      }
    }
    intruders.removeAll()
    commands.removeAll()
  }

  /// What a command is given between SIGTERM and SIGKILL.
  private static let commandGraceNs: UInt64 = 2_000_000_000
  private static let cutShortWords = ", ended some seconds after the load"
  private static let notDoneWords = "it could not be done"
  private static func notDone(_ reason: String) -> String { "\(notDoneWords) (\(reason))" }
  private static func isNotDone(_ remark: String) -> Bool { remark.hasPrefix(notDoneWords) }

  /// What the end of a child means.
  enum End {
    /// It is one of the repeat's processes that has ended by itself.
    case own
    /// It was killed, and has a successor.
    case replaced
    /// It was killed so late that it needs none.
    case gone
    /// It was none of the repeat's processes.
    case intruder
  }

  /// Takes note of the end of a child.
  func noteEnd(of child: ChildProcess, _ status: ExitStatus) throws -> End {
    if let entry = intruders.removeValue(forKey: child.pid) {
      log[entry].endedNs = MonotonicClock.nowNs()
      if let command = commands.removeValue(forKey: child.pid) {
        guard status.isSuccess else {
          log[entry].remark = Self.notDone("\(status)")
          throw ShellCommand.Failure(
            line: command.line, reason: "\(status)", errorTail: command.errorTail)
        }
        return .intruder
      }
      if !status.isSuccess { log[entry].remark = Self.notDone("\(status)") }
      return .intruder
    }
    // Who had crashed before it was killed is not excused by that.
    guard killed.remove(child.pid) != nil, case .signaled(SIGKILL, _) = status.reason,
      let process = processes.firstIndex(where: { $0.child.pid == child.pid })
    else { return .own }
    let configuration = processes[process].configuration
    let untilNs =
      configuration.role == .consumer ? control.drainEndNs.load() : measure.upperBound
    guard MonotonicClock.nowNs() < untilNs else {
      // Nobody waits for what a dead producer has to offer.
      if configuration.role == .producer {
        control.finishedProducers.add(UInt32(configuration.settings.callers))
      }
      return .gone
    }
    let successor = configuration.successor(
      diedNs: diedNs.removeValue(forKey: child.pid) ?? MonotonicClock.nowNs())
    processes[process] = (successor, try spawn(successor))
    successors.append(successor)
    return .replaced
  }

  /// A process of its own, which does one thing to the database.
  private func intruder(for event: FaultEvent) -> RoleConfiguration {
    var configuration = processes[0].configuration
    configuration.intrusion = Intrusion(kind: event.kind, durationNs: event.durationNs)
    return configuration
  }

  // MARK: What was done

  /// How many producers and consumers were killed, each of which may have done something unrecorded.
  func killedCount(of role: Role) -> Int {
    log.count { entry in
      entry.event.kind == .kill
        && entry.event.process.map { processes[$0].configuration.role == role } == true
    }
  }

  /// The processes of the repeat as they are now, without intruders.
  var ownPids: [Int32] { processes.map(\.child.pid) }

  /// How many faults were done.
  var doneCount: Int { log.count { !Self.isNotDone($0.remark) } }

  /// During which stretches of time operations were under a fault.
  ///
  /// Without the time that commands have taken when the load was over.
  var windows: [Range<UInt64>] {
    log.filter { !Self.isNotDone($0.remark) }.map { entry in
      var endedNs =
        entry.event.kind == .kill
        ? entry.beganNs + Self.killAftermathNs : entry.endedNs ?? measure.upperBound
      if entry.event.kind == .command { endedNs = min(endedNs, control.drainEndNs.load()) }
      return entry.beganNs..<max(entry.beganNs + 1, endedNs)
    }
  }

  /// The rows of `faults.csv`.
  func rows(of result: RepeatResult) -> [FaultRow] {
    func seconds(_ ns: UInt64) -> Double { (Double(ns) - Double(measure.lowerBound)) / 1e9 }
    return log.map { entry in
      FaultRow(
        run: result.run, cell: result.cell, repeatNumber: result.repeatNumber,
        kind: entry.event.kind.rawValue, beginSeconds: seconds(entry.beganNs),
        endSeconds: entry.endedNs.map(seconds), remark: entry.remark)
    }
  }

  /// What could not be done, in whole phrases.
  var failures: [String] {
    let failed = log.filter { Self.isNotDone($0.remark) }
    let cutShort = log.filter { $0.remark.hasSuffix(Self.cutShortWords) }
    return Dictionary(grouping: failed, by: \.event.kind).sorted {
      $0.key.rawValue < $1.key.rawValue
    }
    .map { "\($1.count) faults of the kind \($0.rawValue): \($1[0].remark)" }
      + cutShort.map { "command: \($0.remark)" }
  }
}

/// What the disk does, as a word that all processes follow; the values are those of the shim.
enum IOFault: UInt32 {
  case none = 0
  case diskFull = 1
  /// One in ten.
  case writeAndSyncErrors = 0xA04
}

/// What an intruder does to the database.
struct Intrusion: Codable, Sendable {
  let kind: FaultPlan.Kind
  let durationNs: UInt64
}
