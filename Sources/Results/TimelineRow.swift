/// The part of a repeat that a window belongs to.
package enum RepeatStage: String, CaseIterable, Hashable, Sendable {
  case warmUp = "warm_up"
  case measure
  case drain
}

/// A window of one repeat: a row of `timeline.csv`.
package struct TimelineRow: Equatable, Sendable {
  /// The run's name.
  package var run: String
  /// The cell's name.
  package var cell: String
  /// Which repeat of the cell, from 1.
  package var repeatNumber: Int
  /// When the window begins, in seconds since the measurement began; negative in the warm-up.
  package var startSeconds: Double
  /// How long it is.
  package var lengthSeconds: Double
  /// The part of the repeat that it belongs to.
  package var stage: RepeatStage
  /// Tasks that were due in it; nil in a closed loop.
  package var due: Int?
  /// Tasks enqueued.
  package var enqueued = 0
  /// Tasks claimed.
  package var claimed = 0
  /// Tasks completed.
  package var completed = 0
  /// Tasks that were enqueued and not completed at the window's end.
  package var depth = 0
  /// Enqueues that ended in the window.
  package var enqueue = LatencySummary()
  /// Claims that ended in it.
  package var claim = LatencySummary()
  /// Completions that ended in it.
  package var complete = LatencySummary()
  /// The largest lag of operations that began in it; nil in a closed loop.
  package var lagMaxUs: Double?
  /// Share of the operations that met a busy database.
  package var busyRetryRate: Double?
  /// Share of the window in which an operation held the write lock.
  package var lockUtilisation: Double?
  /// Frames in the write-ahead log at the window's end; nil without one.
  package var walFrames: Int?
  /// How many of them had been copied into the database.
  package var walBackfilledFrames: Int?
  /// Bytes of the log's file.
  package var walBytes: Int?
  /// Memory of their own that all processes kept at the window's end; nil where windows are short.
  package var memoryBytes: Int?
  /// Descriptors that all processes had open then.
  package var descriptors: Int?
  /// Bytes of the database file.
  package var databaseBytes: Int?
  /// Checkpoints that ended in the window.
  package var checkpoints = 0
  /// Share of the window in which a checkpoint was at work.
  package var checkpointShare: Double?

  /// A window in which nothing happened, as far as is known.
  package init(
    run: String, cell: String, repeatNumber: Int, startSeconds: Double, lengthSeconds: Double,
    stage: RepeatStage
  ) {
    self.run = run
    self.cell = cell
    self.repeatNumber = repeatNumber
    self.startSeconds = startSeconds
    self.lengthSeconds = lengthSeconds
    self.stage = stage
  }

  /// The repeat it belongs to.
  package var key: RepeatKey { RepeatKey(cell: cell, repeatNumber: repeatNumber) }
}

extension TimelineRow: CSVRow {
  static let columns: [CSVColumn<TimelineRow>] =
    [
      .text("run", \.run).required, .text("cell", \.cell).required,
      .integer("repeat", \.repeatNumber),
      .decimal("start_s", \.startSeconds, decimals: 3),
      .decimal("length_s", \.lengthSeconds, decimals: 3), .word("stage", \.stage),
      .count("due", \.due), .integer("enqueued", \.enqueued), .integer("claimed", \.claimed),
      .integer("completed", \.completed), .integer("depth", \.depth),
    ]
    + CSVColumn.latency(\.enqueue, prefix: "enqueue_")
    + CSVColumn.latency(\.claim, prefix: "claim_")
    + CSVColumn.latency(\.complete, prefix: "complete_")
    + [
      .number("lag_max_us", \.lagMaxUs, decimals: 3),
      .number("busy_retry_rate", \.busyRetryRate, decimals: 6),
      .number("lock_utilisation", \.lockUtilisation, decimals: 6),
      .count("wal_frames", \.walFrames), .count("wal_backfilled_frames", \.walBackfilledFrames),
      .count("wal_bytes", \.walBytes), .integer("checkpoints", \.checkpoints),
      .number("checkpoint_share", \.checkpointShare, decimals: 6),
      .count("memory_bytes", \.memoryBytes), .count("descriptors", \.descriptors),
      .count("database_bytes", \.databaseBytes),
    ]

  static let empty = TimelineRow(
    run: "", cell: "", repeatNumber: 0, startSeconds: 0, lengthSeconds: 0, stage: .measure)
}
