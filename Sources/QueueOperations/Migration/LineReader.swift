/// One line of a file.
struct SourceLine {
  /// How a line ends.
  enum Ending: String {
    case lineFeed = "\n"
    case both = "\r\n"
    case endOfFile = ""
  }

  /// From 1.
  let number: Int
  /// Without its ending; empty if it is too long.
  let bytes: [UInt8]
  let ending: Ending
  /// Whether it was longer than the limit, and has been passed over.
  let isTooLong: Bool
}

/// Splits bytes into lines; holds one line and one piece of the file at a time, and of a line no
/// more than its limit.
///
/// A line ends with LF, CRLF or the end of the file. A byte order mark at the start of the file is
/// dropped.
final class LineReader {
  let source: ByteSource
  let lineByteLimit: Int
  private var buffer = [UInt8](repeating: 0, count: 1 << 18)
  private var position = 0
  private var end = 0
  private var lineNumber = 0

  init(_ source: ByteSource, lineByteLimit: Int) {
    self.source = source
    self.lineByteLimit = lineByteLimit
  }

  /// Begins anew at the first line.
  func rewind() throws {
    try source.rewind()
    position = 0
    end = 0
    lineNumber = 0
  }

  /// Whether the next line is not there yet, so that asking for it would mean waiting.
  var mustWait: Bool {
    !buffer[position..<end].contains(0x0a) && !source.isReady
  }

  /// The next line; nil at the end.
  func next() throws -> SourceLine? {
    var bytes: [UInt8] = []
    var isTooLong = false
    var isBegun = false
    while true {
      if position == end {
        position = 0
        end = try source.read(into: &buffer)
        if end == 0 { return isBegun ? line(bytes, .endOfFile, isTooLong) : nil }
      }
      isBegun = true
      let lineFeed = buffer[position..<end].firstIndex(of: 0x0a)
      let part = buffer[position..<(lineFeed ?? end)]
      // One byte more for a carriage return.
      if bytes.count + part.count > lineByteLimit + 1 {
        isTooLong = true
        bytes = []
      } else if !isTooLong {
        bytes.append(contentsOf: part)
      }
      position = lineFeed.map { $0 + 1 } ?? end
      if lineFeed != nil { return line(bytes, .lineFeed, isTooLong) }
    }
  }

  private func line(
    _ bytes: [UInt8], _ ending: SourceLine.Ending, _ isTooLong: Bool
  ) -> SourceLine {
    lineNumber += 1
    var bytes = bytes
    var ending = ending
    if ending == .lineFeed, bytes.last == 0x0d {
      bytes.removeLast()
      ending = .both
    }
    if lineNumber == 1, bytes.starts(with: [0xef, 0xbb, 0xbf]) { bytes.removeFirst(3) }
    let isTooLong = isTooLong || bytes.count > lineByteLimit
    return SourceLine(
      number: lineNumber, bytes: isTooLong ? [] : bytes, ending: ending, isTooLong: isTooLong)
  }

  func tooLong(_ line: Int) -> MigrationError {
    MigrationError(
      .lineTooLong, "longer than \(lineByteLimit) bytes", path: source.name, line: line)
  }
}
