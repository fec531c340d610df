/// Why tasks cannot be moved into or out of a queue, and how far that had come.
public struct MigrationError: Error, Sendable {
  /// The kinds of error.
  public enum Code: String, Sendable, Hashable {
    /// A file that cannot be opened, read or written.
    case file
    /// A line or record that is no task.
    case badLine
    /// A line or record that is longer than the limit.
    case lineTooLong
    /// A file that is not what it is taken for, or not all of it.
    case badFile
    /// The file is another one than when the work began.
    case sourceChanged
    /// There is no such import, or it has been rolled back.
    case noSuchImport
    /// The queue has refused or failed; see ``MigrationError/underlying``.
    case queue
  }

  /// The kind of error.
  public let code: Code
  /// What and, if there is one, the remedy; without the place.
  public let message: String
  /// The file.
  public let path: String
  /// The line, from 1; nil where it is about the whole file.
  public let line: Int?
  /// How many tasks of the file had been taken over when it happened.
  public internal(set) var enqueuedCount = 0
  /// The queue's own error.
  public let underlying: (any Error)?

  init(
    _ code: Code, _ message: String, path: String, line: Int? = nil,
    underlying: (any Error)? = nil
  ) {
    self.code = code
    self.message = message
    self.path = path
    self.line = line
    self.underlying = underlying
  }

  /// Whether it is about one line, so that the next one can be read.
  public var isAboutOneLine: Bool { code == .badLine || code == .lineTooLong }

  func after(enqueued count: Int) -> MigrationError {
    var error = self
    error.enqueuedCount = count
    return error
  }
}

extension MigrationError: CustomStringConvertible {
  /// `tasks.jsonl:17: the key "payloda" is unknown; did you mean "payload"?`
  public var description: String {
    line.map { "\(path):\($0): \(message)" } ?? "\(path): \(message)"
  }
}

/// What is wrong with a line, before anybody has said which line it is.
struct LineFault: Error, Equatable {
  let message: String

  init(_ message: String) { self.message = message }

  func at(_ line: Int, of path: String) -> MigrationError {
    MigrationError(.badLine, message, path: path, line: line)
  }
}
