import QueueEngine
import TestSupport
import Testing

@testable import QueueOperations

/// Tasks come out of lines as they stand there, or it is said which line is wrong.
@Suite(.temporaryDirectory)
struct JSONLinesTests {
  private func tasks(_ bytes: [UInt8], limit: Int = 1 << 20) throws -> [TaskLine] {
    let path = try MigrationFixture.write(bytes)
    let reader = try JSONLinesReader(.file(path), lineByteLimit: limit)
    var lines: [TaskLine] = []
    while let line = try reader.next() { lines.append(line) }
    return lines
  }

  @Test func `Every key is read`() throws {
    let line = #"""
      {"type":"a\u00e9\ud83d\ude00","payload": {"x" : 1.50, "y":[ ]} ,"priority":-3,\#
      "max_attempts":7,"run_after":"2026-11-22T06:00:00Z","idempotency_key":"k","compatibility":{"gpu": true}}
      """#
    let task = try #require(try tasks(Array(line.utf8)).first?.task)
    #expect(task.type == "a\u{e9}\u{1f600}")
    #expect(task.payload == #"{"x" : 1.50, "y":[ ]}"#)
    #expect(task.priority == -3)
    #expect(task.maxAttempts == 7)
    #expect(task.runAfter == Timestamp("2026-11-22 06:00:00"))
    #expect(task.idempotencyKey == "k")
    #expect(task.compatibility == #"{"gpu": true}"#)
  }

  static let payloads = [
    "null", "true", "-0.5e+3", "\"\\u0000 \\\\ \\\" é\"", "[]", "{}", "[[[1]]]",
    "12345678901234567890123456789", "{\"a\":{\"b\":[1, 2 ,3]}}",
  ]

  @Test(arguments: payloads)
  func `Any payload is kept byte for byte, and written again`(payload: String) throws {
    let line = "{\"type\":\"t\",\"payload\":\(payload)}"
    let task = try #require(try tasks(Array(line.utf8)).first?.task)
    #expect(Array(task.payload.utf8) == Array(payload.utf8))
    var written: [UInt8] = []
    try JSONLinesWriter(into: { written += $0 }).write(task)
    #expect(try tasks(written).map(\.task) == [task])
  }

  static let shapes: [(String, [Int])] = [
    ("T\nT\n", [1, 2]), ("T\nT", [1, 2]), ("T\r\nT\r\n", [1, 2]), ("\u{feff}T\nT", [1, 2]),
    ("\n  \nT\n\r\n\tT\n\n", [3, 5]), ("", []), ("\u{feff}", []), ("\n", []),
  ]

  @Test(arguments: shapes)
  func `Line ends, empty lines and byte order marks do not matter`(
    shape: String, numbers: [Int]
  ) throws {
    let text = shape.replacing("T", with: #"{"type":"t"}"#)
    #expect(try tasks(Array(text.utf8)).map(\.number) == numbers)
  }

  static let badLines: [(String, String)] = [
    ("{", "expected"), ("[]", "a JSON object"), ("{}", "\"type\" is missing"),
    (#"{"type":"t"} x"#, "the end of the line"), (#"{"type":1}"#, "must be a string"),
    (#"{"type":""}"#, "must not be empty"), (#"{"type":"t","payloda":1}"#, "mean \"payload\"?"),
    (#"{"type":"t","zzzzzzzzzz":1}"#, "is unknown"), (#"{"type":"t","type":"u"}"#, "twice"),
    (#"{"type":"t","priority":1.5}"#, "whole number"),
    (#"{"type":"t","max_attempts":0}"#, "at least 1"),
    (#"{"type":"t","run_after":"tomorrow"}"#, "a time in UTC"),
    (#"{"type":"t","compatibility":[]}"#, "a JSON object"),
    (#"{"type":"t\u0000"}"#, "NUL"), (#"{"type":"\ud83d"}"#, "surrogate"),
    (#"{"type":"t","payload":{"a":01}}"#, "expected"), (#"{"type":"t","payload":}"#, "a value"),
    (#"{"type":"t","payload":[1,]}"#, "a value"), (#"{"type":"t","payload":"a"#, "closing"),
    ("{\"type\":\"t\",\"payload\":\"a\tb\"}", "escaped"), ("{\"type\":\"t\u{0}\"}", "escaped"),
  ]

  @Test(arguments: badLines)
  func `A bad line is told by its number, and the next one is read`(
    line: String, word: String
  ) throws {
    let path = try MigrationFixture.write(
      "{\"type\":\"first\"}\n\(line)\n{\"type\":\"last\"}\n")
    let reader = try JSONLinesReader(.file(path))
    #expect(try reader.next()?.task.type == "first")
    let error = try MigrationFixture.error { _ = try reader.next() }
    #expect(error.line == 2)
    #expect(error.code == .badLine)
    #expect(error.message.contains(word), "\(error.message)")
    #expect(error.description.hasPrefix("\(path):2: "))
    #expect(try reader.next()?.number == 3)
    #expect(try reader.next() == nil)
  }

  @Test func `Invalid UTF-8 is a bad line`() throws {
    let bytes = Array("{\"type\":\"".utf8) + [0xc3, 0x28] + Array("\"}\n".utf8)
    let error = try MigrationFixture.error { _ = try tasks(bytes) }
    #expect(error.line == 1)
    #expect(error.message.contains("UTF-8"))
  }

  @Test func `A line that is too long is passed over`() throws {
    // More than a piece of the file, so that its parts are dropped one by one.
    let long = String(repeating: "x", count: 600_000)
    let path = try MigrationFixture.write("\(long)\n{\"type\":\"t\"}\n\(long)")
    let reader = try JSONLinesReader(.file(path), lineByteLimit: 100)
    var errors: [MigrationError] = []
    var numbers: [Int] = []
    while true {
      do {
        guard let line = try reader.next() else { break }
        numbers.append(line.number)
      } catch let error as MigrationError {
        errors.append(error)
      }
    }
    #expect(numbers == [2])
    #expect(errors.map(\.line) == [1, 3])
    #expect(errors.allSatisfy { $0.code == .lineTooLong })
  }

  @Test(arguments: [1000, 1001])
  func `Payloads are nested as deeply as the queue takes`(levels: Int) throws {
    let payload = String(repeating: "[", count: levels) + String(repeating: "]", count: levels)
    let line = Array("{\"type\":\"t\",\"payload\":\(payload)}".utf8)
    if levels == 1000 {
      let queue = try MigrationFixture().queue
      try queue.enqueue(contentsOf: try tasks(line).map(\.task))
    } else {
      #expect(try MigrationFixture.error { _ = try tasks(line) }.message.contains("deeply"))
    }
  }
}
