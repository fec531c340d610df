/// A row of a CSV file whose columns are always the same.
protocol CSVRow: Sendable {
  /// The columns behind `schema_version`.
  static var columns: [CSVColumn<Self>] { get }
  /// A row to read fields into.
  static var empty: Self { get }
}

/// The format of a CSV file of such rows.
enum CSVTable<Row: CSVRow> {
  /// The line of the columns' names.
  static var headerLine: String {
    CSVText.line(of: header)
  }

  static var header: [String] { ["schema_version"] + Row.columns.map(\.name) }

  /// The line of a row.
  static func line(of row: Row) -> String {
    CSVText.line(of: [String(CellsTable.schemaVersion)] + Row.columns.map { $0.write(row) })
  }

  /// The rows of a file, without one that an interruption has cut off; `path` is for errors.
  static func rows(of bytes: [UInt8], path: String) throws(ResultsError) -> [Row] {
    let records = try CSVText(parsing: bytes, path: path).records
    guard let first = records.first else {
      throw ResultsError(.malformed, path: path, line: 1, message: "the header is missing")
    }
    try CSVHeader.check(first, expected: header, path: path)
    var rows: [Row] = []
    rows.reserveCapacity(records.count)
    for record in records.dropFirst() {
      var row = Row.empty
      try record.read(into: &row, columns: Row.columns, path: path)
      rows.append(row)
    }
    return rows
  }
}

/// The header of a CSV file.
enum CSVHeader {
  /// Fails unless a header is as expected; the error names the first column that is not.
  static func check(
    _ record: CSVRecord, expected: [String], path: String
  ) throws(ResultsError) {
    guard record.fields != expected else { return }
    func name(_ names: [String], _ index: Int) -> String {
      index < names.count ? "\"\(names[index])\"" : "nothing"
    }
    let count = max(expected.count, record.fields.count)
    let place = (0..<count).first { name(expected, $0) != name(record.fields, $0) } ?? 0
    throw ResultsError(
      .malformed, path: path, line: record.line,
      message: "column \(place + 1) is \(name(record.fields, place)), expected "
        + "\(name(expected, place)); was the file written by another version or edited?")
  }
}

extension CSVRecord {
  /// Reads the fields into a row; fails on the first that its column cannot hold.
  func read<Row>(
    into row: inout Row, columns: [CSVColumn<Row>], path: String
  ) throws(ResultsError) {
    func malformed(_ message: String) -> ResultsError {
      ResultsError(.malformed, path: path, line: line, message: message)
    }
    guard fields.first == String(CellsTable.schemaVersion) else {
      throw malformed(
        "schema_version is \"\(fields.first ?? "")\", this program reads "
          + "\(CellsTable.schemaVersion)")
    }
    guard fields.count == columns.count + 1 else {
      throw malformed("\(fields.count) fields, expected \(columns.count + 1)")
    }
    for (column, field) in zip(columns, fields.dropFirst()) {
      do {
        try column.read(&row, field)
      } catch let error as BadField {
        throw malformed("\(column.name): \"\(field)\" is not \(error.expectation)")
      } catch {
        throw malformed("\(column.name): \(error)")
      }
    }
  }
}

extension CSVText {
  /// The records of a file; an error names its path and line.
  init(parsing bytes: [UInt8], path: String) throws(ResultsError) {
    do {
      try self.init(parsing: bytes)
    } catch {
      throw ResultsError(
        .malformed, path: path, line: error.line,
        message: "a quote or carriage return stands where CSV allows none")
    }
  }
}
