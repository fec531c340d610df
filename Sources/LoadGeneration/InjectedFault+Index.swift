internal import SQLite

/// Why an index cannot be spoilt.
struct NoSuchIndex: Error, CustomStringConvertible {
  let name: String

  var description: String { "the queue has no index \(name) that could be dropped" }
}

extension Connection {
  /// Makes an index useless without taking its name away: see ``InjectedFault/droppedIndex(name:)``.
  func spoilIndex(_ name: String) throws {
    let statement = try prepare(
      "SELECT sql FROM sqlite_schema WHERE type = 'index' AND name = ?1")
    try statement.bind(name, at: 1)
    let sql = try statement.step() ? statement.text(0) : nil
    statement.reset()
    // `CREATE INDEX name ON table (columns) WHERE …`
    guard let sql, let open = sql.firstIndex(of: "("), let close = sql.firstIndex(of: ")"),
      open < close
    else { throw NoSuchIndex(name: name) }
    let spoilt = sql[...open] + "id" + sql[close...]
    try execute(script: "DROP INDEX \(name); \(spoilt)")
  }
}
