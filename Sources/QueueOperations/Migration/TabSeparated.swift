internal import QueueEngine

/// Splits records of the TSV file into fields.
///
/// The file is written by Python's `csv` module with tabs between fields and minimal quoting: a
/// field that holds a tab, a quote or a line break stands in double quotes, and quotes in it are
/// doubled. So a record may go over several lines.
struct TabSeparatedParser {
  private enum State { case start, plain, quoted, quoteInQuoted }

  private(set) var fields: [[UInt8]] = []
  private(set) var byteCount = 0
  private var field: [UInt8] = []
  private var state = State.start

  /// Takes the next line of a record; true if the record ends with it.
  mutating func feed(_ line: SourceLine) -> Bool {
    byteCount += line.bytes.count + line.ending.rawValue.utf8.count
    for byte in line.bytes {
      switch (state, byte) {
      case (.quoted, UInt8(ascii: "\"")): state = .quoteInQuoted
      case (.quoted, _): field.append(byte)
      case (.quoteInQuoted, UInt8(ascii: "\"")):
        field.append(byte)
        state = .quoted
      case (_, UInt8(ascii: "\t")): endField()
      case (.start, UInt8(ascii: "\"")): state = .quoted
      case (_, _):
        field.append(byte)
        state = .plain
      }
    }
    if state == .quoted, line.ending != .endOfFile {
      field.append(contentsOf: line.ending.rawValue.utf8)
      return false
    }
    let isClosed = state != .quoted
    endField()
    return isClosed
  }

  private mutating func endField() {
    fields.append(field)
    field = []
    state = .start
  }
}

/// A task as a record of the TSV file, and what of it finds no room there.
struct TabSeparatedRecord {
  static let columns = [
    "id", "type", "payload", "status", "created_at", "run_at", "attempts", "error", "result",
  ]
  static let header = columns.joined(separator: "\t") + "\r\n"

  let line: [UInt8]
  /// The columns whose values are lost.
  let lost: [String]

  init(_ record: TaskRecord) {
    var lost: [String] = []
    func keep(_ isKept: Bool, _ column: String) { if !isKept { lost.append(column) } }
    keep(record.priority == 100, "priority")
    keep(record.compatibility == "{}", "compatibility")
    keep(record.maxAttempts == 5, "max_attempts")
    keep(record.idempotencyKey == nil, "idempotency_key")
    keep(record.lockedBy == nil, "locked_by")
    keep(record.leaseUntil == nil, "lease_until_utc")
    keep(record.reservedAt == nil, "reserved_at_utc")
    keep(record.processingStarted == nil, "processing_started_utc")
    keep(record.finishedAt == nil, "finished_at_utc")
    keep(record.status != .deadLetter, "status dead_letter (written as failed)")
    let created = Self.seconds(record.createdAt)
    let run = Self.seconds(record.runAfter)
    keep(created.isExact, "created_at_utc (cut to seconds)")
    keep(run.isExact, "run_after_utc (cut to seconds)")
    let id = String(record.id, radix: 16)
    let values = [
      String(repeating: "0", count: max(0, 16 - id.utf8.count)) + id, record.type, record.payload,
      Self.word(for: record.status), created.text, run.text, "\(record.attempts)",
      record.errorMessage ?? "", record.result ?? "",
    ]
    self.lost = lost
    line = Array((values.map(Self.quoted).joined(separator: "\t") + "\r\n").utf8)
  }

  private static func seconds(_ text: String) -> (text: String, isExact: Bool) {
    guard let time = Timestamp(text) else { return ("0", false) }
    let milliseconds = time.millisecondsSinceEpoch
    return ("\(milliseconds / 1000)", milliseconds % 1000 == 0)
  }

  private static func word(for status: TaskStatus) -> String {
    switch status {
    case .queued: return "pending"
    case .processing: return "processing"
    case .completed: return "completed"
    case .failed, .deadLetter: return "failed"
    case .cancelled: return "cancelled"
    }
  }

  private static func quoted(_ text: String) -> String {
    let special: [UInt8] = [0x09, 0x0a, 0x0d, UInt8(ascii: "\"")]
    guard text.utf8.contains(where: { special.contains($0) }) else { return text }
    var quoted: [UInt8] = [UInt8(ascii: "\"")]
    for byte in text.utf8 {
      if byte == UInt8(ascii: "\"") { quoted.append(byte) }
      quoted.append(byte)
    }
    quoted.append(UInt8(ascii: "\""))
    return String(decoding: quoted, as: UTF8.self)
  }
}
