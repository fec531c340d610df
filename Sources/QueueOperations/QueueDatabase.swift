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
  private let options: SQLiteStoreOptions
  private let writer: SQLiteQueueStore
  private let reader: SQLiteQueueStore
  private let writing = NSLock()
  private let reading = NSLock()

  /// Opens a queue that exists.
  ///
  /// - Parameters:
  ///   - path: the database file.
  ///   - options: PRAGMAs and policies, those of the queue's workers; whether the file may be made is not asked.
  /// - Throws: ``QueueError`` if there is none, or if it is another program's.
  public init(path: String, options: SQLiteStoreOptions = SQLiteStoreOptions()) throws {
    self.path = path
    var options = options
    options.createsFile = false
    options.strategies = []
    options.countsTasks = false
    self.options = options
    writer = try SQLiteQueueStore(path: path, options: options)
    reader = try SQLiteQueueStore(path: path, options: options)
    // Operations write by hand: what they do to tasks is counted as such.
    writer.connection.setTriggersEnabled(true)
  }

  /// Runs `body` in one read transaction: everything that it sees is of one moment.
  package func read<R>(_ body: (Connection) throws(SQLiteError) -> R) throws -> R {
    try reading.withLock {
      try translatingErrors { () throws(SQLiteError) in
        try reader.connection.transaction(.deferred) { () throws(SQLiteError) in
          try body(reader.connection)
        }
      }
    }
  }

  /// Runs `body` in one write transaction, which holds the queue's write lock: let it be short.
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

  private func translatingErrors<R>(_ body: () throws(SQLiteError) -> R) throws -> R {
    do { return try body() } catch { throw QueueError(error) }
  }
}
