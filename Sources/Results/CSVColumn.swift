import Foundation

/// A column of a CSV file: its name, and how a row goes into a field and back.
///
/// One list of these is header, writer and reader at once, so that the three cannot drift apart.
struct CSVColumn<Row>: Sendable {
  let name: String
  let write: @Sendable (Row) -> String
  let read: @Sendable (inout Row, String) throws -> Void
  /// Whether a file without the column is none; others may be older than the column.
  private(set) var isRequired = false

  /// The same column, without which a file cannot be read.
  var required: CSVColumn {
    var column = self
    column.isRequired = true
    return column
  }

  typealias Path<Value> = any WritableKeyPath<Row, Value> & Sendable

  static func text(_ name: String, _ path: Path<String>) -> CSVColumn {
    CSVColumn(
      name: name, write: { $0[keyPath: path] }, read: { $0[keyPath: path] = $1 })
  }

  /// An integer that every row has.
  static func integer(_ name: String, _ path: Path<Int>) -> CSVColumn {
    CSVColumn(
      name: name, write: { String($0[keyPath: path]) },
      read: { result, field in
        guard let value = Int(field) else { throw BadField(expectation: "an integer") }
        result[keyPath: path] = value
      }
    ).required
  }

  /// A count; empty if nobody counted.
  static func count(_ name: String, _ path: Path<Int?>) -> CSVColumn {
    CSVColumn(
      name: name, write: { $0[keyPath: path].map(String.init) ?? "" },
      read: { row, field in
        guard field.isEmpty || Int(field).map({ $0 >= 0 }) == true else {
          throw BadField(expectation: "a count")
        }
        row[keyPath: path] = Int(field)
      })
  }

  /// A number; empty if there is none.
  static func number(_ name: String, _ path: Path<Double?>, decimals: Int) -> CSVColumn {
    CSVColumn(
      name: name,
      write: { $0[keyPath: path].map { decimalText($0, decimals: decimals) } ?? "" },
      read: { $0[keyPath: path] = try number(in: $1) })
  }

  /// A number that every row has.
  static func decimal(_ name: String, _ path: Path<Double>, decimals: Int) -> CSVColumn {
    CSVColumn(
      name: name, write: { decimalText($0[keyPath: path], decimals: decimals) },
      read: { row, field in
        guard let value = try number(in: field) else { throw BadField(expectation: "a number") }
        row[keyPath: path] = value
      }
    ).required
  }

  /// The numbers of a latency: `p50_us` to `mean_us`, each behind a prefix.
  static func latency(_ path: Path<LatencySummary>, prefix: String) -> [CSVColumn] {
    let parts: [(String, any WritableKeyPath<LatencySummary, Double?> & Sendable)] = [
      ("p50", \.p50Us), ("p90", \.p90Us), ("p95", \.p95Us), ("p99", \.p99Us),
      ("p999", \.p999Us), ("max", \.maxUs), ("mean", \.meanUs),
    ]
    return parts.map { name, part in
      CSVColumn(
        name: "\(prefix)\(name)_us",
        write: { row in
          row[keyPath: path][keyPath: part].map { decimalText($0, decimals: 3) } ?? ""
        },
        read: { $0[keyPath: path][keyPath: part] = try number(in: $1) })
    }
  }

  fileprivate static func number(in field: String) throws -> Double? {
    if field.isEmpty { return nil }
    guard let value = Double(field), value.isFinite else {
      throw BadField(expectation: "a number")
    }
    return value
  }

  /// `true`, `false`, or empty if neither.
  static func flag(_ name: String, _ path: Path<Bool?>) -> CSVColumn {
    CSVColumn(
      name: name, write: { $0[keyPath: path].map(String.init) ?? "" },
      read: { result, field in
        guard field.isEmpty || Bool(field) != nil else {
          throw BadField(expectation: "true, false or empty")
        }
        result[keyPath: path] = Bool(field)
      })
  }

  /// One of the words of an enumeration.
  static func word<Word>(_ name: String, _ path: Path<Word>) -> CSVColumn
  where Word: RawRepresentable<String> & CaseIterable & Sendable {
    CSVColumn(
      name: name, write: { $0[keyPath: path].rawValue },
      read: { result, field in
        guard let word = Word(rawValue: field) else {
          let words = Word.allCases.map(\.rawValue).joined(separator: ", ")
          throw BadField(expectation: "one of \(words)")
        }
        result[keyPath: path] = word
      }
    ).required
  }

  /// One of the words of an enumeration; empty if none applies.
  static func optionalWord<Word>(_ name: String, _ path: Path<Word?>) -> CSVColumn
  where Word: RawRepresentable<String> & CaseIterable & Sendable {
    CSVColumn(
      name: name, write: { $0[keyPath: path]?.rawValue ?? "" },
      read: { row, field in
        guard field.isEmpty || Word(rawValue: field) != nil else {
          let words = Word.allCases.map(\.rawValue).joined(separator: ", ")
          throw BadField(expectation: "one of \(words), or empty")
        }
        row[keyPath: path] = Word(rawValue: field)
      })
  }

  /// Counts in a fixed order: `120|118|121`.
  static func counts(_ name: String, _ path: Path<[Int]>) -> CSVColumn {
    CSVColumn(
      name: name,
      write: { $0[keyPath: path].map(String.init).joined(separator: "|") },
      read: { row, field in
        row[keyPath: path] = try field.split(separator: "|").map { part in
          guard let value = Int(part), value >= 0 else {
            throw BadField(expectation: "counts separated by |")
          }
          return value
        }
      })
  }

  /// Texts in a fixed order, separated by ` | `.
  static func texts(_ name: String, _ path: Path<[String]>) -> CSVColumn {
    CSVColumn(
      name: name, write: { $0[keyPath: path].joined(separator: " | ") },
      read: { row, field in
        row[keyPath: path] = field.isEmpty ? [] : field.components(separatedBy: " | ")
      })
  }

  /// Counts by name: `SQLITE_BUSY:12|SQLITE_BUSY_SNAPSHOT:3`, sorted by name.
  static func countsByName(_ name: String, _ path: Path<[String: Int]>) -> CSVColumn {
    CSVColumn(
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

/// A field that does not hold what its column holds.
struct BadField: Error {
  /// What the column holds, for the error message (`a number`).
  let expectation: String
}

extension CSVColumn<RepeatResult> {
  /// A count of what happened; empty for a repeat that was not measured, unless it got that far.
  static func count(_ name: String, _ path: Path<Int>) -> CSVColumn {
    CSVColumn(
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

  /// A number that repeats and cells are compared by.
  static func metric(_ metric: Metric) -> CSVColumn {
    CSVColumn(
      name: metric.columnName,
      write: { result in
        metric.value(in: result).map { decimalText($0, decimals: metric.decimals) } ?? ""
      },
      read: { metric.set(try number(in: $1), in: &$0) })
  }

  /// The label on an axis.
  static func axis(_ axisName: String) -> CSVColumn {
    CSVColumn(
      name: axisColumnPrefix + axisName,
      write: { result in result.axes.first { $0.name == axisName }?.label ?? "" },
      read: { $0.axes.append(AxisValue(name: axisName, label: $1)) })
  }
}

/// What stands before an axis' name in the name of its column.
let axisColumnPrefix = "axis."
