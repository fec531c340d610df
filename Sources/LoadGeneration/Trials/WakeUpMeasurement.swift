internal import Foundation
internal import Platform
internal import QueueEngine
package import Recording
internal import Scenarios

/// Measures how long it takes from the commit of an enqueue until the handler of an idle worker in another
/// process is entered.
///
/// The worker is the real one of `QueueWorker`, in a program of its own. It has nothing to do between two
/// samples, and they come at random distances, so that nothing can settle into step with them.
package struct WakeUpMeasurement {
  /// What is measured.
  package struct Plan: Sendable {
    /// How many tasks are enqueued, one after the other.
    package var samples = 2000
    /// How many before those that count.
    package var warmup = 50
    /// The mean time between two of them, in ms; each is uniform between half and one and a half of it.
    package var gapMs = 5

    package init() {}
  }

  /// What went wrong.
  package struct Failure: Error, CustomStringConvertible {
    package let description: String
  }

  private let plan: Plan
  private let workerExecutable: String
  private let directory: String

  /// - Parameters:
  ///   - plan: what is measured.
  ///   - workerExecutable: the worker's program.
  ///   - directory: made for the database, and removed at the end.
  package init(plan: Plan, workerExecutable: String, directory: String) {
    self.plan = plan
    self.workerExecutable = workerExecutable
    self.directory = directory
  }

  /// The latencies, from the return of the enqueue to the handler's first instruction.
  package func callAsFunction() throws -> LatencyHistogram {
    try makeDirectory(directory, withParents: true)
    defer { try? FileManager.default.removeItem(atPath: directory) }
    let path = "\(directory)/queue.db"
    let queue = TaskQueue(store: try SQLiteQueueStore(path: path))
    let total = plan.warmup + plan.samples
    let board = try WakeUpBoard(samples: total)
    let children = ChildGroup()
    defer { children.terminateAll(graceNs: 0) }
    let worker = try children.spawn(
      ChildCommand(
        executable: workerExecutable,
        arguments: [path, "\(total)", "\(ProcessInfo.processInfo.processIdentifier)"],
        environment: ChildCommand.currentEnvironment(),
        descriptors: [.init(source: board.memory.descriptor, target: 3)], name: "worker"))

    var random = SeededGenerator(seed: 42)
    var latencies = LatencyHistogram()
    for sample in 0..<total {
      try queue.enqueue(NewTask(type: "probe", payload: "\(sample)"))
      let committedNs = MonotonicClock.nowNs()
      let limitNs = committedNs + 10_000_000_000
      guard board.wait(forSamples: sample + 1, untilNs: limitNs) != nil else {
        let state = worker.poll().map { "has ended (\($0))" } ?? "did nothing for 10 s"
        throw Failure(description: "\(workerExecutable): \(state), after \(sample) samples")
      }
      if sample >= plan.warmup {
        // A handler may be entered before the enqueue has returned; that is as good as at once.
        let enteredNs = board.enteredNs(sample: sample)
        latencies.record(enteredNs > committedNs ? enteredNs - committedNs : 0)
      }
      let gapNs = UInt64(plan.gapMs) * 1_000_000
      MonotonicClock.sleep(
        untilNs: MonotonicClock.nowNs() + gapNs / 2 + random.next() % max(gapNs, 1))
    }
    return latencies
  }
}
