import QueueEngine
import SQLite
import TestSupport
import Testing

/// Queues say what can be lost by the way they are opened.
@Suite(.temporaryDirectory)
struct HazardTests {
  @Test func `The defaults are safe on any SQLite`() throws {
    #expect(SQLiteStoreOptions().hazard == nil)
    let store = try SQLiteQueueStore(path: TemporaryDirectory.path("queue.db"))
    #expect(store.hazard == nil)
    let queue = TaskQueue(store: store)
    #expect(queue.hazard == nil)
  }

  @Test(
    arguments: [
      (Pragma.synchronous, "OFF", "synchronous OFF"), (.journalMode, "OFF", "journal_mode OFF"),
      (.journalMode, "MEMORY", "journal_mode MEMORY"),
    ])
  func `PRAGMAs that can lose tasks are named`(
    pragma: Pragma, value: String, word: String
  ) throws {
    let options = SQLiteStoreOptions(pragmas: [PragmaSetting(pragma, value)!])
    let store = try SQLiteQueueStore(path: TemporaryDirectory.path("queue.db"), options: options)
    let queue = TaskQueue(store: store)
    let hazard = try #require(queue.hazard)
    #expect(hazard.hasPrefix(word))
  }

  @Test(.enabled(if: !SQLiteLibrary.knownBugs.isEmpty))
  func `Settings that meet a bug of this SQLite are named`() throws {
    for pragma in [
      PragmaSetting(.mmapSize, "1000000")!, PragmaSetting(.walAutocheckpoint, "1000")!,
    ] {
      let hazard = try #require(SQLiteStoreOptions(pragmas: [pragma]).hazard)
      #expect(hazard.contains("WAL-reset"))
    }
  }
}
