internal import Foundation
public import QueueEngine
package import SQLite

/// A queue's file, for everything about it that is no claiming: looking, logging, cleaning up, copying.
///
/// Serves any number of threads, one after the other: those who look wait for each other, and those who write, but
/// neither for the others. Calls block; asynchronous code calls them on a thread of its own.
///
/// `@unchecked Sendable`: each store is used with its lock held only.
public final class QueueDatabase: @unchecked Sendable {
  /// The path as given.
  public let path: String
  /// The absolute path of the file, without symbolic links.
  package let filePath: String
  /// What to do while another process holds the write lock.
  package let busyPolicy: BusyPolicy
  private let writer: SQLiteQueueStore
  private let reader: SQLiteQueueStore
  private let writing = NSLock()
  private let reading = NSLock()

  /// Opens a queue that exists.
  ///
  /// - Parameters:
  ///   - path: the database file.
  ///   - options: PRAGMAs and policies, those of the queue's workers; whether the file may be made is not asked.
  /// - Throws: `QueueError`: `readOnly` if there is none, `notAQueue` or `schemaTooNew` if it is another
  ///   program's, `invalidArgument` for a database without a file.
  public init(path: String, options: SQLiteStoreOptions = SQLiteStoreOptions()) throws {
    let inMemory = QueueError(
      code: .invalidArgument,
      message: "\(path.debugDescription): a database in memory belongs to one connection alone")
    if path.isEmpty || path == ":memory:" { throw inMemory }
    self.path = path
    var options = options
    options.createsFile = false
    options.strategies = []
    options.countsTasks = false
    writer = try SQLiteQueueStore(path: path, options: options)
    // Operations write by hand: what they do to tasks is counted as such.
    writer.connection.setTriggersEnabled(true)
    guard let filePath = writer.connection.filePath else { throw inMemory }
    self.filePath = filePath
    busyPolicy = options.busyPolicy
    // One board and one checkpointer are enough for a process.
    options.wakesWorkers = false
    options.checkpointPolicy = .none
    reader = try SQLiteQueueStore(path: filePath, options: options)
  }

  /// Runs `body` in one read transaction: everything that it sees is of one moment.
  ///
  /// Where there is no write-ahead log, a transaction that has met a lock is run again from the start. `body` must
  /// not call the database.
  package func read<R>(_ body: (Connection) throws(SQLiteError) -> R) throws -> R {
    try reading.withLock {
      try translatingErrors { () throws(SQLiteError) in
        try reader.connection.transaction(.deferred) { () throws(SQLiteError) in
          try body(reader.connection)
        }
      }
    }
  }

  /// Runs `body` in one write transaction, which holds the queue's write lock: let it be short. `body` must not
  /// call the database.
  package func write<R>(_ body: (Connection) throws(SQLiteError) -> R) throws -> R {
    try writing.withLock {
      try translatingErrors { () throws(SQLiteError) in
        try writer.connection.transaction(.immediate) { () throws(SQLiteError) in
          try body(writer.connection)
        }
      }
    }
  }

  /// Runs `body` without a transaction, for what SQLite does not allow in one: `VACUUM`, checkpoints.
  package func withConnection<R>(_ body: (Connection) throws(SQLiteError) -> R) throws -> R {
    try writing.withLock {
      try translatingErrors { () throws(SQLiteError) in try body(writer.connection) }
    }
  }

  /// Runs `body` with the engine's own calls, for what it knows how to do.
  package func withStore<R>(_ body: (SQLiteQueueStore) throws -> R) throws -> R {
    try writing.withLock {
      // The engine counts and places tasks itself; with triggers it would happen twice.
      writer.connection.setTriggersEnabled(false)
      defer { writer.connection.setTriggersEnabled(true) }
      return try body(writer)
    }
  }

  /// Wakes idle workers, after a transaction that has made tasks ready or due.
  package func wakeWorkers() { writing.withLock { writer.wakeWorkers() } }

  private func translatingErrors<R>(_ body: () throws(SQLiteError) -> R) throws -> R {
    do { return try body() } catch { throw QueueError(error) }
  }
}
