internal import Foundation
internal import Synchronization

/// A thread of its own: connections block, and the cooperative pool must not.
///
/// Whoever starts one joins it.
package final class TestThread<Value: Sendable>: Sendable {
  private let outcome = Mutex<Result<Value, any Error>?>(nil)
  private let ended = DispatchSemaphore(value: 0)

  package init(_ body: @escaping @Sendable () throws -> Value) {
    let thread = Thread { [self] in
      let result = Result { try body() }
      outcome.withLock { $0 = result }
      ended.signal()
    }
    thread.stackSize = 1 << 20
    thread.start()
  }

  /// Waits for the end of the thread and returns or throws what its body did.
  package func join() throws -> Value {
    ended.wait()
    return try outcome.withLock { $0! }.get()
  }
}

/// Runs `body` on `count` threads that start together, and returns what each returned.
package func inParallel<Value: Sendable>(
  _ count: Int, _ body: @escaping @Sendable (Int) throws -> Value
) throws -> [Value] {
  let ready = DispatchSemaphore(value: 0)
  let start = DispatchSemaphore(value: 0)
  let threads = (0..<count).map { index in
    TestThread {
      ready.signal()
      start.wait()
      return try body(index)
    }
  }
  for _ in 0..<count { ready.wait() }
  for _ in 0..<count { start.signal() }
  let results = threads.map { thread in Result { try thread.join() } }
  return try results.map { try $0.get() }
}
