internal import Foundation
internal import Platform

/// Threads that run commands: a command takes a thread until it has ended, and the pool of Swift's own
/// threads has only as many as there are processors.
///
/// Threads are made when they are needed and live as long as the process: a command is killed when the
/// thread that has started it ends.
///
/// `@unchecked Sendable`: what changes is changed with the condition's lock held.
final class CommandPool: @unchecked Sendable {
  private typealias Work = @Sendable (Result<CommandRunner, SystemError>) -> Void

  private let condition = NSCondition()
  private var waiting: [Work] = []
  private var idleCount = 0

  init() {}

  /// Runs `body` on a thread of the pool.
  func run<Value: Sendable>(
    _ body: @escaping @Sendable (CommandRunner) throws -> Value
  ) async throws -> Value {
    try await withCheckedThrowingContinuation {
      (continuation: CheckedContinuation<Value, any Error>) in
      submit { runner in
        continuation.resume(with: Result { try body(try runner.get()) })
      }
    }
  }

  private func submit(_ work: @escaping Work) {
    condition.lock()
    defer { condition.unlock() }
    waiting.append(work)
    if idleCount >= waiting.count {
      condition.signal()
    } else {
      startThread()
    }
  }

  private func startThread() {
    let thread = Thread { [self] in serve() }
    thread.name = "command"
    thread.stackSize = 1 << 18
    thread.start()
  }

  private func serve() {
    var runner: CommandRunner?
    while true {
      let work = next()
      do throws(SystemError) {
        let ready = if let runner { runner } else { try CommandRunner() }
        runner = ready
        work(.success(ready))
      } catch {
        work(.failure(error))
      }
    }
  }

  private func next() -> Work {
    condition.lock()
    defer { condition.unlock() }
    idleCount += 1
    defer { idleCount -= 1 }
    while waiting.isEmpty { condition.wait() }
    return waiting.removeFirst()
  }
}
