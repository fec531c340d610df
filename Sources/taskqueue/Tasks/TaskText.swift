internal import QueueEngine

/// A task as people and programs are shown it.
struct TaskText {
  let task: QueueTask
  let now: Timestamp

  // MARK: A row of many

  static let columns: [Table.Column] = [
    .number("id"), .text("status"), .text("type"), .number("priority").dropped(2),
    .number("attempts").dropped(3), .text("enqueued").dropped(4), .long("state"),
    .long("payload").dropped(1),
  ]

  var row: [String?] {
    [
      "\(task.id.rawValue)", task.status.rawValue, task.type, "\(task.priority)",
      "\(task.attempts)/\(task.maxAttempts)", task.createdAt.map { ageText($0, now: now) }, state,
      task.payload,
    ]
  }

  /// What there is to say beside the status.
  private var state: String? {
    switch task.status {
    case .queued:
      let due = task.runAfter.map { $0 > now ? "due \(ageText($0, now: now))" : "ready" }
      guard let error = task.errorMessage else { return due }
      return "\(due ?? "ready"), after: \(error)"
    case .processing:
      guard let until = task.leaseUntil else { return task.lockedBy }
      let worker = task.lockedBy ?? "?"
      return until > now
        ? "\(worker), lease ends \(ageText(until, now: now))"
        : "\(worker), lease ended \(ageText(until, now: now))"
    case .completed: return task.result.map { "result: \($0)" } ?? ended
    case .failed, .deadLetter: return task.errorMessage ?? ended
    case .cancelled: return ended
    }
  }

  private var ended: String? { task.finishedAt.map { ageText($0, now: now) } }

  // MARK: All of it

  /// Every fact, one a line; nothing is cut.
  func printFacts() throws {
    var facts = FactList()
    facts.add("id", "\(task.id.rawValue)")
    facts.add("type", task.type)
    facts.add("status", task.status.rawValue)
    facts.add("priority", "\(task.priority)")
    facts.add("attempts", "\(task.attempts) of \(task.maxAttempts)")
    facts.add("enqueued", moment(task.createdAt))
    facts.add("run after", moment(task.runAfter))
    facts.add("worker", task.lockedBy)
    facts.add("lease until", moment(task.leaseUntil))
    facts.add("started", moment(task.processingStarted))
    facts.add("finished", moment(task.finishedAt))
    facts.add("key", task.idempotencyKey)
    facts.add("compatibility", task.compatibility == "{}" ? nil : task.compatibility)
    facts.add("payload", task.payload)
    facts.add("result", task.result)
    facts.add("error", task.errorMessage)
    try facts.print()
  }

  private func moment(_ moment: Timestamp?) -> String? {
    moment.map { momentText($0, now: now) }
  }

  /// Under the names of an export.
  var json: JSONValue {
    .object([
      ("id", JSONValue(task.id)), ("type", .string(task.type)),
      ("status", .string(task.status.rawValue)), ("priority", JSONValue(task.priority)),
      ("attempts", JSONValue(task.attempts)), ("max_attempts", JSONValue(task.maxAttempts)),
      ("created_at", JSONValue(task.createdAt)), ("run_after", JSONValue(task.runAfter)),
      ("lease_until", JSONValue(task.leaseUntil)),
      ("processing_started", JSONValue(task.processingStarted)),
      ("finished_at", JSONValue(task.finishedAt)), ("locked_by", JSONValue(task.lockedBy)),
      ("idempotency_key", JSONValue(task.idempotencyKey)),
      ("compatibility", .stored(task.compatibility)), ("payload", .stored(task.payload)),
      ("result", .stored(task.result)), ("error_message", JSONValue(task.errorMessage)),
    ])
  }
}
