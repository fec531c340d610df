import Foundation

extension Manifest {
  /// The manifest as JSON: pretty-printed, keys sorted, so that two runs can be compared with diff.
  func jsonBytes(path: String) throws(ResultsError) -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    do {
      return try Array(encoder.encode(self)) + [UInt8(ascii: "\n")]
    } catch {
      throw ResultsError(.malformed, path: path, message: "cannot be put into JSON: \(error)")
    }
  }

  /// The manifest that `bytes` hold; `path` is for the error.
  init(jsonBytes bytes: [UInt8], path: String) throws(ResultsError) {
    do {
      self = try JSONDecoder().decode(Manifest.self, from: Data(bytes))
    } catch let error as DecodingError {
      throw Self.malformed(error, in: bytes, path: path)
    } catch {
      throw ResultsError(.malformed, path: path, message: "\(error)")
    }
    guard schemaVersion == CellsTable.schemaVersion else {
      throw ResultsError(
        .malformed, path: path,
        message: "schemaVersion is \(schemaVersion), this program reads \(CellsTable.schemaVersion)"
      )
    }
  }

  private static func malformed(
    _ error: DecodingError, in bytes: [UInt8], path: String
  ) -> ResultsError {
    func place(_ codingPath: [any CodingKey]) -> String {
      codingPath.map(\.stringValue).joined(separator: ".")
    }
    switch error {
    case .keyNotFound(let key, let context):
      return ResultsError(
        .malformed, path: path, message: "\(place(context.codingPath + [key])): is missing")
    case .typeMismatch(_, let context), .valueNotFound(_, let context):
      return ResultsError(
        .malformed, path: path,
        message: "\(place(context.codingPath)): \(context.debugDescription)")
    case .dataCorrupted:
      return ResultsError(
        .malformed, path: path, line: lineOfSyntaxError(in: bytes),
        message: "is not JSON; restore it from a copy, or delete the run")
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
