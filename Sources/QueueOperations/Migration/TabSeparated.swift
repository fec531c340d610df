internal import QueueEngine

/// A task as a record of the TSV file, and what of it finds no room there.
struct TabSeparatedRecord {
  static let columns = [
    "id", "type", "payload", "status", "created_at", "run_at", "attempts", "error", "result",
  ]
  static let header = columns.joined(separator: "\t") + "\n"

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
    let texts = [
      ("type", record.type), ("payload", record.payload),
      ("error_message", record.errorMessage ?? ""), ("result", record.result ?? ""),
    ]
    var flat: [String: String] = [:]
    for (column, text) in texts {
      let line = Self.inOneLine(text)
      // Between the parts of JSON white space means nothing.
      if line != text, !JSONText.isValid(text) {
        lost.append("\(column) (tabs and line breaks became spaces)")
      }
      flat[column] = line
    }
    let values = [
      String(repeating: "0", count: max(0, 16 - id.utf8.count)) + id, flat["type"] ?? "",
      flat["payload"] ?? "", Self.word(for: record.status), created.text, run.text,
      "\(record.attempts)", flat["error_message"] ?? "", flat["result"] ?? "",
    ]
    self.lost = lost
    line = Array((values.joined(separator: "\t") + "\n").utf8)
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

  /// The format knows neither quotes nor escapes.
  private static func inOneLine(_ text: String) -> String {
    let bytes = text.utf8.map { $0 == 0x09 || $0 == 0x0a || $0 == 0x0d ? 0x20 : $0 }
    return String(decoding: bytes, as: UTF8.self)
  }
}
