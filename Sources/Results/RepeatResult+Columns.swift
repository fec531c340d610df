internal import Verification

extension RepeatResult {
  /// What its row in `cells.csv` holds, by the names of the columns; without axes and empty fields.
  ///
  /// The form in which another process reports a repeat that it has measured.
  package var fieldsByColumn: [String: String] {
    let table = CellsTable(axisNames: [])
    return Dictionary(
      uniqueKeysWithValues: table.columns.map { ($0.name, $0.write(self)) }.filter { !$1.isEmpty })
  }

  /// The repeat that such fields describe, on `axes`; what this version does not know is left out, and so is
  /// what the other one did not.
  ///
  /// Throws `ResultsError` on a field that its column cannot hold; `source` is what the error calls the fields.
  package init(
    fieldsByColumn fields: [String: String], axes: [AxisValue], source: String
  ) throws(ResultsError) {
    self.init(
      run: "", cell: "", repeatNumber: 0, axes: [], producers: 0, consumers: 0, status: .failed,
      verdict: .unknown, detail: "")
    for column in CellsTable(axisNames: []).columns {
      guard let field = fields[column.name] else { continue }
      do {
        try column.read(&self, field)
      } catch {
        let expectation = (error as? BadField)?.expectation ?? "what the column holds"
        throw ResultsError(
          .malformed, path: source, message: "\(column.name): \"\(field)\" is not \(expectation)")
      }
    }
    self.axes = axes
  }
}
