#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif
internal import Foundation
internal import Platform
internal import QueueEngine
internal import SQLite
internal import Scenarios

/// What both sides of a block are told.
struct FloorBlock: Codable {
  let databasePath: String
  let outputPath: String
  let pragmas: PragmaList
  /// Counted operations of each kind.
  let operations: Int
  /// Operations of each kind before those that count.
  let warmup: Int
  let batch: Int
  let payloadBytes: Int
}

/// The engine's side of a block: the child process that does through the engine's public API what the
/// floor does by hand.
package enum FloorProcess {
  /// The argument that makes the harness's own executable such a child.
  package static let argument = "floor-engine"

  /// Runs the block that the configuration file describes; never returns.
  package static func main(configurationPath: String) -> Never {
    do {
      let block = try JSONDecoder().decode(
        FloorBlock.self, from: Data(contentsOf: URL(fileURLWithPath: configurationPath)))
      try measure(block).write(to: block.outputPath)
      exit(0)
    } catch {
      FileHandle.standardError.write(Data("queuebench: \(error)\n".utf8))
      exit(1)
    }
  }

  private static func measure(_ block: FloorBlock) throws -> FloorSample {
    let queue = TaskQueue(
      store: try SQLiteQueueStore(
        path: block.databasePath,
        options: SQLiteStoreOptions(pragmas: block.pragmas.settings, createsFile: false)))
    let task = NewTask(type: "task", payload: TaskMix.payload(byteCount: block.payloadBytes))
    let claimant = Claimant(workerID: "floor")
    return block.batch > 1
      ? try measureBatches(block, queue, task, claimant)
      : try measureSingles(block, queue, task, claimant)
  }

  private static func measureSingles(
    _ block: FloorBlock, _ queue: TaskQueue, _ task: NewTask, _ claimant: Claimant
  ) throws -> FloorSample {
    let total = block.warmup + block.operations
    let enqueueNs = try timed(total) { _ in try queue.enqueue(task) }
    var fences: [Fence] = []
    fences.reserveCapacity(total)
    let claimNs = try timed(total) { _ in
      guard let claimed = try queue.claim(as: claimant, leaseDurationMs: 30_000) else {
        throw FloorError("\(block.databasePath): the queue ran empty")
      }
      fences.append(claimed.fence)
    }
    let completeNs = try timed(total) { index in
      guard try queue.complete(fences[index]) == .accepted else {
        throw FloorError("\(block.databasePath): task \(fences[index].id) was lost")
      }
    }
    return sample(enqueueNs, claimNs, completeNs, dropping: block.warmup)
  }

  private static func measureBatches(
    _ block: FloorBlock, _ queue: TaskQueue, _ task: NewTask, _ claimant: Claimant
  ) throws -> FloorSample {
    let total = (block.warmup + block.operations) / block.batch
    let tasks = Array(repeating: task, count: block.batch)
    let enqueueNs = try timed(total) { _ in try queue.enqueue(contentsOf: tasks) }
    var batches: [[(fence: Fence, result: String?)]] = []
    batches.reserveCapacity(total)
    let claimNs = try timed(total) { _ in
      let claimed = try queue.claim(as: claimant, limit: block.batch, leaseDurationMs: 30_000)
      batches.append(claimed.map { (fence: $0.fence, result: nil) })
    }
    let completeNs = try timed(total) { index in
      let answers = try queue.complete(batches[index])
      guard answers.count == block.batch, answers.allSatisfy({ $0 == .accepted }) else {
        throw FloorError("\(block.databasePath): a task of batch \(index) was lost")
      }
    }
    return sample(enqueueNs, claimNs, completeNs, dropping: block.warmup / block.batch)
  }

  @inline(__always)
  private static func timed<R>(_ count: Int, _ operation: (Int) throws -> R) throws -> [UInt64] {
    var latencies: [UInt64] = []
    latencies.reserveCapacity(count)
    for index in 0..<count {
      let startNs = MonotonicClock.nowNs()
      _ = try operation(index)
      latencies.append(MonotonicClock.nowNs() - startNs)
    }
    return latencies
  }

  private static func sample(
    _ enqueueNs: [UInt64], _ claimNs: [UInt64], _ completeNs: [UInt64], dropping warmup: Int
  ) -> FloorSample {
    FloorSample(
      enqueueNs: Array(enqueueNs.dropFirst(warmup)), claimNs: Array(claimNs.dropFirst(warmup)),
      completeNs: Array(completeNs.dropFirst(warmup)))
  }
}
