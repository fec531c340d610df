internal import CShimVFS
internal import Foundation
#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// One of the files that make up a database on a disk.
///
/// The index of the log (`-shm`) is none of them: it does not survive a power cut.
public enum DatabaseFile: UInt32, CaseIterable, Sendable {
  case database = 1
  case wal = 2
  case journal = 3

  /// What its name has behind that of the database.
  public var suffix: String {
    switch self {
    case .database: return ""
    case .wal: return "-wal"
    case .journal: return "-journal"
    }
  }
}

/// What processes did to the files of one database, in one order for all of them.
///
/// ``CountingVFS`` writes it if a process asks for it with ``record(appendingTo:)``. What a disk may hold after
/// the power was cut can be worked out from it. Source: <https://sqlite.org/atomiccommit.html>.
public struct WriteLog: Sendable {
  /// Something of which its author wants to know where it stands among the writes.
  public struct Mark: Hashable, Sendable {
    public let kind: UInt32
    public let id: Int64
    public let detail: UInt32
    /// When it began and ended, in ns of the monotonic clock.
    public let startNs: UInt64
    public let endNs: UInt64

    /// A mark from its parts.
    public init(kind: UInt32, id: Int64, detail: UInt32, startNs: UInt64, endNs: UInt64) {
      self.kind = kind
      self.id = id
      self.detail = detail
      self.startNs = startNs
      self.endNs = endNs
    }
  }

  /// What was done. Writes are logged when they have been done, so that everything before the beginning of a
  /// sync was there for the sync to take.
  public enum Event: Hashable, Sendable {
    /// `bytes` are places in the log. Also creates the file.
    case write(DatabaseFile, offset: Int, bytes: Range<Int>)
    case truncate(DatabaseFile, size: Int)
    /// Beginning and end belong together by the thread; one that failed has no end.
    case syncBegan(DatabaseFile, thread: UInt64)
    case syncEnded(DatabaseFile, thread: UInt64)
    /// Whether the directory was synced, too.
    case delete(DatabaseFile, isDurable: Bool)
    case mark(Mark)
  }

  public struct Entry: Hashable, Sendable {
    public let event: Event
    /// When it was logged, in ns of the monotonic clock.
    public let atNs: UInt64

    public init(event: Event, atNs: UInt64) {
      self.event = event
      self.atNs = atNs
    }
  }

  /// A log that no process of ours has written.
  public struct Damage: Error, Hashable, Sendable, CustomStringConvertible {
    public let path: String
    public let offset: Int
    public let reason: String

    public var description: String { "\(path): at byte \(offset): \(reason)" }
  }

  /// In the order in which they happened.
  public let entries: [Entry]
  private let content: Data

  private static let recordByteCount = MemoryLayout<shim_vfs_write_record>.size

  /// Reads a log; what a process that was killed has left unfinished at its end is left out.
  ///
  /// Throws ``Damage``, and what Foundation throws for a file that cannot be read.
  public init(path: String) throws {
    content = try Data(contentsOf: URL(fileURLWithPath: path), options: .mappedIfSafe)
    var entries: [Entry] = []
    try content.withUnsafeBytes { bytes in
      var offset = 0
      while offset + Self.recordByteCount <= bytes.count {
        let record = bytes.loadUnaligned(fromByteOffset: offset, as: shim_vfs_write_record.self)
        let start = offset + Self.recordByteCount
        guard let event = Self.event(record, bytesAt: start) else {
          throw Damage(
            path: path, offset: offset,
            reason: "a record of type \(record.type) about file \(record.file)")
        }
        let end = start + Int(record.length)
        guard end <= bytes.count else { break }
        entries.append(Entry(event: event, atNs: record.at_ns))
        offset = end
      }
    }
    self.entries = entries
  }

  /// A log from its parts.
  init(entries: [Entry], content: Data) {
    self.entries = entries
    self.content = content
  }

  /// All bytes of the log, among which the places of its events lie.
  public func withContent<R>(_ body: (UnsafeRawBufferPointer) -> R) -> R {
    content.withUnsafeBytes { body($0) }
  }

  /// What was written by an event of this log.
  public func withBytes<R>(_ range: Range<Int>, _ body: (UnsafeRawBufferPointer) -> R) -> R {
    content.withUnsafeBytes { body(UnsafeRawBufferPointer(rebasing: $0[range])) }
  }

  private static func event(_ record: shim_vfs_write_record, bytesAt start: Int) -> Event? {
    if Int(record.type) == shim_vfs_mark {
      guard record.length == 0 else { return nil }
      return .mark(
        Mark(
          kind: record.file, id: record.offset, detail: record.detail, startNs: record.start_ns,
          endNs: record.at_ns))
    }
    guard let file = DatabaseFile(rawValue: record.file), record.offset >= 0 else { return nil }
    if Int(record.type) == shim_vfs_write {
      return .write(
        file, offset: Int(record.offset), bytes: start..<start + Int(record.length))
    }
    guard record.length == 0 else { return nil }
    switch Int(record.type) {
    case shim_vfs_truncate: return .truncate(file, size: Int(record.offset))
    case shim_vfs_sync_began: return .syncBegan(file, thread: record.thread)
    case shim_vfs_sync_ended: return .syncEnded(file, thread: record.thread)
    case shim_vfs_delete: return .delete(file, isDurable: record.offset != 0)
    default: return nil
    }
  }
}

/// Logs that are not as they should be, for finding out whether anybody would notice.
extension WriteLog {
  /// The log without some events.
  func filtered(_ isKept: (Event) -> Bool) -> WriteLog {
    WriteLog(entries: entries.filter { isKept($0.event) }, content: content)
  }

  /// The log with every mark so many events earlier.
  func withMarks(earlierBy count: Int) -> WriteLog {
    let marks = entries.enumerated().filter {
      if case .mark = $0.element.event { return true }
      return false
    }
    var moved: [Entry] = []
    var next = marks.startIndex
    for (place, entry) in entries.enumerated() {
      while next < marks.endIndex, marks[next].offset <= place + count {
        moved.append(marks[next].element)
        next += 1
      }
      if case .mark = entry.event { continue }
      moved.append(entry)
    }
    return WriteLog(entries: moved, content: content)
  }
}

/// How a process writes such a log.
extension WriteLog {
  /// Has everything that this process does to a database be appended to the file at `path`, which is made if
  /// it is not there; connections opened before are not in it.
  ///
  /// The process must use one database only, and ends if the log cannot be written: with a hole, it would
  /// accuse SQLite of what it did not do.
  public static func record(appendingTo path: String) throws(SQLiteError) {
    try CountingVFS.makeDefault()
    let descriptor = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else {
      throw SQLiteError(
        code: ResultCode(rawValue: 14), message: String(cString: strerror(errno)), path: path)
    }
    shim_vfs_log_writes(descriptor)
  }

  /// Stops recording; for tests.
  static func stopRecording() { shim_vfs_log_writes(-1) }

  /// Notes that something has happened that began at `startNs`; without effect where nothing is recorded.
  public static func mark(kind: UInt32, id: Int64, detail: UInt32, startNs: UInt64) {
    shim_vfs_log_mark(kind, id, detail, startNs)
  }
}
