/// A part of an operation, or the whole of it.
package enum OperationPhase: String, CaseIterable, Hashable, Sendable {
  /// The whole, from the intended start.
  case response
  /// The whole, from the actual start.
  case service
  /// From the intended to the actual start.
  case lag
  /// Until the write lock was there, and where calls of a process share transactions, for the others.
  case lockWait = "lock_wait"
  /// Everything between: statements, and the engine around them.
  case execute
  /// From the decision to commit until the lock was free again.
  case commit
  /// Checkpoints that ran inside of the operation.
  case checkpoint
  /// Asleep in the busy handler: a part of ``lockWait``, and with a rollback journal of ``commit`` too, where
  /// readers are waited for.
  case handler

  /// Those that add up to ``response``.
  package static let parts: [OperationPhase] = [.lag, .lockWait, .execute, .commit, .checkpoint]
}

/// A phase of one kind of operation in one repeat: a row of `phases.csv`.
package struct PhaseRow: Equatable, Sendable {
  /// The run's name.
  package var run: String
  /// The cell's name.
  package var cell: String
  /// Which repeat of the cell, from 1.
  package var repeatNumber: Int
  /// The kind of operation.
  package var operation: MeasuredOperation
  /// The phase.
  package var phase: OperationPhase
  /// How many operations there were.
  package var count: Int
  /// How long the phase took.
  package var latency: LatencySummary
  /// The phase's part of all response time, from 0 to 1.
  package var share: Double?
  /// Its mean in operations whose response time was near the median, in µs.
  package var meanNearP50Us: Double?
  /// Its mean in operations whose response time was near the 99th percentile, in µs.
  package var meanNearP99Us: Double?

  /// A row whose numbers are yet to come.
  package init(
    run: String, cell: String, repeatNumber: Int, operation: MeasuredOperation,
    phase: OperationPhase, count: Int = 0, latency: LatencySummary = LatencySummary(),
    share: Double? = nil, meanNearP50Us: Double? = nil, meanNearP99Us: Double? = nil
  ) {
    self.run = run
    self.cell = cell
    self.repeatNumber = repeatNumber
    self.operation = operation
    self.phase = phase
    self.count = count
    self.latency = latency
    self.share = share
    self.meanNearP50Us = meanNearP50Us
    self.meanNearP99Us = meanNearP99Us
  }

  /// The repeat it belongs to.
  package var key: RepeatKey { RepeatKey(cell: cell, repeatNumber: repeatNumber) }
}

extension PhaseRow: CSVRow {
  static let columns: [CSVColumn<PhaseRow>] =
    [
      .text("run", \.run).required, .text("cell", \.cell).required,
      .integer("repeat", \.repeatNumber),
      .word("operation", \.operation), .word("phase", \.phase), .integer("count", \.count),
    ] + CSVColumn.latency(\.latency, prefix: "") + [
      .number("share", \.share, decimals: 6),
      .number("mean_near_p50_us", \.meanNearP50Us, decimals: 3),
      .number("mean_near_p99_us", \.meanNearP99Us, decimals: 3),
    ]

  static let empty = PhaseRow(
    run: "", cell: "", repeatNumber: 0, operation: .claim, phase: .response)
}
