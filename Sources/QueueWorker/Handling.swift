internal import QueueEngine

/// What is done with tasks of a type.
struct Handling: Sendable {
  let retryPolicy: RetryPolicy
  let timeoutMs: Int64?
  let handler: Worker.Handler

  /// Stands for a handler that there is none of: its tasks are tried again, by other workers if possible.
  static func missing(_ type: String, retryPolicy: RetryPolicy) -> Handling {
    Handling(retryPolicy: retryPolicy, timeoutMs: nil) { _ in
      throw WorkerError(code: .noHandlers, message: "type \"\(type)\" has no handler here")
    }
  }
}

/// What was registered with a worker.
struct Handlers: Sendable {
  var byType: [String: Handling] = [:]
  var forOtherTypes: Handling?

  var isEmpty: Bool { byType.isEmpty && forOtherTypes == nil }

  /// The types to claim; nil for all.
  var types: Set<String>? { forOtherTypes == nil ? Set(byType.keys) : nil }

  subscript(type: String) -> Handling? { byType[type] ?? forOtherTypes }
}
