#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif
internal import Platform
internal import SQLite

/// A database that is made of what a disk holds after a power cut, and made anew for the next one.
struct RebuiltDatabase {
  /// What SQLite found in it.
  struct Finding {
    let state: FinalState
    /// What SQLite said of a damaged file; nil of a sound one.
    let damage: String?
  }

  private let directory: String
  /// What was found of late, and in which files: after one cut, they are often those of another.
  private var known: [(files: [DatabaseFile: [UInt8]], finding: Finding)] = []
  /// Of each fate, the latest ones.
  private static let mostKnown = 2 * PowerCutFate.allCases.count

  /// One whose files lie in `directory`, best in memory.
  init(directory: String) { self.directory = directory }

  private var path: String { "\(directory)/after-cut.db" }

  /// Has SQLite open the files, put right what it can, and check and read the database.
  ///
  /// Throws `SystemError` if the files cannot be made, and `SQLiteError` for trouble of this machine, which says
  /// nothing about the database.
  mutating func examine(_ files: [DatabaseFile: [UInt8]]) throws -> Finding {
    if let index = known.firstIndex(where: { Self.areSame($0.files, files) }) {
      let same = known.remove(at: index)
      known.append(same)
      return same.finding
    }
    try rebuild(files)
    let finding = try read()
    if known.count == Self.mostKnown { known.removeFirst() }
    known.append((files, finding))
    return finding
  }

  /// Removes its files.
  func remove() {
    for suffix in DatabaseFile.allCases.map(\.suffix) + ["-shm"] { unlink(path + suffix) }
  }

  private func read() throws -> Finding {
    do {
      let state = try FinalState.read(databasePath: path)
      guard state.integrity != ["ok"] else { return Finding(state: state, damage: nil) }
      return Finding(state: state, damage: Self.oneLine(state.integrity.first ?? "no answer"))
    } catch let error as SQLiteError {
      guard Self.isDamage(error.code) else { throw error }
      // What cannot be read is gone, all of it.
      let nothing = FinalState(statuses: [], integrity: [])
      // Where the file lay is no part of what was found.
      let message = error.description.replacing("\(directory)/", with: "")
      return Finding(state: nothing, damage: Self.oneLine(message))
    }
  }

  /// What SQLite says of a file that is no sound database: damaged, cut off, or without its tables.
  private static func isDamage(_ code: ResultCode) -> Bool {
    [.corrupt, .notADatabase, .error].contains(code.primary) || code == .ioErrorShortRead
  }

  /// SQL in an error has several lines, and becomes part of a row.
  private static func oneLine(_ message: some CustomStringConvertible) -> String {
    message.description.split(whereSeparator: \.isWhitespace).joined(separator: " ")
  }

  // MARK: Files

  /// Makes the files as the disk would have them. There is no index of the log: SQLite makes that anew.
  private func rebuild(_ files: [DatabaseFile: [UInt8]]) throws(SystemError) {
    unlink("\(path)-shm")
    for file in DatabaseFile.allCases {
      let path = path + file.suffix
      if let content = files[file] {
        try Self.overwrite(path, with: content)
      } else {
        unlink(path)
      }
    }
  }

  /// Writes over what is there, whose room need not be given back and asked for again then.
  private static func overwrite(_ path: String, with content: [UInt8]) throws(SystemError) {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw .last("open", path) }
    defer { close(descriptor) }
    var written = 0
    while written < content.count {
      let count = content.withUnsafeBytes {
        write(descriptor, $0.baseAddress! + written, $0.count - written)
      }
      guard count > 0 else { throw .last("write to", path) }
      written += count
    }
    guard ftruncate(descriptor, off_t(content.count)) == 0 else { throw .last("shorten", path) }
  }

  private static func areSame(
    _ one: [DatabaseFile: [UInt8]], _ other: [DatabaseFile: [UInt8]]
  ) -> Bool {
    // The sizes and the logs differ sooner than the database.
    DatabaseFile.allCases.allSatisfy { one[$0]?.count == other[$0]?.count }
      && DatabaseFile.allCases.reversed().allSatisfy { file in
        guard let first = one[file], let second = other[file], !first.isEmpty else { return true }
        return first.withUnsafeBytes { first in
          second.withUnsafeBytes { second in
            memcmp(first.baseAddress!, second.baseAddress!, first.count) == 0
          }
        }
      }
  }
}
