internal import Statistics
internal import Verification

/// The format of `cells.csv`: one row per repeat, whose columns depend only on the axes of the run.
struct CellsTable: Sendable {
  /// The version of the formats of a run's files.
  static let schemaVersion = 3

  /// The axes of the run, in the order of the scenario.
  let axisNames: [String]
  let columns: [CSVColumn<RepeatResult>]

  /// The format of new files.
  init(axisNames: [String]) {
    self.axisNames = axisNames
    columns = Self.columns(axisNames: axisNames)
  }

  private static func columns(axisNames: [String]) -> [CSVColumn<RepeatResult>] {
    [
      .text("run", \.run).required, .text("cell", \.cell).required,
      .integer("repeat", \.repeatNumber),
    ]
      + axisNames.map(CSVColumn.axis)
      + [
        .integer("producers", \.producers), .integer("consumers", \.consumers),
        .word("status", \.status), .word("verdict", \.verdict),
        .number("measured_s", \.measuredSeconds, decimals: 6),
        .count("enqueued", \.enqueued), .count("claimed", \.claimed),
        .count("completed", \.completed), .count("empty_claims", \.emptyClaims),
        .count("scheduled", \.load.scheduled), .count("late", \.load.late),
        .count("skipped", \.load.skipped), .count("unfinished", \.flow.unfinished),
        .count("redelivered", \.flow.redelivered), .count("recovered", \.flow.recovered),
        .count("refused", \.flow.refused), .count("indeterminate", \.flow.indeterminate),
        .count("lost", \.flow.lost), .count("duplicated", \.flow.duplicated),
        .count("checkpoints", \.lock.checkpoints),
        .count("enqueue_count", \.enqueue.count), .count("claim_count", \.claim.count),
        .count("complete_count", \.complete.count),
      ]
      + Metric.all.map(CSVColumn.metric)
      + [
        .countsByName("busy_codes", \.busyCodes), .counts("consumer_tasks", \.consumerTasks),
        .optionalWord("steady_state", \.steadyState),
        .optionalWord("conditions", \.conditions.state), .flag("drained", \.drained),
        .count("faults", \.faults), .text("durability_class", \.power.durabilityClass),
        .text("hazard", \.power.hazard),
        .count("power_cuts", \.power.cuts), .count("power_lost_max", \.power.lostMax),
        .number("power_lost_ms", \.power.lostMs, decimals: 3),
        .count("power_corrupt", \.power.corrupt),
        .text("sqlite_version", \.sqliteVersion), .text("pragma_hash", \.pragmaHash),
        .text("plan_hash", \.planHash),
        .text("commit", \.commit), .texts("warnings", \.warnings), .text("detail", \.detail),
      ]
  }

  /// The names of the columns.
  var header: [String] { CSVHeader.names(columns) }

  /// The fields of a result, in the order of the header.
  func fields(of result: RepeatResult) -> [String] {
    [String(Self.schemaVersion)] + columns.map { $0.write(result) }
  }

  /// The format that a header announces, perhaps that of an older file with fewer columns; `path` is for the
  /// error.
  init(header record: CSVRecord, path: String) throws(ResultsError) {
    let axisNames = record.fields.filter { $0.hasPrefix(axisColumnPrefix) }
      .map { String($0.dropFirst(axisColumnPrefix.count)) }
    self.axisNames = axisNames
    columns = try CSVHeader.columns(Self.columns(axisNames: axisNames), in: record, path: path)
  }

  /// The result that a record holds; `path` is for the error.
  func result(of record: CSVRecord, path: String) throws(ResultsError) -> RepeatResult {
    var result = RepeatResult(
      run: "", cell: "", repeatNumber: 0, axes: [], producers: 0, consumers: 0, status: .failed,
      verdict: .unknown, detail: "")
    try record.read(into: &result, columns: columns, path: path)
    return result
  }
}
