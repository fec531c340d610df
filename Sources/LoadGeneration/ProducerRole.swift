internal import Platform
internal import QueueEngine
internal import Recording
internal import Scenarios

/// Offers tasks until the measurement ends.
///
/// In the closed loop the next operation begins when the last one has ended and the think time is
/// over. In the open loop operations are due at fixed moments whatever the queue does. All that are due
/// within the measurement are offered, however late, so that no slow moment goes unmeasured; those that
/// could not even be offered until the end of the drain are recorded as skipped, with the time that they
/// have been waiting by then.
struct ProducerRole {
  private let session: RoleSession
  private let batchSize: Int
  private let endNs: UInt64

  init(_ session: RoleSession) {
    self.session = session
    batchSize = session.settings.batchSize
    endNs = session.control.measureEndNs.load()
  }

  func run() throws {
    var mix = TaskMix(
      session.settings,
      seed: Seeds.ofTasks(caller: session.caller, process: session.configuration.seed))
    defer { session.control.finishedProducers.add(1) }
    MonotonicClock.sleep(untilNs: session.control.startNs.load())
    let schedule = session.settings.arrivalSchedule(
      process: session.configuration.index, caller: session.caller,
      seed: session.configuration.seed, startNs: session.control.startNs.load(),
      measureStartNs: session.control.measureStartNs.load())
    if let schedule {
      try runOpenLoop(&mix, schedule)
    } else {
      try runClosedLoop(&mix)
    }
  }

  private func runClosedLoop(_ mix: inout TaskMix) throws {
    let thinkNs = UInt64(session.settings.thinkTimeUs) * 1000
    var nowNs = MonotonicClock.nowNs()
    while nowNs < endNs {
      nowNs = try enqueue(&mix, intendedNs: nil)
      if thinkNs > 0 {
        MonotonicClock.sleep(untilNs: min(nowNs + thinkNs, endNs))
        nowNs = MonotonicClock.nowNs()
      }
    }
  }

  private func runOpenLoop(_ mix: inout TaskMix, _ schedule: ArrivalSchedule) throws {
    var schedule = schedule
    let pacer = Pacer(
      stopFlag: session.control.phase, runningValue: ControlBlock.Phase.running.rawValue)
    let lastStartNs = session.control.drainEndNs.load()
    // What was due while nobody was there is late, and counts from when it was due.
    let firstDueNs = session.configuration.predecessorDiedNs
    while let dueNs = schedule.next(), dueNs < endNs {
      if dueNs < firstDueNs { continue }
      guard case .due(let latenessNs) = pacer.wait(untilNs: dueNs) else { return }
      guard dueNs + latenessNs <= lastStartNs else {
        return try recordNeverOffered(from: dueNs, of: &schedule)
      }
      _ = try enqueue(&mix, intendedNs: dueNs)
    }
    // There until the end, so that what the process has used can still be asked for then.
    _ = pacer.wait(untilNs: endNs)
  }

  /// As many as this are recorded; with so many, the percentiles are beyond doubt.
  private static let neverOfferedLimit = 1_000_000

  private func recordNeverOffered(
    from firstDueNs: UInt64, of schedule: inout ArrivalSchedule
  ) throws {
    var dueNs = firstDueNs
    for _ in 0..<Self.neverOfferedLimit {
      try session.skip(.enqueue, intendedNs: dueNs, batch: batchSize)
      guard let next = schedule.next(), next < endNs else { return }
      dueNs = next
    }
  }

  @inline(__always)
  private func enqueue(_ mix: inout TaskMix, intendedNs: UInt64?) throws -> UInt64 {
    if batchSize > 1 { return try enqueueBatch(&mix, intendedNs: intendedNs) }
    let task = mix.next()
    let operation = session.begin(.enqueue, intendedNs: intendedNs)
    do {
      let receipt = try session.enqueue(task)
      session.count(finishedTasks: 1)
      return try session.end(operation, .ok, taskID: receipt.id.rawValue)
    } catch {
      try session.endFailed(operation, error)
      return MonotonicClock.nowNs()
    }
  }

  private func enqueueBatch(_ mix: inout TaskMix, intendedNs: UInt64?) throws -> UInt64 {
    let tasks = (0..<batchSize).map { _ in mix.next() }
    let operation = session.begin(.enqueue, intendedNs: intendedNs)
    do {
      let receipts = try session.enqueue(contentsOf: tasks)
      session.count(finishedTasks: receipts.count)
      let endNs = try session.end(
        operation, .ok, taskID: receipts[0].id.rawValue, batch: receipts.count)
      try session.recordMembers(
        of: operation, .ok, endNs: endNs,
        tasks: receipts.dropFirst().lazy.map { ($0.id.rawValue, 0) })
      return endNs
    } catch {
      try session.endFailed(operation, error, batch: batchSize)
      return MonotonicClock.nowNs()
    }
  }
}
