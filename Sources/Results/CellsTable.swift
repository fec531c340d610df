internal import Verification

/// The format of `cells.csv`: one row per repeat, whose columns depend only on the axes of the run.
struct CellsTable: Sendable {
  /// The version of the formats of `cells.csv`, `summary.csv` and `manifest.json`.
  static let schemaVersion = 2

  /// The axes of the run, in the order of the scenario.
  let axisNames: [String]
  private let columns: [CellsColumn]

  init(axisNames: [String]) {
    self.axisNames = axisNames
    columns =
      [
        .text("run", \.run), .text("cell", \.cell), .integer("repeat", \.repeatNumber),
      ]
      + axisNames.map(CellsColumn.axis)
      + [
        .integer("producers", \.producers), .integer("consumers", \.consumers),
        .number("measured_s", \.measuredSeconds, decimals: 6),
        .count("enqueued", \.enqueued), .count("claimed", \.claimed),
        .count("completed", \.completed), .count("empty_claims", \.emptyClaims),
        .number("throughput_per_s", \.throughputPerSecond, decimals: 3),
        .number("offered_per_s", \.offeredPerSecond, decimals: 3),
      ]
      + MeasuredOperation.allCases.flatMap(Self.columns(of:))
      + [
        .number("busy_retry_rate", \.busyRetryRate, decimals: 6),
        .number("busy_error_rate", \.busyErrorRate, decimals: 6),
        .number("busy_wait_share", \.busyWaitShare, decimals: 6),
        .countsByName("busy_codes", \.busyCodes),
        .number("fairness_jain", \.fairnessJain, decimals: 6),
        .number("slowest_worker_share", \.slowestWorkerShare, decimals: 6),
        .number("worker_spread", \.workerSpread, decimals: 6),
        .number("longest_wait_us", \.longestWaitUs, decimals: 3),
        .number("wal_peak_bytes", \.walPeakBytes, decimals: 0),
        .number("orchestrator_ms", \.orchestratorMs, decimals: 3),
        .flag("drained", \.drained),
        .text("sqlite_version", \.sqliteVersion), .text("pragma_hash", \.pragmaHash),
        .text("commit", \.commit), .word("status", \.status), .word("verdict", \.verdict),
        .text("detail", \.detail),
      ]
  }

  private static func columns(of operation: MeasuredOperation) -> [CellsColumn] {
    let name = operation.rawValue
    return [
      .number("\(name)_p50_us", \.[operation].latency.p50Us, decimals: 3),
      .number("\(name)_p90_us", \.[operation].latency.p90Us, decimals: 3),
      .number("\(name)_p95_us", \.[operation].latency.p95Us, decimals: 3),
      .number("\(name)_p99_us", \.[operation].latency.p99Us, decimals: 3),
      .number("\(name)_p999_us", \.[operation].latency.p999Us, decimals: 3),
      .number("\(name)_max_us", \.[operation].latency.maxUs, decimals: 3),
      .number("\(name)_mean_us", \.[operation].latency.meanUs, decimals: 3),
      .count("\(name)_count", \.[operation].count),
      .number("\(name)_busy_retry_rate", \.[operation].busyRetryRate, decimals: 6),
      .number("\(name)_busy_error_rate", \.[operation].busyErrorRate, decimals: 6),
      .number("\(name)_pages_per_task", \.[operation].pagesPerTask, decimals: 4),
      .number("\(name)_syncs_per_task", \.[operation].syncsPerTask, decimals: 4),
    ]
  }

  /// The names of the columns.
  var header: [String] { ["schema_version"] + columns.map(\.name) }

  /// The fields of a result, in the order of the header.
  func fields(of result: RepeatResult) -> [String] {
    [String(Self.schemaVersion)] + columns.map { $0.write(result) }
  }

  /// The format that a header announces; `path` is for the error.
  init(header record: CSVRecord, path: String) throws(ResultsError) {
    let axisNames = record.fields.filter { $0.hasPrefix(axisColumnPrefix) }
      .map { String($0.dropFirst(axisColumnPrefix.count)) }
    self.init(axisNames: axisNames)
    let expected = header
    guard record.fields != expected else { return }
    func name(_ names: [String], _ index: Int) -> String {
      index < names.count ? "\"\(names[index])\"" : "nothing"
    }
    let count = max(expected.count, record.fields.count)
    let place = (0..<count).first { name(expected, $0) != name(record.fields, $0) } ?? 0
    throw ResultsError(
      .malformed, path: path, line: record.line,
      message: "column \(place + 1) is \(name(record.fields, place)), expected "
        + "\(name(expected, place)); was the file written by another version or edited?")
  }

  /// The result that a record holds; `path` is for the error.
  func result(of record: CSVRecord, path: String) throws(ResultsError) -> RepeatResult {
    func malformed(_ message: String) -> ResultsError {
      ResultsError(.malformed, path: path, line: record.line, message: message)
    }
    guard record.fields.first == String(Self.schemaVersion) else {
      throw malformed(
        "schema_version is \"\(record.fields.first ?? "")\", this program reads "
          + "\(Self.schemaVersion)")
    }
    guard record.fields.count == columns.count + 1 else {
      throw malformed("\(record.fields.count) fields, expected \(columns.count + 1)")
    }
    var result = RepeatResult(
      run: "", cell: "", repeatNumber: 0, axes: [], producers: 0, consumers: 0, status: .failed,
      verdict: .unknown, detail: "")
    for (column, field) in zip(columns, record.fields.dropFirst()) {
      do {
        try column.read(&result, field)
      } catch let error as CellsColumn.BadField {
        throw malformed("\(column.name): \"\(field)\" is not \(error.expectation)")
      } catch {
        throw malformed("\(column.name): \(error)")
      }
    }
    return result
  }
}
