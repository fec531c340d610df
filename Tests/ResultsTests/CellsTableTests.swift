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
        status,verdict,measured_s,enqueued,claimed,completed,empty_claims,scheduled,late,\
        skipped,unfinished,redelivered,recovered,refused,indeterminate,lost,duplicated,\
        checkpoints,enqueue_count,claim_count,complete_count,throughput_per_s,offered_per_s,\
        achieved_ratio,lag_p50_us,lag_p90_us,lag_p95_us,lag_p99_us,lag_p999_us,lag_max_us,\
        lag_mean_us,end_to_end_p50_us,end_to_end_p90_us,end_to_end_p95_us,end_to_end_p99_us,\
        end_to_end_p999_us,end_to_end_max_us,end_to_end_mean_us,queued_p50_us,queued_p90_us,\
        queued_p95_us,queued_p99_us,queued_p999_us,queued_max_us,queued_mean_us,reclaim_p50_us,\
        reclaim_p90_us,reclaim_p95_us,reclaim_p99_us,reclaim_p999_us,reclaim_max_us,\
        reclaim_mean_us,redelivery_rate,wasted_work_rate,oldest_ready_ms,littles_law_ratio,\
        busy_retry_rate,\
        busy_error_rate,busy_wait_share,fairness_jain,slowest_worker_share,worker_spread,\
        longest_wait_us,lock_utilisation,lock_hold_mean_us,wal_peak_bytes,checkpoint_share,\
        phase_sum_ratio,steady_from_s,memory_growth,descriptor_growth,wal_growth,\
        bytes_per_task_growth,enqueue_p50_us,enqueue_p90_us,enqueue_p95_us,enqueue_p99_us,\
        enqueue_p999_us,enqueue_max_us,enqueue_mean_us,enqueue_service_p10_us,\
        enqueue_service_p50_us,enqueue_service_p95_us,enqueue_service_p99_us,\
        enqueue_busy_retry_rate,enqueue_busy_error_rate,enqueue_pages_per_task,\
        enqueue_syncs_per_task,enqueue_fault_p99_us,enqueue_fault_max_us,enqueue_vm_steps,\
        enqueue_statements,enqueue_wal_frames,enqueue_fsyncs,claim_p50_us,claim_p90_us,\
        claim_p95_us,claim_p99_us,claim_p999_us,claim_max_us,claim_mean_us,claim_service_p10_us,\
        claim_service_p50_us,claim_service_p95_us,claim_service_p99_us,claim_busy_retry_rate,\
        claim_busy_error_rate,claim_pages_per_task,claim_syncs_per_task,claim_fault_p99_us,\
        claim_fault_max_us,claim_vm_steps,claim_statements,claim_wal_frames,claim_fsyncs,\
        complete_p50_us,complete_p90_us,complete_p95_us,complete_p99_us,complete_p999_us,\
        complete_max_us,complete_mean_us,complete_service_p10_us,complete_service_p50_us,\
        complete_service_p95_us,complete_service_p99_us,complete_busy_retry_rate,\
        complete_busy_error_rate,complete_pages_per_task,complete_syncs_per_task,\
        complete_fault_p99_us,complete_fault_max_us,complete_vm_steps,complete_statements,\
        complete_wal_frames,complete_fsyncs,probe_fsync_us,probe_lock_us,probe_cpu_us,\
        steal_share,producer_cpu_share,consumer_cpu_share,harness_cpu_share,run_queue_share,\
        voluntary_switches_per_s,involuntary_switches_per_s,minor_faults_per_s,\
        major_faults_per_s,written_bytes_per_s,read_bytes_per_s,orchestrator_ms,busy_codes,\
        consumer_tasks,steady_state,conditions,drained,faults,durability_class,hazard,power_cuts,\
        power_lost_max,power_lost_ms,power_corrupt,sqlite_version,pragma_hash,plan_hash,commit,\
        warnings,detail
        """)
  }

  @Test func `a full row reads like this`() {
    #expect(
      CSVText.line(of: table.fields(of: sampleResult())) == """
        3,night,c01,1,WAL,FULL,2,4,measured,valid,2.000125,2500,2470,2469,31,2510,12,1,31,7,5,2,\
        1,4,6,9,2500,2499,2498,1234.568,1250,0.996016,10,11,12,13,,15,10.5,20,21,22,23,,25,20.5,\
        30,31,32,33,,35,30.5,40,41,42,43,,45,40.5,0.002834,0.000812,12.5,1.0125,0.25,\
        0.333333,0.0625,\
        0.987654,0.75,1.5,10500.5,0.875,31.25,8392272,0.046875,1,0.3,1.0125,1,0.975,1.0025,\
        100.125,120,130.5,300,,5000,107.063,60,90,110,250,0.125,0.0004,3.25,0.0313,1000,2000.5,\
        121.335,4,3.365,1,200.125,220,230.5,400,,10000,207.063,160,190,210,350,0.125,0.0004,\
        3.25,0.0313,1100,2100.5,221.335,4,3.365,1,300.125,320,330.5,500,,15000,307.063,260,290,\
        310,450,0.125,0.0004,3.25,0.0313,1200,2200.5,321.335,4,3.365,1,120.5,21.25,980,0.015625,\
        0.25,0.125,0.03125,0.5,812.5,64.5,17.5,0,1048576,0,123.457,\
        claim/SQLITE_BUSY:12|claim/SQLITE_BUSY_SNAPSHOT:3,620|610|619|620,warm-up,normal,true,\
        12,process,synchronous OFF,1000,31,97.125,0,3.40.1,0123abcd,4567cdef,371d9ce,\
        the machine was busy | 2 operations were late,\n
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
    ("verdict", "fine", "\"fine\" is not one of valid, saturated, unknown, invalid"),
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
    let count = table.header.count
    #expect(error?.description == "r/cells.csv:2: \(count - 1) fields, expected \(count)")
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

  /// Columns that came later than the first runs with this schema.
  @Test(arguments: [["lost"], ["lost", "duplicated"], ["claim_p95_us", "busy_codes", "detail"]])
  func `a file without later columns is read with these empty`(absent: [String]) throws {
    let kept = table.header.indices.filter { !absent.contains(table.header[$0]) }
    let header = kept.map { table.header[$0] }
    let older = try CellsTable(header: CSVRecord(line: 1, fields: header), path: "")
    #expect(older.header == header)
    #expect(older.axisNames == table.axisNames)
    let all = table.fields(of: sampleResult())
    let fields = kept.map { all[$0] }
    let result = try older.result(of: CSVRecord(line: 2, fields: fields), path: "")
    // What is appended to the file has its columns, and nothing is lost on the way.
    #expect(older.fields(of: result) == fields)
    #expect((result.flow.lost == nil) == absent.contains("lost"))
    #expect((result.claim.latency.p95Us == nil) == absent.contains("claim_p95_us"))
    #expect(result.claim.latency.p99Us == sampleResult().claim.latency.p99Us)
  }

  @Test(arguments: [
    // What a file has, and what the error says of it.
    ("cell,run", "column 2 is \"cell\", expected \"run\""),
    ("run,cell,repeat", "column 5 is nothing, expected \"producers\""),
    (
      "run,cell,repeat,producers,consumers,status,verdict,lost,enqueued",
      "column 10 is \"enqueued\", expected \"duplicated\""
    ),
    (
      "run,cell,repeat,producers,consumers,status,verdict,speed",
      "column 9 is \"speed\", expected \"measured_s\""
    ),
    (
      "run,cell,repeat,producers,consumers,status,verdict,detail,detail",
      "column 10 is \"detail\", expected nothing"
    ),
    ("version", "column 2 is \"version\", expected \"run\""),
  ])
  func `columns that are strange, missing or in disorder are errors`(names: String, message: String)
  {
    let fields = ["schema_version"] + names.split(separator: ",").map(String.init)
    let error = #expect(throws: ResultsError.self) {
      try CellsTable(header: CSVRecord(line: 1, fields: fields), path: "r/cells.csv")
    }
    #expect(
      error?.description.hasPrefix("r/cells.csv:1: \(message);") == true,
      "\(String(describing: error))")
  }
}
