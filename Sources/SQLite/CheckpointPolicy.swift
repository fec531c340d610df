/// Who copies the write-ahead log back into the database file, when, and under which locks.
///
/// `pages` is the number of frames in the log from which a checkpoint is due. Every policy but
/// ``auto(pages:)`` turns SQLite's own checkpoints off on its connections. All connections to a file
/// should follow the same policy: one that checkpoints in another way undoes what the policy promises.
///
/// Sources: <https://sqlite.org/wal.html>, and "The WAL-Reset Bug" there for
/// ``isImmuneToWALReset``.
public enum CheckpointPolicy: Hashable, Sendable, Codable {
  /// SQLite's own `wal_autocheckpoint`: whoever commits the page too many pays, inside of his commit.
  ///
  /// One operation in a few hundred takes milliseconds (two syncs and the copying), which is the p99.9
  /// of a queue on `synchronous=NORMAL`. The log stays near `pages` unless readers hold it up.
  case auto(pages: Int)
  /// A PASSIVE checkpoint on the connection's own thread, when its owner says that it has time
  /// (``Connection/checkpointIfDue()``), such as after an acknowledgement.
  ///
  /// The same cost as ``auto(pages:)``, but outside of the operation; with many processes each pays in
  /// turn. The log grows while nobody has time.
  case deferred(pages: Int)
  /// A plain PASSIVE checkpoint by a background thread of one process at a time.
  ///
  /// Nobody waits for it, but under steady load some writer is always ahead of it: then the log is
  /// never wholly copied, so it never begins anew, and grows without bound.
  case dedicated(pages: Int)
  /// A checkpoint by a background thread while another connection of it holds the write lock.
  ///
  /// The log is always wholly copied and begins anew. Every writer waits for the whole checkpoint:
  /// milliseconds per thousand pages.
  case gated(pages: Int)
  /// A checkpoint by a background thread beside the writers, and only its end under the write lock.
  ///
  /// While the bulk is copied, a second connection holds a read snapshot that needs the log, which
  /// forbids writers to begin the log anew (`walRestartLog` in SQLite's wal.c). When little is left, the
  /// rest is copied under the write lock, so the log begins anew as under ``gated(pages:)``, but writers
  /// wait for a hundred pages and a short sync only. The background thread costs CPU time of its own.
  case pinned(pages: Int)
  /// Never, apart from the one that SQLite itself does when the last connection is closed.
  case none

  /// The policy without its parameters: `pinned`.
  public var name: String {
    switch self {
    case .auto: return "auto"
    case .deferred: return "deferred"
    case .dedicated: return "dedicated"
    case .gated: return "gated"
    case .pinned: return "pinned"
    case .none: return "none"
    }
  }

  /// The number of frames from which a checkpoint is due; nil for ``none``.
  public var pages: Int? {
    switch self {
    case .auto(let pages), .deferred(let pages), .dedicated(let pages), .gated(let pages),
      .pinned(let pages):
      return pages
    case .none: return nil
    }
  }

  /// Whether a background thread does the work.
  public var isBackground: Bool {
    switch self {
    case .dedicated, .gated, .pinned: return true
    case .auto, .deferred, .none: return false
    }
  }

  /// Whether a database all of whose connections follow this policy is safe on a SQLite that has the
  /// WAL-reset bug (``SQLiteLibrary/knownBugs``).
  ///
  /// The bug strikes when the log begins anew while a checkpoint runs that began before: it then takes
  /// the count of frames of the old log for that of the new one. Under the write lock, or while a
  /// snapshot needs the log, it cannot begin anew. That holds for one background thread or several.
  public var isImmuneToWALReset: Bool {
    switch self {
    case .gated, .pinned, .none: return true
    case .auto, .deferred, .dedicated: return false
    }
  }

  /// What ``pages`` may be.
  static let allowedPages = 1...Int(Int32.max)
}

extension CheckpointPolicy: CustomStringConvertible {
  /// `pinned(pages=8000)`: a label for tables and CSV.
  public var description: String { pages.map { "\(name)(pages=\($0))" } ?? name }
}
