public import QueueEngine

/// A backup as it lies in its directory.
public struct BackupFile: Hashable, Sendable {
  /// The file.
  public let path: String
  /// The name that it was given when it was made.
  public let name: String
  /// When it was made, as its file name says.
  public let createdAt: Timestamp
  /// Its length in bytes.
  public let byteCount: Int64
  /// The version of its schema; nil if it cannot be read.
  public let schemaVersion: Int?
  /// How many tasks are in it; nil if it cannot be read, or if nobody has counted.
  public let taskCount: Int?
  /// Why it cannot be read; nil if it can. That it can be read does not show that it is whole.
  public let problem: String?
}

/// How backups are called: `daily-20261121T120000.123Z.db`.
enum BackupName {
  private static let ending = ".db"
  /// `-20261121T120000.123Z.db`
  private static let tailLength = 24
  static let partialEnding = ".partial"

  /// Whether a name can be part of a file name everywhere: letters, digits, `-`, `_` and `.`, at most 64, none
  /// of which is a `.` in front.
  static func isValid(_ name: String) -> Bool {
    (1...64).contains(name.utf8.count) && !name.hasPrefix(".")
      && name.utf8.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
          UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"),
          UInt8(ascii: "."):
          true
        default: false
        }
      }
  }

  /// `20261121T120000.123Z`
  static func stamp(_ moment: Timestamp) -> String {
    let text = moment.description.filter { $0 != "-" && $0 != ":" }
    return text.split(separator: " ").joined(separator: "T") + "Z"
  }

  static func fileName(_ name: String, _ moment: Timestamp) -> String {
    "\(name)-\(stamp(moment))\(ending)"
  }

  /// What a file name says; nil if it is no backup's.
  static func parse(_ fileName: String) -> (name: String, createdAt: Timestamp)? {
    guard fileName.utf8.count > tailLength, fileName.hasSuffix(ending) else { return nil }
    let name = String(fileName.dropLast(tailLength))
    let tail = Array(fileName.suffix(tailLength))
    func part(_ range: Range<Int>) -> String { String(tail[range]) }
    guard isValid(name), tail[0] == "-", tail[9] == "T",
      let moment = Timestamp(
        "\(part(1..<5))-\(part(5..<7))-\(part(7..<9)) "
          + "\(part(10..<12)):\(part(12..<14)):\(part(14..<20))"),
      Self.fileName(name, moment) == fileName
    else { return nil }
    return (name, moment)
  }
}
