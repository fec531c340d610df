internal import Foundation

/// What a worker is capable of: a JSON object, held against the `compatibility` of tasks.
///
/// A task's compatibility is a JSON object, too. Each of its keys has to be met by the worker's value
/// of the same name:
/// - a string or a Boolean asks for the same value, or for a worker's array that contains it;
/// - a number asks for at least that number (`{"gpu_memory_gb": 8}` is met by 16);
/// - an array asks for one of its elements, each by the rules above;
/// - `null` asks for nothing.
///
/// A key that the worker lacks is not met, except by `null`. A compatibility that is no JSON object,
/// which other programs may write, is met by nobody; nor is one with a number beyond 1e308.
public struct Capabilities: Sendable, Hashable {
  /// The JSON text.
  public let json: String
  private let values: [String: Value]

  /// A worker without special capabilities: it meets every compatibility that asks for nothing.
  public init() {
    json = "{}"
    values = [:]
  }

  /// Capabilities from a JSON object.
  ///
  /// Throws ``QueueError`` with `invalidArgument` if the text is not one, or holds a number or an
  /// escaped character that cannot be represented.
  public init(json: String) throws {
    try Limits.checkCapabilities(json)
    guard case .object(let values) = Value(json: json) else {
      throw QueueError(
        code: .invalidArgument,
        message: "capabilities must be a JSON object without numbers beyond 1e308 and "
          + "half surrogate pairs, not: " + json.prefix(80))
    }
    self.json = json
    self.values = values
  }

  /// Whether a worker with these capabilities may take a task with that compatibility.
  public func meet(compatibility: String) -> Bool {
    if compatibility == "{}" { return true }
    guard case .object(let required) = Value(json: compatibility) else { return false }
    return required.allSatisfy { key, value in
      value == .null || values[key].map { $0.meets(value) } == true
    }
  }

  /// A JSON value, as far as matching needs it.
  private enum Value: Sendable, Hashable, Decodable {
    case null
    case bool(Bool)
    case number(Double)
    case string(String)
    case array([Value])
    case object([String: Value])

    init?(json: String) {
      guard let value = try? JSONDecoder().decode(Value.self, from: Data(json.utf8)) else {
        return nil
      }
      self = value
    }

    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      if container.decodeNil() {
        self = .null
      } else if let value = try? container.decode(Bool.self) {
        self = .bool(value)
      } else if let value = try? container.decode(Double.self) {
        self = .number(value)
      } else if let value = try? container.decode(String.self) {
        self = .string(value)
      } else if let value = try? container.decode([Value].self) {
        self = .array(value)
      } else {
        self = .object(try container.decode([String: Value].self))
      }
    }

    /// Whether a worker that has this value meets what a task asks for.
    func meets(_ required: Value) -> Bool {
      switch (self, required) {
      case (_, .null): return true
      case (_, .array(let choices)): return choices.contains { meets($0) }
      case (.array(let owned), _): return owned.contains { $0.meets(required) }
      case (.number(let owned), .number(let minimum)): return owned >= minimum
      default: return self == required
      }
    }
  }
}
