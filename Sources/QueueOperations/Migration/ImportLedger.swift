internal import QueueEngine
internal import SQLite

/// What has been imported from where; lies in the queue's own file, so that it changes in the same
/// transactions as the tasks.
///
/// A ledger rather than idempotency keys such as `import:<source>:<id>`: tasks keep the keys that
/// they have, a roll-back finds exactly its tasks, and a task that was worked and cleaned up since
/// is not added again. It costs some 80 bytes per task. The tables are made by the first import.
enum ImportLedger {
  static let make = """
    CREATE TABLE IF NOT EXISTS import_runs (
      import_id INTEGER PRIMARY KEY AUTOINCREMENT,
      source TEXT NOT NULL,
      format TEXT NOT NULL,
      digest TEXT NOT NULL,
      state TEXT NOT NULL,
      started_at_utc TEXT NOT NULL,
      records INTEGER NOT NULL DEFAULT 0,
      added INTEGER NOT NULL DEFAULT 0,
      already_there INTEGER NOT NULL DEFAULT 0,
      keys_taken INTEGER NOT NULL DEFAULT 0
    );
    CREATE TABLE IF NOT EXISTS import_rows (
      source TEXT NOT NULL,
      source_id TEXT NOT NULL,
      import_id INTEGER NOT NULL,
      task_id INTEGER NOT NULL,
      source_status TEXT NOT NULL,
      fingerprint INTEGER NOT NULL,
      PRIMARY KEY (source, source_id)
    ) WITHOUT ROWID;
    CREATE INDEX IF NOT EXISTS ix_import_rows ON import_rows (import_id, task_id);
    """

  /// How far an import has come.
  enum State: String {
    case running
    case done
    case rolledBack = "rolled_back"
  }

  struct Run {
    let id: Int64
    let source: String
    let digest: String
    let state: State
    /// Good records of the file that have been seen to.
    var records = 0
    var added = 0
    var alreadyThere = 0
    var keysTaken = 0
  }

  private static let runColumns =
    "import_id, source, digest, state, records, added, already_there, keys_taken"

  private static func run(_ row: Statement) -> Run {
    Run(
      id: row.int64(0), source: row.text(1) ?? "", digest: row.text(2) ?? "",
      state: row.text(3).flatMap(State.init(rawValue:)) ?? .running,
      records: Int(row.int64(4)), added: Int(row.int64(5)), alreadyThere: Int(row.int64(6)),
      keysTaken: Int(row.int64(7)))
  }

  /// Whether there has been an import at all.
  static func exists(on connection: Connection) throws(SQLiteError) -> Bool {
    let statement = try connection.prepare(
      "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'import_rows'")
    defer { statement.reset() }
    return try statement.step()
  }

  /// All imports, the oldest first.
  static func runs(on connection: Connection) throws(SQLiteError) -> [Run] {
    let rows = try connection.prepare("SELECT \(runColumns) FROM import_runs ORDER BY import_id")
    defer { rows.reset() }
    var runs: [Run] = []
    while try rows.step() { runs.append(run(rows)) }
    return runs
  }

  static func begin(
    source: String, format: TransferFormat, digest: String, now: Timestamp,
    on connection: Connection
  ) throws(SQLiteError) -> Run {
    let add = try connection.prepare(
      """
      INSERT INTO import_runs (source, format, digest, state, started_at_utc)
      VALUES (?1, ?2, ?3, 'running', ?4)
      """)
    try add.bind(source, at: 1)
    try add.bind(format.rawValue, at: 2)
    try add.bind(digest, at: 3)
    try add.bind(now.description, at: 4)
    try add.run()
    return Run(id: connection.lastInsertedID, source: source, digest: digest, state: .running)
  }

  /// Stores how far a run has come.
  static func store(_ run: Run, state: State, on connection: Connection) throws(SQLiteError) {
    let update = try connection.cached(
      """
      UPDATE import_runs SET state = ?2, records = ?3, added = ?4, already_there = ?5,
        keys_taken = ?6
      WHERE import_id = ?1
      """)
    update.bind(run.id, at: 1)
    try update.bind(state.rawValue, at: 2)
    update.bind(Int64(run.records), at: 3)
    update.bind(Int64(run.added), at: 4)
    update.bind(Int64(run.alreadyThere), at: 5)
    update.bind(Int64(run.keysTaken), at: 6)
    try update.run()
  }

  /// Adds a task unless it is there, and counts what came of it.
  static func add(
    _ new: ImportRecord, to run: inout Run, on connection: Connection
  ) throws(SQLiteError) {
    run.records += 1
    let find = try connection.cached(
      "SELECT 1 FROM import_rows WHERE source = ?1 AND source_id = ?2")
    try find.bind(run.source, at: 1)
    try find.bind(new.sourceID, at: 2)
    let isThere = try find.step()
    find.reset()
    if isThere {
      run.alreadyThere += 1
      return
    }
    let insert = try connection.cached(TaskRecord.insert)
    try new.record.bind(to: insert)
    try insert.run()
    guard connection.changes == 1 else {
      run.keysTaken += 1
      return
    }
    let taskID = connection.lastInsertedID
    let note = try connection.cached(
      """
      INSERT INTO import_rows (source, source_id, import_id, task_id, source_status, fingerprint)
      VALUES (?1, ?2, ?3, ?4, ?5, ?6)
      """)
    try note.bind(run.source, at: 1)
    try note.bind(new.sourceID, at: 2)
    note.bind(run.id, at: 3)
    note.bind(taskID, at: 4)
    try note.bind(new.sourceStatus, at: 5)
    note.bind(new.record.fingerprint, at: 6)
    try note.run()
    run.added += 1
  }
}

extension ImportLedger {
  /// Whether a run is still as far as that: nobody else goes on with it, or has taken it back.
  static func isWhere(_ run: Run, on connection: Connection) throws(SQLiteError) -> Bool {
    let find = try connection.cached(
      "SELECT 1 FROM import_runs WHERE import_id = ?1 AND state = 'running' AND records = ?2")
    defer { find.reset() }
    find.bind(run.id, at: 1)
    find.bind(Int64(run.records), at: 2)
    return try find.step()
  }
}
