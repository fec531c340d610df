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
    if let intrusion = configuration.intrusion {
      do {
        try Intruder.run(
          intrusion, databasePath: configuration.databasePath, settings: configuration.settings)
        return 0
      } catch {
        complain("\(configuration.name): \(error)")
        return 1
      }
    }
    var report = RoleReport()
    do {
      let control = try ControlBlock(
        memory: SharedMemory(
          inheriting: RoleConfiguration.controlDescriptor, byteCount: ControlBlock.byteCount))
      if configuration.settings.instrumentation { try measureTransactions(configuration) }
      if !configuration.settings.faults.isEmpty { try follow(control.ioFault) }
      if let path = configuration.writeLogPath { try WriteLog.record(appendingTo: path) }
      let store = try openStore(configuration, control)
      if configuration.settings.instrumentation { store.connection.timeCommits() }
      report.sqliteVersion = SQLiteLibrary.version
      report.sqliteSourceID = SQLiteLibrary.sourceID
      report.sqlitePath = SQLiteLibrary.path
      for (pragma, value) in try store.connection.pragmasInForce() {
        report.pragmas[pragma.name] = value
      }
      try report.write(to: configuration.reportPath)
      let queue = TaskQueue(
        store: store,
        options: TaskQueueOptions(writeCombining: configuration.settings.writeCombining),
        clock: clock(configuration, control))
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

  /// Opens the queue; who takes a dead process's place may have to wait for the disk to work again.
  private static func openStore(
    _ configuration: RoleConfiguration, _ control: ControlBlock
  ) throws -> SQLiteQueueStore {
    while true {
      do {
        return try SQLiteQueueStore(
          path: configuration.databasePath,
          options: configuration.settings.storeOptions(createsFile: false),
          random: SeededGenerator(seed: configuration.seed &+ 1))
      } catch let error as QueueError where configuration.generation > 0 {
        let nowNs = MonotonicClock.nowNs()
        guard error.isRetryable || configuration.settings.faults.brings(error),
          nowNs < control.drainEndNs.load()
        else { throw error }
        MonotonicClock.sleep(untilNs: nowNs + openingPauseNs)
      }
    }
  }

  private static let openingPauseNs: UInt64 = 5_000_000

  /// What time it is; takes as long as the injected fault has it take.
  private static func clock(
    _ configuration: RoleConfiguration, _ control: ControlBlock
  ) -> @Sendable () -> Timestamp {
    if configuration.settings.faults.contains(.clock) {
      let offsetMs = control.clockOffsetMs
      return { Timestamp.now().adding(milliseconds: Int64(bitPattern: offsetMs.loadRelaxed())) }
    }
    guard configuration.role == .consumer,
      case .slowLock(let microseconds) = configuration.settings.injectedFault
    else { return { Timestamp.now() } }
    return {
      let untilNs = MonotonicClock.nowNs() + UInt64(microseconds) * 1000
      while MonotonicClock.nowNs() < untilNs {}
      return Timestamp.now()
    }
  }

  /// Has the disk fail as the word says.
  private static func follow(_ word: SharedWord32) throws {
    try CountingVFS.makeDefault()
    CountingVFS.obeyFaults(at: word.unsafeAddress)
  }

  /// Has SQLite's locks, commits and checkpoints looked at, and the checkpoints logged.
  private static func measureTransactions(_ configuration: RoleConfiguration) throws {
    // Before anything is opened: it wraps what it finds.
    try CountingVFS.makeDefault()
    let log = try CheckpointLog(configuration)
    CountingVFS.observeCheckpoints { log.append($0) }
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
