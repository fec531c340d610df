extension Connection {
  /// How SQLite would execute a statement: a line per step, inner ones indented by two blanks each.
  ///
  /// Empty for a statement that reads no table, such as a plain INSERT. Parameters are unbound, which
  /// changes nothing unless the database has been analysed by a SQLite with `STAT4`. What depends on the
  /// address of an object in memory is left out; the words are those of the SQLite that runs, and differ
  /// between its versions.
  ///
  /// Throws ``SQLiteError`` for what cannot be compiled, such as `INDEXED BY` an index that is not there.
  /// Source: <https://sqlite.org/eqp.html>.
  public func queryPlan(of sql: String) throws(SQLiteError) -> [String] {
    let rows = try prepare("EXPLAIN QUERY PLAN \(sql)")
    defer { rows.reset() }
    var depths: [Int64: Int] = [:]
    var lines: [String] = []
    while try rows.step() {
      let depth = depths[rows.int64(1)].map { $0 + 1 } ?? 0
      depths[rows.int64(0)] = depth
      lines.append(
        String(repeating: "  ", count: depth) + Self.withoutAddresses(rows.text(3) ?? ""))
    }
    return lines
  }

  /// Versions before 3.38 name a nameless subquery by its address (`0x55D0…`).
  static func withoutAddresses(_ text: String) -> String {
    text.split(separator: " ", omittingEmptySubsequences: false).map { word in
      word.hasPrefix("0x") && word.count > 2 && word.dropFirst(2).allSatisfy(\.isHexDigit)
        ? "subquery" : word
    }.joined(separator: " ")
  }
}
