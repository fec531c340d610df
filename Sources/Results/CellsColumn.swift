/// A column of `cells.csv`: its name, and how a result goes into a field and back.
///
/// One list of these is header, writer and reader at once, so that the three cannot drift apart.
struct CellsColumn: Sendable {
  /// A field that does not hold what its column holds.
  struct BadField: Error {
    /// What the column holds, for the error message (`a number`).
    let expectation: String
  }

  let name: String
  let write: @Sendable (RepeatResult) -> String
  let read: @Sendable (inout RepeatResult, String) throws -> Void

  typealias Path<Value> = any WritableKeyPath<RepeatResult, Value> & Sendable

  static func text(_ name: String, _ path: Path<String>) -> CellsColumn {
    CellsColumn(
      name: name, write: { $0[keyPath: path] }, read: { $0[keyPath: path] = $1 })
  }

  /// An integer that every row has.
  static func integer(_ name: String, _ path: Path<Int>) -> CellsColumn {
    CellsColumn(
      name: name, write: { String($0[keyPath: path]) },
      read: { result, field in
        guard let value = Int(field) else { throw BadField(expectation: "an integer") }
        result[keyPath: path] = value
      })
  }

  /// A count of what happened; empty for a repeat that was not measured, unless it got that far.
  static func count(_ name: String, _ path: Path<Int>) -> CellsColumn {
    CellsColumn(
      name: name,
      write: { result in
        let value = result[keyPath: path]
        return result.status != .measured && value == 0 ? "" : String(value)
      },
      read: { result, field in
        guard let value = field.isEmpty ? 0 : Int(field), value >= 0 else {
          throw BadField(expectation: "a count")
        }
        result[keyPath: path] = value
      })
  }

  /// A number; empty if there is none.
  static func number(_ name: String, _ path: Path<Double?>, decimals: Int) -> CellsColumn {
    CellsColumn(
      name: name,
      write: { $0[keyPath: path].map { decimalText($0, decimals: decimals) } ?? "" },
      read: { result, field in
        if field.isEmpty {
          result[keyPath: path] = nil
        } else if let value = Double(field), value.isFinite {
          result[keyPath: path] = value
        } else {
          throw BadField(expectation: "a number")
        }
      })
  }

  /// `true`, `false`, or empty if neither.
  static func flag(_ name: String, _ path: Path<Bool?>) -> CellsColumn {
    CellsColumn(
      name: name, write: { $0[keyPath: path].map(String.init) ?? "" },
      read: { result, field in
        guard field.isEmpty || Bool(field) != nil else {
          throw BadField(expectation: "true, false or empty")
        }
        result[keyPath: path] = Bool(field)
      })
  }

  /// One of the words of an enumeration.
  static func word<Word>(_ name: String, _ path: Path<Word>) -> CellsColumn
  where Word: RawRepresentable<String> & CaseIterable & Sendable {
    CellsColumn(
      name: name, write: { $0[keyPath: path].rawValue },
      read: { result, field in
        guard let word = Word(rawValue: field) else {
          let words = Word.allCases.map(\.rawValue).joined(separator: ", ")
          throw BadField(expectation: "one of \(words)")
        }
        result[keyPath: path] = word
      })
  }

  /// The label on an axis.
  static func axis(_ axisName: String) -> CellsColumn {
    CellsColumn(
      name: axisColumnPrefix + axisName,
      write: { result in result.axes.first { $0.name == axisName }?.label ?? "" },
      read: { $0.axes.append(AxisValue(name: axisName, label: $1)) })
  }

  /// Counts by name: `SQLITE_BUSY:12|SQLITE_BUSY_SNAPSHOT:3`, sorted by name.
  static func countsByName(_ name: String, _ path: Path<[String: Int]>) -> CellsColumn {
    CellsColumn(
      name: name,
      write: { result in
        result[keyPath: path].sorted { $0.key < $1.key }.map { "\($0.key):\($0.value)" }
          .joined(separator: "|")
      },
      read: { result, field in
        for pair in field.split(separator: "|") {
          guard let colon = pair.lastIndex(of: ":"), colon > pair.startIndex,
            let count = Int(pair[pair.index(after: colon)...])
          else {
            throw BadField(expectation: "NAME:count pairs separated by |")
          }
          result[keyPath: path][String(pair[..<colon])] = count
        }
      })
  }
}

/// What stands before an axis' name in the name of its column.
let axisColumnPrefix = "axis."
