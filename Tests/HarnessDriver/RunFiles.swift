internal import Foundation
package import Results
package import SQLite

/// The files that a run leaves behind.
package struct RunFiles: Sendable {
  /// `<results>/<run>`
  package let path: String

  package init(results: String, name: String) {
    path = "\(results)/\(name)"
  }

  /// The rows of cells.csv as the program itself reads them.
  package func rows() throws -> [RepeatResult] {
    try RunDirectory.open(path).rows().rows
  }

  /// The lines of cells.csv, header first.
  package func cellsLines() throws -> [String] {
    let text = try String(contentsOf: URL(fileURLWithPath: "\(path)/cells.csv"), encoding: .utf8)
    return text.split(separator: "\n").map(String.init)
  }

  /// How many whole rows cells.csv holds; 0 before there is one.
  package var rowCount: Int { max(0, ((try? cellsLines()) ?? []).count - 1) }

  /// `c01-r1` of every line of cells.csv, in its order, those that came twice twice.
  package func storedKeys() throws -> [String] {
    try cellsLines().dropFirst().map { line in
      let fields = line.split(separator: ",", omittingEmptySubsequences: false)
      return "\(fields[2])-r\(fields[3])"
    }
  }

  /// The manifest.
  package func manifest() throws -> Manifest { try RunDirectory.open(path).manifest() }

  /// Where the database of a repeat lies while it runs.
  package func databasePath(cell: String, repeatNumber: Int) -> String {
    "\(path)/databases/\(cell)-r\(repeatNumber)/queue.db"
  }

  /// A connection to the database of a running repeat in WAL mode, as a stranger would open one.
  package func connect(cell: String, repeatNumber: Int) throws -> Connection {
    let database = databasePath(cell: cell, repeatNumber: repeatNumber)
    // The first child makes the WAL; until then the file may be a copy in the making.
    try waitUntil("the database of \(cell)") {
      FileManager.default.fileExists(atPath: "\(database)-wal")
    }
    return try Connection(
      path: database, mode: .readWrite, busyPolicy: .timeout(timeoutMs: 10_000))
  }
}

extension Connection {
  /// The first column of the first row as an integer; nil without a row.
  package func integer(_ sql: String) throws -> Int64? {
    let statement = try prepare(sql)
    defer { statement.reset() }
    return try statement.step() ? statement.int64(0) : nil
  }
}
