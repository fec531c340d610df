import Foundation
import Testing

/// The figures in tables behind `<!-- table: RUN -->` are those of `results/reference-RUN/summary.csv`.
@Suite struct FigureTests {
  /// What a column without back-quotes shows: a column of the CSV, and what it is divided by.
  static let columns: [String: (name: String, divisor: Double)] = [
    "tasks/s": ("throughput_per_s", 1),
    "enqueue p50, µs": ("enqueue_p50_us", 1),
    "claim p50, µs": ("claim_p50_us", 1),
    "claim p99, µs": ("claim_p99_us", 1),
    "claim p99.9, µs": ("claim_p999_us", 1),
    "longest claim, µs": ("claim_max_us", 1),
    "log, MB": ("wal_peak_bytes", 1_000_000),
  ]

  /// A table: the run, the header, the rows.
  struct Table {
    let run: String
    let header: [String]
    let rows: [[String]]
  }

  static func tables(in article: Article) -> [Table] {
    article.lines.indices.compactMap { index in
      guard let match = article.lines[index].wholeMatch(of: /<!-- table: (.*) -->/) else {
        return nil
      }
      let rows = article.lines[(index + 2)...].prefix { $0.hasPrefix("|") }
        .compactMap(Article.cells)
      return Table(run: String(match.1), header: rows[0], rows: Array(rows.dropFirst(2)))
    }
  }

  @Test(arguments: ["ChoosingAStrategy", "ChoosingPragmas"])
  func figuresAreThoseOfTheRun(_ name: String) throws {
    let tables = Self.tables(in: try Article.named(name))
    #expect(tables.count >= 2)
    for table in tables { try check(table) }
  }

  private func check(_ table: Table) throws {
    let lines = try Repository.text("results/reference-\(table.run)/summary.csv")
      .split(separator: "\n").map { $0.split(separator: ",", omittingEmptySubsequences: false) }
    let names = lines[0].map(String.init)
    #expect(!table.rows.isEmpty)
    for row in table.rows {
      let cells = Array(zip(table.header, row))
      let axes = cells.filter { $0.0.hasPrefix("`") }.map { (unquoted($0.0), unquoted($0.1)) }
      let found = lines.dropFirst().filter { line in
        axes.allSatisfy { name, value in
          names.firstIndex(of: "axis.\(name)").map { line[$0] == value } == true
        }
      }
      let line = try #require(found.count == 1 ? found.first : nil, "\(table.run): \(row)")
      for (header, cell) in cells where !header.hasPrefix("`") {
        let column = try #require(Self.columns[header], "unknown column \(header)")
        let index = try #require(names.firstIndex(of: column.name))
        let expected = text(String(line[index]), column.divisor)
        #expect(cell == expected, "\(table.run), \(axes): \(header) is \(expected)")
      }
    }
  }

  private func unquoted(_ cell: String) -> String { cell.replacing("`", with: "") }

  /// Rounded, with commas between thousands; a dash for a percentile without enough samples.
  private func text(_ value: String, _ divisor: Double) -> String {
    guard let number = Double(value) else { return "–" }
    if divisor > 1 { return String(format: "%.1f", number / divisor) }
    let digits = Array(String(Int(number.rounded())))
    return digits.enumerated().map { index, digit in
      let rest = digits.count - index
      return index > 0 && rest.isMultiple(of: 3) ? ",\(digit)" : "\(digit)"
    }.joined()
  }
}
