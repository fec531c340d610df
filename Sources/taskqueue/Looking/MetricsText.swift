internal import QueueEngine
internal import QueueOperations

/// All metrics of a moment as programs are shown them: one member for each method of `QueueMetrics`.
struct MetricsText {
  let report: MetricsReport

  /// The whole document.
  var json: JSONValue {
    .object([
      ("taken_at", JSONValue(report.takenAt)), ("is_counting", JSONValue(report.isCounting)),
      ("window", window),
      ("depth", JSONValue(report.depths.filter { !$0.status.isFinal }.reduce(0) { $0 + $1.count })),
      ("depth_by_status", byStatus), ("depth_by_type", depthByType),
      ("oldest_queued_seconds", JSONValue(report.oldestQueuedAge)),
      ("success_rates", successRates), ("worker_activity", workerActivity),
      ("throughput", throughput), ("retries", retries), ("processing_times", processingTimes),
      ("health", health),
    ])
  }

  var window: JSONValue {
    [
      "since": JSONValue(report.window.since), "until": JSONValue(report.window.until),
      "seconds": JSONValue(Double(report.window.lengthMs) / 1000),
    ]
  }

  var byStatus: JSONValue {
    let counts = report.depthByStatus
    return .object(
      TaskStatus.allCases.map { (key: $0.rawValue, value: JSONValue(counts[$0] ?? 0)) })
  }

  /// A row per type, with all its statuses.
  var types: JSONValue {
    .array(
      countsByType.map { type, counts in
        .object(
          [(key: "type", value: .string(type))]
            + TaskStatus.allCases.map {
              (key: $0.rawValue, value: JSONValue(counts[$0] ?? 0))
            })
      })
  }

  /// How many tasks of each type have each status, sorted by type.
  var countsByType: [(type: String, counts: [TaskStatus: Int])] {
    Dictionary(grouping: report.depths, by: \.type).sorted { $0.key < $1.key }
      .map { type, depths in
        (type, Dictionary(depths.map { ($0.status, $0.count) }, uniquingKeysWith: +))
      }
  }

  private var depthByType: JSONValue {
    .object(
      countsByType.compactMap { type, counts in
        let open = (counts[.queued] ?? 0) + (counts[.processing] ?? 0)
        return open > 0 ? (key: type, value: JSONValue(open)) : nil
      })
  }

  // MARK: The past

  var successRates: JSONValue {
    let types = report.successRates.byType.sorted { $0.key < $1.key }
      .filter { $0.value.total > 0 }
    return .object(
      Self.members(report.successRates.outcomes)
        + [
          (
            key: "by_type",
            value: .object(types.map { (key: $0.key, value: .object(Self.members($0.value))) })
          )
        ])
  }

  private static func members(_ outcomes: TaskOutcomes) -> [(key: String, value: JSONValue)] {
    [
      ("ended", JSONValue(outcomes.total)), ("completed", JSONValue(outcomes.completed)),
      ("failed", JSONValue(outcomes.failed)), ("dead_letter", JSONValue(outcomes.deadLettered)),
      ("cancelled", JSONValue(outcomes.cancelled)),
      ("success_rate", JSONValue(outcomes.successRate)),
      ("failure_rate", JSONValue(outcomes.failureRate)),
    ]
  }

  var throughput: JSONValue {
    let throughput = report.throughput
    return [
      "completed": JSONValue(throughput.completed), "ended": JSONValue(throughput.ended),
      "completed_per_second": JSONValue(throughput.completedPerSecond),
      "completed_per_minute": JSONValue(throughput.completedPerMinute),
      "completed_per_hour": JSONValue(throughput.completedPerHour),
      "ended_per_second": JSONValue(throughput.endedPerSecond),
    ]
  }

  var retries: JSONValue {
    let retries = report.retries
    return [
      "ended": JSONValue(retries.ended), "retried_tasks": JSONValue(retries.retriedTasks),
      "retries": JSONValue(retries.retries), "dead_letter": JSONValue(retries.deadLettered),
      "retry_rate": JSONValue(retries.retryRate),
      "attempts_per_task": JSONValue(retries.attemptsPerTask),
    ]
  }

  /// Null if no task was completed.
  var processingTimes: JSONValue {
    guard let times = report.processingTimes else { return .null }
    let types = report.processingTimesByType.sorted { $0.key < $1.key }
    return .object(
      Self.members(times)
        + [
          (
            key: "by_type",
            value: .object(types.map { (key: $0.key, value: .object(Self.members($0.value))) })
          )
        ])
  }

  private static func members(_ times: ProcessingTimes) -> [(key: String, value: JSONValue)] {
    [
      ("count", JSONValue(times.count)), ("mean_ms", JSONValue(times.meanMs)),
      ("p50_ms", JSONValue(times.p50Ms)), ("p75_ms", JSONValue(times.p75Ms)),
      ("p90_ms", JSONValue(times.p90Ms)), ("p95_ms", JSONValue(times.p95Ms)),
      ("p99_ms", JSONValue(times.p99Ms)), ("at_most_ms", JSONValue(times.atMostMs)),
    ]
  }

  // MARK: Now

  private var workerActivity: JSONValue {
    .array(
      report.workers.map { worker in
        [
          "id": .string(worker.id), "state": .string(worker.liveness?.rawValue ?? "unregistered"),
          "silence_ms": JSONValue(worker.silenceMs), "held_tasks": JSONValue(worker.heldTasks),
          "busy_since": JSONValue(worker.busySince),
          "next_lease_end": JSONValue(worker.nextLeaseEnd),
        ]
      })
  }

  var health: JSONValue {
    [
      "level": .string(report.health.level.rawValue),
      "problems": .array(
        report.health.problems.map { problem in
          [
            "kind": .string(problem.kind.rawValue), "level": .string(problem.level.rawValue),
            "message": .string(problem.message),
          ]
        }),
      "expired_leases": JSONValue(report.health.expiredLeases),
    ]
  }
}
