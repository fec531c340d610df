import QueueEngine
import TestSupport
import Testing

/// What cannot be taken is refused with an error that says what and where, and leaves no trace.
@Suite(.temporaryDirectory)
struct BadInputTests {
  struct BadTask: Sendable, CustomTestStringConvertible {
    let task: NewTask
    /// What the message must say behind the place of the task.
    let message: String
    init(_ task: NewTask, _ message: String) {
      self.task = task
      self.message = message
    }
    var testDescription: String { message }
  }

  private static let tooDeep =
    #"{"a":"# + String(repeating: "[", count: 500) + String(repeating: "]", count: 500) + "}"

  static let badTasks = [
    BadTask(NewTask(type: ""), ".type must not be empty"),
    BadTask(
      NewTask(type: String(repeating: "ä", count: 128)),
      ".type has 256 bytes, and at most 255 are taken"),
    BadTask(NewTask(type: "t", idempotencyKey: ""), ".idempotencyKey must not be empty"),
    BadTask(
      NewTask(type: "t", idempotencyKey: String(repeating: "k", count: 256)),
      ".idempotencyKey has 256 bytes, and at most 255 are taken"),
    BadTask(NewTask(type: "t", maxAttempts: 0), ".maxAttempts is 0, but a task needs at least 1"),
    BadTask(NewTask(type: "t", maxAttempts: .min), ".maxAttempts is -9223372036854775808, but"),
    BadTask(
      NewTask(type: "t", payload: ""),
      ".payload must be JSON (RFC 8259): expected a value at byte 0 of 0, not the end"),
    BadTask(
      NewTask(type: "t", payload: "[1,2"),
      #".payload must be JSON (RFC 8259): expected "," or "]" at byte 4 of 4, not the end"#),
    BadTask(
      NewTask(type: "t", payload: "{\"ä\":1,\n}"),
      #".payload must be JSON (RFC 8259): expected a key in double quotes at byte 9 of 10, not "}""#
    ),
    BadTask(
      NewTask(type: "t", payload: "nonsense"), #"expected a value at byte 0 of 8, not "n""#),
    BadTask(NewTask(type: "t", payload: "\"\0\""), #"at byte 1 of 3, not "\0""#),
    BadTask(
      NewTask(type: "t", payload: String(repeating: "1", count: NewTask.payloadByteLimit + 1)),
      ".payload has 1048577 bytes, and at most 1048576 are taken; put large data into a file"),
    BadTask(
      NewTask(type: "t", compatibility: "[]"),
      #".compatibility must be a JSON object: expected a JSON object at byte 0 of 2, not "[""#),
    BadTask(
      NewTask(type: "t", compatibility: #"{"region":eu}"#),
      #".compatibility must be a JSON object: expected a value at byte 10 of 13, not "e""#),
    BadTask(NewTask(type: "t", compatibility: ""), ".compatibility must be a JSON object"),
    BadTask(
      NewTask(type: "t", compatibility: tooDeep), "expected fewer levels of nesting at byte 504"),
    BadTask(
      NewTask(type: "t", runAfter: Timestamp(millisecondsSinceEpoch: .max)),
      ".runAfter lies outside of the years 0000 to 9999"),
    BadTask(
      NewTask(type: "t", runAfter: Timestamp(millisecondsSinceEpoch: .min)),
      ".runAfter lies outside of the years 0000 to 9999"),
    BadTask(
      NewTask(
        type: "t", runAfter: Timestamp("9999-12-31 23:59:59.999")!.adding(milliseconds: 1)),
      ".runAfter lies outside of the years 0000 to 9999"),
  ]

  @Test(arguments: QueueKind.all, badTasks)
  func `Bad tasks are refused by name and nothing of their batch is kept`(
    kind: QueueKind, bad: BadTask
  ) throws {
    let queue = try kind.open()
    func expectRefused(_ place: String, _ body: () throws -> Void) throws {
      let error = try queueError(body)
      #expect(error.code == .invalidArgument)
      #expect(!error.isRetryable)
      #expect(error.message.hasPrefix(place), "\(error.message)")
      #expect(error.message.contains(bad.message), "\(error.message)")
    }
    let good = NewTask(type: "good")
    try expectRefused("task.") { try queue.enqueue(bad.task) }
    try expectRefused("tasks[0].") { try queue.enqueue([bad.task]) }
    try expectRefused("tasks[2].") { try queue.enqueue([good, good, bad.task, good]) }
    try expectRefused("task.") {
      try queue.queue.transaction { transaction in
        try transaction.enqueue(good)
        try transaction.enqueue(bad.task)
      }
    }
    #expect(try queue.counts().values.allSatisfy { $0 == 0 })
    // The queue goes on.
    #expect(try queue.enqueue(good).isNew)
    #expect(try queue.claim()?.type == "good")
  }

  static let goodPayloads = [
    "{}", "null", "0", "\"\"", " [ ] ", "\"\\u0000\"", "\"\\ud800\"", "-0.0e-0", "\"😀\u{7f}\"",
    String(repeating: "[", count: 1000) + String(repeating: "]", count: 1000),
    "\"" + String(repeating: "x", count: NewTask.payloadByteLimit - 2) + "\"",
  ]

  @Test(arguments: QueueKind.all, goodPayloads)
  func `Whatever is JSON comes back byte by byte`(kind: QueueKind, json: String) throws {
    let queue = try kind.open()
    let id = try queue.enqueue(NewTask(type: "t", payload: json)).id
    let task = try #require(try queue.claim())
    #expect(Array(task.payload.utf8) == Array(json.utf8))
    #expect(try queue.complete(task.fence, result: json) == .accepted)
    let stored = try #require(try queue.task(id))
    #expect(Array(stored.payload.utf8) == Array(json.utf8))
    #expect(try Array(#require(stored.result).utf8) == Array(json.utf8))
  }

  @Test(arguments: QueueKind.all)
  func `The longest names and the ends of time are taken`(kind: QueueKind) throws {
    let queue = try kind.open()
    let name = String(repeating: "n", count: 255)
    let last = Timestamp("9999-12-31 23:59:59.999")!
    let first = Timestamp("0000-01-01 00:00:00.000")!
    let ids = try queue.enqueue([
      NewTask(type: name, runAfter: first, idempotencyKey: name),
      NewTask(type: name, runAfter: last),
    ]).map(\.id)
    #expect(try ids.map { try queue.task($0)?.runAfter } == [first, last])
    #expect(try queue.drain().map(\.id) == [ids[0]])
    let claimed = try queue.claim(as: Claimant(workerID: name), limit: 3, now: last)
    #expect(claimed.map(\.id) == ids)
  }

  static let badResults = ["", "done", "{", "1 2", "\"\u{1}\"", "NaN", "[1,]"]

  @Test(arguments: QueueKind.all, badResults)
  func `A result that is no JSON is refused, and the lease holds`(
    kind: QueueKind, result: String
  ) throws {
    let queue = try kind.open()
    try queue.enqueue([NewTask(type: "t"), NewTask(type: "t")])
    let fences = try queue.drain().map(\.fence)
    let before = try queue.task(fences[0].id)
    let error = try queueError { try queue.complete(fences[0], result: result) }
    #expect(error.code == .invalidArgument)
    #expect(error.message.hasPrefix("completion.result must be JSON (RFC 8259): expected "))
    let batchError = try queueError {
      try queue.complete([(fences[0], "{}"), (fences[1], result)])
    }
    #expect(batchError.code == .invalidArgument)
    #expect(batchError.message.hasPrefix("completions[1].result must be JSON"))
    #expect(try queue.task(fences[0].id) == before)
    #expect(try queue.complete(fences.map { ($0, nil) }) == [.accepted, .accepted])
  }

  @Test(arguments: QueueKind.all)
  func `A result over the limit is refused with both sizes`(kind: QueueKind) throws {
    let queue = try kind.open()
    try queue.enqueue(NewTask(type: "t"))
    let fence = try #require(try queue.claim()).fence
    let error = try queueError {
      try queue.complete(fence, result: String(repeating: "1", count: 2_000_000))
    }
    #expect(error.code == .invalidArgument)
    #expect(error.message.contains("completion.result has 2000000 bytes, and at most 1048576"))
  }

  @Test(arguments: Subject.all, [-1, Int.min])
  func `Fewer than no tasks cannot be claimed`(subject: Subject, limit: Int) throws {
    let queue = try subject.open()
    let claimant = Claimant(workerID: "w", strategy: subject.strategy)
    for isEmpty in [true, false] {
      if !isEmpty { try queue.enqueue(NewTask(type: "t")) }
      let error = try queueError { try queue.claim(as: claimant, limit: limit) }
      #expect(error.code == .invalidArgument)
      #expect(error.message.contains("limit is \(limit)"))
    }
    #expect(try queue.claim(as: claimant, limit: 0).isEmpty)
    #expect(try queue.claim(as: claimant, limit: 1).count == 1)
  }

  @Test(arguments: QueueKind.all, [0, -1, Int64.min])
  func `A lease that is over before it begins is refused`(
    kind: QueueKind, durationMs: Int64
  ) throws {
    let queue = try kind.open()
    let id = try queue.enqueue(NewTask(type: "t")).id
    let error = try queueError { try queue.claim(leaseMs: durationMs) }
    #expect(error.code == .invalidArgument)
    #expect(error.message.contains("leaseDurationMs is \(durationMs)"))
    let task = try #require(try queue.claim())
    let renewal = try queueError { try queue.extend(task.fence, leaseMs: durationMs) }
    #expect(renewal.code == .invalidArgument)
    #expect(try queue.task(id)?.leaseUntil == task.leaseUntil)
  }

  @Test(arguments: Subject.all)
  func `Nobody claims without a name`(subject: Subject) throws {
    let queue = try subject.open()
    try queue.enqueue(NewTask(type: "t"))
    for (workerID, message) in [
      ("", "claimant.workerID must not be empty"),
      (String(repeating: "w", count: 256), "claimant.workerID has 256 bytes"),
    ] {
      let error = try queueError { try queue.claim(worker: workerID) }
      #expect(error.code == .invalidArgument)
      #expect(error.message.contains(message))
    }
    #expect(try queue.count(.queued) == 1)
  }

  @Test(arguments: QueueKind.all)
  func `A bad call among many does not harm the others`(kind: QueueKind) throws {
    let queue = try kind.open()
    let outcomes = try inParallel(8) { thread -> [Bool] in
      (0..<30).map { index in
        let isBad = (thread + index) % 4 == 0
        let task = NewTask(type: "t", payload: isBad ? "{" : "[\(thread),\(index)]")
        return (try? queue.enqueue(task)) != nil
      }
    }
    for (thread, outcome) in outcomes.enumerated() {
      for (index, isTaken) in outcome.enumerated() {
        #expect(isTaken == ((thread + index) % 4 != 0))
      }
    }
    let payloads = try queue.drain().map(\.payload)
    #expect(payloads.count == 180)
    #expect(Set(payloads).count == 180)
  }
}
