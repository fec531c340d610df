internal import Dispatch
internal import Foundation
internal import Platform
internal import QueueWorker

/// Threads that run commands: a command takes a thread until it has ended, and the pool of Swift's own
/// threads has only as many as there are processors.
///
/// Threads are made when they are needed and live as long as the process: a command is killed when the
/// thread that has started it ends.
///
/// `@unchecked Sendable`: what changes is changed with the condition's lock held.
final class CommandPool: @unchecked Sendable {
  private struct Work {
    let begin: @Sendable (Result<CommandRunner, SystemError>) -> Void
    let giveBack: @Sendable () -> Void
    let sinceNs: UInt64
  }

  private let slots: Int
  private let condition = NSCondition()
  private var waiting: [Work] = []
  private var idleCount = 0
  private var threadCount = 0
  private var meanNs: Double = CommandPool.longNs
  /// Whether somebody sees to those that wait for long.
  private var isWatched = false

  /// So much work is taken ahead, by what commands have taken so far.
  private static let aheadNs: Double = 6_000_000
  /// Commands that take longer are not worth it.
  private static let longNs: Double = 20_000_000
  /// Whoever waits for longer than that is given back: others may be idle.
  private static let patienceNs: UInt64 = 100_000_000
  private static let mostAhead = 64

  /// - Parameter slots: how many commands run at once.
  init(slots: Int) { self.slots = slots }

  /// Runs `body` on a thread of the pool, when one is free.
  ///
  /// Throws `GivenBack` if that takes long.
  func run<Value: Sendable>(
    _ body: @escaping @Sendable (CommandRunner) throws -> Value
  ) async throws -> Value {
    try await withCheckedThrowingContinuation {
      (continuation: CheckedContinuation<Value, any Error>) in
      submit(
        Work(
          begin: { runner in continuation.resume(with: Result { try body(try runner.get()) }) },
          giveBack: { continuation.resume(throwing: GivenBack()) },
          sinceNs: MonotonicClock.nowNs()))
    }
  }

  /// How many tasks are to be taken beyond those that run: as many as are begun within some
  /// milliseconds, so that a command can be started the moment that another one has ended.
  var aheadCount: Int {
    condition.withLock {
      guard meanNs < Self.longNs else { return 0 }
      return min(Self.mostAhead, slots + Int(Self.aheadNs * Double(slots) / meanNs))
    }
  }

  // MARK: Submitting

  private func submit(_ work: Work) {
    condition.withLock {
      waiting.append(work)
      if idleCount >= waiting.count {
        condition.signal()
      } else if threadCount < slots {
        threadCount += 1
        startThread("command") { [self] in serve() }
      } else if !isWatched {
        isWatched = true
        startThread("waiting commands") { [self] in watch() }
      }
    }
  }

  private func startThread(_ name: String, _ body: @escaping @Sendable () -> Void) {
    let thread = Thread(block: body)
    thread.name = name
    thread.stackSize = 1 << 18
    thread.start()
  }

  // MARK: Running

  private func serve() {
    var runner: CommandRunner?
    while true {
      let work = next()
      let startNs = MonotonicClock.nowNs()
      do throws(SystemError) {
        let ready = if let runner { runner } else { try CommandRunner() }
        runner = ready
        work.begin(.success(ready))
      } catch {
        work.begin(.failure(error))
      }
      note(MonotonicClock.nowNs() - startNs)
    }
  }

  private func next() -> Work {
    condition.withLock {
      idleCount += 1
      defer { idleCount -= 1 }
      while waiting.isEmpty { condition.wait() }
      return waiting.removeFirst()
    }
  }

  /// A mean over the last ten or so; those that take very long do not outweigh all others.
  private func note(_ ns: UInt64) {
    condition.withLock { meanNs += (min(Double(ns), 4 * Self.longNs) - meanNs) / 8 }
  }

  // MARK: Waiting

  /// Gives back who waits for long: commands take longer than they did.
  private func watch() {
    while true {
      MonotonicClock.sleep(untilNs: MonotonicClock.nowNs() + Self.patienceNs / 2)
      let (overdue, mustGo) = condition.withLock { () -> ([Work], Bool) in
        let beforeNs = MonotonicClock.nowNs() - Self.patienceNs
        let count = waiting.prefix { $0.sinceNs < beforeNs }.count
        let overdue = Array(waiting.prefix(count))
        waiting.removeFirst(count)
        if count > 0 { meanNs = 4 * Self.longNs }
        if waiting.isEmpty { isWatched = false }
        return (overdue, waiting.isEmpty)
      }
      for work in overdue { work.giveBack() }
      if mustGo { return }
    }
  }
}
