package import Recording

/// Producers and consumers that work on a ``SimulatedQueue`` at the same time, in simulated time.
package struct Simulation {
  /// What a simulation leaves behind.
  package struct Outcome: Sendable {
    package let rows: [SimulatedRow]
    /// Whether the fault that was asked for happened; true if none was asked for.
    package let hasFault: Bool

    /// What the checker would read from a sound file.
    package var finalState: FinalState {
      FinalState(statuses: rows.map(\.entry), integrity: ["ok"])
    }
  }

  private enum Step {
    case enqueue
    case claim
    case complete
    case extend
    case giveUp(failed: Bool)
  }

  /// A process that does one operation after the other.
  private struct Actor {
    let isProducer: Bool
    var step: Step
    var moment = SimulatedQueue.Moment(startNs: 0, effectNs: 0, endNs: 0)
    var held: [SimulatedQueue.Fence] = []
  }

  private let load: SimulatedLoad
  private let random: SimulatedRandom
  private var queue: SimulatedQueue
  private var actors: [Actor]
  private var recordCount = 0
  private let armedFrom: Int
  private let write: (_ actor: Int, OperationRecord) throws -> Void

  private static let beginNs: UInt64 = 1_000_000_000

  /// Runs a load; each record goes to `write` with the number of its process, in the order of each
  /// process but not of all.
  package static func run(
    _ load: SimulatedLoad, random: @escaping () -> UInt64,
    write: (_ actor: Int, OperationRecord) throws -> Void
  ) rethrows -> Outcome {
    try withoutActuallyEscaping(write) { write in
      var simulation = Simulation(load, SimulatedRandom(next: random), write)
      return try simulation.run()
    }
  }

  private init(
    _ load: SimulatedLoad, _ random: SimulatedRandom,
    _ write: @escaping (Int, OperationRecord) throws -> Void
  ) {
    self.load = load
    self.random = random
    self.write = write
    queue = SimulatedQueue(load, random: random)
    armedFrom = load.records * random.number(30...60) / 100
    actors = (0..<load.producers + load.consumers).map { index in
      Actor(isProducer: index < load.producers, step: index < load.producers ? .enqueue : .claim)
    }
    let before = SimulatedQueue.Moment(startNs: 0, effectNs: 0, endNs: 0)
    for _ in 0..<load.prefilledCount {
      _ = queue.enqueue(priority: priority(), delayMs: 0, before)
    }
    for index in actors.indices { schedule(index, after: Self.beginNs, thinkUs: 0...100) }
  }

  private mutating func run() throws -> Outcome {
    while recordCount < load.records {
      queue.isArmed = recordCount >= armedFrom
      var next = 0
      for index in actors.indices
      where actors[index].moment.effectNs < actors[next].moment.effectNs { next = index }
      try carryOut(next)
    }
    let rows = queue.finalRows()
    return Outcome(rows: rows, hasFault: load.fault == nil || queue.hasFault)
  }

  private func priority() -> Int {
    load.priorities[random.index(below: load.priorities.count)]
  }

  /// Sets the times of a process's next operation.
  private mutating func schedule(
    _ index: Int, after ns: UInt64, thinkUs: ClosedRange<Int>
  ) {
    let startNs = ns + UInt64(random.number(thinkUs)) * 1000 + UInt64(random.index(below: 1000))
    // Now and then somebody has to wait for the lock, or is not scheduled after the commit.
    let waitUs = random.happens(perMille: 20) ? 2000 : 60
    let tailUs = random.happens(perMille: 10) ? 1000 : 20
    let effectNs = startNs + UInt64(random.number(2000...(waitUs * 1000)))
    actors[index].moment = SimulatedQueue.Moment(
      startNs: startNs, effectNs: effectNs,
      endNs: effectNs + UInt64(random.number(1000...(tailUs * 1000))))
  }

  private mutating func carryOut(_ index: Int) throws {
    let actor = actors[index]
    if random.happens(perMille: load.busyPerMille) { return try beBusy(index) }
    let isUnanswered = random.happens(perMille: load.unansweredPerMille)
    // Without an answer, with or without effect.
    let hasEffect = !isUnanswered || random.happens(perMille: 500)
    switch actor.step {
    case .enqueue: try enqueue(index, hasEffect: hasEffect, isUnanswered: isUnanswered)
    case .claim: try claim(index, hasEffect: hasEffect, isUnanswered: isUnanswered)
    case .complete: try complete(index, hasEffect: hasEffect, isUnanswered: isUnanswered)
    case .extend:
      try acknowledge(index, .extend, hasEffect, isUnanswered) { $0.extend($1, $2) }
      plan(index, .complete, thinkUs: 10...200)
    case .giveUp(let failed):
      let delayMs = Int64(random.number(0...3))
      try acknowledge(index, failed ? .fail : .release, hasEffect, isUnanswered) {
        $0.giveUp($1, failed: failed, delayMs: delayMs, $2)
      }
      actors[index].held = []
      plan(index, .claim, thinkUs: 1...20)
    }
  }

  private mutating func plan(_ index: Int, _ step: Step, thinkUs: ClosedRange<Int>) {
    actors[index].step = step
    schedule(index, after: actors[index].moment.endNs, thinkUs: thinkUs)
  }

  /// The database was busy for too long: no effect, and the same again.
  private mutating func beBusy(_ index: Int) throws {
    let actor = actors[index]
    switch actor.step {
    case .enqueue: try record(index, .enqueue, .failed, [])
    case .claim: try record(index, .claim, .failed, [])
    case .complete: try record(index, .complete, .failed, actor.held)
    case .extend: try record(index, .extend, .failed, actor.held)
    case .giveUp(let failed): try record(index, failed ? .fail : .release, .failed, actor.held)
    }
    plan(index, actor.step, thinkUs: 1...20)
  }

  // MARK: Steps

  private mutating func enqueue(_ index: Int, hasEffect: Bool, isUnanswered: Bool) throws {
    let batch = random.number(1...load.batchSize)
    var fences: [SimulatedQueue.Fence] = []
    if hasEffect {
      for _ in 0..<batch {
        let delayMs =
          random.happens(perMille: load.delayedPerMille) ? Int64(random.number(1...10)) : 0
        let id = queue.enqueue(
          priority: priority(), delayMs: delayMs, actors[index].moment)
        fences.append(SimulatedQueue.Fence(id: id, attempt: 0))
      }
    }
    if isUnanswered {
      try record(index, .enqueue, .indeterminate, [], batch: batch)
    } else {
      try record(index, .enqueue, .ok, fences)
    }
    // The further ahead of the consumers, the slower.
    let lead = min(20, queue.readyCount / load.backlog)
    plan(index, .enqueue, thinkUs: (1 + lead * 300)...(60 + lead * 900))
  }

  private mutating func claim(_ index: Int, hasEffect: Bool, isUnanswered: Bool) throws {
    let moment = actors[index].moment
    let fences = hasEffect ? queue.claim(limit: random.number(1...load.batchSize), moment) : []
    if isUnanswered {
      try record(index, .claim, .indeterminate, [])
      return plan(index, .claim, thinkUs: 1...20)
    }
    guard !fences.isEmpty else {
      try record(index, .claim, .empty, [])
      return plan(index, .claim, thinkUs: 100...1000)
    }
    try record(index, .claim, .ok, fences)
    if queue.repeatsFence() {
      try record(
        (index + 1 - load.producers) % load.consumers + load.producers, .claim, .ok, fences)
    }
    actors[index].held = fences
    if random.happens(perMille: load.forgottenPerMille) {
      actors[index].held = []
      plan(index, .claim, thinkUs: 1...20)
    } else if random.happens(perMille: load.stalledPerMille) {
      let leaseUs = load.leaseDurationMs * 1000
      plan(index, .complete, thinkUs: (leaseUs * 11 / 10)...(leaseUs * 5 / 2))
    } else if random.happens(perMille: load.otherPerMille),
      queue.witnesses.isDisjoint(with: fences.map(\.id))
    {
      switch random.index(below: 3) {
      case 0: plan(index, .giveUp(failed: true), thinkUs: 1...200)
      case 1: plan(index, .giveUp(failed: false), thinkUs: 1...200)
      default: plan(index, .extend, thinkUs: 1...(load.leaseDurationMs * 1200))
      }
    } else {
      plan(index, .complete, thinkUs: 1...100)
    }
  }

  private mutating func complete(_ index: Int, hasEffect: Bool, isUnanswered: Bool) throws {
    let fences = actors[index].held
    if let first = fences.first, queue.hidesCompletion(of: first) {
      _ = queue.complete(first, actors[index].moment)
      try record(index, .complete, .failed, [first])
    } else if let first = fences.first, let invented = queue.inventedFence(insteadOf: first) {
      _ = queue.complete(invented, actors[index].moment)
      try record(index, .complete, .ok, [invented])
    } else {
      try acknowledge(index, .complete, hasEffect, isUnanswered) { $0.complete($1, $2) }
    }
    actors[index].held = []
    plan(index, .claim, thinkUs: 1...20)
  }

  /// One operation on all tasks that are held, each with its own answer.
  private mutating func acknowledge(
    _ index: Int, _ kind: OperationKind, _ hasEffect: Bool, _ isUnanswered: Bool,
    _ call: (inout SimulatedQueue, SimulatedQueue.Fence, SimulatedQueue.Moment) -> Bool
  ) throws {
    let moment = actors[index].moment
    let fences = actors[index].held
    for (position, fence) in fences.enumerated() {
      let isAccepted = hasEffect && call(&queue, fence, moment)
      let outcome: OperationOutcome =
        isUnanswered ? .indeterminate : isAccepted ? .ok : .refused
      try record(
        index, kind, outcome, fence, batch: position == 0 ? fences.count : 1,
        isMember: position > 0)
    }
  }

  // MARK: Records

  private mutating func record(
    _ index: Int, _ kind: OperationKind, _ outcome: OperationOutcome,
    _ fences: [SimulatedQueue.Fence], batch: Int = 1
  ) throws {
    guard let first = fences.first else {
      return try record(
        index, kind, outcome, SimulatedQueue.Fence(id: 0, attempt: 0), batch: batch,
        isMember: false)
    }
    try record(index, kind, outcome, first, batch: fences.count, isMember: false)
    for fence in fences.dropFirst() {
      try record(index, kind, outcome, fence, batch: 1, isMember: true)
    }
  }

  private mutating func record(
    _ index: Int, _ kind: OperationKind, _ outcome: OperationOutcome,
    _ fence: SimulatedQueue.Fence, batch: Int, isMember: Bool
  ) throws {
    let moment = actors[index].moment
    recordCount += 1
    try write(
      index,
      OperationRecord(
        kind: kind, outcome: outcome, taskID: Int64(fence.id), attempt: fence.attempt,
        intendedStartNs: moment.startNs, startNs: moment.startNs, endNs: moment.endNs,
        batch: batch, isMember: isMember))
  }
}
