public import QueueEngine

/// What to do about a line that is no task.
public enum BadLineMode: String, Sendable, Codable, CaseIterable {
  /// Nothing of the file is enqueued: all of it is read and checked first.
  case allOrNothing
  /// Exactly the lines before the first bad one are enqueued.
  case upToFirstBad
  /// Bad lines are left out and told of; all others are enqueued.
  case skippingBad
}

/// What enqueueing a file has led to.
public struct EnqueueLinesReport: Sendable {
  /// Tasks that were added.
  public internal(set) var added = 0
  /// Tasks whose idempotency key was there before.
  public internal(set) var alreadyThere = 0
  /// Lines left out.
  public internal(set) var badCount = 0
  /// The first of them.
  public internal(set) var problems: [MigrationError] = []

  /// How many of them are kept.
  static let problemLimit = 100

  mutating func note(_ problem: MigrationError) {
    badCount += 1
    if problems.count < Self.problemLimit { problems.append(problem) }
  }
}

/// Tasks from JSON Lines into a queue.
public enum JSONLines {
  /// Enqueues a file's tasks, in their order, in transactions of bounded size.
  ///
  /// A failure of the queue itself (a full disk, a kill) leaves the batches before it enqueued in
  /// every mode, ``BadLineMode/allOrNothing`` included: one transaction for a file of gigabytes
  /// would keep all others from writing meanwhile. Who wants to be able to begin again gives the
  /// tasks idempotency keys.
  ///
  /// In ``BadLineMode/allOrNothing`` the source is read twice; what can be read once only, such as
  /// a pipe, is copied to the directory for temporary files (`TMPDIR`) first.
  ///
  /// - Parameters:
  ///   - source: where the lines come from; see ``JSONLinesReader``.
  ///   - queue: where the tasks go.
  ///   - mode: what to do about bad lines.
  ///   - batchSize: how many tasks share a transaction at most; large ones are fewer, and so are
  ///     those of a pipe that has no more lines for now.
  ///   - lineByteLimit: how long a line may be.
  ///   - defaults: what tasks are of which a line does not say.
  /// - Returns: how many tasks were added, and which lines were left out.
  /// - Throws: ``MigrationError``, whose `line` is the first one that was not enqueued and whose
  ///   `enqueuedCount` says how many tasks before it were.
  public static func enqueueLines(
    from source: LineSource, into queue: TaskQueue, mode: BadLineMode, batchSize: Int = 250,
    lineByteLimit: Int = JSONLinesReader.standardLineByteLimit,
    defaults: TaskDefaults = TaskDefaults()
  ) throws -> EnqueueLinesReport {
    let reader = try JSONLinesReader(source, lineByteLimit: lineByteLimit, defaults: defaults)
    var stamp: FileStamp?
    if mode == .allOrNothing {
      try reader.lines.source.makeRewindable()
      stamp = try reader.lines.source.stamp()
      while try reader.next() != nil {}
      try reader.lines.rewind()
    }
    var enqueueing = LineEnqueueing(
      queue: queue, mode: mode, batchSize: max(1, batchSize), reader: reader, stamp: stamp)
    return try enqueueing.run()
  }
}

/// One run of enqueueing.
private struct LineEnqueueing {
  /// A batch holds the write lock for some milliseconds at most.
  static let batchByteLimit = 1 << 20

  let queue: TaskQueue
  let mode: BadLineMode
  let batchSize: Int
  let reader: JSONLinesReader
  let stamp: FileStamp?
  private var report = EnqueueLinesReport()
  private var batch: [TaskLine] = []

  init(
    queue: TaskQueue, mode: BadLineMode, batchSize: Int, reader: JSONLinesReader,
    stamp: FileStamp?
  ) {
    self.queue = queue
    self.mode = mode
    self.batchSize = batchSize
    self.reader = reader
    self.stamp = stamp
  }

  private var enqueuedCount: Int { report.added + report.alreadyThere }
  private var path: String { reader.lines.source.name }

  mutating func run() throws -> EnqueueLinesReport {
    var byteCount = 0
    while true {
      let line: TaskLine?
      do {
        line = try reader.next()
      } catch let error as MigrationError {
        if error.isAboutOneLine, mode == .skippingBad {
          report.note(error)
          continue
        }
        // The lines before it are good, and the promise is exactly those.
        if mode == .upToFirstBad { try flush() }
        throw error.after(enqueued: enqueuedCount)
      }
      guard let line else { break }
      batch.append(line)
      byteCount += line.task.payload.utf8.count + 200
      // Who writes the lines one by one, and slowly, does not wait for others to make a batch full.
      if batch.count >= batchSize || byteCount >= Self.batchByteLimit || reader.lines.mustWait {
        try flush()
        byteCount = 0
      }
    }
    try flush()
    return report
  }

  private mutating func flush() throws {
    guard !batch.isEmpty else { return }
    if let stamp {
      do {
        try reader.lines.source.requireUnchanged(since: stamp)
      } catch let error as MigrationError {
        throw error.after(enqueued: enqueuedCount)
      }
    }
    let lines = batch
    batch = []
    do {
      count(try queue.enqueue(contentsOf: lines.map(\.task)))
    } catch let error as QueueError where error.code == .invalidArgument {
      // The queue is stricter than the reader: nothing of the batch is there, and it must be said
      // which line it is about.
      for line in lines { try enqueueAlone(line) }
    } catch {
      throw failure(error, at: lines[0].number)
    }
  }

  private mutating func enqueueAlone(_ line: TaskLine) throws {
    do {
      count([try queue.enqueue(line.task)])
    } catch let error as QueueError where error.code == .invalidArgument {
      let problem = MigrationError(
        .badLine, error.message, path: path, line: line.number, underlying: error)
      guard mode == .skippingBad else { throw problem.after(enqueued: enqueuedCount) }
      report.note(problem)
    } catch {
      throw failure(error, at: line.number)
    }
  }

  private mutating func count(_ receipts: [EnqueueReceipt]) {
    let new = receipts.count { $0.isNew }
    report.added += new
    report.alreadyThere += receipts.count - new
  }

  private func failure(_ error: any Error, at line: Int) -> MigrationError {
    MigrationError(
      .queue, "from this line on nothing is enqueued: \(error)", path: path, line: line,
      underlying: error
    ).after(enqueued: enqueuedCount)
  }
}
