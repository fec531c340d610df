import Foundation

extension TuningRecord {
  /// The record as pretty JSON with sorted keys, so that two of them can be compared line by line.
  package func jsonBytes() throws -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return Array(try encoder.encode(self)) + [UInt8(ascii: "\n")]
  }

  /// The record that JSON holds; `path` is for the error.
  package init(jsonBytes: [UInt8], path: String) throws(ResultsError) {
    do {
      self = try JSONDecoder().decode(Self.self, from: Data(jsonBytes))
    } catch {
      throw ResultsError(
        .malformed, path: path, message: "is not the record of a tuner: \(error)")
    }
  }
}

extension RunDirectory {
  private var tuningFile: DurableFile { DurableFile(path: "\(path)/tune.json") }

  /// Makes `record` what the directory says about the tuner.
  package func write(_ record: TuningRecord) throws {
    try tuningFile.replace(with: record.jsonBytes())
  }

  /// What the directory says about a tuner; nil if it holds the results of something else.
  package func tuningRecord() throws(ResultsError) -> TuningRecord? {
    guard access(tuningFile.path, F_OK) == 0 else { return nil }
    return try TuningRecord(jsonBytes: tuningFile.read(), path: tuningFile.path)
  }
}
