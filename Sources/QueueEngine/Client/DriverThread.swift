internal import Dispatch
internal import Foundation
internal import Synchronization

/// A thread on which work may block, one piece after the other; started when there is some first.
///
/// SQLite's calls wait for locks and for the disk. On the cooperative pool, which has a thread per CPU,
/// a few of them would stop every Swift task of the program.
final class DriverThread: Sendable {
  /// What the thread and its owner share: it must not keep its owner alive.
  private final class Inbox: Sendable {
    struct State {
      var work: [@Sendable () -> Void] = []
      var isStarted = false
      var isStopped = false
    }
    let state = Mutex(State())
    let arrivals = DispatchSemaphore(value: 0)

    func serve() {
      while true {
        arrivals.wait()
        let next = state.withLock { state -> (@Sendable () -> Void)? in
          state.work.isEmpty ? nil : state.work.removeFirst()
        }
        guard let next else { return }
        next()
      }
    }
  }

  private let inbox = Inbox()

  deinit { stop() }

  /// Has the thread do a piece of work after those that wait already.
  func run(_ work: @escaping @Sendable () -> Void) {
    let mustStart = inbox.state.withLock { state in
      state.work.append(work)
      defer { state.isStarted = true }
      return !state.isStarted
    }
    if mustStart {
      let thread = Thread { [inbox] in inbox.serve() }
      thread.name = "queue-driver"
      thread.stackSize = 1 << 20
      thread.start()
    }
    inbox.arrivals.signal()
  }

  /// Ends the thread once it has done what waits.
  func stop() {
    let mustSignal = inbox.state.withLock { state in
      defer { state.isStopped = true }
      return state.isStarted && !state.isStopped
    }
    if mustSignal { inbox.arrivals.signal() }
  }
}
