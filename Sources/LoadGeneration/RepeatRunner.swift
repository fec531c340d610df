internal import Foundation
internal import Platform
internal import Results
internal import SQLite
internal import Scenarios
internal import Verification

/// How one repeat ended.
enum RepeatOutcome {
  /// It is over; the result says whether it was measured, refused or failed.
  case finished(RepeatResult, histograms: [MeasuredOperation: String], pragmas: [String: String])
  /// The user wants to stop; nothing of the repeat is kept.
  case interrupted
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
  let onProgress: (LiveSample) -> Void

  /// How long children may take to open the database and to report.
  private static let setUpLimitNs: UInt64 = 30_000_000_000
  /// How long after the drain a child may still hang in an operation, beyond its busy policy.
  private static let endGraceNs: UInt64 = 5_000_000_000
  /// How far in the future the start lies, so that everybody is awake by then.
  private static let releaseLeadNs: UInt64 = 2_000_000
  private static let tickNs: UInt64 = 250_000_000

  private var databasePath: String { "\(directory)/queue.db" }

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
    let collector = RepeatCollector(configurations, prefilledCount: cell.settings.depth)
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
      let setUpNs = startNs - beganNs
      control.release(startNs: startNs, scenarioTimes: times)
      hasLoad = true
      try collector.begin(
        windowStartNs: startNs + times.warmupNs,
        windowEndNs: startNs + times.warmupNs + times.measureNs)
      try attend(children, configurations, collector: collector, control: control)
      let endedNs = MonotonicClock.nowNs()

      try collector.poll()
      collector.noteWALSize(of: databasePath)
      collector.fill(&result, settings: cell.settings)
      try judge(&result, collector.taskAccount)
      let histograms = collector.histograms
      result.orchestratorMs = Double(setUpNs + MonotonicClock.nowNs() - endedNs) / 1e6
      return .finished(result, histograms: histograms, pragmas: pragmas)
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
    return .finished(result, histograms: [:], pragmas: [:])
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

  /// Waits until all children have ended by themselves.
  private func attend(
    _ children: ChildGroup, _ configurations: [RoleConfiguration], collector: RepeatCollector,
    control: ControlBlock
  ) throws {
    let busyNs = UInt64(cell.settings.busyPolicy.timeoutMs) * 1_000_000
    let limitNs = control.drainEndNs.load() + busyNs + Self.endGraceNs
    var running = configurations.count
    var tickNs = control.measureStartNs.load()
    while running > 0 {
      let event = children.waitForEvent(
        untilNs: min(tickNs, limitNs), alsoReadable: [interrupts.doorbell.readDescriptor])
      switch event {
      case .exited(let child, let status):
        guard status.isSuccess else { throw stop(afterEndOf: child, status, configurations) }
        running -= 1
      case .readable: throw Stop.interrupted
      case .nothingToAwait: return
      case .deadline:
        let nowNs = MonotonicClock.nowNs()
        if nowNs >= limitNs {
          let names = children.running.map(\.name).joined(separator: ", ")
          throw Stop.failed("\(names): did not end after the drain")
        }
        try collector.poll()
        collector.noteWALSize(of: databasePath)
        onProgress(collector.takeLiveSample())
        tickNs = nowNs + Self.tickNs
      }
    }
  }

  // MARK: Verdict

  private func judge(_ result: inout RepeatResult, _ account: TaskAccount) throws {
    do {
      let state = try FinalState.read(databasePath: databasePath)
      let judgement = account.judge(against: state)
      result.verdict = judgement.verdict
      result.detail = judgement.summary
      result.drained = !state.hasOpenTasks
    } catch let error as SQLiteError where [.corrupt, .notADatabase].contains(error.code.primary) {
      // A file that is damaged after the run is the worst of verdicts, not a failure to run.
      result.verdict = .invalid
      result.detail = "the database is damaged after the run: \(error)"
    }
  }

  /// Judges what a repeat that broke off has left behind: lost tasks stay lost.
  ///
  /// Each process may have been killed between an operation and its record.
  private func judgeRemains(_ result: inout RepeatResult, _ collector: RepeatCollector) {
    var judged = result
    do {
      try collector.poll()
      var account = collector.taskAccount
      account.allowUnrecorded(
        enqueues: cell.settings.producers * cell.settings.callers * cell.settings.batchSize,
        completions: cell.settings.consumers * cell.settings.callers * cell.settings.batchSize)
      try judge(&judged, account)
    } catch {
      // Nothing can be said of it; the reason why it broke off stands.
      return
    }
    guard judged.verdict == .invalid else { return }
    result.verdict = .invalid
    result.detail += "; \(judged.detail)"
  }

  /// FNV-1a over the PRAGMAs in alphabetical order, as 16 hexadecimal digits.
  private func pragmaHash(of pragmas: [String: String]) -> String {
    scenarioFingerprint(
      of: pragmas.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
        .joined(separator: ";"))
  }
}
