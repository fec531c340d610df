#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif
internal import Foundation
public import QueueEngine
internal import SQLite

/// The formats in which whole queues are moved.
public enum TransferFormat: String, Sendable, Codable, CaseIterable {
  /// One JSON object per line, with every column; loses nothing.
  case jsonLines = "jsonl"
  /// The file of dbbasic-queue.
  case tabSeparated = "tsv"
}

/// What an export holds.
public struct ExportReport: Sendable, Hashable {
  /// How many tasks were written.
  public internal(set) var tasks = 0
  /// How many of each status.
  public internal(set) var byStatus: [TaskStatus: Int] = [:]
  /// What the format has no room for: how many tasks lose it, by column. Empty for JSON Lines.
  public internal(set) var lost: [String: Int] = [:]
}

/// Writes all tasks of a queue, whatever their status, as they are at one moment.
public struct TaskExport: Sendable {
  private let database: QueueDatabase

  /// An export of a queue.
  public init(_ database: QueueDatabase) { self.database = database }

  /// Writes the file `path`, which is there as a whole at the end or not at all.
  ///
  /// - Throws: ``MigrationError``, also if there is a file of that name; `QueueError`.
  public func write(_ format: TransferFormat, to path: String) throws -> ExportReport {
    guard access(path, F_OK) != 0 else { throw Self.isThere(path) }
    let temporary = "\(path).\(UUID().uuidString)\(BackupName.partialEnding)"
    // A queue's payloads are nobody else's business.
    let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else {
      throw MigrationError(.file, "cannot be made: \(ByteSource.cause(errno))", path: temporary)
    }
    do {
      defer { close(descriptor) }
      var buffer: [UInt8] = []
      let report = try write(format) { line in
        buffer.append(contentsOf: line)
        if buffer.count >= 1 << 18 {
          try ByteSource.writeAll(buffer[...], to: descriptor, path: temporary)
          buffer.removeAll(keepingCapacity: true)
        }
      }
      try ByteSource.writeAll(buffer[...], to: descriptor, path: temporary)
      guard fsync(descriptor) == 0 else {
        throw MigrationError(.file, "cannot be written: \(ByteSource.cause(errno))", path: path)
      }
      do {
        try FileMove.publish(temporary, as: path)
        try FileMove.syncDirectory(FileMove.directory(of: path))
      } catch let error as QueueError where error.code == .invalidArgument {
        throw Self.isThere(path)
      }
      return report
    } catch {
      unlink(temporary)
      throw error
    }
  }

  private static func isThere(_ path: String) -> MigrationError {
    MigrationError(.file, "is there already; remove it or name another", path: path)
  }

  /// Hands the lines of an export to `sink`, one by one, their ends included.
  ///
  /// All of them are of one moment: a read transaction is open meanwhile, which keeps nobody from
  /// writing, but keeps the write-ahead log from being shortened.
  ///
  /// - Throws: what the sink throws; `QueueError`.
  public func write(
    _ format: TransferFormat, into sink: ([UInt8]) throws -> Void
  ) throws -> ExportReport {
    var report = ExportReport()
    var failure: (any Error)?
    var hasBegun = false
    func put(_ bytes: [UInt8]) -> Bool {
      do {
        try sink(bytes)
        return true
      } catch {
        failure = error
        return false
      }
    }
    try database.read { connection throws(SQLiteError) in
      // A read that has met a lock is run again; what is written already cannot be taken back.
      guard !hasBegun else {
        failure = QueueError(code: .busy, message: "the queue was locked; export again")
        return
      }
      hasBegun = true
      let rows = try connection.prepare(
        "SELECT \(TaskRecord.columns) FROM task_queue ORDER BY id")
      defer { rows.reset() }
      let start = format == .jsonLines ? ExportLine.header : TabSeparatedRecord.header
      guard put(Array(start.utf8)) else { return }
      while try rows.step() {
        let record = TaskRecord(rows)
        switch format {
        case .jsonLines:
          guard put(record.exportLine) else { return }
        case .tabSeparated:
          let line = TabSeparatedRecord(record)
          guard put(line.line) else { return }
          for column in line.lost { report.lost[column, default: 0] += 1 }
        }
        report.tasks += 1
        report.byStatus[record.status, default: 0] += 1
      }
      if format == .jsonLines { _ = put(Array(ExportLine.end(tasks: report.tasks).utf8)) }
    }
    if let failure { throw failure }
    return report
  }
}
