import Foundation
import SQLite
import TestSupport
import Testing

@testable import QueueEngine

/// Readers beside the store that writes.
@Suite(.temporaryDirectory)
struct ReaderTests {
  @Test(arguments: [("DELETE", "NORMAL"), ("WAL", "EXCLUSIVE"), ("MEMORY", "NORMAL")])
  func `A queue that leaves no room for readers reads through the store`(
    journal: String, locking: String
  ) throws {
    var options = options()
    options.pragmas += [
      PragmaSetting(.journalMode, journal)!, PragmaSetting(.lockingMode, locking)!,
    ]
    let store = try openQueue("queue.db", options)
    #expect(try store.readerFactory()() == nil)
    let queue = TaskQueue(store: store)
    try queue.enqueue(NewTask(type: "a"))
    #expect(try queue.counts()[.queued] == 1)
  }

  @Test func `Readers find the file wherever the process has gone meanwhile`() throws {
    let path = TemporaryDirectory.path("queue.db")
    let depth = FileManager.default.currentDirectoryPath.split(separator: "/").count
    let up = String(repeating: "../", count: depth)
    let store = try SQLiteQueueStore(path: up + path.dropFirst(), options: options())
    let reader = try #require(try store.readerFactory()() as? SQLiteQueueStore)
    #expect(reader.connection.path == store.connection.filePath)
    #expect(reader.connection.path.hasPrefix("/"))
  }
}
