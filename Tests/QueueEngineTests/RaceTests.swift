import QueueEngine
import SQLite
import TestSupport
import Testing

/// Several connections race over one file, under PRAGMAs and transaction modes that matter to races.
@Suite(.temporaryDirectory)
struct RaceTests {
  private static let waiting = BusyPolicy.backoff(
    initialUs: 20, maxUs: 1000, timeoutMs: 60_000)

  @Test func `Many claims in a row lose nothing to a checkpoint`() throws {
    let path = TemporaryDirectory.path("queue.db")
    let options = SQLiteStoreOptions(
      pragmas: [
        PragmaSetting(.synchronous, "OFF")!, PragmaSetting(.walAutocheckpoint, "0")!,
      ], busyPolicy: Self.waiting)
    let first = try openQueue("queue.db", options)
    try _ = first.enqueue((0..<2000).map { _ in NewTask(type: "t") }, now: start)
    let claimed = try inParallel(2) { worker in
      let queue = try SQLiteQueueStore(path: path, options: options)
      return try queue.drain(.priority).map(\.id)
    }
    #expect(claimed.flatMap { $0 }.count == 2000)
    #expect(Set(claimed.flatMap { $0 }).count == 2000)
  }
}
