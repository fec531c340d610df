#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif
public import QueueEngine
internal import SQLite

/// How an import is done.
public struct ImportOptions: Sendable {
  /// What to take the file for; nil to have its first line tell.
  public var format: TransferFormat?
  /// Names where the tasks come from: a task of the same source with the same id is not added
  /// again. Nil for the file's absolute path, so that a file that was moved needs a name to be
  /// known again.
  public var source: String?
  /// Whether records that are no tasks are left out; otherwise nothing is imported if there is one.
  public var skipsBad: Bool
  /// How many tasks share a transaction at most.
  public var batchSize: Int
  /// How many attempts tasks of a TSV file may have, which does not say; the seed's workers make 3.
  public var maxAttempts: Int
  /// How long a record may be.
  public var lineByteLimit: Int
  /// Called when a batch is stored, with the number of records seen to; what it throws ends the
  /// import as a kill would.
  package var batchStored: (@Sendable (Int) throws -> Void)?

  /// Options.
  public init(
    format: TransferFormat? = nil, source: String? = nil, skipsBad: Bool = false,
    batchSize: Int = 250, maxAttempts: Int = 3, lineByteLimit: Int = 16 << 20
  ) {
    self.format = format
    self.source = source
    self.skipsBad = skipsBad
    self.batchSize = batchSize
    self.maxAttempts = maxAttempts
    self.lineByteLimit = lineByteLimit
  }
}

/// Takes over the tasks of another queue: from an export of ``TaskExport``, or from the TSV file of
/// dbbasic-queue.
///
/// The file is read twice: first as a whole, to check every record before anything is written, then
/// to add the tasks in transactions of bounded size. Each transaction also stores how far it has
/// come, in a ledger within the queue's file (tables `import_runs` and `import_rows`). So an import
/// that was killed goes on when it is run again, and one that is run twice adds nothing.
///
/// The source must rest meanwhile: stop its workers and its producers. A file that changes is
/// refused, and so is another file under the name of an import that has not ended.
///
/// Tasks that wait become claimable batch by batch, and idle workers are woken for them.
public struct TaskImport: Sendable {
  private let database: QueueDatabase

  /// An import into a queue.
  public init(_ database: QueueDatabase) { self.database = database }

  // MARK: Importing

  /// Imports a file.
  ///
  /// - Throws: ``MigrationError`` about the file; `QueueError` about the queue.
  public func run(
    from path: String, options: ImportOptions = ImportOptions(), now: Timestamp = .now()
  ) throws -> ImportReport {
    let source = try ByteSource(.file(path), neverOpening: database.filePath)
    try source.makeRewindable()
    let stamp = try source.stamp()
    let lines = LineReader(source, lineByteLimit: max(1, options.lineByteLimit))
    let format = try options.format ?? Self.format(of: lines)
    let survey = try Self.survey(lines, format, options)
    let digest = try Self.digest(lines, format)
    try source.requireUnchanged(since: stamp)
    let name = options.source ?? Self.absolute(path)
    let begun = try begin(
      source: name, format: format, digest: digest, path: path, now: now)
    var run = begun.run
    if run.state == .running {
      try addAll(
        lines, format, options, to: &run, digest: digest,
        requireUnchanged: { try source.requireUnchanged(since: stamp) })
    }
    return try report(on: run, isResumed: begun.isResumed, survey: survey)
  }

  /// Reads a file as ``run(from:options:now:)`` does at first, and adds nothing.
  ///
  /// - Returns: what an import would find.
  /// - Throws: ``MigrationError`` about the file.
  public static func check(
    _ path: String, options: ImportOptions = ImportOptions()
  ) throws -> ImportSurvey {
    let source = try ByteSource(.file(path))
    try source.makeRewindable()
    let stamp = try source.stamp()
    let lines = LineReader(source, lineByteLimit: max(1, options.lineByteLimit))
    let survey = try survey(lines, try options.format ?? format(of: lines), options)
    try source.requireUnchanged(since: stamp)
    return survey
  }

  private static func survey(
    _ lines: LineReader, _ format: TransferFormat, _ options: ImportOptions
  ) throws -> ImportSurvey {
    var survey = ImportSurvey()
    try forEachRecord(
      in: lines, format, options,
      bad: { problem in
        guard options.skipsBad else { throw problem }
        survey.bad.note(problem)
      },
      good: { survey.inSource[$0.sourceStatus, default: 0] += 1 })
    return survey
  }

  private static func forEachRecord(
    in lines: LineReader, _ format: TransferFormat, _ options: ImportOptions,
    bad: (MigrationError) throws -> Void, good: (ImportRecord) throws -> Void
  ) throws {
    try lines.rewind()
    let reader: any ImportReader =
      format == .jsonLines
      ? ExportLinesReader(lines)
      : TabSeparatedReader(lines, maxAttempts: max(1, options.maxAttempts))
    // By their hashes: an id of one task must not hide another one.
    var seen: Set<UInt64> = []
    while true {
      do {
        guard let record = try reader.next() else { return }
        var hash = StableHash()
        hash.add(record.sourceID)
        guard seen.insert(hash.value).inserted else {
          throw LineFault("the id \"\(record.sourceID.prefix(40))\" is there twice")
            .at(record.line, of: lines.source.name)
        }
        try good(record)
      } catch let error as MigrationError where error.isAboutOneLine {
        try bad(error)
      }
    }
  }

  /// The import to work on: a new one, or one that has not ended.
  private func begin(
    source: String, format: TransferFormat, digest: String, path: String, now: Timestamp
  ) throws -> (run: ImportLedger.Run, isResumed: Bool) {
    let begun = try database.write {
      (connection) throws(SQLiteError) -> (run: ImportLedger.Run, isResumed: Bool) in
      try connection.execute(script: ImportLedger.make)
      let earlier = try ImportLedger.runs(on: connection)
        .last { $0.source == source && $0.state != .rolledBack }
      if let earlier, earlier.state == .running { return (run: earlier, isResumed: true) }
      let run = try ImportLedger.begin(
        source: source, format: format, digest: digest, now: now, on: connection)
      return (run: run, isResumed: false)
    }
    guard begun.run.digest == digest else {
      throw MigrationError(
        .sourceChanged,
        """
        import \(begun.run.id) of this source has begun with another content and has not ended: go \
        on with the file as it was, or roll that import back first
        """, path: path)
    }
    return begun
  }

  private func addAll(
    _ lines: LineReader, _ format: TransferFormat, _ options: ImportOptions,
    to run: inout ImportLedger.Run, digest: String, requireUnchanged: () throws -> Void
  ) throws {
    var toSkip = run.records
    var batch: [ImportRecord] = []
    var byteCount = 0
    var current = run
    func store(_ state: ImportLedger.State) throws {
      try requireUnchanged()
      let records = batch
      let before = current
      // From a copy each time: a transaction may be run again.
      var isOthers = false
      current = try database.write { (connection) throws(SQLiteError) -> ImportLedger.Run in
        isOthers = try !ImportLedger.isWhere(before, on: connection)
        if isOthers { return before }
        var next = before
        for record in records { try ImportLedger.add(record, to: &next, on: connection) }
        try ImportLedger.store(next, state: state, on: connection)
        return next
      }
      if isOthers {
        throw MigrationError(
          .sourceChanged, "import \(before.id) was rolled back or is under way elsewhere",
          path: lines.source.name)
      }
      if batch.contains(where: { $0.record.status == .queued }) { database.wakeWorkers() }
      batch.removeAll(keepingCapacity: true)
      byteCount = 0
      try options.batchStored?(current.records)
    }
    try Self.forEachRecord(
      in: lines, format, options, bad: { _ in },
      good: { record in
        guard toSkip == 0 else {
          toSkip -= 1
          return
        }
        batch.append(record)
        byteCount += record.record.payload.utf8.count + (record.record.result?.utf8.count ?? 0)
        // A batch holds the write lock for some milliseconds at most.
        if batch.count >= max(1, options.batchSize) || byteCount >= 1 << 20 {
          try store(.running)
        }
      })
    guard try Self.digest(lines, format) == digest else { throw lines.source.changed() }
    try store(.done)
    run = current
  }

  private func report(
    on run: ImportLedger.Run, isResumed: Bool, survey: ImportSurvey
  ) throws -> ImportReport {
    var inQueue: [String: [TaskStatus: Int]] = [:]
    var gone: [String: Int] = [:]
    try database.read { connection throws(SQLiteError) in
      inQueue = [:]
      gone = [:]
      let rows = try connection.prepare(
        """
        SELECT r.source_status, t.status, COUNT(*)
        FROM import_rows AS r LEFT JOIN task_queue AS t ON t.id = r.task_id
        WHERE r.import_id = ?1 GROUP BY 1, 2
        """)
      defer { rows.reset() }
      rows.bind(run.id, at: 1)
      while try rows.step() {
        let word = rows.text(0) ?? ""
        let count = Int(rows.int64(2))
        if let status = rows.text(1).flatMap(TaskStatus.init(rawValue:)) {
          inQueue[word, default: [:]][status, default: 0] += count
        } else {
          gone[word, default: 0] += count
        }
      }
    }
    return ImportReport(
      importID: run.id, source: run.source, isResumed: isResumed, inSource: survey.inSource,
      added: run.added, alreadyThere: run.alreadyThere, keysTaken: run.keysTaken,
      badCount: survey.badCount, problems: survey.problems, inQueue: inQueue, gone: gone)
  }

  // MARK: Files

  private static func format(of lines: LineReader) throws -> TransferFormat {
    guard let first = try lines.next() else {
      throw MigrationError(.badFile, "empty", path: lines.source.name)
    }
    if ExportLinesReader.marker("taskqueue_export", in: first) != nil { return .jsonLines }
    if first.bytes.contains(0x09) { return .tabSeparated }
    throw MigrationError(
      .badFile,
      """
      neither an export of a task queue nor a TSV file of dbbasic-queue; JSON Lines of new tasks \
      are enqueued, not imported
      """, path: lines.source.name)
  }

  /// Tells the file, and how it is read: an import that goes on counts the same good records.
  private static func digest(_ lines: LineReader, _ format: TransferFormat) throws -> String {
    let source = lines.source
    return """
      \(try source.stamp().byteCount):\(String(source.digest.value, radix: 16)):\(format.rawValue):\
      \(lines.lineByteLimit)
      """
  }

  private static func absolute(_ path: String) -> String {
    guard let resolved = realpath(path, nil) else { return path }
    defer { free(resolved) }
    return String(cString: resolved)
  }

  // MARK: Afterwards

  /// The imports that the queue remembers, the oldest first.
  public func imports() throws -> [ImportSummary] {
    try database.read { (connection) throws(SQLiteError) -> [ImportSummary] in
      guard try ImportLedger.exists(on: connection) else { return [] }
      return try ImportLedger.runs(on: connection).map {
        ImportSummary(
          importID: $0.id, source: $0.source, state: $0.state.rawValue, added: $0.added)
      }
    }
  }

  /// Takes an import back, finished or not: removes the tasks that it has added and that nobody has
  /// touched since, with what was logged of them. Tasks that were claimed, cancelled or changed
  /// stay, and so does the memory of them: another import of the source does not add them again.
  ///
  /// - Parameters:
  ///   - importID: see ``ImportReport/importID`` and ``imports()``.
  ///   - batchSize: how many tasks a transaction looks at.
  /// - Returns: what was removed, and what has stayed.
  /// - Throws: ``MigrationError`` if there is no such import; `QueueError`. Can be called again
  ///   after a kill.
  public func rollBack(_ importID: Int64, batchSize: Int = 250) throws -> RollbackReport {
    guard try imports().contains(where: { $0.importID == importID }) else {
      throw MigrationError(
        .noSuchImport, "there has been no import \(importID)", path: database.path)
    }
    // First of all nobody must go on with it.
    try database.write { connection throws(SQLiteError) in
      let mark = try connection.cached(
        "UPDATE import_runs SET state = 'rolled_back' WHERE import_id = ?1")
      mark.bind(importID, at: 1)
      try mark.run()
    }
    var report = RollbackReport()
    var lastID: Int64 = 0
    while true {
      let before = report
      let after = lastID
      let (next, reached) = try database.write {
        (connection) throws(SQLiteError) -> (RollbackReport, Int64?) in
        var report = before
        let reached = try Self.rollBack(
          importID, after: after, limit: max(1, batchSize), &report, connection)
        return (report, reached)
      }
      report = next
      guard let reached else { return report }
      lastID = reached
    }
  }

  /// Takes one batch back; returns the last task looked at, nil at the end.
  private static func rollBack(
    _ importID: Int64, after lastID: Int64, limit: Int, _ report: inout RollbackReport,
    _ connection: Connection
  ) throws(SQLiteError) -> Int64? {
    let entries = try entries(of: importID, after: lastID, limit: limit, connection)
    let find = try connection.cached("SELECT \(TaskRecord.columns) FROM task_queue WHERE id = ?1")
    // Not left to the foreign key, which may be turned off.
    let removeLogs = try connection.cached("DELETE FROM task_logs WHERE task_id = ?1")
    let remove = try connection.cached("DELETE FROM task_queue WHERE id = ?1")
    let forget = try connection.cached(
      "DELETE FROM import_rows WHERE source = ?1 AND source_id = ?2")
    for entry in entries {
      find.bind(entry.taskID, at: 1)
      let record = try find.step() ? TaskRecord(find) : nil
      find.reset()
      if let record, record.fingerprint != entry.fingerprint {
        report.keptCount += 1
        if report.kept.count < RollbackReport.keptLimit {
          report.kept.append(TaskID(rawValue: entry.taskID))
        }
        continue
      }
      if record == nil {
        // Worked and cleaned up: it must not come back either.
        report.gone += 1
        continue
      }
      removeLogs.bind(entry.taskID, at: 1)
      try removeLogs.run()
      remove.bind(entry.taskID, at: 1)
      try remove.run()
      try forget.bind(entry.source, at: 1)
      try forget.bind(entry.sourceID, at: 2)
      try forget.run()
      report.removed += 1
    }
    return entries.last?.taskID
  }

  private struct Entry {
    let taskID: Int64
    let source: String
    let sourceID: String
    let fingerprint: Int64
  }

  private static func entries(
    of importID: Int64, after lastID: Int64, limit: Int, _ connection: Connection
  ) throws(SQLiteError) -> [Entry] {
    let rows = try connection.cached(
      """
      SELECT task_id, source, source_id, fingerprint FROM import_rows
      WHERE import_id = ?1 AND task_id > ?2 ORDER BY task_id LIMIT ?3
      """)
    defer { rows.reset() }
    rows.bind(importID, at: 1)
    rows.bind(lastID, at: 2)
    rows.bind(Int64(limit), at: 3)
    var entries: [Entry] = []
    while try rows.step() {
      entries.append(
        Entry(
          taskID: rows.int64(0), source: rows.text(1) ?? "", sourceID: rows.text(2) ?? "",
          fingerprint: rows.int64(3)))
    }
    return entries
  }
}
