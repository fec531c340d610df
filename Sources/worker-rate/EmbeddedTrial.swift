internal import Dispatch
internal import Platform
internal import QueueEngine
internal import QueueWorker
internal import Synchronization

/// A worker in this process whose handler does nothing.
struct EmbeddedTrial {
  let count: Int
  let handlers: Int
  let directory: String
  /// Whether the queue counts its tasks, as those of `taskqueue init` do.
  let isCounting: Bool

  /// Tasks per second, from the start of the worker until the last one is completed.
  func run() throws -> Double {
    let path = "\(directory)/embedded.db"
    defer { removeDatabase(path) }
    var options = SQLiteStoreOptions()
    options.countsTasks = isCounting
    let queue = TaskQueue(store: try SQLiteQueueStore(path: path, options: options))
    for start in stride(from: 0, to: count, by: 5000) {
      try queue.enqueue(
        contentsOf: (start..<min(start + 5000, count)).map {
          NewTask(type: "nothing", payload: "{\"number\":\($0)}")
        })
    }
    let worker = try Worker(
      queue: queue, options: WorkerOptions(workerID: "embedded", concurrency: handlers))
    try worker.register("nothing") { _ in nil }
    let end = End()
    let startNs = MonotonicClock.nowNs()
    Task.detached {
      do {
        try await worker.run(.drain)
        end.note(nil)
      } catch {
        end.note(error)
      }
    }
    if let error = end.wait() { throw error }
    let seconds = Double(MonotonicClock.nowNs() - startNs) / 1e9
    guard worker.statistics.completed == count else {
      throw CommandTrial.Failure(
        description: "\(worker.statistics.completed) of \(count) tasks were completed")
    }
    return Double(count) / seconds
  }

  private final class End: Sendable {
    private let error = Mutex<(any Error)?>(nil)
    private let ended = DispatchSemaphore(value: 0)

    func note(_ error: (any Error)?) {
      self.error.withLock { $0 = error }
      ended.signal()
    }

    func wait() -> (any Error)? {
      ended.wait()
      return error.withLock { $0 }
    }
  }
}
