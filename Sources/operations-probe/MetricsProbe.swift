import Platform
import QueueEngine
import QueueOperations
import SQLite

/// How long each metric takes on a large queue: half of its tasks wait, most of the others have ended. The last
/// lines are all that `taskqueue stats`, `top` and `metrics` read; `metrics --json` reads what `stats` does.
struct MetricsProbe {
  let path: String
  let tasks: Int
  let runs: Int

  private static let types = 10
  private static let held = 64

  func run() throws {
    print("\(tasks) tasks of \(Self.types) types, \(Self.held) of them held by 8 workers")
    try fill()
    try measure("without counters", runs: max(1, min(3, runs)))
    let startNs = MonotonicClock.nowNs()
    try open(counting: true)
    let tookMs = Double(MonotonicClock.nowNs() - startNs) / 1e6
    print("\nthe first count took \(OperationsProbe.text(tookMs, digits: 0, width: 0)) ms\n")
    let entries = try fillHistory()
    try measure("with counters, and \(entries) entries in the history", runs: runs)
  }

  // MARK: The queue

  private func open(counting: Bool) throws {
    _ = try SQLiteQueueStore(
      path: path,
      options: SQLiteStoreOptions(
        pragmas: [PragmaSetting(.synchronous, "OFF")].compactMap { $0 },
        strategies: [.priority], countsTasks: counting))
  }

  private func byHand() throws -> Connection {
    let connection = try Connection(
      path: path, mode: .readWrite, busyPolicy: .timeout(timeoutMs: 5000))
    connection.setTriggersEnabled(false)
    try connection.execute(script: "PRAGMA synchronous = OFF; PRAGMA cache_size = -200000")
    return connection
  }

  private func fill() throws {
    try open(counting: false)
    try byHand().execute(
      script: """
        BEGIN;
        INSERT INTO task_lanes (type, compatibility)
          WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < \(Self.types - 1))
          SELECT 'type-' || i, '{}' FROM n;
        INSERT INTO task_queue (type, priority, payload, status, attempts, run_after_utc,
            processing_started_utc, finished_at_utc, lease_until_utc, locked_by, lane)
          WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < \(tasks - 1)),
            r AS (SELECT i, (i * 7919) % \(Self.types) AS t, (i * 104729) % 1000 AS k,
              strftime('%Y-%m-%d %H:%M:%f', 'now', '-' || ((i * 31) % 86400) || ' seconds') AS at,
              (i * 613) % 5000 / 100.0 AS seconds FROM n)
          SELECT 'type-' || t, i % 20, '{"file":"' || i || '.mp4"}',
            CASE WHEN i < \(Self.held) THEN 'processing' WHEN k < 500 THEN 'queued'
              WHEN k < 960 THEN 'completed' WHEN k < 980 THEN 'failed'
              WHEN k < 990 THEN 'dead_letter' ELSE 'cancelled' END,
            CASE WHEN i < \(Self.held) OR k >= 500 THEN 1 + (k % 10 = 0) ELSE 0 END, at,
            CASE WHEN i < \(Self.held) OR k >= 500
              THEN strftime('%Y-%m-%d %H:%M:%f', at, '-' || seconds || ' seconds') END,
            CASE WHEN i >= \(Self.held) AND k >= 500 THEN at END,
            CASE WHEN i < \(Self.held)
              THEN strftime('%Y-%m-%d %H:%M:%f', 'now', '+1 hour') END,
            CASE WHEN i < \(Self.held) THEN 'worker-' || (i % 8) END,
            CASE WHEN i >= \(Self.held) AND k < 500 THEN t + 1 END
          FROM r;
        INSERT INTO workers (worker_id, heartbeat_utc)
          SELECT DISTINCT locked_by, strftime('%Y-%m-%d %H:%M:%f', 'now') FROM task_queue
          INDEXED BY ix_task_lease WHERE status = 'processing';
        COMMIT;
        PRAGMA wal_checkpoint(TRUNCATE);
        """)
  }

  /// As much history as there can be: 35 days in which every counter changed every minute.
  private func fillHistory() throws -> Int64 {
    let connection = try byHand()
    try connection.execute(
      script: """
        UPDATE queue_counters SET ever = count, busy_ms = count * up_to_ms
          WHERE up_to_ms < 1000000000;
        INSERT INTO task_history (type, status, up_to_ms, minute, ever, retried, retries, busy_ms)
          WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1440),
            m (at) AS (SELECT DISTINCT strftime('%Y-%m-%d %H:%M', 'now', CASE
                WHEN i <= 180 THEN '-' || i || ' minutes'
                WHEN i <= 600 THEN '-' || ((i - 162) * 10) || ' minutes'
                ELSE '-' || (i - 527) || ' hours' END) FROM n)
          SELECT type, status, up_to_ms, at, ever * (julianday(at) - julianday('now', '-35 days'))
            / 35, 0, 0, 0 FROM queue_counters, m WHERE status <> 'all';
        PRAGMA wal_checkpoint(TRUNCATE);
        """)
    let row = try connection.prepare("SELECT COUNT(*) FROM task_history")
    defer { row.reset() }
    _ = try row.step()
    return row.int64(0)
  }

  // MARK: Timing

  private func measure(_ title: String, runs: Int) throws {
    let metrics = QueueMetrics(database: try QueueDatabase(path: path))
    let all: KeyValuePairs<String, () throws -> Void> = [
      "depth": { _ = try metrics.depth() },
      "depthByStatus": { _ = try metrics.depthByStatus() },
      "depthByType": { _ = try metrics.depthByType() },
      "oldestQueuedAge": { _ = try metrics.oldestQueuedAge() },
      "successRates, 24 h": { _ = try metrics.successRates(hours: 24) },
      "workerActivity": { _ = try metrics.workerActivity() },
      "throughput, 1 h": { _ = try metrics.throughput(hours: 1) },
      "retries, 24 h": { _ = try metrics.retries(hours: 24) },
      "percentiles, 24 h": { _ = try metrics.processingTimePercentiles(hours: 24) },
      "percentiles, 35 days": {
        _ = try metrics.processingTimePercentiles(hours: QueueMetrics.mostHours)
      },
      "healthSummary": { _ = try metrics.healthSummary() },
      "snapshot": { _ = try metrics.snapshot() },
      "taskqueue stats": { _ = try metrics.report(hours: 24) },
      "the same, 35 days": { _ = try metrics.report(hours: QueueMetrics.mostHours) },
      "taskqueue top": { _ = try metrics.activity() },
      "taskqueue metrics": { _ = PrometheusText(of: try metrics.snapshot()).text },
    ]
    print("\(title), ms of \(runs) runs")
    print("                            first     median        p99    longest")
    for (name, body) in all {
      var timesMs: [Double] = []
      for _ in 0..<runs {
        let startNs = MonotonicClock.nowNs()
        try body()
        timesMs.append(Double(MonotonicClock.nowNs() - startNs) / 1e6)
      }
      let first = timesMs[0]
      timesMs.sort()
      let columns = [
        first, timesMs[runs / 2], timesMs[min(runs - 1, runs * 99 / 100)], timesMs[runs - 1],
      ]
      let padded = name + String(repeating: " ", count: max(0, 22 - name.count))
      print(padded + columns.map { " " + OperationsProbe.text($0) }.joined())
    }
  }
}
