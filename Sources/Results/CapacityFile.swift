import Foundation

extension RunDirectory {
  private static let capacityName = "capacity.json"

  /// Writes `capacity.json`, in place of an earlier one.
  package func write(_ capacity: CapacityRecord) throws(ResultsError) {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    let text: String
    do {
      text = String(decoding: try encoder.encode(capacity), as: UTF8.self) + "\n"
    } catch {
      throw ResultsError(
        .malformed, path: "\(path)/\(Self.capacityName)", message: "cannot be written: \(error)")
    }
    try writePage(text, name: Self.capacityName)
  }

  /// What `capacity.json` holds; nil if the run has none.
  package func capacity() throws(ResultsError) -> CapacityRecord? {
    let file = "\(path)/\(Self.capacityName)"
    guard FileManager.default.fileExists(atPath: file) else { return nil }
    guard let data = FileManager.default.contents(atPath: file),
      let record = try? JSONDecoder().decode(CapacityRecord.self, from: data),
      record.schemaVersion == 1
    else {
      throw ResultsError(
        .malformed, path: file, message: "is not a capacity that this program reads")
    }
    return record
  }
}
