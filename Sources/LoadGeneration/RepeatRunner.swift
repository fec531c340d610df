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
  /// Its rows in `faults.csv`.
  package var faults: [FaultRow] = []
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
  /// What is done to the processes meanwhile beside what the cell's settings ask for.
  var extraFaults: [FaultEvent] = []
  /// Whether everything that processes do to the database's files is logged, in ``writeLogPath``, beside a copy
  /// of the database as it was before.
  var logsWrites = false
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

  /// Where the log of writes lies, and the database from before the first of them.
  static func writeLogPath(in logDirectory: String) -> String { "\(logDirectory)/writes.log" }
  static func initialDatabasePath(in logDirectory: String) -> String {
    "\(logDirectory)/initial.db"
  }

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
    result.note(promiseOf: cell.settings)

    let configurations = roles()
    let collector = RepeatCollector(configurations, settings: cell.settings)
    let children = ChildGroup()
    /// Whether the load has begun, so that there is something to judge.
    var hasLoad = false
    var nemesis: Nemesis?
    // On every way out no child is left: those that still run are killed and reaped.
    defer { children.terminateAll(graceNs: 0) }

    do {
      if let library = cell.settings.sqliteLibraryPath,
        !FileManager.default.isReadableFile(atPath: library)
      {
        throw Stop.refused("sqlite_library \(library): there is no such file")
      }
      try templates.makeDatabase(
        for: cell.settings, at: databasePath, isCancelled: { interrupts.isInterrupted })
      if logsWrites {
        try FileManager.default.copyItem(
          atPath: databasePath, toPath: Self.initialDatabasePath(in: logDirectory))
      }
      let control = try ControlBlock(memory: SharedMemory(byteCount: ControlBlock.byteCount))
      let doorbell = try Doorbell()
      for configuration in configurations {
        try spawn(configuration, into: children, control: control, doorbell: doorbell)
      }
      let reports = try gather(children, configurations, control: control, doorbell: doorbell)
      let pragmas = try commonPragmas(reports, configurations)
      try checkLibrary(reports, configurations)
      result.sqliteVersion = reports[0].sqliteVersion
      result.note(promiseOf: cell.settings)
      result.pragmaHash = pragmaHash(of: pragmas)

      let startNs = MonotonicClock.nowNs() + Self.releaseLeadNs
      let wallClockMs = Int(Date().timeIntervalSince1970 * 1000)
      let setUpNs = startNs - beganNs
      control.release(startNs: startNs, scenarioTimes: times)
      hasLoad = true
      let measureStartNs = startNs + times.warmupNs
      let measure = measureStartNs..<measureStartNs + times.measureNs
      try collector.begin(startNs: startNs, measure: measure)
      let fate = makeNemesis(
        children, configurations, control: control, doorbell: doorbell, measure: measure)
      nemesis = fate
      let counts = try attend(
        children, configurations, collector: collector, control: control, measure: measure,
        nemesis: fate, result: &result)
      let endedNs = MonotonicClock.nowNs()

      try collector.add(fate.successors, underFaults: fate.windows)
      try collector.poll()
      if cell.settings.instrumentation, slices.isEmpty {
        collector.fill(&result, settings: cell.settings)
        collector.fillGrowth(&result)
        var checker = collector.historyChecker
        checker.allowUnrecorded(
          enqueues: unrecorded(fate, by: .producer),
          completions: unrecorded(fate, by: .consumer), releases: 0,
          ofTasks: try RepeatCollector.tasksHeld(byKilled: fate.killedLogPaths))
        try judge(&result, collector, checker)
        audit(&result, collector, control, configurations, fate)
        warn(&result)
        note(fate, in: &result)
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
        findings.faults = fate.rows(of: result)
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
    } catch let failure as ShellCommand.Failure {
      result.status = .failed
      result.detail = "\(cell.id): \(failure)"
      children.terminateAll(graceNs: 0)
      judgeRemains(&result, collector, nemesis)
    } catch Stop.failed(let reason, let foundCorruption) {
      result.status = .failed
      result.detail = reason
      if foundCorruption { result.verdict = .invalid }
      if hasLoad {
        children.terminateAll(graceNs: 0)
        judgeRemains(&result, collector, nemesis)
      }
    } catch {
      // A full disk, no more processes, a damaged log: the next repeat may fare better.
      result.status = .failed
      result.detail = "\(error)"
    }
    // SQL in an error may have several lines.
    result.detail = result.detail.split { $0.isNewline }.map { $0.trimmingPrefix { $0 == " " } }
      .joined(separator: " ")
    var findings = RepeatFindings(result: result)
    if let nemesis {
      // What was done to it may be why it failed.
      note(nemesis, in: &findings.result)
      findings.faults = nemesis.rows(of: result)
    }
    return .finished(findings)
  }

  private func note(_ nemesis: Nemesis, in result: inout RepeatResult) {
    result.warnings += nemesis.failures
    if !cell.settings.faults.isEmpty { result.faults = nemesis.doneCount }
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
            reportPath: "\(logDirectory)/\(name).report.json", expectedRecords: 16_384,
            writeLogPath: logsWrites ? Self.writeLogPath(in: logDirectory) : nil))
      }
    }
    return configurations
  }

  @discardableResult
  private func spawn(
    _ configuration: RoleConfiguration, into children: ChildGroup, control: ControlBlock,
    doorbell: Doorbell
  ) throws -> ChildProcess {
    let path = "\(logDirectory)/\(configuration.fileName(number: children.spawnedCount)).json"
    do {
      try configuration.write(to: path)
    } catch {
      throw SystemError("write", path, hidden: error)
    }
    var environment = ChildCommand.currentEnvironment()
    if let library = cell.settings.sqliteLibraryPath {
      environment[Self.preload] =
        [URL(fileURLWithPath: library).path, environment[Self.preload]].compactMap(\.self)
        .joined(separator: ":")
    }
    let command = ChildCommand(
      executable: executable, arguments: [RoleProcess.argument, path], environment: environment,
      descriptors: [
        .init(
          source: control.memory.descriptor, target: RoleConfiguration.controlDescriptor),
        .init(
          source: doorbell.writeDescriptor, target: RoleConfiguration.doorbellDescriptor),
      ],
      name: configuration.name)
    return try children.spawn(command)
  }

  private func makeNemesis(
    _ children: ChildGroup, _ configurations: [RoleConfiguration], control: ControlBlock,
    doorbell: Doorbell, measure: Range<UInt64>
  ) -> Nemesis {
    let planned = cell.settings.faults.events(
      measureNs: times.measureNs, processCount: configurations.count,
      seed: Seeds.ofFaults(repeat: seed))
    return Nemesis(
      events: planned + extraFaults,
      processes: zip(configurations, children.children).map { ($0, $1) }, control: control,
      measure: measure,
      spawn: { try spawn($0, into: children, control: control, doorbell: doorbell) },
      spawnCommand: { line in
        try ShellCommand(
          line, databasePath: absolute(databasePath), programs: absolute(executable, parent: true),
          errorPath: "\(logDirectory)/command-\(children.spawnedCount).err", into: children)
      })
  }

  private func absolute(_ path: String, parent: Bool = false) -> String {
    let url = URL(fileURLWithPath: path)
    return (parent ? url.deletingLastPathComponent() : url).path
  }

  /// What killed processes may have done without a record of it: one operation of each caller.
  func unrecorded(_ nemesis: Nemesis, by role: Role) -> Int {
    nemesis.killedCount(of: role) * cell.settings.callers * cell.settings.batchSize
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

  /// The variable that has the system's loader put a library before all others.
  private static var preload: String {
    #if canImport(Darwin)
      "DYLD_INSERT_LIBRARIES"
    #else
      "LD_PRELOAD"
    #endif
  }

  /// Refuses the cell if not all processes run on the SQLite that it asks for.
  private func checkLibrary(
    _ reports: [RoleReport], _ configurations: [RoleConfiguration]
  ) throws {
    guard let wanted = cell.settings.sqliteLibraryPath else { return }
    func resolved(_ path: String) -> String {
      URL(fileURLWithPath: path).resolvingSymlinksInPath().path
    }
    for (report, configuration) in zip(reports, configurations)
    where report.sqlitePath.map(resolved) != resolved(wanted) {
      throw Stop.refused(
        """
        sqlite_library \(wanted): \(configuration.name) runs on SQLite \(report.sqliteVersion) of \
        \(report.sqlitePath ?? "an unknown file"); is it a shared library for this machine?
        """)
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
    let report = configurations.last { $0.name == child.name }
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
    /// One of the nemesis' events begins or ends.
    case begin(event: Int)
    case end(event: Int)
    /// Number `index` of the slices begins, or, behind the last of them, ends.
    case slice(index: Int)
  }

  private func agenda(
    _ measure: Range<UInt64>, _ nemesis: Nemesis
  ) -> [(atNs: UInt64, duty: Duty)] {
    let lastLookNs = max(measure.lowerBound, measure.upperBound - Self.lastLookLeadNs)
    var agenda: [(atNs: UInt64, duty: Duty)] = [
      (measure.lowerBound, .beginWatch), (lastLookNs, .endWatch),
    ]
    for (atNs, event, isEnd) in nemesis.agenda {
      agenda.append((atNs, isEnd ? .end(event: event) : .begin(event: event)))
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
    control: ControlBlock, measure: Range<UInt64>, nemesis: Nemesis, result: inout RepeatResult
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
    var agenda = self.agenda(measure, nemesis)
    var tickNs = control.startNs.load() + collector.windowNs
    var live: LiveReader?
    if onProgress != nil, cell.settings.instrumentation {
      live = try LiveReader(
        configurations.flatMap(\.logPaths), measureStartNs: measure.lowerBound,
        isOpenLoop: cell.settings.arrivals != .closed)
    }
    while running > 0 || nemesis.hasIntruders {
      let event = children.waitForEvent(
        untilNs: min(tickNs, agenda.first?.atNs ?? .max, limitNs),
        alsoReadable: [interrupts.doorbell.readDescriptor])
      switch event {
      case .exited(let child, let status):
        switch try nemesis.noteEnd(of: child, status) {
        case .intruder: children.forget(child)
        case .replaced:
          children.forget(child)
          live?.follow(nemesis.successors.last?.logPaths ?? [])
        case .gone: running -= 1
        case .own:
          guard status.isSuccess else {
            throw stop(afterEndOf: child, status, configurations + nemesis.successors)
          }
          running -= 1
        }
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
            watch?.finish(&result.conditions, hasStrangers: !nemesis.successors.isEmpty)
          case .begin(let event): try nemesis.begin(event)
          case .end(let event): nemesis.end(event)
          case .slice(let index):
            if index < slices.count {
              control.isMeasuringPaused.store(slices[index].isMeasuring ? 0 : 1)
            }
            sliceLooks.append((handled, nowNs))
          }
        }
        if nowNs >= limitNs, running == 0 {
          nemesis.abandonIntruders(children)
          continue
        }
        if nowNs >= limitNs {
          let names = children.running.map(\.name).joined(separator: ", ")
          throw Stop.failed("\(names): did not end after the drain")
        }
        guard nowNs >= tickNs else { continue }
        if log == nil { log = WALIndexView(databasePath: databasePath) }
        // What is there at the end of a window is part of it.
        collector.noteLog(of: databasePath, index: log?.read(), atNs: tickNs - 1)
        if collector.notesSizes {
          collector.noteSizes(
            of: nemesis.ownPids, databasePath: databasePath, atNs: tickNs - 1)
        }
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

extension RepeatResult {
  /// Takes over what the settings promise to keep on the SQLite that runs.
  fileprivate mutating func note(promiseOf settings: CellSettings) {
    power.durabilityClass =
      settings.durabilityClass(onSQLite: sqliteVersion)?.rawValue ?? PowerResult.noPromise
    power.hazard = settings.hazard(onSQLite: sqliteVersion) ?? ""
  }
}
