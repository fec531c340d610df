internal import Foundation
internal import Platform
internal import SQLite
internal import Scenarios

/// A process that uses the database as a stranger would: with plain SQLite and its own busy timeout, and nothing
/// of the queue.
enum Intruder {
  /// Does what it is there for; throws if the database does not let it.
  static func run(_ intrusion: Intrusion, databasePath: String, settings: CellSettings) throws {
    // Longer than anything that holds the lock here.
    let connection = try Connection(
      path: databasePath, mode: .readWrite, busyPolicy: .sqlite(timeoutMs: 10_000))
    switch intrusion.kind {
    case .reader:
      try connection.execute(script: "BEGIN")
      let count = try connection.prepare("SELECT COUNT(*) FROM task_queue")
      while try count.step() {}
      count.reset()
      sleep(intrusion.durationNs)
      try connection.execute(script: "COMMIT")
    case .writer:
      try connection.execute(script: "BEGIN IMMEDIATE")
      sleep(intrusion.durationNs)
      try connection.execute(script: "COMMIT")
    case .checkpointer:
      // A program for maintenance is set up like the rest. The journal mode is in the file.
      _ = try connection.apply(settings.pragmas.settings.filter { $0.pragma != .journalMode })
      let endNs = MonotonicClock.nowNs() + intrusion.durationNs
      while MonotonicClock.nowNs() < endNs {
        // Whoever else checkpoints makes this one busy, which is no reason to end. Without a pause: what it
        // meets, it meets within moments.
        try? connection.execute(script: "PRAGMA wal_checkpoint(PASSIVE)")
      }
    case .vacuum:
      // A checkpoint of its own would be another fault.
      try connection.execute(script: "PRAGMA wal_autocheckpoint=0; VACUUM")
    case .backup:
      // As large as the database; whoever looks at the repeat's files may open it.
      try connection.backUp(to: databasePath + "-backup")
    case .kill, .stop, .diskFull, .ioError, .clock, .command: break
    }
  }

  private static func sleep(_ durationNs: UInt64) {
    MonotonicClock.sleep(untilNs: MonotonicClock.nowNs() + durationNs)
  }
}
