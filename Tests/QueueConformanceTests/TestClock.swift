import QueueEngine
import Synchronization
import Testing

/// An arbitrary fixed moment that tests count from.
let start = Timestamp("2026-11-21 12:00:00.000")!

/// The moment `ms` milliseconds after ``start``.
func at(_ ms: Int64) -> Timestamp { start.adding(milliseconds: ms) }

/// A clock that stands until it is set.
final class TestClock: Sendable {
  private let moment = Mutex(start)

  var now: Timestamp {
    get { moment.withLock { $0 } }
    set { moment.withLock { $0 = newValue } }
  }
}

/// What `body` throws, which must be a ``QueueError``.
func queueError(
  sourceLocation: SourceLocation = #_sourceLocation, _ body: () throws -> Void
) throws -> QueueError {
  try #require(throws: QueueError.self, sourceLocation: sourceLocation) { try body() }
}
