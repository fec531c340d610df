import Foundation
import HarnessDriver
import Platform
import QueueEngine
import SQLite
import Testing

/// Worker processes that are told to end, killed, or brought down by their handlers.
@Suite struct WorkerProcessTests {
  private let directory = TemporaryDirectory()
  private var database: String { "\(directory.path)/queue.db" }
  private var log: String { "\(directory.path)/handlers.log" }

  private func openQueue() throws -> TaskQueue {
    TaskQueue(
      store: try SQLiteQueueStore(
        path: database,
        options: SQLiteStoreOptions(busyPolicy: .fixed(delayUs: 500, timeoutMs: 30_000))))
  }

  private func startWorker(_ workerID: String, _ more: String...) throws -> ChildProcess {
    var environment = ChildCommand.currentEnvironment()
    environment["SWIFT_BACKTRACE"] = "enable=no"
    return try ChildProcess.spawn(
      ChildCommand(
        executable: try Harness.executable("WorkerFixture"),
        arguments: [database, workerID, log] + more, environment: environment,
        standardError: .file(path: "\(directory.path)/\(workerID).err"), name: workerID))
  }

  private func end(of worker: ChildProcess) throws -> Platform.ExitStatus.Reason {
    guard let status = worker.wait(untilNs: MonotonicClock.nowNs() + 60_000_000_000) else {
      worker.kill(signal: SIGKILL)
      throw TimedOut(what: "\(worker.name) to end")
    }
    return status.reason
  }

  private struct Line: Hashable {
    let word: String
    let id: TaskID
    let attempt: Int
  }

  /// What handlers have written; the last line may be on its way.
  private func lines() throws -> [Line] {
    let text = String(
      decoding: FileManager.default.contents(atPath: log) ?? Data(), as: UTF8.self)
    return text.split(separator: "\n").compactMap { line in
      let fields = line.split(separator: " ")
      guard fields.count == 3, let id = Int64(fields[1]), let attempt = Int(fields[2]) else {
        return nil
      }
      return Line(word: String(fields[0]), id: TaskID(rawValue: id), attempt: attempt)
    }
  }

  // MARK: Orderly ends

  @Test(arguments: [SIGTERM, SIGINT])
  func `A worker that is told to end finishes or gives back what it holds`(
    signal: Int32
  ) throws {
    let queue = try openQueue()
    let ids = try queue.enqueue(
      contentsOf: ["finishes", "waits", "ignores"].map { NewTask(type: $0, maxAttempts: 1) }
    ).map(\.id)
    let worker = try startWorker("w")
    try waitUntil("the handlers") { try lines().count == 3 }
    #expect(try queue.counts()[.processing] == 3)
    #expect(worker.kill(signal: signal))
    #expect(try end(of: worker) == .exited(code: 0))

    let tasks = try ids.map { try #require(try queue.task($0)) }
    #expect(tasks.map(\.status) == [.completed, .queued, .queued])
    #expect(tasks[0].result == "\"finished\"")
    // Others may take them at once, and the attempt was not their only one.
    let claimant = Claimant(workerID: "next")
    let claimed = try queue.claim(as: claimant, limit: 10, leaseDurationMs: 60_000)
    #expect(Set(claimed.map(\.id)) == Set(ids.dropFirst()))
  }

  // MARK: Disorderly ends

  @Test(arguments: [UInt64(1), 2])
  func `Workers that are killed at random lose no task and complete none twice`(
    seed: UInt64
  ) throws {
    var random = KillOrder(state: seed)
    let queue = try openQueue()
    var workers = try (0..<3).map { try startWorker("w\($0)") }
    var ids: [TaskID] = []
    let kills = 12
    for killed in 0..<kills {
      let tasks = (0..<50).map { _ in NewTask(type: "work", maxAttempts: 1000) }
      let before = try lines().count
      ids += try queue.enqueue(contentsOf: tasks).map(\.id)
      let wanted = before + 1 + random.next(below: 40)
      try waitUntil("work") { try lines().count >= wanted }
      let victim = random.next(below: workers.count)
      #expect(workers[victim].kill(signal: SIGKILL))
      #expect(try end(of: workers[victim]) == .signaled(signal: SIGKILL, dumpedCore: false))
      workers[victim] = try startWorker("w\(workers.count + killed)")
    }
    try waitUntil("the last task") { try queue.counts()[.completed] == ids.count }
    for worker in workers { worker.kill(signal: SIGTERM) }
    for worker in workers {
      let end = try end(of: worker)
      // One that was started a moment ago may not listen for signals yet.
      #expect(end == .exited(code: 0) || end == .signaled(signal: SIGTERM, dumpedCore: false))
    }

    let counts = try queue.counts().filter { $0.value != 0 }
    #expect(counts == [.completed: ids.count])
    let all = try lines()
    // Each attempt was made by one handler, once.
    #expect(Set(all).count == all.count)
    #expect(Set(all.map(\.id)) == Set(ids))
    // The one that was completed is the last one that was made.
    let last = Dictionary(all.map { ($0.id, $0.attempt) }, uniquingKeysWith: max)
    for id in ids { #expect(try queue.task(id)?.attempts == last[id]) }
  }

  @Test func `A task that brings its worker down ends among the dead letters`() throws {
    let queue = try openQueue()
    let poison = try queue.enqueue(NewTask(type: "poison", priority: 1, maxAttempts: 3)).id
    let others = try queue.enqueue(contentsOf: (0..<20).map { _ in NewTask(type: "work") })
    var crashes = 0
    var starts = 0
    while try queue.task(poison)?.status != .deadLetter {
      starts += 1
      switch try end(of: try startWorker("w\(starts)", "drain")) {
      case .signaled(SIGABRT, _): crashes += 1
      case .exited(code: 0): break
      case let other: Issue.record("\(other)")
      }
      try #require(starts < 1000)
    }
    #expect(crashes == 3)
    #expect(try lines().filter { $0.word == "poison" }.map(\.attempt) == [1, 2, 3])
    // Its neighbours in the crashed processes had their attempts cut short, but enough of them.
    #expect(try end(of: try startWorker("last", "drain")) == .exited(code: 0))
    try waitUntil("leases of crashed workers") {
      _ = try end(of: try startWorker("sweeper", "drain"))
      return try queue.counts()[.completed] == others.count
    }
  }
}

/// A SplitMix64 generator: the same seed gives the same order of kills.
private struct KillOrder {
  var state: UInt64

  mutating func next(below bound: Int) -> Int {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return Int((z ^ (z >> 31)) % UInt64(bound))
  }
}
