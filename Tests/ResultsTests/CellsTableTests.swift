import Testing

@testable import Results
import Verification

@Suite("cells.csv")
struct CellsTableTests {
  let table = CellsTable(axisNames: ["journal_mode", "synchronous"])

  @Test func `has exactly these columns`() {
    #expect(
      table.header.joined(separator: ",") == """
        schema_version,run,cell,repeat,axis.journal_mode,axis.synchronous,producers,consumers,\
        measured_s,enqueued,claimed,completed,empty_claims,throughput_per_s,offered_per_s,\
        enqueue_p50_us,enqueue_p90_us,enqueue_p95_us,enqueue_p99_us,enqueue_p999_us,\
        enqueue_max_us,enqueue_mean_us,enqueue_count,enqueue_busy_retry_rate,\
        enqueue_busy_error_rate,enqueue_pages_per_task,enqueue_syncs_per_task,\
        claim_p50_us,claim_p90_us,claim_p95_us,claim_p99_us,claim_p999_us,\
        claim_max_us,claim_mean_us,claim_count,claim_busy_retry_rate,claim_busy_error_rate,\
        claim_pages_per_task,claim_syncs_per_task,\
        complete_p50_us,complete_p90_us,complete_p95_us,complete_p99_us,complete_p999_us,\
        complete_max_us,complete_mean_us,complete_count,complete_busy_retry_rate,\
        complete_busy_error_rate,complete_pages_per_task,complete_syncs_per_task,\
        busy_retry_rate,busy_error_rate,busy_wait_share,busy_codes,fairness_jain,\
        slowest_worker_share,worker_spread,longest_wait_us,wal_peak_bytes,orchestrator_ms,\
        drained,sqlite_version,pragma_hash,commit,status,verdict,detail
        """)
  }

  @Test func `a full row reads like this`() {
    #expect(
      CSVText.line(of: table.fields(of: sampleResult())) == """
        2,night,c01,1,WAL,FULL,2,4,2.000125,2500,2470,2469,31,1234.568,1250,\
        100.125,120,130.5,300,,5000,107.063,2500,0.125,0.0004,3.25,0.0313,\
        200.125,220,230.5,400,,10000,207.063,2499,0.125,0.0004,3.25,0.0313,\
        300.125,320,330.5,500,,15000,307.063,2498,0.125,0.0004,3.25,0.0313,\
        0.25,0.333333,0.0625,SQLITE_BUSY:12|SQLITE_BUSY_SNAPSHOT:3,0.987654,0.75,1.5,10500.5,\
        8392272,123.457,true,3.40.1,0123abcd,371d9ce,measured,valid,\n
        """)
  }

  @Test func `what was not measured is empty`() {
    let fields = table.fields(of: refusedResult())
    let named = Dictionary(uniqueKeysWithValues: zip(table.header, fields))
    let filled = named.filter { !$0.value.isEmpty }.keys.sorted()
    #expect(
      filled == [
        "axis.journal_mode", "cell", "consumers", "detail", "producers", "repeat", "run",
        "schema_version", "status", "verdict",
      ])
  }

  @Test(arguments: [sampleResult(), refusedResult()])
  func `a row survives the way to text and back`(result: RepeatResult) throws {
    let line = CSVText.line(of: table.fields(of: result))
    let record = try #require(try CSVText(parsing: line.utf8).records.first)
    let decoded = try table.result(of: record, path: "cells.csv")
    #expect(CSVText.line(of: table.fields(of: decoded)) == line)
    #expect(decoded.axes == result.axes)
    #expect(decoded.detail == result.detail)
    #expect(decoded.busyCodes == result.busyCodes)
    #expect(decoded.claim.latency.p99Us == result.claim.latency.p99Us)
    #expect(decoded.claim.latency.p999Us == nil)
  }

  @Test func `a broken-off repeat keeps the counts that it reached`() throws {
    var result = refusedResult()
    result.status = .failed
    result.enqueued = 17
    let record = CSVRecord(line: 2, fields: table.fields(of: result))
    #expect(try table.result(of: record, path: "") == result)
  }

  @Test(arguments: [
    ("throughput_per_s", "fast", "\"fast\" is not a number"),
    ("throughput_per_s", "inf", "\"inf\" is not a number"),
    ("repeat", "", "\"\" is not an integer"),
    ("claimed", "-1", "\"-1\" is not a count"),
    ("drained", "yes", "\"yes\" is not true, false or empty"),
    ("verdict", "fine", "\"fine\" is not one of valid, unknown, invalid"),
    ("busy_codes", "SQLITE_BUSY", "is not NAME:count pairs"),
    ("schema_version", "1", "schema_version is \"1\""),
  ])
  func `a bad field is an error with file, line and column`(
    column: String, value: String, message: String
  ) throws {
    var fields = table.fields(of: sampleResult())
    fields[try #require(table.header.firstIndex(of: column))] = value
    let error = #expect(throws: ResultsError.self) {
      try table.result(of: CSVRecord(line: 7, fields: fields), path: "r/cells.csv")
    }
    #expect(error?.description.hasPrefix("r/cells.csv:7: \(column)") == true)
    #expect(error?.description.contains(message) == true)
  }

  @Test func `a row with too few fields is an error`() {
    let fields = Array(table.fields(of: sampleResult()).dropLast())
    let error = #expect(throws: ResultsError.self) {
      try table.result(of: CSVRecord(line: 2, fields: fields), path: "r/cells.csv")
    }
    #expect(error?.description == "r/cells.csv:2: 67 fields, expected 68")
  }

  @Test func `another header is an error that names the column`() {
    var header = table.header
    header.remove(at: 3)
    let error = #expect(throws: ResultsError.self) {
      try CellsTable(header: CSVRecord(line: 1, fields: header), path: "r/cells.csv")
    }
    #expect(
      error?.description.hasPrefix(
        "r/cells.csv:1: column 4 is \"axis.journal_mode\", expected \"repeat\"") == true)
  }
}
