import QueueEngine
import SQLite
import TestSupport
import Testing

/// What a queue does about its write-ahead log.
@Suite(.temporaryDirectory)
struct CheckpointingTests {
  /// Enqueues until the checkpointer has done or met something; fails if it never does.
  private func enqueue(
    _ store: SQLiteQueueStore, until isSeen: (CheckpointCounters) -> Bool,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let checkpointer = try #require(store.checkpointer, sourceLocation: sourceLocation)
    let tasks = (0..<100).map { NewTask(type: "t", payload: "\"\($0)\"") }
    for _ in 0..<20_000 {
      if isSeen(checkpointer.counters) { return }
      _ = try store.enqueue(tasks, now: start)
    }
    Issue.record("not after two million tasks", sourceLocation: sourceLocation)
  }

  private func smallLog() -> SQLiteStoreOptions {
    SQLiteStoreOptions(checkpointPolicy: .pinned(pages: 50))
  }

  @Test func `The defaults are immune to the bug that damages files, and bound the log`() throws {
    let options = SQLiteStoreOptions()
    #expect(options.effectiveCheckpointPolicy.isImmuneToWALReset)
    #expect(try #require(options.effectiveCheckpointPolicy.pages) * 4096 < 64 << 20)
    let store = try openQueue("queue.db", options)
    #expect(try store.connection.value(of: .walAutocheckpoint) == "0")
    #expect(try store.connection.value(of: .mmapSize) == "0")
  }

  @Test func `The log is moved beside the writers`() throws {
    let store = try openQueue("queue.db", smallLog())
    try enqueue(store) { $0.completed >= 3 }
    #expect(store.checkpointer?.counters.errors == 0)
  }

  @Test func `A slow reader is told of, and the log is moved once he is gone`() throws {
    let store = try openQueue("queue.db", smallLog())
    let reader = try openByHand()
    try reader.begin(.deferred)
    _ = try reader.scalar("SELECT COUNT(*) FROM task_queue")
    try enqueue(store) { $0.blockedByReader > 0 }
    let before = try #require(store.checkpointer?.counters.completed)
    reader.rollBack()
    try enqueue(store) { $0.completed > before }
  }

  @Test(
    arguments: [
      ([(.walAutocheckpoint, "77")], .auto(pages: 77)), ([(.walAutocheckpoint, "0")], .none),
      ([(.journalMode, "DELETE")], .auto(pages: 1000)),
      ([(.lockingMode, "EXCLUSIVE")], .auto(pages: 1000)),
      ([(.synchronous, "FULL")], .pinned(pages: 2000)),
    ] as [([(Pragma, String)], CheckpointPolicy)])
  func `PRAGMAs that leave no room for the policy displace it`(
    pragmas: [(Pragma, String)], expected: CheckpointPolicy
  ) throws {
    let options = SQLiteStoreOptions(
      pragmas: pragmas.compactMap { PragmaSetting($0, $1) })
    #expect(options.effectiveCheckpointPolicy == expected)
    let store = try openQueue("queue.db", options)
    #expect(store.checkpointer?.policy == expected)
    _ = try store.enqueue(NewTask(type: "t"), now: start)
    #expect(try store.claim(.priority) != nil)
  }
}
