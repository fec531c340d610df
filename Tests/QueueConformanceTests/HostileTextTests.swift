import QueueEngine
import TestSupport
import Testing

/// Text is text: whatever stands in a field comes back as it was, and means nothing else.
@Suite(.temporaryDirectory)
struct HostileTextTests {
  static let texts = [
    "'; DROP TABLE task_queue; --", #""; DELETE FROM task_queue; --"#, "x' OR '1'='1", "') --",
    "?1", ":name", "@name", "$name", "%s%n%s", "%", "_", "NULL", "null", "0", "1e999", "\\", "\"",
    "`", "[x]", "a\u{0}b", "\u{0}", "\n", "\r\n", "\t", "\u{7f}", "\u{200f}abc", "\u{feff}",
    "e\u{301}", "é", "👩‍👩‍👧‍👦",
    "\u{10ffff}", "../../etc/passwd", "$(touch hacked)", "<script>alert(1)</script>",
  ]

  /// The text as a JSON string.
  private static func json(_ text: String) -> String {
    var json = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": json += "\\\""
      case "\\": json += "\\\\"
      case "\u{0}"..."\u{1f}":
        let digits = String(scalar.value, radix: 16)
        json += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: json.unicodeScalars.append(scalar)
      }
    }
    return json + "\""
  }

  private func bytes(_ text: String?) -> [UInt8]? { text.map { Array($0.utf8) } }

  @Test(arguments: QueueKind.all, texts)
  func `Every field takes every text`(kind: QueueKind, text: String) throws {
    let queue = try kind.open()
    let json = Self.json(text)
    let compatibility = #"{"region":\#(json)}"#
    let bystander = try queue.enqueue(NewTask(type: "bystander", runAfter: at(1_000_000))).id
    let task = NewTask(
      type: text, payload: json, idempotencyKey: text, compatibility: compatibility)
    let receipt = try queue.enqueue(task)
    #expect(receipt.isNew)
    let again = try queue.enqueue(task)
    #expect(!again.isNew && again.id == receipt.id)

    let other = try queue.claim(
      as: Claimant(workerID: text, types: [text + "x", "x" + text]), limit: 1)
    #expect(other.isEmpty)
    let claimant = Claimant(
      workerID: text, types: [text, "bystander"],
      capabilities: try Capabilities(json: compatibility))
    let claimed = try #require(try queue.claim(as: claimant, limit: 5).first)
    #expect(claimed.id == receipt.id)
    #expect(bytes(claimed.type) == bytes(text))
    #expect(bytes(claimed.payload) == bytes(json))
    #expect(bytes(try queue.task(receipt.id)?.lockedBy) == bytes(text))

    #expect(
      try queue.fail(claimed.fence, .retry(at: at(10), message: text)) == .accepted)
    #expect(bytes(try queue.task(receipt.id)?.errorMessage) == bytes(text))
    let second = try #require(try queue.claim(as: claimant, limit: 5, now: at(10)).first)
    #expect(try queue.complete(second.fence, result: json, now: at(10)) == .accepted)

    let stored = try #require(try queue.task(receipt.id))
    #expect(stored.status == .completed)
    #expect(bytes(stored.type) == bytes(text))
    #expect(bytes(stored.idempotencyKey) == bytes(text))
    #expect(bytes(stored.compatibility) == bytes(compatibility))
    #expect(bytes(stored.result) == bytes(json))
    // Nobody else was touched.
    #expect(try queue.task(bystander)?.status == .queued)
    #expect(try queue.counts().values.reduce(0, +) == 2)
  }

  @Test(arguments: QueueKind.all)
  func `Texts that look the same are kept apart`(kind: QueueKind) throws {
    let queue = try kind.open()
    let types = ["\u{e9}", "e\u{301}"]
    let ids = try (0..<4).map {
      try queue.enqueue(
        NewTask(type: types[$0 % 2], compatibility: #"{"region":"\#(types[$0 / 2])"}"#)
      ).id
    }
    for (index, id) in ids.enumerated() {
      let task = try #require(try queue.task(id))
      #expect(bytes(task.type) == bytes(types[index % 2]))
      #expect(bytes(task.compatibility) == bytes(#"{"region":"\#(types[index / 2])"}"#))
    }
  }

  @Test(arguments: QueueKind.all)
  func `Sixteen megabytes are refused with both sizes, and the queue goes on`(
    kind: QueueKind
  ) throws {
    let queue = try kind.open()
    let large = "\"" + String(repeating: "x", count: 16 << 20) + "\""
    let error = try queueError {
      try queue.enqueue([NewTask(type: "t"), NewTask(type: "t", payload: large)])
    }
    #expect(error.code == .invalidArgument)
    #expect(error.message.hasPrefix("tasks[1].payload has 16777218 bytes, and at most 1048576"))
    #expect(try queue.counts().values.allSatisfy { $0 == 0 })
    #expect(try queue.enqueue(NewTask(type: "t")).isNew)
    let task = try #require(try queue.claim())
    let refused = try queueError { try queue.complete(task.fence, result: large) }
    #expect(refused.code == .invalidArgument)
    #expect(try queue.complete(task.fence) == .accepted)
  }
}
