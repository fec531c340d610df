#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif
internal import Platform
internal import Recording
internal import SQLite
internal import Synchronization

/// The checkpoints of one process, as records of a log of their own.
final class CheckpointLog: Sendable {
  private let writer: Mutex<OperationLogWriter?>

  init(_ configuration: RoleConfiguration) throws {
    let log = try OperationLogWriter(
      path: configuration.checkpointLogPath,
      header: OperationLogHeader(
        role: configuration.role.rawValue, processIndex: UInt32(configuration.processIndex),
        pid: getpid(), createdNs: MonotonicClock.nowNs()),
      initialRecords: min(1024, configuration.expectedRecords), growthRecords: 1024)
    writer = Mutex(log)
  }

  func append(_ checkpoint: ObservedCheckpoint) {
    writer.withLock { writer in
      // A log that cannot grow costs the rest of the checkpoints, not the run.
      try? writer?.append(
        OperationRecord(
          kind: .checkpoint, outcome: .ok, taskID: Int64(clamping: checkpoint.pages), attempt: 0,
          intendedStartNs: checkpoint.startNs, startNs: checkpoint.startNs,
          endNs: checkpoint.endNs, syncs: UInt32(clamping: checkpoint.syncs)))
    }
  }
}
