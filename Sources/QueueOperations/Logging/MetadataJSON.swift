internal import Logging
internal import Wording

/// Metadata of swift-log as JSON (RFC 8259), for the `details` of the task log.
enum MetadataJSON {
  /// An object; its keys in order, so that the same details are the same text.
  static func object(_ metadata: Logger.Metadata) -> String {
    let members = metadata.sorted { $0.key < $1.key }.map { key, value in
      JSONString.quoted(key) + ":" + text(value)
    }
    return "{" + members.joined(separator: ",") + "}"
  }

  private static func text(_ value: Logger.MetadataValue) -> String {
    switch value {
    case .string(let text): return JSONString.quoted(text)
    case .stringConvertible(let value): return scalar(value)
    case .dictionary(let members): return object(members)
    case .array(let elements): return "[" + elements.map(text).joined(separator: ",") + "]"
    }
  }

  /// Numbers and Booleans as such, so that SQL can compare them; anything else by its description.
  private static func scalar(_ value: any CustomStringConvertible) -> String {
    switch value {
    case let isTrue as Bool: return isTrue ? "true" : "false"
    case let number as Double: return number.isFinite ? number.description : "null"
    case is any BinaryInteger: return value.description
    default: return JSONString.quoted(value.description)
    }
  }
}
