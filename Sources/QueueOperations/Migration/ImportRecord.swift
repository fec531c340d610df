internal import QueueEngine
internal import Wording

/// A task of a file that is to be imported.
struct ImportRecord {
  /// Where it begins.
  let line: Int
  /// Its identity in the source.
  let sourceID: String
  /// Its status in the source's words.
  let sourceStatus: String
  /// As it is to lie in the queue.
  let record: TaskRecord
}

/// Reads the tasks of a file in one of the formats.
protocol ImportReader: AnyObject {
  var lines: LineReader { get }

  /// The next task; nil at the end. After an error about one line the next call goes on behind it.
  func next() throws -> ImportRecord?
}

/// Reads what ``TaskExport`` has written as JSON Lines.
final class ExportLinesReader: ImportReader {
  let lines: LineReader
  private var hasHeader = false
  private var lineCount = 0

  init(_ lines: LineReader) { self.lines = lines }

  func next() throws -> ImportRecord? {
    if !hasHeader { try readHeader() }
    guard let line = try lines.next() else {
      throw bad("cut off: its last line, which says how many tasks it holds, is missing")
    }
    if line.isTooLong {
      lineCount += 1
      throw lines.tooLong(line.number)
    }
    if let count = Self.marker("taskqueue_export_end", in: line) {
      guard count == lineCount else {
        throw bad("holds \(lineCount) tasks, and its last line says \(count)")
      }
      guard try lines.next() == nil else { throw bad("goes on behind its last line") }
      return nil
    }
    lineCount += 1
    var record: TaskRecord
    do {
      record = try TaskRecord(exportLine: line.bytes)
    } catch {
      throw error.at(line.number, of: lines.source.name)
    }
    let status = record.status.rawValue
    if record.status == .processing { record.takeFromItsWorker() }
    if record.status == .queued {
      // Nobody holds it, and the engine clears these when the task becomes ready.
      record.lockedBy = nil
      record.leaseUntil = nil
    }
    return ImportRecord(
      line: line.number, sourceID: "\(record.id)", sourceStatus: status, record: record)
  }

  private func readHeader() throws {
    guard let line = try lines.next(), let version = Self.marker("taskqueue_export", in: line)
    else { throw bad("no export of a task queue: its first line does not say so") }
    guard version == ExportLine.version else {
      throw bad(
        "an export of version \(version), and this program knows version \(ExportLine.version)")
    }
    hasHeader = true
  }

  private func bad(_ message: String) -> MigrationError {
    MigrationError(.badFile, message, path: lines.source.name)
  }

  /// The number in a line that says something about the file.
  static func marker(_ key: String, in line: SourceLine) -> Int? {
    // Short as they are, most lines need not be looked at.
    guard line.bytes.count <= 64, let members = try? JSONObjectText.members(of: line.bytes),
      members.count == 1, members[0].key == key
    else { return nil }
    return Int(members[0].value)
  }
}

extension TaskRecord {
  /// Makes a task wait that was held: who held it works for another queue. If that was its last
  /// attempt, it gets one more, because nobody knows how that one ended.
  mutating func takeFromItsWorker() {
    status = .queued
    leaseUntil = nil
    reservedAt = nil
    processingStarted = nil
    lockedBy = nil
    maxAttempts = max(maxAttempts, attempts + 1)
  }
}

/// Reads the TSV file of dbbasic-queue.
///
/// A line is a record, its fields stand between tabs as they are, without quotes or escapes: JSON needs
/// none, and other texts cannot hold tabs or line breaks. Empty fields at the end may be missing. JSON
/// that a program for tables has put in double quotes is taken out of them. The columns may stand in any
/// order; the first line names them. Times are Unix seconds, whole or
/// not. Pending tasks wait, those in processing wait again, the others keep their status, result
/// and error. The file does not say when a task ended: the later of `created_at` and `run_at`
/// stands for that.
final class TabSeparatedReader: ImportReader {
  let lines: LineReader
  private let maxAttempts: Int
  private var columns: [String] = []

  init(_ lines: LineReader, maxAttempts: Int) {
    self.lines = lines
    self.maxAttempts = maxAttempts
  }

  func next() throws -> ImportRecord? {
    if columns.isEmpty { try readHeader() }
    guard let (line, fields) = try nextFields() else { return nil }
    do {
      return try record(fields, line: line)
    } catch {
      throw error.at(line, of: lines.source.name)
    }
  }

  private func readHeader() throws {
    guard let (_, fields) = try nextFields() else { throw bad("empty") }
    let names = fields.map { String(decoding: $0, as: UTF8.self) }
    let known = TabSeparatedRecord.columns
    for name in names where !known.contains(name) {
      throw bad(
        "no file of dbbasic-queue: its first line names the column \"\(name.prefix(40))\""
          + Suggestion.question(for: name, among: known))
    }
    for name in known where names.count(where: { $0 == name }) != 1 {
      if name == "error" || name == "result", !names.contains(name) { continue }
      throw bad("no file of dbbasic-queue: its first line must name the column \"\(name)\" once")
    }
    columns = names
  }

  /// The fields of the next record and its line; nil at the end.
  private func nextFields() throws -> (line: Int, fields: [[UInt8]])? {
    while let line = try lines.next() {
      if line.isTooLong { throw lines.tooLong(line.number) }
      if line.bytes.allSatisfy({ $0 == 0x20 || $0 == 0x09 }) { continue }
      let fields = line.bytes.split(separator: 0x09, omittingEmptySubsequences: false)
      return (line.number, fields.map(Array.init))
    }
    return nil
  }

  private func record(_ fields: [[UInt8]], line: Int) throws(LineFault) -> ImportRecord {
    guard fields.count <= columns.count else {
      throw LineFault("has \(fields.count) fields, and the first line names \(columns.count)")
    }
    var values: [String: String] = [:]
    for (column, field) in zip(columns, fields) {
      guard let text = String(validating: field, as: UTF8.self) else {
        throw LineFault("\(column) is not UTF-8")
      }
      values[column] = text
    }
    func value(_ column: String) -> String { values[column] ?? "" }
    func time(_ column: String) throws(LineFault) -> Timestamp {
      guard let seconds = Double(value(column)), (0..<253_402_300_800).contains(seconds) else {
        throw LineFault(
          "\(column) must be seconds since 1970, not \"\(value(column).prefix(40))\"")
      }
      return Timestamp(millisecondsSinceEpoch: Int64((seconds * 1000).rounded(.down)))
    }
    var record = TaskRecord()
    guard !value("id").isEmpty else { throw LineFault("id is empty") }
    record.type = value("type")
    try TaskCheck.name(record.type, "type")
    if record.type.utf8.contains(0) { throw LineFault("type holds a NUL character") }
    record.payload = value("payload").isEmpty ? "{}" : Self.unquoted(value("payload"))
    try TaskCheck.json(record.payload, "payload")
    let created = try time("created_at")
    let run = value("run_at").isEmpty ? created : try time("run_at")
    record.createdAt = created.description
    record.runAfter = run.description
    let attempts = value("attempts").isEmpty ? 0 : Int64(value("attempts"))
    guard let count = attempts, (0...Int64(Int32.max)).contains(count) else {
      throw LineFault(
        "attempts must be a whole number, not \"\(value("attempts").prefix(40))\"")
    }
    record.attempts = count
    record.maxAttempts = Int64(maxAttempts)
    record.errorMessage = value("error").isEmpty ? nil : value("error")
    record.result = Self.json(Self.unquoted(value("result")))
    try setStatus(value("status"), of: &record, endedAt: max(created, run))
    return ImportRecord(
      line: line, sourceID: value("id"), sourceStatus: value("status"), record: record)
  }

  private func setStatus(
    _ word: String, of record: inout TaskRecord, endedAt: Timestamp
  ) throws(LineFault) {
    switch word {
    case "pending": record.maxAttempts = max(record.maxAttempts, record.attempts + 1)
    case "processing": record.takeFromItsWorker()
    case "completed": record.status = .completed
    case "failed": record.status = .failed
    case "cancelled": record.status = .cancelled
    default:
      let words = ["pending", "processing", "completed", "failed", "cancelled"]
      throw LineFault(
        "the status \"\(word.prefix(40))\" is unknown"
          + Suggestion.question(for: word, among: words))
    }
    if record.status.isFinal { record.finishedAt = endedAt.description }
  }

  /// JSON that stands in quotes as CSV has them, without these; any other text as it is.
  private static func unquoted(_ text: String) -> String {
    guard text.utf8.count >= 2, text.hasPrefix("\""), text.hasSuffix("\""), !JSONText.isValid(text)
    else { return text }
    let inner = text.dropFirst().dropLast().replacing("\"\"", with: "\"")
    return JSONText.isValid(String(inner)) ? String(inner) : text
  }

  /// A result as JSON: text that is none becomes a string.
  private static func json(_ text: String) -> String? {
    if text.isEmpty { return nil }
    if JSONText.isValid(text) { return text }
    var bytes: [UInt8] = []
    JSONString.append(text, to: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }

  private func bad(_ message: String) -> MigrationError {
    MigrationError(.badFile, message, path: lines.source.name)
  }
}
