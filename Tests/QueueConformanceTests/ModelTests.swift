import QueueEngine
import TestSupport
import Testing

/// Random sequences of calls against a small model of the queue in memory.
@Suite(.temporaryDirectory)
struct ModelTests {
  @Test(arguments: Subject.all, 1...3 as ClosedRange<UInt64>)
  func `Random calls agree with the model`(subject: Subject, seed: UInt64) throws {
    var run = try ModelRun(subject: subject, seed: seed)
    for _ in 0..<200 {
      guard try run.step() else { break }
    }
    try run.compareEverything()
  }

  /// What is drawn comes from the queue's seed, and nothing else decides what one thread is told.
  @Test(arguments: Subject.all.filter { $0.strategy != .orderByRandom })
  func `The same calls get the same answers`(subject: Subject) throws {
    func answers(_ name: String) throws -> [Answer] {
      var run = try ModelRun(subject: subject, name: name, seed: 9)
      for _ in 0..<100 {
        guard try run.step() else { break }
      }
      return run.answers
    }
    let first = try answers("first")
    #expect(first.count > 80)
    #expect(try answers("second") == first)
  }
}

/// One sequence of calls, made on the model and, through two objects, on a real queue.
private struct ModelRun {
  private struct RolledBack: Error {
    let answers: [Answer]
  }

  let subject: Subject
  let seed: UInt64
  let queues: [ClockedQueue]
  let claimants: [Claimant]
  var model = ModelQueue()
  var random: SeededGenerator
  var now = start
  var fences: [Fence] = []
  var answers: [Answer] = []
  var trace: [String] = []

  init(subject: Subject, name: String = "queue", seed: UInt64) throws {
    self.subject = subject
    self.seed = seed
    queues = try [1, 2].map { try subject.open(name, seed: $0) }
    random = SeededGenerator(seed: seed)
    let eu = try Capabilities(json: #"{"region":"eu"}"#)
    func claimant(
      _ workerID: String, _ types: Set<String>?, _ capabilities: Capabilities = Capabilities()
    ) -> Claimant {
      Claimant(
        workerID: workerID, strategy: subject.strategy, types: types, capabilities: capabilities)
    }
    claimants = [
      claimant("all", nil, eu), claimant("plain", nil), claimant("a", ["a"], eu),
      claimant("ab", ["a", "b"]), claimant("none", ["none"]),
    ]
  }

  private var comment: Comment {
    "\(subject.testDescription), seed \(seed), after: \(trace.suffix(12).joined(separator: "; "))"
  }

  /// Whether the real answer is the model's.
  private func agree<Value: Equatable>(_ real: Value, _ expected: Value) -> Bool {
    #expect(real == expected, comment)
    return real == expected
  }

  /// Makes one random call, or a group of them, on both and compares; false if they differ.
  mutating func step() throws -> Bool {
    let queue = queues.randomElement(using: &random)!
    now = now.adding(milliseconds: .random(in: 0...30, using: &random))
    switch Int.random(in: 0..<100, using: &random) {
    case 0..<80:
      guard let operation = operation() else { return true }
      trace.append("\(now): \(operation)")
      let real = try operation.perform(on: queue.at(now))
      let expected = model.perform(operation, real: real, now: now)
      note(real)
      return agree(real, expected)
    case 80..<92: return try group(queue)
    case 92..<96: return try agree(queue.counts(), model.counts)
    default:
      now = now.adding(milliseconds: .random(in: 100...400, using: &random))
      trace.append("\(now): time has passed")
      return try agree(queue.counts(), model.counts)
    }
  }

  /// Makes some calls one transaction, which is rolled back half of the time.
  private mutating func group(_ queue: ClockedQueue) throws -> Bool {
    let operations = (0..<Int.random(in: 1...4, using: &random)).compactMap { _ in operation() }
    let isRolledBack = Bool.random(using: &random)
    trace.append("\(now): \(isRolledBack ? "rolled back" : "together") \(operations)")
    let real: [Answer]
    do {
      real = try queue.at(now).transaction { transaction in
        var answers: [Answer] = []
        var claimed: [Fence] = []
        for operation in operations {
          let answer = try operation.perform(on: transaction, claimed: claimed)
          if case .claimed(let fences) = answer { claimed = fences }
          answers.append(answer)
        }
        if isRolledBack { throw RolledBack(answers: answers) }
        return answers
      }
      #expect(!isRolledBack, comment)
    } catch let error as RolledBack {
      real = error.answers
    }
    var after = model
    var claimed: [Fence] = []
    guard agree(real.count, operations.count) else { return false }
    for (operation, answer) in zip(operations, real) {
      let expected = after.perform(operation, real: answer, claimed: claimed, now: now)
      if case .claimed(let fences) = answer { claimed = fences }
      guard agree(answer, expected) else { return false }
    }
    if !isRolledBack {
      model = after
      real.forEach { note($0) }
    }
    return true
  }

  private mutating func note(_ answer: Answer) {
    answers.append(answer)
    if case .claimed(let claimed) = answer { fences += claimed }
  }

  /// A random call; nil if there is nothing that it could refer to.
  private mutating func operation() -> Operation? {
    let fence = fences.randomElement(using: &random)
    switch Int.random(in: 0..<95, using: &random) {
    case 0..<30: return enqueueing()
    case 30..<55:
      return .claim(
        claimants.randomElement(using: &random)!, limit: .random(in: 0...3, using: &random),
        leaseDurationMs: .random(in: 1...120, using: &random))
    case 55..<70:
      let refersBack = Int.random(in: 0..<3, using: &random) == 0
      return .complete(refersBack ? nil : fence, result: "\(trace.count)")
    case 70..<80:
      guard let fence else { return nil }
      if Int.random(in: 0..<4, using: &random) == 0 {
        return .fail(fence, .permanent(message: "p\(trace.count)"))
      }
      let runAfter = now.adding(milliseconds: .random(in: -10...100, using: &random))
      return .fail(fence, .retry(at: runAfter, message: "r\(trace.count)"))
    case 80..<85: return fence.map { .release($0) }
    case 85..<90:
      return .extend(
        (0..<Int.random(in: 0...2, using: &random)).compactMap { _ in
          fences.randomElement(using: &random)
        }, leaseDurationMs: .random(in: 1...200, using: &random))
    default:
      let last = model.rows.last?.id.rawValue ?? 0
      return .cancel(
        TaskID(rawValue: .random(in: 0...last + 1, using: &random)),
        evenIfHeld: Bool.random(using: &random))
    }
  }

  private mutating func enqueueing() -> Operation? {
    // Bounded for the sake of speed.
    let room = min(3, 60 - model.liveCount)
    guard room > 0 else { return nil }
    return .enqueue(
      (0..<Int.random(in: 1...room, using: &random)).map { _ in
        NewTask(
          type: ["a", "b", "c"].randomElement(using: &random)!,
          payload: "\(model.rows.count)", priority: .random(in: 0...3, using: &random),
          runAfter: Bool.random(using: &random)
            ? nil : now.adding(milliseconds: .random(in: -20...150, using: &random)),
          maxAttempts: .random(in: 1...3, using: &random),
          idempotencyKey: Int.random(in: 0..<4, using: &random) == 0
            ? "k\(Int.random(in: 0..<20, using: &random))" : nil,
          compatibility: Int.random(in: 0..<4, using: &random) == 0 ? #"{"region":"eu"}"# : "{}")
      })
  }

  /// Compares every task, field by field.
  func compareEverything() throws {
    for queue in queues { #expect(try queue.counts() == model.counts, comment) }
    for row in model.rows {
      let real = try #require(try queues[0].task(row.id), comment)
      let found = ModelQueue.Row(
        id: real.id,
        task: NewTask(
          type: real.type, payload: real.payload, priority: real.priority,
          runAfter: row.task.runAfter, maxAttempts: row.task.maxAttempts,
          idempotencyKey: real.idempotencyKey, compatibility: real.compatibility),
        status: real.status, attempts: real.attempts, maxAttempts: real.maxAttempts,
        runAfter: real.runAfter ?? start, leaseUntil: real.leaseUntil, lockedBy: real.lockedBy,
        finishedAt: real.finishedAt, errorMessage: real.errorMessage, result: real.result)
      #expect(found == row, comment)
    }
  }
}
