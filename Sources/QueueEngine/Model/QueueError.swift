/// What went wrong with a queue, where, and whether to try again.
public struct QueueError: Error, Sendable {
  /// The kinds of error.
  public enum Code: String, Sendable, Hashable {
    /// Others held the queue longer than the busy policy waits.
    case busy
    /// A task, a lease or an option that the queue cannot take.
    case invalidArgument
    /// The file is no queue of ours.
    case notAQueue
    /// The file was made by a newer version of this program.
    case schemaTooNew
    /// The file or its directory cannot be written to.
    case readOnly
    /// The disk is full.
    case diskFull
    /// The file is damaged.
    case corrupt
    /// Anything else that the store reported.
    case storage

    /// What to do about an error that a store reports; nil where that depends.
    var remedy: String? {
      switch self {
      case .busy: return "try again, or let the busy policy wait for longer"
      case .notAQueue: return "name a file of its own for the queue"
      case .readOnly:
        return "the directory must exist, and the file and its directory must be writable"
      case .diskFull: return "nothing was changed; make room on the disk and try again"
      case .corrupt: return "keep the file and its -wal for an examination, and restore a backup"
      case .invalidArgument, .schemaTooNew, .storage: return nil
      }
    }
  }

  /// The kind of error.
  public let code: Code
  /// What, where and, if there is one, the remedy.
  public let message: String
  /// The store's own error.
  public let underlying: (any Error)?

  /// An error from its parts.
  public init(code: Code, message: String, underlying: (any Error)? = nil) {
    self.code = code
    self.message = message
    self.underlying = underlying
  }

  /// Whether the same call may succeed later without anybody changing anything.
  public var isRetryable: Bool { code == .busy }
}

extension QueueError: CustomStringConvertible {
  /// The message.
  public var description: String { message }
}
