import QueueEngine
import TestSupport
import Testing

/// Which tasks a claim finds: those that are due, of its types, and within its capabilities.
@Suite(.temporaryDirectory)
struct ReadinessTests {
  @Test(arguments: Subject.all)
  func `What one queue object enqueues another one finds at once`(subject: Subject) throws {
    let worker = try subject.open()
    let producer = try subject.open()
    for index in 0..<5 {
      #expect(try worker.claim() == nil)
      let id = try producer.enqueue(NewTask(type: "t\(index)")).id
      let task = try #require(try worker.claim())
      #expect(task.id == id)
      #expect(task.type == "t\(index)")
    }
    // One that knows every type already, and one that knows none.
    try producer.enqueue((0..<5).map { NewTask(type: "t\($0)") })
    #expect(try worker.drain().count == 5)
    try producer.enqueue((0..<5).map { NewTask(type: "t\($0)") })
    #expect(try subject.open().drain().count == 5)
  }

  @Test(arguments: Subject.all)
  func `Workers of one queue object do not disturb each other`(subject: Subject) throws {
    let queue = try subject.open()
    try queue.enqueue((0..<30).map { NewTask(type: ["a", "b", "c"][$0 % 3]) })
    for _ in 0..<10 {
      for type in ["a", "b", "c"] { #expect(try queue.claim(types: [type])?.type == type) }
    }
    for type in ["a", "b", "c"] { #expect(try queue.claim(types: [type]) == nil) }
    #expect(try queue.claim(types: []) == nil)
  }

  @Test(arguments: Subject.all)
  func `An idle worker finds what comes`(subject: Subject) throws {
    let queue = try subject.open()
    let producer = try subject.open()
    try queue.enqueue([
      NewTask(type: "other"), NewTask(type: "own", runAfter: at(1_000_000)),
      NewTask(type: "own", compatibility: #"{"gpu":true}"#), NewTask(type: "held"),
    ])
    let held = try #require(try queue.claim(types: ["held"], leaseMs: 1_000_000))
    var expected: [TaskID] = []
    var found: [TaskID] = []
    for round in 0..<5 {
      #expect(try queue.claim(types: ["own"]) == nil)
      expected.append(try producer.enqueue(NewTask(type: "own", payload: "\(round)")).id)
      let task = try #require(try queue.claim(types: ["own"]))
      #expect(try queue.complete(task.fence) == .accepted)
      found.append(task.id)
    }
    #expect(found == expected)
    #expect(try queue.claim(types: ["own"], now: at(999_999)) == nil)
    #expect(try queue.claim(types: ["own"], now: at(1_000_000))?.type == "own")
    #expect(try queue.claim(types: ["held"], now: at(1_000_000))?.id == held.id)
  }

  @Test(arguments: Subject.all)
  func `An idle claim changes nothing`(subject: Subject) throws {
    let queue = try subject.open()
    let ids = try queue.enqueue([
      NewTask(type: "other"), NewTask(type: "own", runAfter: at(1000)),
    ]).map(\.id)
    let before = try ids.map { try queue.task($0) }
    for _ in 0..<3 {
      #expect(try queue.claim(types: ["own"]) == nil)
      let claimant = Claimant(workerID: "w", strategy: subject.strategy, types: ["own"])
      #expect(try queue.claim(as: claimant, limit: 5).isEmpty)
    }
    #expect(try ids.map { try queue.task($0) } == before)
  }

  @Test(arguments: Subject.all)
  func `A delayed task is claimed when due and not a millisecond before`(
    subject: Subject
  ) throws {
    let queue = try subject.open()
    let id = try queue.enqueue(NewTask(type: "t", priority: -9, runAfter: at(1000))).id
    let ready = try queue.enqueue(NewTask(type: "t")).id
    #expect(try queue.claim(now: at(999))?.id == ready)
    #expect(try queue.claim(now: at(999)) == nil)
    #expect(try queue.claim(now: at(1000))?.id == id)
  }

  struct Match: Sendable, CustomTestStringConvertible {
    let owned: String
    let required: String
    let isMet: Bool
    init(_ owned: String, _ required: String, _ isMet: Bool) {
      self.owned = owned
      self.required = required
      self.isMet = isMet
    }
    var testDescription: String { "\(owned) \(isMet ? "meets" : "does not meet") \(required)" }
  }

  static let matches = [
    Match("{}", "{}", true), Match("{}", " { } ", true), Match("{}", #"{"a":1}"#, false),
    Match(#"{"region":"eu"}"#, #"{ "region" : "eu" }"#, true),
    Match(#"{"region":"eu"}"#, #"{"region":"us"}"#, false),
    Match(#"{"region":["eu","us"]}"#, #"{"region":"us"}"#, true),
    Match(#"{"region":"eu"}"#, #"{"region":["eu","us"]}"#, true),
    Match(#"{"memory":16}"#, #"{"memory":8}"#, true),
    Match(#"{"memory":7.9}"#, #"{"memory":8}"#, false),
    Match(#"{"gpu":true}"#, #"{"gpu":true,"memory":1}"#, false),
    Match("{}", #"{"gpu":null}"#, true),
  ]

  @Test(arguments: Subject.all, matches)
  func `Capabilities decide what a worker is given`(subject: Subject, match: Match) throws {
    let queue = try subject.open()
    let id = try queue.enqueue(NewTask(type: "t", compatibility: match.required)).id
    let delayed = try queue.enqueue(
      NewTask(type: "t", runAfter: at(10), compatibility: match.required)
    ).id
    let claimant = Claimant(
      workerID: "w", strategy: subject.strategy,
      capabilities: try Capabilities(json: match.owned))
    #expect(try queue.claim(as: claimant, limit: 9).map(\.id) == (match.isMet ? [id] : []))
    #expect(
      try queue.claim(as: claimant, limit: 9, now: at(10)).map(\.id)
        == (match.isMet ? [delayed] : []))
  }

  /// What a claim must pass by.
  enum Obstacle: String, CaseIterable, Sendable {
    case delayed, leased, completed, failed, deadLetter, cancelled, otherTypes, incompatible
  }

  @Test(arguments: Subject.all, Obstacle.allCases)
  func `Nothing that cannot be claimed is in the way`(
    subject: Subject, obstacle: Obstacle
  ) throws {
    let queue = try subject.open()
    let own = Claimant(workerID: "w", strategy: subject.strategy, types: ["own"])
    // More than any bound on what one transaction looks at.
    let count = 300
    var task = NewTask(type: "own", priority: -9, maxAttempts: 1)
    switch obstacle {
    case .delayed: task.runAfter = at(1_000_000)
    case .otherTypes: task.type = "other"
    case .incompatible: task.compatibility = #"{"gpu":true}"#
    default: break
    }
    let ids = try queue.enqueue((0..<count).map { _ in task }).map(\.id)
    switch obstacle {
    case .delayed, .otherTypes, .incompatible: break
    case .leased: try queue.claim(as: own, limit: count, leaseMs: 1_000_000)
    case .cancelled: for id in ids { #expect(try queue.cancel(id)) }
    case .completed:
      let fences = try queue.claim(as: own, limit: count).map { ($0.fence, String?.none) }
      try queue.complete(fences)
    case .failed:
      for task in try queue.claim(as: own, limit: count) {
        try queue.fail(task.fence, .permanent(message: ""))
      }
    case .deadLetter:
      // Their leases run out, and the next claim buries them.
      try queue.claim(as: own, limit: count, leaseMs: 1)
    }
    let expected = try queue.enqueue((0..<5).map { _ in NewTask(type: "own") }).map(\.id)
    let claimed = try queue.claim(as: own, limit: 9, now: at(1))
    #expect(claimed.map(\.id).sorted() == expected.sorted())
  }
}
