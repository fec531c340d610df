#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif
internal import Platform
internal import QueueEngine
internal import Recording
internal import SQLite
internal import Scenarios

/// The life of a child process: set up, report, wait for the start, play its role, end.
package enum RoleProcess {
  /// The argument that makes the harness's own executable such a child.
  package static let argument = "role"

  /// Plays the role that the configuration file describes; never returns.
  package static func main(configurationPath: String) -> Never {
    do {
      let configuration = try RoleConfiguration.read(from: configurationPath)
      ParentDeath.dieWithParent(parentPid: configuration.parentPid)
      exit(status: run(configuration))
    } catch {
      complain("\(configurationPath): \(error)")
      exit(status: 1)
    }
  }

  private static func run(_ configuration: RoleConfiguration) -> Int32 {
    var report = RoleReport()
    do {
      let control = try ControlBlock(
        memory: SharedMemory(
          inheriting: RoleConfiguration.controlDescriptor, byteCount: ControlBlock.byteCount))
      let session = try RoleSession(configuration, control: control)
      report = session.report
      try report.write(to: configuration.reportPath)
      control.readyCount.add(1)
      Doorbell.ring(inheritedDescriptor: RoleConfiguration.doorbellDescriptor)

      while control.phase.wait(
        whileEqualTo: ControlBlock.Phase.gathering.rawValue, untilNs: .max) != .changed
      {}
      switch configuration.role {
      case .producer: try ProducerRole(session).run()
      case .consumer: try ConsumerRole(session).run()
      }
      return 0
    } catch let mismatch as PragmaMismatch {
      report.refusal = mismatch.description
    } catch {
      report.failure = "\(error)"
      report.foundCorruption =
        (error as? QueueError).map { [.corrupt, .notAQueue].contains($0.code) } ?? false
    }
    // What the log holds survives; the orchestrator reads the reason and decides.
    try? report.write(to: configuration.reportPath)
    Doorbell.ring(inheritedDescriptor: RoleConfiguration.doorbellDescriptor)
    return 1
  }

  /// Ends without closing the database: the last connection to close runs a checkpoint, which would
  /// be charged to nobody's phase. SQLite treats the end as it treats any other.
  private static func exit(status: Int32) -> Never {
    _exit(status)
  }

  private static func complain(_ text: String) {
    let line = "queuebench: \(text)\n"
    _ = line.withCString { write(2, $0, strlen($0)) }
  }
}

/// What a role works with: the queue, the clock instants and the log.
final class RoleSession {
  let configuration: RoleConfiguration
  let control: ControlBlock
  let queue: TaskQueue
  /// What the process found when it opened the queue.
  let report: RoleReport
  /// What the operation under way has cost so far.
  var cost = OperationCost()
  private var log: OperationLogWriter

  init(_ configuration: RoleConfiguration, control: ControlBlock) throws {
    self.configuration = configuration
    self.control = control
    let store = try SQLiteQueueStore(
      path: configuration.databasePath,
      options: configuration.settings.storeOptions(createsFile: false),
      random: SeededGenerator(seed: configuration.seed &+ 1))
    report = try Self.report(on: store)
    queue = TaskQueue(store: store)
    log = try OperationLogWriter(
      path: configuration.logPath,
      header: OperationLogHeader(
        role: configuration.role.rawValue, processIndex: UInt32(configuration.processIndex),
        pid: getpid(), createdNs: MonotonicClock.nowNs()),
      initialRecords: configuration.expectedRecords)
  }

  var settings: CellSettings { configuration.settings }

  private static func report(on store: SQLiteQueueStore) throws -> RoleReport {
    var report = RoleReport()
    report.sqliteVersion = SQLiteLibrary.version
    for (pragma, value) in try store.connection.pragmasInForce() {
      report.pragmas[pragma.name] = value
    }
    return report
  }

  /// The times and the kind of an operation that is under way.
  struct Operation {
    let kind: OperationKind
    let intendedNs: UInt64
    let startNs: UInt64
  }

  /// Begins an operation; `intendedNs` nil means now.
  @inline(__always)
  func begin(_ kind: OperationKind, intendedNs: UInt64? = nil) -> Operation {
    let startNs = MonotonicClock.nowNs()
    return Operation(kind: kind, intendedNs: min(intendedNs ?? startNs, startNs), startNs: startNs)
  }

  /// Ends an operation on one task and records it; returns when it ended.
  @inline(__always)
  @discardableResult
  func end(
    _ operation: Operation, _ outcome: OperationOutcome, taskID: Int64 = 0, attempt: Int = 0,
    code: Int32 = 0, batch: Int = 1
  ) throws -> UInt64 {
    let endNs = MonotonicClock.nowNs()
    try log.append(
      OperationRecord(
        kind: operation.kind, outcome: outcome, taskID: taskID, attempt: attempt,
        intendedStartNs: operation.intendedNs, startNs: operation.startNs, endNs: endNs,
        sqliteCode: code, busyCallbacks: UInt64(cost.busyCallbacks),
        busySleptUs: cost.busySleptNs / 1000,
        batch: batch))
    return endNs
  }

  /// Records the second and later tasks of a batch whose first task was recorded by `end`.
  func recordMembers(
    of operation: Operation, _ outcome: OperationOutcome, endNs: UInt64,
    tasks: some Sequence<(id: Int64, attempt: Int)>
  ) throws {
    for task in tasks {
      try log.append(
        OperationRecord(
          kind: operation.kind, outcome: outcome, taskID: task.id, attempt: task.attempt,
          intendedStartNs: operation.intendedNs, startNs: operation.startNs, endNs: endNs,
          isMember: true))
    }
  }

  /// Records an operation that threw; throws on unless others merely held the database too long.
  ///
  /// `tasks` are those it was about, if they were known; else `batch` says how many there were.
  func endFailed(
    _ operation: Operation, _ error: any Error, tasks: [(id: Int64, attempt: Int)] = [],
    batch: Int = 1
  ) throws {
    guard let error = error as? QueueError else { throw error }
    let outcome: OperationOutcome = error.isRetryable ? .failed : .indeterminate
    let endNs = try end(
      operation, outcome, taskID: tasks.first?.id ?? 0, attempt: tasks.first?.attempt ?? 0,
      code: (error.resultCode ?? .ok).rawValue, batch: max(tasks.count, batch))
    // Each of them may have been completed or not, and the account must know.
    try recordMembers(of: operation, outcome, endNs: endNs, tasks: tasks.dropFirst())
    guard error.isRetryable else { throw error }
  }
}
