/// Something that was done to a repeat on purpose: a row of `faults.csv`.
package struct FaultRow: Equatable, Sendable {
  /// The run's name.
  package var run: String
  /// The cell's name.
  package var cell: String
  /// Which repeat of the cell, from 1.
  package var repeatNumber: Int
  /// What was done, as the scenario names it (`kill`).
  package var kind: String
  /// When it began, in seconds after the beginning of the measurement.
  package var beginSeconds: Double
  /// When it ended; nil if it lasted until the end.
  package var endSeconds: Double?
  /// Whom it befell (`consumer 2`), or why it could not be done.
  package var remark: String

  /// A row from its parts.
  package init(
    run: String, cell: String, repeatNumber: Int, kind: String, beginSeconds: Double,
    endSeconds: Double?, remark: String
  ) {
    self.run = run
    self.cell = cell
    self.repeatNumber = repeatNumber
    self.kind = kind
    self.beginSeconds = beginSeconds
    self.endSeconds = endSeconds
    self.remark = remark
  }

  /// The repeat it belongs to.
  package var key: RepeatKey { RepeatKey(cell: cell, repeatNumber: repeatNumber) }
}

extension FaultRow: CSVRow {
  static let columns: [CSVColumn<FaultRow>] = [
    .text("run", \.run).required, .text("cell", \.cell).required,
    .integer("repeat", \.repeatNumber), .text("kind", \.kind).required,
    .decimal("begin_s", \.beginSeconds, decimals: 6),
    .number("end_s", \.endSeconds, decimals: 6), .text("remark", \.remark),
  ]

  static let empty = FaultRow(
    run: "", cell: "", repeatNumber: 0, kind: "", beginSeconds: 0, endSeconds: nil, remark: "")
}
