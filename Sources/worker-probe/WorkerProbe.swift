import Foundation
import Platform
import QueueEngine
import QueueWorker
import Recording

/// A real worker process for `queuebench wakeup`: its handler notes when it was entered.
///
/// Arguments: the database, how many samples there will be, and the process that started it. Descriptor 3
/// is a ``WakeUpBoard``.
@main
enum WorkerProbe {
  static func main() async throws {
    let arguments = CommandLine.arguments
    guard arguments.count == 4, let count = Int(arguments[2]), let parentPid = Int32(arguments[3])
    else {
      FileHandle.standardError.write(
        Data("worker-probe: started by queuebench wakeup, of no use alone\n".utf8))
      exit(64)
    }
    ParentDeath.dieWithParent(parentPid: parentPid)
    let board = try WakeUpBoard(inheriting: 3, samples: count)
    let queue = TaskQueue(
      store: try SQLiteQueueStore(
        path: arguments[1], options: SQLiteStoreOptions(createsFile: false)))
    let worker = try Worker(queue: queue, options: WorkerOptions(workerID: "probe"))
    try worker.register("probe") { task in
      let nowNs = MonotonicClock.nowNs()
      guard let sample = Int(task.payload), sample < count else {
        throw PermanentFailure("no sample of that number: \(task.payload)")
      }
      board.note(enteredNs: nowNs, sample: sample)
      return nil
    }
    try await worker.run()
  }
}
