internal import QueueEngine
internal import Wording

/// The lines of an export.
///
/// The first line says what it is, the last one how many tasks it holds, so that half a file is not
/// taken for a whole one. JSON values stand in the lines as they are stored; where they cannot,
/// because they hold line breaks or are no JSON (programs that write SQL may store anything), they
/// stand as strings under `payload_text`, `compatibility_text` and `result_text`.
enum ExportLine {
  static let version = 1
  static let header = "{\"taskqueue_export\":\(version)}\n"

  static func end(tasks: Int) -> String { "{\"taskqueue_export_end\":\(tasks)}\n" }

  static let keys = [
    "id", "type", "priority", "payload", "payload_text", "compatibility", "compatibility_text",
    "status", "attempts", "max_attempts", "run_after", "lease_until", "reserved_at",
    "processing_started", "finished_at", "locked_by", "error_message", "result", "result_text",
    "idempotency_key", "created_at",
  ]
}

extension TaskRecord {
  /// The row as a line of an export, its end included.
  var exportLine: [UInt8] {
    var bytes = Array("{\"id\":\(id)".utf8)
    func begin(_ key: String) { bytes.append(contentsOf: ",\"\(key)\":".utf8) }
    func putText(_ key: String, _ text: String?) {
      guard let text else { return }
      begin(key)
      JSONString.append(text, to: &bytes)
    }
    func putNumber(_ key: String, _ number: Int64) {
      begin(key)
      bytes.append(contentsOf: "\(number)".utf8)
    }
    func putJSON(_ key: String, _ json: String?) {
      guard let json else { return }
      let hasLineBreak = json.utf8.contains { $0 == 0x0a || $0 == 0x0d }
      if hasLineBreak || !JSONText.isValid(json) { return putText(key + "_text", json) }
      begin(key)
      bytes.append(contentsOf: json.utf8)
    }
    putText("type", type)
    putNumber("priority", priority)
    putJSON("payload", payload)
    putJSON("compatibility", compatibility)
    putText("status", status.rawValue)
    putNumber("attempts", attempts)
    putNumber("max_attempts", maxAttempts)
    putText("run_after", runAfter)
    putText("lease_until", leaseUntil)
    putText("reserved_at", reservedAt)
    putText("processing_started", processingStarted)
    putText("finished_at", finishedAt)
    putText("locked_by", lockedBy)
    putText("error_message", errorMessage)
    putJSON("result", result)
    putText("idempotency_key", idempotencyKey)
    putText("created_at", createdAt)
    bytes.append(contentsOf: "}\n".utf8)
    return bytes
  }

  /// The row of a line of an export, as it was.
  init(exportLine bytes: [UInt8]) throws(LineFault) {
    self.init()
    let fields = try TaskFields(bytes, known: ExportLine.keys)
    func required<T>(_ value: T?, _ key: String) throws(LineFault) -> T {
      guard let value else { throw LineFault("\"\(key)\" is missing") }
      return value
    }
    func json(_ key: String) throws(LineFault) -> String? {
      if let text = try fields.text(key + "_text", allowsNUL: true) { return text }
      return fields.json(key)
    }
    id = Int64(try required(try fields.integer("id"), "id"))
    type = try required(try fields.text("type"), "type")
    try TaskCheck.name(type, "type")
    priority = Int64(try required(try fields.integer("priority"), "priority"))
    payload = try required(try json("payload"), "payload")
    compatibility = try required(try json("compatibility"), "compatibility")
    let word = try required(try fields.text("status"), "status")
    guard let known = TaskStatus(rawValue: word) else {
      throw LineFault(
        "\"status\" is \"\(word.prefix(40))\""
          + Suggestion.question(for: word, among: TaskStatus.allCases.map(\.rawValue)))
    }
    status = known
    attempts = Int64(try required(try fields.integer("attempts"), "attempts"))
    maxAttempts = Int64(try required(try fields.integer("max_attempts"), "max_attempts"))
    guard attempts >= 0, maxAttempts >= 0 else { throw LineFault("negative attempts") }
    runAfter = try required(try fields.time("run_after"), "run_after").description
    leaseUntil = try fields.time("lease_until")?.description
    reservedAt = try fields.time("reserved_at")?.description
    processingStarted = try fields.time("processing_started")?.description
    finishedAt = try fields.time("finished_at")?.description
    lockedBy = try fields.text("locked_by", allowsNUL: true)
    errorMessage = try fields.text("error_message", allowsNUL: true)
    result = try json("result")
    idempotencyKey = try fields.text("idempotency_key")
    createdAt = try required(try fields.time("created_at"), "created_at").description
  }
}
