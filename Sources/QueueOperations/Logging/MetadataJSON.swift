internal import Logging

/// Metadata of swift-log as JSON (RFC 8259), for the `details` of the task log.
enum MetadataJSON {
  /// An object; its keys in order, so that the same details are the same text.
  static func object(_ metadata: Logger.Metadata) -> String {
    let members = metadata.sorted { $0.key < $1.key }.map { key, value in
      string(key) + ":" + text(value)
    }
    return "{" + members.joined(separator: ",") + "}"
  }

  private static func text(_ value: Logger.MetadataValue) -> String {
    switch value {
    case .string(let text): return string(text)
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
    default: return string(value.description)
    }
  }

  /// A string in quotes.
  static func string(_ text: String) -> String {
    var result = "\""
    result.reserveCapacity(text.utf8.count + 2)
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\r": result += "\\r"
      case "\t": result += "\\t"
      default:
        if scalar.value < 0x20 {
          let digits = String(scalar.value, radix: 16)
          result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
        } else {
          result.unicodeScalars.append(scalar)
        }
      }
    }
    return result + "\""
  }
}
