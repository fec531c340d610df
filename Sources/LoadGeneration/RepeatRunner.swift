#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif
internal import Foundation
internal import Platform
package import Results
internal import SQLite
internal import Scenarios
internal import Verification

/// How one repeat ended.
enum RepeatOutcome {
  /// It is over; the result says whether it was measured, refused or failed.
  case finished(RepeatFindings)
  /// The user wants to stop; nothing of the repeat is kept.
  case interrupted
}

/// Everything that one repeat leaves behind.
package struct RepeatFindings: Sendable {
  /// Its row in `cells.csv`.
  package var result: RepeatResult
  /// The PRAGMAs as all processes read them back.
  package var pragmas: [String: String] = [:]
  /// The distributions of response times, in the format of the HdrHistogram tools.
  package var histograms: [MeasuredOperation: String] = [:]
  /// The same per window, as interval logs of the HdrHistogram tools.
  package var histogramLogs: [MeasuredOperation: String] = [:]
  /// Its rows in `phases.csv`.
  package var phases: [PhaseRow] = []
  /// Its rows in `timeline.csv`.
  package var timeline: [TimelineRow] = []
  /// Tasks enqueued or completed per second by the processes' own counts, apart from any log.
  var handledPerSecond: Double?
  /// The same of each slice, in the order of the slices.
  var handledPerSecondOfSlices: [Double] = []
}

/// A stretch of the measurement in which processes measure, or do not.
struct MeasuringSlice: Sendable {
  let isMeasuring: Bool
  let durationNs: UInt64
}

/// A process that is stopped for a while, as a machine that swaps or a debugger would.
struct Stall: Sendable {
  /// Which of the repeat's processes.
  let process: Int
  /// When, after the beginning of the measurement.
  let afterNs: UInt64
  let durationNs: UInt64
}

/// Runs one repeat: fresh database → spawn → barrier → warm-up → measure → drain → collect → judge.
struct RepeatRunner {
  let cell: Cell
  let repeatNumber: Int
  let run: String
  let times: PhaseTimes
  let seed: UInt64
  let commit: String
  /// The harness's own executable, which also is every child.
  let executable: String
  /// Holds the database of this repeat; made and removed by the caller.
  let directory: String
  /// Holds what the children write besides, so that a full disk under the database does not keep them
  /// from saying so; made and removed by the caller.
  let logDirectory: String
  let templates: DatabaseTemplates
  let interrupts: InterruptMonitor
  /// What is done to the processes meanwhile.
  var stalls: [Stall] = []
  /// When processes measure; empty for always. With slices there is no verdict: the history has gaps.
  var slices: [MeasuringSlice] = []
  /// Whether distributions, phases and windows are wanted, too, or only the row in `cells.csv`.
  var keepsDetails = true
  /// Hears several times a second how it goes; nil if nobody wants to know.
  let onProgress: ((LiveSample) -> Void)?

  /// How long children may take to open the database and to report.
  private static let setUpLimitNs: UInt64 = 30_000_000_000
  /// How long after the drain a child may still hang in an operation, beyond its busy policy.
  private static let endGraceNs: UInt64 = 5_000_000_000
  /// How far in the future the start lies, so that everybody is awake by then.
  private static let releaseLeadNs: UInt64 = 2_000_000
  /// How long before the end of the measurement the processes are looked at for the last time: they may end
  /// with it.
  private static let lastLookLeadNs: UInt64 = 5_000_000

  var databasePath: String { "\(directory)/queue.db" }

  /// Why a repeat ends before its end.
  private enum Stop: Error {
    case interrupted
    case refused(String)
    /// `foundCorruption`: a process ended because SQLite found the file damaged.
    case failed(String, foundCorruption: Bool = false)
  }

  func callAsFunction() throws -> RepeatOutcome {
    let beganNs = MonotonicClock.nowNs()
    var result = RepeatResult(
      run: run, cell: cell.id, repeatNumber: repeatNumber,
      axes: cell.axisValues.map { Results.AxisValue(name: $0.name, label: $0.label) },
      producers: cell.settings.producers, consumers: cell.settings.consumers, status: .measured,
      verdict: .unknown, detail: "")
    result.commit = commit
    result.sqliteVersion = SQLiteLibrary.version

    let configurations = roles()
    let collector = RepeatCollector(configurations, settings: cell.settings)
    let children = ChildGroup()
    /// Whether the load has begun, so that there is something to judge.
    var hasLoad = false
    // On every way out no child is left: those that still run are killed and reaped.
    defer { children.terminateAll(graceNs: 0) }

    do {
      try templates.makeDatabase(
        for: cell.settings, at: databasePath, isCancelled: { interrupts.isInterrupted })
      let control = try ControlBlock(memory: SharedMemory(byteCount: ControlBlock.byteCount))
      let doorbell = try Doorbell()
      for configuration in configurations {
        try spawn(configuration, into: children, control: control, doorbell: doorbell)
      }
      let reports = try gather(children, configurations, control: control, doorbell: doorbell)
      let pragmas = try commonPragmas(reports, configurations)
      result.pragmaHash = pragmaHash(of: pragmas)

      let startNs = MonotonicClock.nowNs() + Self.releaseLeadNs
      let wallClockMs = Int(Date().timeIntervalSince1970 * 1000)
      let setUpNs = startNs - beganNs
      control.release(startNs: startNs, scenarioTimes: times)
      hasLoad = true
      let measureStartNs = startNs + times.warmupNs
      let measure = measureStartNs..<measureStartNs + times.measureNs
      try collector.begin(startNs: startNs, measure: measure)
      let counts = try attend(
        children, configurations, collector: collector, control: control, measure: measure,
        result: &result)
      let endedNs = MonotonicClock.nowNs()

      try collector.poll()
      if cell.settings.instrumentation, slices.isEmpty {
        collector.fill(&result, settings: cell.settings)
        try judge(&result, collector, collector.historyChecker)
        audit(&result, collector, control, configurations)
        warn(&result)
      } else {
        result.throughputPerSecond = counts.finished
        result.detail = "operations were not recorded (instrumentation: off)"
      }
      var findings = RepeatFindings(result: result, pragmas: pragmas)
      findings.handledPerSecond = counts.handled
      findings.handledPerSecondOfSlices = counts.ofSlices
      guard cell.settings.instrumentation, slices.isEmpty else { return .finished(findings) }
      if keepsDetails {
        findings.histograms = collector.histograms
        findings.histogramLogs = collector.histogramLogs(wallClockMs: wallClockMs)
        findings.phases = collector.phaseRows(of: result)
        findings.timeline = collector.timelineRows(of: result)
      }
      findings.result.orchestratorMs =
        Double(setUpNs + MonotonicClock.nowNs() - endedNs) / 1e6
      return .finished(findings)
    } catch Stop.interrupted {
      return .interrupted
    } catch is CancellationError {
      return .interrupted
    } catch Stop.refused(let reason) {
      result.status = .refused
      result.detail = reason
    } catch Stop.failed(let reason, let foundCorruption) {
      result.status = .failed
      result.detail = reason
      if foundCorruption { result.verdict = .invalid }
      if hasLoad {
        children.terminateAll(graceNs: 0)
        judgeRemains(&result, collector)
      }
    } catch {
      // A full disk, no more processes, a damaged log: the next repeat may fare better.
      result.status = .failed
      result.detail = "\(error)"
    }
    // SQL in an error may have several lines.
    result.detail = result.detail.split { $0.isNewline }.map { $0.trimmingPrefix { $0 == " " } }
      .joined(separator: " ")
    return .finished(RepeatFindings(result: result))
  }

  // MARK: Set-up

  private func roles() -> [RoleConfiguration] {
    let counts = [
      (Role.producer, cell.settings.producers), (.consumer, cell.settings.consumers),
    ]
    var configurations: [RoleConfiguration] = []
    for (role, count) in counts {
      for index in 0..<count {
        let processIndex = configurations.count
        let name = "\(role.rawValue)-\(index + 1)"
        configurations.append(
          RoleConfiguration(
            role: role, index: index, count: count, processIndex: processIndex,
            parentPid: ProcessInfo.processInfo.processIdentifier, settings: cell.settings,
            seed: Seeds.ofProcess(processIndex, repeat: seed),
            databasePath: databasePath,
            logPaths: (0..<cell.settings.callers).map { caller in
              "\(logDirectory)/\(name)\(caller == 0 ? "" : ".\(caller + 1)").log"
            },
            checkpointLogPath: "\(logDirectory)/\(name).checkpoints.log",
            reportPath: "\(logDirectory)/\(name).report.json", expectedRecords: 16_384))
      }
    }
    return configurations
  }

  private func spawn(
    _ configuration: RoleConfiguration, into children: ChildGroup, control: ControlBlock,
    doorbell: Doorbell
  ) throws {
    let path = "\(logDirectory)/\(configuration.role.rawValue)-\(configuration.index + 1).json"
    do {
      try configuration.write(to: path)
    } catch {
      throw SystemError("write", path, hidden: error)
    }
    let command = ChildCommand(
      executable: executable, arguments: [RoleProcess.argument, path],
      environment: ChildCommand.currentEnvironment(),
      descriptors: [
        .init(
          source: control.memory.descriptor, target: RoleConfiguration.controlDescriptor),
        .init(
          source: doorbell.writeDescriptor, target: RoleConfiguration.doorbellDescriptor),
      ],
      name: configuration.name)
    try children.spawn(command)
  }

  /// Waits until every child is ready.
  private func gather(
    _ children: ChildGroup, _ configurations: [RoleConfiguration], control: ControlBlock,
    doorbell: Doorbell
  ) throws -> [RoleReport] {
    let limitNs = MonotonicClock.nowNs() + Self.setUpLimitNs
    while control.readyCount.load() < UInt32(configurations.count) {
      let event = children.waitForEvent(
        untilNs: limitNs,
        alsoReadable: [interrupts.doorbell.readDescriptor, doorbell.readDescriptor])
      switch event {
      case .exited(let child, let status):
        throw stop(afterEndOf: child, status, configurations)
      case .readable(let descriptor) where descriptor == doorbell.readDescriptor:
        doorbell.clear()
      case .readable: throw Stop.interrupted
      case .deadline, .nothingToAwait:
        throw Stop.failed(
          "\(cell.id): not all processes were ready after \(Self.setUpLimitNs / 1_000_000_000) s")
      }
    }
    return try configurations.map { configuration in
      guard let report = RoleReport.read(from: configuration.reportPath) else {
        throw Stop.failed("\(cell.id): \(configuration.name) left no readable report")
      }
      return report
    }
  }

  /// What all processes read back; refuses the cell if two of them differ.
  private func commonPragmas(
    _ reports: [RoleReport], _ configurations: [RoleConfiguration]
  ) throws -> [String: String] {
    let first = reports[0].pragmas
    for (report, configuration) in zip(reports, configurations) where report.pragmas != first {
      let name = first.keys.sorted().first { first[$0] != report.pragmas[$0] } ?? ""
      throw Stop.refused(
        """
        PRAGMA \(name) reads back as \(report.pragmas[name] ?? "nothing") in \
        \(configuration.name) but as \(first[name] ?? "nothing") in \(configurations[0].name)
        """)
    }
    for setting in cell.settings.pragmas.settings
    where first[setting.pragma.name] != setting.value {
      throw Stop.refused(
        PragmaMismatch(asked: setting, readBack: first[setting.pragma.name] ?? "nothing")
          .description)
    }
    return first
  }

  /// Why a child that has ended on its own makes the repeat end.
  private func stop(
    afterEndOf child: ChildProcess, _ status: ExitStatus, _ configurations: [RoleConfiguration]
  ) -> Stop {
    // A Ctrl-C at the terminal reaches the children as well, and ends them at once.
    if interrupts.isInterrupted { return .interrupted }
    let report = configurations.first { $0.name == child.name }
      .flatMap { RoleReport.read(from: $0.reportPath) }
    if let refusal = report?.refusal { return .refused("\(child.name): \(refusal)") }
    let reason = report?.failure ?? "it ended early (\(status))"
    return .failed(
      "\(child.name): \(reason)", foundCorruption: report?.foundCorruption ?? false)
  }

  // MARK: Load

  /// What there is to do while the load runs, besides reading what the processes write.
  private enum Duty {
    /// The measurement begins.
    case beginWatch
    /// It is about to end.
    case endWatch
    case stop(process: Int)
    case resume(process: Int)
    /// Number `index` of the slices begins, or, behind the last of them, ends.
    case slice(index: Int)
  }

  private func agenda(_ measure: Range<UInt64>) -> [(atNs: UInt64, duty: Duty)] {
    let lastLookNs = max(measure.lowerBound, measure.upperBound - Self.lastLookLeadNs)
    var agenda: [(atNs: UInt64, duty: Duty)] = [
      (measure.lowerBound, .beginWatch), (lastLookNs, .endWatch),
    ]
    for stall in stalls {
      let fromNs = measure.lowerBound + stall.afterNs
      agenda.append((fromNs, .stop(process: stall.process)))
      agenda.append((fromNs + stall.durationNs, .resume(process: stall.process)))
    }
    var sliceNs = measure.lowerBound
    for index in slices.indices {
      agenda.append((sliceNs, .slice(index: index)))
      sliceNs += slices[index].durationNs
    }
    if !slices.isEmpty { agenda.append((sliceNs, .slice(index: slices.count))) }
    return agenda.sorted { $0.atNs < $1.atNs }
  }

  /// Waits until all children have ended by themselves; watches them, and reads what they write.
  ///
  /// Returns the tasks that they finished per second of the measurement by their own counts, and those that
  /// they enqueued or completed.
  private func attend(
    _ children: ChildGroup, _ configurations: [RoleConfiguration], collector: RepeatCollector,
    control: ControlBlock, measure: Range<UInt64>, result: inout RepeatResult
  ) throws -> (finished: Double?, handled: Double?, ofSlices: [Double]) {
    let busyNs = UInt64(cell.settings.busyPolicy.timeoutMs) * 1_000_000
    let limitNs = control.drainEndNs.load() + busyNs + Self.endGraceNs
    let processes = children.children
    var watch: MachineWatch?
    var counted: (tasks: UInt64, handled: UInt64, nowNs: UInt64)?
    var countedPerSecond: Double?
    var handledPerSecond: Double?
    var sliceLooks: [(handled: UInt64, nowNs: UInt64)] = []
    var running = configurations.count
    var log: WALIndexView?
    var agenda = self.agenda(measure)
    var tickNs = control.startNs.load() + collector.windowNs
    var live: LiveReader?
    if onProgress != nil, cell.settings.instrumentation {
      live = try LiveReader(
        configurations.flatMap(\.logPaths), measureStartNs: measure.lowerBound,
        isOpenLoop: cell.settings.arrivals != .closed)
    }
    while running > 0 {
      let event = children.waitForEvent(
        untilNs: min(tickNs, agenda.first?.atNs ?? .max, limitNs),
        alsoReadable: [interrupts.doorbell.readDescriptor])
      switch event {
      case .exited(let child, let status):
        guard status.isSuccess else { throw stop(afterEndOf: child, status, configurations) }
        running -= 1
      case .readable: throw Stop.interrupted
      case .nothingToAwait: return (countedPerSecond, handledPerSecond, [])
      case .deadline:
        let nowNs = MonotonicClock.nowNs()
        while let next = agenda.first, nowNs >= next.atNs {
          agenda.removeFirst()
          let tasks = finishedTasks(control, configurations)
          let handled = configurations.reduce(0) {
            $0 + control.taskCounts[$1.processIndex].load()
          }
          switch next.duty {
          case .beginWatch:
            counted = (tasks, handled, nowNs)
            watch = MachineWatch(zip(configurations, processes).map { ($0.role, $1.pid) })
          case .endWatch:
            if let counted, nowNs > counted.nowNs {
              let seconds = Double(nowNs - counted.nowNs) / 1e9
              countedPerSecond = Double(tasks - counted.tasks) / seconds
              handledPerSecond = Double(handled - counted.handled) / seconds
            }
            watch?.finish(&result.conditions)
          case .stop(let process): processes[process].kill(signal: SIGSTOP)
          case .resume(let process): processes[process].kill(signal: SIGCONT)
          case .slice(let index):
            if index < slices.count {
              control.isMeasuringPaused.store(slices[index].isMeasuring ? 0 : 1)
            }
            sliceLooks.append((handled, nowNs))
          }
        }
        if nowNs >= limitNs {
          let names = children.running.map(\.name).joined(separator: ", ")
          throw Stop.failed("\(names): did not end after the drain")
        }
        guard nowNs >= tickNs else { continue }
        if log == nil { log = WALIndexView(databasePath: databasePath) }
        // What is there at the end of a window is part of it.
        collector.noteLog(of: databasePath, index: log?.read(), atNs: tickNs - 1)
        if let live { onProgress?(try live.takeSample()) }
        while tickNs <= nowNs { tickNs += collector.windowNs }
      }
    }
    collector.noteLog(of: databasePath, index: log?.read(), atNs: MonotonicClock.nowNs())
    let ofSlices = zip(sliceLooks, sliceLooks.dropFirst()).map { before, after in
      Double(after.handled - before.handled) / (Double(after.nowNs - before.nowNs) / 1e9)
    }
    return (countedPerSecond, handledPerSecond, ofSlices)
  }

  /// What the processes have finished by their own counts, apart from any log: consumers, or producers where
  /// nobody consumes.
  func finishedTasks(
    _ control: ControlBlock, _ configurations: [RoleConfiguration]
  ) -> UInt64 {
    let role: Role = cell.settings.consumers > 0 ? .consumer : .producer
    return configurations.filter { $0.role == role }
      .reduce(0) { $0 + control.taskCounts[$1.processIndex].load() }
  }

  /// FNV-1a over the PRAGMAs in alphabetical order, as 16 hexadecimal digits.
  private func pragmaHash(of pragmas: [String: String]) -> String {
    scenarioFingerprint(
      of: pragmas.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
        .joined(separator: ";"))
  }
}
