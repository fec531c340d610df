internal import Synchronization

/// Readers beside the store that writes: a report that counts a million rows keeps nobody from
/// enqueueing.
///
/// `@unchecked Sendable`: a reader is taken out of the pool under the lock, used by one thread and put
/// back.
final class ReaderPool: @unchecked Sendable {
  /// How many idle readers are kept; more are made when needed and let go afterwards.
  private static let idleLimit = 4

  private let make: () throws -> (any QueueReader)?
  private let idle = Mutex<[Lent]>([])

  /// Lets a reader cross the lock.
  private struct Lent: @unchecked Sendable {
    let reader: any QueueReader
  }

  /// - Parameter make: makes a reader, or returns nil where there can be none; called on any thread.
  init(_ make: @escaping () throws -> (any QueueReader)?) { self.make = make }

  /// Runs `body` with a reader that nobody else uses; nil where there can be none.
  func read<R>(_ body: (any QueueReader) throws -> R) throws -> R? {
    let kept = idle.withLock { $0.popLast() }
    guard let lent = try kept ?? make().map({ Lent(reader: $0) }) else { return nil }
    defer { idle.withLock { if $0.count < Self.idleLimit { $0.append(lent) } } }
    return try body(lent.reader)
  }
}
