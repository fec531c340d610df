// Why this is not a library: a run is appended to while it may be interrupted, so its reader must
// know the line of every record and where the last complete one ends, must not drop blanks at the
// start of a field, and must tell a short record from one with empty fields.

/// One record of a CSV file.
struct CSVRecord: Equatable {
  /// The line on which it begins, from 1.
  let line: Int
  /// Its fields, unquoted.
  let fields: [String]
}

/// The records of a CSV text, and how much of the text they take.
struct CSVText {
  /// The complete records; empty lines are none.
  private(set) var records: [CSVRecord] = []
  /// Bytes up to the end of the last complete record.
  private(set) var completeByteCount = 0
  /// The line of a record that the text breaks off in; nil if it ends with a complete one.
  private(set) var tornLine: Int?

  /// A quote or a carriage return that stands where RFC 4180 allows none.
  struct SyntaxError: Error, Equatable {
    /// The line on which it stands, from 1.
    let line: Int
  }

  private enum Place { case fieldStart, plain, quoted, quoteInQuoted, beforeLineFeed }

  /// Reads the records of `bytes` by RFC 4180; lines may end in LF as well as CRLF.
  ///
  /// A record is complete only if its line end is there: an append that was cut off left the rest.
  init(parsing bytes: some Collection<UInt8>) throws(SyntaxError) {
    let quote = UInt8(ascii: "\"")
    let (comma, lineFeed, carriageReturn) = (UInt8(ascii: ","), UInt8(ascii: "\n"), 0x0D as UInt8)
    var place = Place.fieldStart
    var field: [UInt8] = []
    var fields: [String] = []
    var (line, recordLine, byteCount) = (1, 1, 0)

    func finishField() {
      fields.append(String(decoding: field, as: UTF8.self))
      field.removeAll(keepingCapacity: true)
      place = .fieldStart
    }

    for byte in bytes {
      byteCount += 1
      switch (place, byte) {
      case (.quoted, quote): place = .quoteInQuoted
      case (.quoted, _): field.append(byte)
      case (.quoteInQuoted, quote):
        field.append(quote)
        place = .quoted
      case (.fieldStart, quote): place = .quoted
      case (_, comma) where place != .beforeLineFeed: finishField()
      case (_, carriageReturn) where place != .beforeLineFeed: place = .beforeLineFeed
      case (_, lineFeed):
        finishField()
        if fields != [""] { records.append(CSVRecord(line: recordLine, fields: fields)) }
        fields.removeAll()
        recordLine = line + 1
        completeByteCount = byteCount
      case (.quoteInQuoted, _), (_, quote), (.beforeLineFeed, _):
        throw SyntaxError(line: line)
      default:
        field.append(byte)
        place = .plain
      }
      if byte == lineFeed { line += 1 }
    }
    tornLine = completeByteCount < byteCount ? recordLine : nil
  }

  /// The line of a record, with its line end; fields are quoted where RFC 4180 asks for it.
  static func line(of fields: [String]) -> String {
    fields.map(quotedIfNeeded).joined(separator: ",") + "\n"
  }

  private static func quotedIfNeeded(_ field: String) -> String {
    // Bytes, not Characters: a combining mark behind a comma makes one Character of the two.
    let special: Set<UInt8> = [UInt8(ascii: ","), UInt8(ascii: "\""), 0x0A, 0x0D]
    let edges = [field.utf8.first, field.utf8.last]
    guard field.utf8.contains(where: special.contains) || edges.contains(UInt8(ascii: " ")) else {
      return field
    }
    var quoted: [UInt8] = [UInt8(ascii: "\"")]
    for byte in field.utf8 {
      if byte == UInt8(ascii: "\"") { quoted.append(byte) }
      quoted.append(byte)
    }
    quoted.append(UInt8(ascii: "\""))
    return String(decoding: quoted, as: UTF8.self)
  }
}
