import QueueEngine
import TestSupport
import Testing

@testable import QueueOperations

/// What Prometheus reads is what the queue says.
@Suite(.temporaryDirectory)
struct PrometheusTextTests {
  private static let start = MeasuredQueue.start
  private static let hostile = "a\"b\\c\nd,e}=\u{1f600}\r\n#"

  private func parsed(_ queue: MeasuredQueue, now: Timestamp) throws -> Exposition {
    let text = PrometheusText(of: try queue.metrics.snapshot(now: now)).text
    #expect(text.hasSuffix("\n"))
    return try Exposition(text)
  }

  @Test func `Every number can be read back`() throws {
    let queue = try MeasuredQueue()
    try queue.enqueue(3)
    try queue.enqueue(2, type: Self.hostile)
    try queue.complete(at: Self.start, afterMs: 40)
    try queue.complete(at: Self.start, afterMs: 800)
    try queue.complete(at: Self.start, afterMs: 9_000_000)
    try queue.fail(at: Self.start)
    _ = try queue.claim(worker: Self.hostile)
    try WorkerRegistry(database: queue.database).register("w", now: Self.start)
    let read = try parsed(queue, now: MeasuredQueue.at(120))
    func value(_ name: String, _ labels: [String: String] = [:]) throws -> Double {
      try #require(read.values[Exposition.Series(name: name, labels: labels)], "\(name) \(labels)")
    }
    #expect(try value("taskqueue_tasks", ["type": "t", "status": "queued"]) == 2)
    #expect(try value("taskqueue_tasks", ["type": "t", "status": "processing"]) == 1)
    #expect(try value("taskqueue_tasks", ["type": "t", "status": "dead_letter"]) == 0)
    #expect(try value("taskqueue_tasks", ["type": Self.hostile, "status": "queued"]) == 2)
    #expect(try value("taskqueue_tasks_added_total", ["type": "t"]) == 7)
    #expect(try value("taskqueue_tasks_ended_total", ["type": "t", "status": "completed"]) == 3)
    #expect(try value("taskqueue_tasks_ended_total", ["type": "t", "status": "failed"]) == 1)
    #expect(try value("taskqueue_task_retries_total", ["type": "t"]) == 0)
    #expect(try value("taskqueue_oldest_task_age_seconds") == 120)
    #expect(try value("taskqueue_workers", ["state": "late"]) == 1)
    #expect(try value("taskqueue_worker_held_tasks", ["worker": Self.hostile]) == 1)
    #expect(try value("taskqueue_expired_leases") == 0)
    let name = "taskqueue_task_processing_seconds"
    #expect(try value("\(name)_count", ["type": "t"]) == 3)
    #expect(try value("\(name)_sum", ["type": "t"]) == 9000.84)
    #expect(try value("\(name)_bucket", ["type": "t", "le": "0.01"]) == 0)
    #expect(try value("\(name)_bucket", ["type": "t", "le": "0.05"]) == 1)
    #expect(try value("\(name)_bucket", ["type": "t", "le": "1"]) == 2)
    #expect(try value("\(name)_bucket", ["type": "t", "le": "5000"]) == 2)
    #expect(try value("\(name)_bucket", ["type": "t", "le": "+Inf"]) == 3)
  }

  @Test(arguments: [true, false])
  func `The text keeps the rules of the format`(counting: Bool) throws {
    let queue = try MeasuredQueue(counting: counting)
    for type in ["t", Self.hostile] {
      try queue.enqueue(1, type: type)
      for ms in [0, 1, 7, 300, 100_000_000_000_000] as [Int64] {
        try queue.complete(type, at: Self.start, afterMs: ms)
      }
    }
    let read = try parsed(queue, now: Self.start)
    for (family, kind) in read.kinds {
      // Units and suffixes: https://prometheus.io/docs/practices/naming/
      #expect(family.hasPrefix("taskqueue_"))
      #expect((kind == "counter") == family.hasSuffix("_total"))
      #expect(read.helps[family]?.isEmpty == false)
    }
    #expect(read.kinds.values.contains("counter") == counting)
    #expect(read.kinds.values.contains("histogram") == counting)
    // Buckets grow with their bounds, and the last one is the count.
    let buckets = read.values.filter { $0.key.name.hasSuffix("_bucket") }
    #expect(buckets.isEmpty == !counting)
    for type in counting ? ["t", Self.hostile] : [] {
      let ofType = buckets.filter { $0.key.labels["type"] == type }
        .map { (bound: Double($0.key.labels["le"]!.replacing("+Inf", with: "inf"))!, $0.value) }
        .sorted { $0.bound < $1.bound }
      #expect(ofType.count == PrometheusText.bucketBoundsMs.count + 1)
      #expect(zip(ofType, ofType.dropFirst()).allSatisfy { $0.1 <= $1.1 })
      #expect(ofType.last?.1 == 5 && ofType.last?.bound == .infinity)
    }
  }

  @Test func `The bounds of the histogram are bounds of classes`() {
    for bound in PrometheusText.bucketBoundsMs {
      #expect(ProcessingTimeBounds.all.contains(bound))
    }
  }

  @Test(
    arguments: [
      (1.0, "1"), (0.5, "0.5"), (-2, "-2"), (.nan, "NaN"), (.infinity, "+Inf"),
      (-.infinity, "-Inf"), (9000.84, "9000.84"),
    ] as [(Double, String)])
  func `Numbers are written as Prometheus reads them`(value: Double, text: String) {
    #expect(PrometheusText.number(value) == text)
  }

  @Test func `An empty queue has its metrics, too`() throws {
    let read = try parsed(try MeasuredQueue(), now: Self.start)
    #expect(read.values[Exposition.Series(name: "taskqueue_expired_leases", labels: [:])] == 0)
  }
}

/// A reader of the text format, as strict as its description:
/// <https://prometheus.io/docs/instrumenting/exposition_formats/>.
private struct Exposition {
  struct Series: Hashable {
    let name: String
    let labels: [String: String]
  }

  struct Malformed: Error {
    let line: String
    let reason: String
  }

  private(set) var values: [Series: Double] = [:]
  private(set) var kinds: [String: String] = [:]
  private(set) var helps: [String: String] = [:]
  private var current = ""

  init(_ text: String) throws {
    // By bytes: a carriage return with a line feed is one character.
    for line in text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
      let line = String(Substring(line))
      if line.isEmpty { continue }
      if line.hasPrefix("#") { try readComment(line) } else { try readSample(line) }
    }
  }

  private mutating func readComment(_ line: String) throws {
    let words = line.split(separator: " ", maxSplits: 3).map(String.init)
    guard words.count == 4 else { throw Malformed(line: line, reason: "too short") }
    switch words[1] {
    case "HELP":
      guard helps[words[2]] == nil else { throw Malformed(line: line, reason: "second HELP") }
      helps[words[2]] = words[3]
    case "TYPE":
      guard kinds[words[2]] == nil, ["counter", "gauge", "histogram", "summary"].contains(words[3])
      else { throw Malformed(line: line, reason: "TYPE") }
      kinds[words[2]] = words[3]
      current = words[2]
    default: throw Malformed(line: line, reason: "comment")
    }
  }

  private mutating func readSample(_ line: String) throws {
    var rest = line.unicodeScalars[...]
    func fail(_ reason: String) -> Malformed { Malformed(line: line, reason: reason) }
    func word() -> String {
      let word = rest.prefix { scalar in
        "_:".unicodeScalars.contains(scalar)
          || scalar.isASCII && (scalar.properties.isAlphabetic || ("0"..."9").contains(scalar))
      }
      rest = rest.dropFirst(word.count)
      return String(word)
    }
    let name = word()
    let family =
      kinds[current] == "histogram"
      ? ["_bucket", "_sum", "_count"].first { name.hasSuffix($0) }
        .map { String(name.dropLast($0.count)) } ?? name : name
    guard !name.isEmpty, family == current else { throw fail("not of \(current)") }
    var labels: [String: String] = [:]
    if rest.first == "{" {
      rest = rest.dropFirst()
      while rest.first != "}" {
        let label = word()
        guard !label.isEmpty, labels[label] == nil, rest.prefix(2).elementsEqual(["=", "\""])
        else { throw fail("label") }
        rest = rest.dropFirst(2)
        var value = String.UnicodeScalarView()
        while let scalar = rest.popFirst(), scalar != "\"" {
          guard scalar == "\\" else {
            value.append(scalar)
            continue
          }
          switch rest.popFirst() {
          case "n": value.append("\n")
          case "\\": value.append("\\")
          case "\"": value.append("\"")
          default: throw fail("escape")
          }
        }
        labels[label] = String(value)
        if rest.first == "," { rest = rest.dropFirst() }
      }
      rest = rest.dropFirst()
    }
    guard rest.first == " " else { throw fail("no blank before the value") }
    let text = String(rest.dropFirst())
    let number = ["+Inf": Double.infinity, "-Inf": -.infinity, "NaN": .nan][text] ?? Double(text)
    guard let number else { throw fail("value") }
    let series = Series(name: name, labels: labels)
    guard values.updateValue(number, forKey: series) == nil else { throw fail("second sample") }
  }
}
