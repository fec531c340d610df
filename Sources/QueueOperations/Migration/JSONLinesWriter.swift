public import QueueEngine
internal import Wording

/// Writes tasks as JSON Lines that ``JSONLinesReader`` reads back as they were.
public struct JSONLinesWriter {
  /// Takes the bytes of one line, its end included.
  public typealias Sink = ([UInt8]) throws -> Void

  private let sink: Sink

  /// - Parameter sink: where the lines go.
  public init(into sink: @escaping Sink) { self.sink = sink }

  /// Writes one task; what has its default value is left out.
  ///
  /// Line breaks that stand between the parts of a payload become spaces, because a line holds a
  /// task.
  /// - Throws: what the sink throws.
  public func write(_ task: NewTask) throws {
    let defaults = NewTask(type: task.type)
    var bytes = Array("{\"type\":".utf8)
    JSONString.append(task.type, to: &bytes)
    func begin(_ key: String) { bytes.append(contentsOf: ",\"\(key)\":".utf8) }
    if task.payload != defaults.payload {
      begin("payload")
      Self.appendInOneLine(task.payload, to: &bytes)
    }
    if task.priority != defaults.priority {
      begin("priority")
      bytes.append(contentsOf: "\(task.priority)".utf8)
    }
    if let runAfter = task.runAfter {
      begin("run_after")
      JSONString.append(runAfter.description, to: &bytes)
    }
    if task.maxAttempts != defaults.maxAttempts {
      begin("max_attempts")
      bytes.append(contentsOf: "\(task.maxAttempts)".utf8)
    }
    if let key = task.idempotencyKey {
      begin("idempotency_key")
      JSONString.append(key, to: &bytes)
    }
    if task.compatibility != defaults.compatibility {
      begin("compatibility")
      Self.appendInOneLine(task.compatibility, to: &bytes)
    }
    bytes.append(contentsOf: "}\n".utf8)
    try sink(bytes)
  }

  /// In JSON a line break can only stand between the parts.
  private static func appendInOneLine(_ json: String, to bytes: inout [UInt8]) {
    bytes.append(contentsOf: json.utf8.lazy.map { $0 == 0x0a || $0 == 0x0d ? 0x20 : $0 })
  }
}
