/// A PRAGMA that a benchmark may vary: its name, where its effect lives, and the values it takes.
///
/// Values are compared in the *canonical* form of ``canonicalValue(of:)``, because SQLite reads many
/// of them back under another spelling (`synchronous = NORMAL` reads back as `1`).
/// Source: <https://sqlite.org/pragma.html>.
public struct Pragma: Hashable, Sendable {
  /// Where the effect of a PRAGMA lives, which decides who has to set it and when.
  public enum Scope: Sendable {
    /// Stored in the database file; set once, before the schema, by whoever creates the file.
    case file
    /// Lives in one connection; every process has to set it for itself.
    case connection
  }

  /// The values that a PRAGMA takes.
  enum Values: Hashable, Sendable {
    /// Keywords with the text that SQLite reads back, in the order of SQLite's documentation.
    case keywords([Keyword])
    /// An integer in a range; SQLite would clamp silently outside of it.
    case integer(ClosedRange<Int>)
    /// A power of two in a range.
    case powerOfTwo(ClosedRange<Int>)
  }

  /// A keyword and the text under which SQLite reads it back.
  struct Keyword: Hashable, Sendable {
    let name: String
    let readBack: String
  }

  /// The PRAGMA's name, lower case as in SQLite's documentation.
  public let name: String
  /// Where the effect lives.
  public let scope: Scope
  let values: Values

  private init(_ name: String, _ scope: Scope, _ values: Values) {
    self.name = name
    self.scope = scope
    self.values = values
  }

  private init(_ name: String, _ scope: Scope, keywords: KeyValuePairs<String, String>) {
    self.init(name, scope, .keywords(keywords.map { Keyword(name: $0.key, readBack: $0.value) }))
  }

  /// Page size in bytes; must precede everything else that touches a new file.
  public static let pageSize = Pragma("page_size", .file, .powerOfTwo(512...65536))
  /// Whether free pages are given back; must precede the first table.
  public static let autoVacuum = Pragma(
    "auto_vacuum", .file, keywords: ["NONE": "0", "FULL": "1", "INCREMENTAL": "2"])
  /// The journal mode; WAL lives in the file, the rollback modes in the connection.
  public static let journalMode = Pragma(
    "journal_mode", .file,
    keywords: [
      "DELETE": "delete", "TRUNCATE": "truncate", "PERSIST": "persist", "MEMORY": "memory",
      "WAL": "wal", "OFF": "off",
    ])
  /// When SQLite calls fsync.
  public static let synchronous = Pragma(
    "synchronous", .connection, keywords: ["OFF": "0", "NORMAL": "1", "FULL": "2", "EXTRA": "3"])
  /// How long SQLite's own busy handler waits, in milliseconds.
  public static let busyTimeout = Pragma("busy_timeout", .connection, .integer(0...3_600_000))
  /// WAL pages after which a commit runs a PASSIVE checkpoint; 0 turns it off.
  public static let walAutocheckpoint = Pragma(
    "wal_autocheckpoint", .connection, .integer(0...1_000_000))
  /// Bytes of the file mapped into memory; 0 turns it off.
  public static let mmapSize = Pragma("mmap_size", .connection, .integer(0...2_147_418_112))
  /// Page cache: pages if positive, KiB if negative.
  public static let cacheSize = Pragma(
    "cache_size", .connection, .integer(-16_777_216...16_777_216))
  /// Where temporary tables live.
  public static let tempStore = Pragma(
    "temp_store", .connection, keywords: ["DEFAULT": "0", "FILE": "1", "MEMORY": "2"])
  /// Whether a connection keeps its locks.
  public static let lockingMode = Pragma(
    "locking_mode", .connection, keywords: ["NORMAL": "normal", "EXCLUSIVE": "exclusive"])
  /// Bytes that a journal or WAL keeps after a reset; -1 is no limit.
  public static let journalSizeLimit = Pragma(
    "journal_size_limit", .connection, .integer(-1...Int(Int32.max)))
  /// Whether foreign keys are enforced.
  public static let foreignKeys = Pragma(
    "foreign_keys", .connection, keywords: ["OFF": "0", "ON": "1"])
  /// Whether deleted content is overwritten with zeros.
  public static let secureDelete = Pragma(
    "secure_delete", .connection, keywords: ["OFF": "0", "ON": "1", "FAST": "2"])

  /// Every PRAGMA that may be varied, in the order in which they must be applied.
  public static let all: [Pragma] = [
    pageSize, autoVacuum, journalMode, synchronous, walAutocheckpoint, mmapSize, cacheSize,
    tempStore, lockingMode, journalSizeLimit, foreignKeys, secureDelete, busyTimeout,
  ]

  /// The PRAGMA of that name, in any case; nil if it is none that may be varied.
  public static func named(_ name: String) -> Pragma? {
    all.first { $0.name == name.lowercased() }
  }

  /// The values it takes, in words, for an error message: `DELETE, TRUNCATE, … or OFF`.
  public var expectation: String {
    switch values {
    case .keywords(let keywords):
      let names = keywords.map(\.name)
      return names.dropLast().joined(separator: ", ") + " or " + (names.last ?? "")
    case .integer(let range): return "an integer from \(range.lowerBound) to \(range.upperBound)"
    case .powerOfTwo(let range):
      return "a power of two from \(range.lowerBound) to \(range.upperBound)"
    }
  }

  /// The value as we write it everywhere (`NORMAL`, `-20000`): upper-case keyword or plain decimal.
  ///
  /// Accepts a keyword in any case, the number under which SQLite reads a keyword back, and
  /// integers. Returns nil for anything that SQLite would ignore or clamp.
  public func canonicalValue(of text: String) -> String? {
    switch values {
    case .keywords(let keywords):
      let upper = text.uppercased()
      if let match = keywords.first(where: { $0.name == upper }) { return match.name }
      return keywords.first { $0.readBack.uppercased() == upper }?.name
    case .integer(let range):
      guard let value = Int(text), range.contains(value) else { return nil }
      return String(value)
    case .powerOfTwo(let range):
      guard let value = Int(text), range.contains(value), value.nonzeroBitCount == 1 else {
        return nil
      }
      return String(value)
    }
  }
}

/// One PRAGMA with a value in canonical form.
public struct PragmaSetting: Hashable, Sendable, CustomStringConvertible {
  /// The PRAGMA.
  public let pragma: Pragma
  /// Its value in the form of ``Pragma/canonicalValue(of:)``.
  public let value: String

  /// A setting, or nil if the PRAGMA does not take that value.
  public init?(_ pragma: Pragma, _ text: String) {
    guard let value = pragma.canonicalValue(of: text) else { return nil }
    self.pragma = pragma
    self.value = value
  }

  /// `synchronous=NORMAL`
  public var description: String { "\(pragma.name)=\(value)" }
}
