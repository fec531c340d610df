internal import LoadGeneration
internal import Results

extension CapacityUsage {
  /// What a probe used.
  init(_ findings: RepeatFindings, latency: CapacityLatency) {
    self.init()
    let result = findings.result
    let conditions = result.conditions
    lock = result.lock.utilisation
    lockHoldUs = result.lock.holdMeanUs
    checkpoint = result.lock.checkpointShare
    producerCPU = conditions.producerCPUShare
    runQueue = conditions.runQueueShare
    lagP99Us = result.load.lag.p99Us
    if let producer = conditions.producerCPUShare {
      busyCores =
        producer * Double(result.producers)
        + (conditions.consumerCPUShare ?? 0) * Double(result.consumers)
        + (conditions.harnessCPUShare ?? 0)
    }
    if let seconds = result.measuredSeconds, seconds > 0 {
      let tasks = [
        (result.enqueue, result.enqueued), (result.claim, result.claimed),
        (result.complete, result.completed),
      ]
      let syncs = tasks.compactMap { operation, count in
        operation.syncsPerTask.map { $0 * Double(count) }
      }
      let finished = result.consumers > 0 ? result.completed : result.enqueued
      if !syncs.isEmpty, finished > 0 { syncsPerTask = syncs.reduce(0, +) / Double(finished) }
      let commitUs = findings.phases.filter { $0.phase == .commit }
        .reduce(0.0) { $0 + ($1.latency.meanUs ?? 0) * Double($1.count) }
      if let lock, lock > 0 { commitShareOfLock = min(1, commitUs / 1e6 / seconds / lock) }
    }
    let operation = MeasuredOperation(rawValue: latency.rawValue) ?? .claim
    let parts = findings.phases.filter {
      $0.operation == operation && OperationPhase.parts.contains($0.phase)
    }
    let whole = parts.reduce(0.0) { $0 + ($1.meanNearP99Us ?? 0) }
    if whole > 0,
      let largest = parts.max(by: { ($0.meanNearP99Us ?? 0) < ($1.meanNearP99Us ?? 0) })
    {
      tailPart = largest.phase.rawValue
      tailShare = (largest.meanNearP99Us ?? 0) / whole
    }
  }
}
