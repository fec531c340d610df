internal import QueueEngine
internal import SQLite

/// A row of `task_queue` with all that is a task's own: every column as it is stored, but for those
/// with which the engine keeps its order.
struct TaskRecord: Equatable {
  var id: Int64 = 0
  var type = ""
  var priority: Int64 = 100
  var payload = "{}"
  var compatibility = "{}"
  var status = TaskStatus.queued
  var attempts: Int64 = 0
  var maxAttempts: Int64 = 5
  var runAfter = ""
  var leaseUntil: String?
  var reservedAt: String?
  var processingStarted: String?
  var finishedAt: String?
  var lockedBy: String?
  var errorMessage: String?
  var result: String?
  var idempotencyKey: String?
  var createdAt = ""

  init() {}

  /// The columns in the order of ``init(_:)`` and ``bind(to:)``.
  static let columns = """
    id, type, priority, payload, compatibility, status, attempts, max_attempts, run_after_utc, \
    lease_until_utc, reserved_at_utc, processing_started_utc, finished_at_utc, locked_by, \
    error_message, result, idempotency_key, created_at_utc
    """

  /// The standing row of a query for ``columns``.
  init(_ row: Statement) {
    id = row.int64(0)
    type = row.text(1) ?? ""
    priority = row.int64(2)
    payload = row.text(3) ?? "{}"
    compatibility = row.text(4) ?? "{}"
    status = row.text(5).flatMap(TaskStatus.init(rawValue:)) ?? .queued
    attempts = row.int64(6)
    maxAttempts = row.int64(7)
    runAfter = row.text(8) ?? ""
    leaseUntil = row.text(9)
    reservedAt = row.text(10)
    processingStarted = row.text(11)
    finishedAt = row.text(12)
    lockedBy = row.text(13)
    errorMessage = row.text(14)
    result = row.text(15)
    idempotencyKey = row.text(16)
    createdAt = row.text(17) ?? ""
  }

  /// Adds the row under an id of its own. `lane` stays NULL, which has the engine place the task
  /// once it is due. Nothing happens if its key is another task's.
  static let insert = """
    INSERT INTO task_queue (type, priority, payload, compatibility, status, attempts, max_attempts,
      run_after_utc, lease_until_utc, reserved_at_utc, processing_started_utc, finished_at_utc,
      locked_by, error_message, result, idempotency_key, created_at_utc, lane, lottery_key)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, NULL, NULL)
    ON CONFLICT (idempotency_key) WHERE idempotency_key IS NOT NULL DO NOTHING
    """

  /// Binds the parameters of ``insert``.
  func bind(to statement: Statement) throws(SQLiteError) {
    try statement.bind(type, at: 1)
    statement.bind(priority, at: 2)
    try statement.bind(payload, at: 3)
    try statement.bind(compatibility, at: 4)
    try statement.bind(status.rawValue, at: 5)
    statement.bind(attempts, at: 6)
    statement.bind(maxAttempts, at: 7)
    try statement.bind(runAfter, at: 8)
    try statement.bind(leaseUntil, at: 9)
    try statement.bind(reservedAt, at: 10)
    try statement.bind(processingStarted, at: 11)
    try statement.bind(finishedAt, at: 12)
    try statement.bind(lockedBy, at: 13)
    try statement.bind(errorMessage, at: 14)
    try statement.bind(result, at: 15)
    try statement.bind(idempotencyKey, at: 16)
    try statement.bind(createdAt, at: 17)
  }

  /// Tells whether anybody has touched the row: the hash of everything but its id.
  var fingerprint: Int64 {
    var hash = StableHash()
    for text in [type, payload, compatibility, status.rawValue, runAfter, createdAt] {
      hash.add(text)
    }
    for number in [priority, attempts, maxAttempts] { hash.add("\(number)") }
    for text in [
      leaseUntil, reservedAt, processingStarted, finishedAt, lockedBy, errorMessage, result,
      idempotencyKey,
    ] {
      hash.add(text)
    }
    return Int64(bitPattern: hash.value)
  }
}
