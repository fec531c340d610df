import Foundation

/// Values as JSON that people read: pretty-printed, keys sorted, so that two files can be compared with diff.
enum JSONFile {
  /// The file of a value; `path` is for the error.
  static func encode(_ value: some Encodable, path: String) throws(ResultsError) -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    do {
      return try Array(encoder.encode(value)) + [UInt8(ascii: "\n")]
    } catch {
      throw ResultsError(.malformed, path: path, message: "cannot be put into JSON: \(error)")
    }
  }

  /// The value of a file; the error names the line or the key, and the remedy for what is no JSON at all.
  static func decode<Value: Decodable>(
    _ bytes: [UInt8], path: String, remedy: String
  ) throws(ResultsError) -> Value {
    do {
      return try JSONDecoder().decode(Value.self, from: Data(bytes))
    } catch let error as DecodingError {
      throw malformed(error, in: bytes, path: path, remedy: remedy)
    } catch {
      throw ResultsError(.malformed, path: path, message: "\(error)")
    }
  }

  private static func malformed(
    _ error: DecodingError, in bytes: [UInt8], path: String, remedy: String
  ) -> ResultsError {
    func place(_ codingPath: [any CodingKey]) -> String {
      codingPath.map { $0.intValue.map(String.init) ?? $0.stringValue }.joined(separator: ".")
    }
    switch error {
    case .keyNotFound(let key, let context):
      return ResultsError(
        .malformed, path: path, message: "\(place(context.codingPath + [key])): is missing")
    case .typeMismatch(_, let context), .valueNotFound(_, let context):
      let place = place(context.codingPath)
      return ResultsError(
        .malformed, path: path,
        message: (place.isEmpty ? "" : "\(place): ") + context.debugDescription)
    case .dataCorrupted:
      return ResultsError(
        .malformed, path: path, line: lineOfSyntaxError(in: bytes),
        message: "is not JSON; \(remedy)")
    @unknown default:
      return ResultsError(.malformed, path: path, message: "\(error)")
    }
  }

  /// The line, from 1, on which `bytes` stop being JSON.
  private static func lineOfSyntaxError(in bytes: [UInt8]) -> Int {
    var offset = bytes.count
    do {
      // The decoder keeps the place to itself; the older parser tells it within a sentence.
      _ = try JSONSerialization.jsonObject(with: Data(bytes))
    } catch {
      let sentence = (error as NSError).userInfo[NSDebugDescriptionErrorKey] as? String ?? ""
      if let marker = sentence.range(of: "around character ") {
        offset = Int(sentence[marker.upperBound...].prefix(while: \.isNumber)) ?? offset
      }
    }
    let newline = UInt8(ascii: "\n")
    let text = bytes.prefix(offset).reversed().drop { $0 == newline }
    return 1 + text.count { $0 == newline }
  }
}
