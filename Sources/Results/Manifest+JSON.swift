extension Manifest {
  /// The manifest as JSON.
  func jsonBytes(path: String) throws(ResultsError) -> [UInt8] {
    try JSONFile.encode(self, path: path)
  }

  /// The manifest that `bytes` hold; `path` is for the error.
  init(jsonBytes bytes: [UInt8], path: String) throws(ResultsError) {
    self = try JSONFile.decode(
      bytes, path: path, remedy: "restore it from a copy, or delete the run")
    guard schemaVersion == CellsTable.schemaVersion else {
      throw ResultsError(
        .malformed, path: path,
        message: "schemaVersion is \(schemaVersion), this program reads \(CellsTable.schemaVersion)"
      )
    }
  }
}
