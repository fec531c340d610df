/// A row of a CSV file whose columns are always the same.
protocol CSVRow: Sendable {
  /// The columns behind `schema_version`.
  static var columns: [CSVColumn<Self>] { get }
  /// A row to read fields into.
  static var empty: Self { get }
}

/// The format of a CSV file of such rows: that of this program, or of an older file with fewer columns.
struct CSVTable<Row: CSVRow> {
  private let columns: [CSVColumn<Row>]

  /// The format of new files.
  init() { columns = Row.columns }

  /// The format that a header announces; `path` is for the error.
  init(header record: CSVRecord, path: String) throws(ResultsError) {
    columns = try CSVHeader.columns(Row.columns, in: record, path: path)
  }

  /// The line of the columns' names.
  var headerLine: String { CSVText.line(of: CSVHeader.names(columns)) }

  /// The line of a row.
  func line(of row: Row) -> String {
    CSVText.line(of: [String(CellsTable.schemaVersion)] + columns.map { $0.write(row) })
  }

  /// The rows of a file, without one that an interruption has cut off; `path` is for errors.
  static func rows(of bytes: [UInt8], path: String) throws(ResultsError) -> [Row] {
    let records = try CSVText(parsing: bytes, path: path).records
    guard let first = records.first else {
      throw ResultsError(.malformed, path: path, line: 1, message: "the header is missing")
    }
    let table = try CSVTable(header: first, path: path)
    var rows: [Row] = []
    rows.reserveCapacity(records.count)
    for record in records.dropFirst() {
      var row = Row.empty
      try record.read(into: &row, columns: table.columns, path: path)
      rows.append(row)
    }
    return rows
  }
}

/// The header of a CSV file.
enum CSVHeader {
  static func names<Row>(_ columns: [CSVColumn<Row>]) -> [String] {
    ["schema_version"] + columns.map(\.name)
  }

  /// Those of the known columns that a file has.
  ///
  /// Columns were added over time, so an older file may lack some. What it has must be known and in the same
  /// order; the error names the first column that is not.
  static func columns<Row>(
    _ known: [CSVColumn<Row>], in record: CSVRecord, path: String
  ) throws(ResultsError) -> [CSVColumn<Row>] {
    func check(_ field: String?, at place: Int, against expected: String?) throws(ResultsError) {
      guard field != expected else { return }
      func shown(_ name: String?) -> String { name.map { "\"\($0)\"" } ?? "nothing" }
      throw ResultsError(
        .malformed, path: path, line: record.line,
        message:
          "column \(place + 1) is \(shown(field)), expected \(shown(expected)); was the file "
          + "written by another version or edited?")
    }
    try check(record.fields.first, at: 0, against: "schema_version")
    var found: [CSVColumn<Row>] = []
    var rest = known[...]
    for (place, field) in record.fields.enumerated().dropFirst() {
      let next = rest.firstIndex { $0.name == field }
      // The first that may not be passed over, or the one that stands where a stranger does.
      let missing = rest.prefix { $0.name != field }.first { $0.isRequired || next == nil }
      try check(field, at: place, against: missing?.name ?? (next == nil ? nil : field))
      guard let next else { break }
      found.append(rest[next])
      rest = rest[(next + 1)...]
    }
    try check(nil, at: record.fields.count, against: rest.first(where: \.isRequired)?.name)
    return found
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
