#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif
internal import Foundation
internal import Platform
internal import QueueEngine
internal import Recording
internal import SQLite
internal import Scenarios
internal import Synchronization

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
      // Before anything is opened: it wraps what it finds.
      try CountingVFS.makeDefault()
      let store = try SQLiteQueueStore(
        path: configuration.databasePath,
        options: configuration.settings.storeOptions(createsFile: false),
        random: SeededGenerator(seed: configuration.seed &+ 1))
      report.sqliteVersion = SQLiteLibrary.version
      for (pragma, value) in try store.connection.pragmasInForce() {
        report.pragmas[pragma.name] = value
      }
      try report.write(to: configuration.reportPath)
      let queue = TaskQueue(
        store: store,
        options: TaskQueueOptions(writeCombining: configuration.settings.writeCombining))
      let sessions = try configuration.logPaths.indices.map {
        try RoleSession(configuration, caller: $0, queue: queue, control: control)
      }
      control.readyCount.add(1)
      Doorbell.ring(inheritedDescriptor: RoleConfiguration.doorbellDescriptor)

      while control.phase.wait(
        whileEqualTo: ControlBlock.Phase.gathering.rawValue, untilNs: .max) != .changed
      {}
      try play(configuration.role, sessions)
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

  /// Plays the role with one thread per session; a lone one needs no other thread than this.
  private static func play(_ role: Role, _ sessions: [RoleSession]) throws {
    let failure = Mutex<(any Error)?>(nil)
    let ended = DispatchSemaphore(value: 0)
    @Sendable func play(_ session: RoleSession) {
      do {
        switch role {
        case .producer: try ProducerRole(session).run()
        case .consumer: try ConsumerRole(session).run()
        }
      } catch {
        failure.withLock { if $0 == nil { $0 = error } }
      }
      ended.signal()
    }
    for session in sessions.dropFirst() {
      let thread = Thread { play(session) }
      thread.stackSize = 1 << 20
      thread.start()
    }
    if let first = sessions.first { play(first) }
    for _ in sessions { ended.wait() }
    if let error = failure.withLock({ $0 }) { throw error }
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

/// What one caller of a role works with: the queue, the clock instants and its own log.
///
/// `@unchecked Sendable`: made before its thread starts, and used by that thread only.
final class RoleSession: @unchecked Sendable {
  let configuration: RoleConfiguration
  /// Which of the process's callers it is, from 0.
  let caller: Int
  let control: ControlBlock
  let queue: TaskQueue
  /// What the operation under way has cost.
  var cost = OperationCost()
  private var log: OperationLogWriter

  init(
    _ configuration: RoleConfiguration, caller: Int, queue: TaskQueue, control: ControlBlock
  ) throws {
    self.configuration = configuration
    self.caller = caller
    self.control = control
    self.queue = queue
    log = try OperationLogWriter(
      path: configuration.logPaths[caller],
      header: OperationLogHeader(
        role: configuration.role.rawValue, processIndex: UInt32(configuration.processIndex),
        pid: getpid(), createdNs: MonotonicClock.nowNs()),
      initialRecords: configuration.expectedRecords)
  }

  /// Which of the callers of all processes of the role it is, from 0, and how many there are.
  var position: (index: Int, count: Int) {
    (configuration.index * settings.callers + caller, configuration.count * settings.callers)
  }

  var settings: CellSettings { configuration.settings }

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
        busySleptUs: cost.busySleptNs / 1000, batch: batch, syncs: cost.syncs,
        pagesWritten: cost.pagesWritten))
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
