import Results
import Testing

@testable import Reporting
import Verification

@Suite("Table of a run")
struct RunTableTests {
  @Test func `a run with seven repeats reads like this`() {
    #expect(
      RunTable(rows: SampleRun.oneAxis.rows).text() == """
                                                   ─ enqueue µs ──  ───────────── claim µs ─────────────  ───── BUSY ─────
        cell  synchronous  tasks/s  95 % interval  p50  p95    p99  p50    p95    p99  p99 95 % interval  retry %  error %  verdict
        ───────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────
        c01   OFF            8,750    8,473–9,148   18   80    244   30    136    409            383–454     5.74     0.00  valid
        c02   NORMAL         4,626    4,349–4,810   35  164    497   56    253    768            692–824     6.61     0.00  valid
        c03   FULL           1,153    1,100–1,206  139  657  2,023  226  1,011  3,024        2,799–3,541     6.38     0.00  valid
        c04   EXTRA            924        861–957  177  828  2,561  284  1,280  3,859        3,593–4,478     6.08     0.00  valid

        Medians of 7 repeats; ranges are 95 % order-statistic intervals.

        """)
  }

  @Test func `what is invalid, refused or failed cannot be overlooked`() {
    let text = RunTable(rows: SampleRun.troubled.rows).text()
    let lines = text.split(separator: "\n")
    func row(_ cell: String) -> Substring? { lines.first { $0.hasPrefix("\(cell)  ") } }
    #expect(row("c02")?.hasSuffix("INVALID 1/3") == true)
    #expect(row("c04")?.hasSuffix("unknown") == true)
    #expect(row("c05")?.hasSuffix("–        –  INVALID 3/3") == true)
    #expect(row("c07")?.hasSuffix("–        –  refused") == true)
    #expect(row("c09")?.hasSuffix("FAILED") == true)
    #expect(
      lines.suffix(5) == [
        "Medians of 2 to 3 repeats; ranges are min–max (an interval needs 6 repeats).",
        "c02 repeat 2 INVALID, the numbers are left out: "
          + "2 acknowledged tasks are not in the database",
        "c05 repeats 1, 2, 3 INVALID, the numbers are left out: "
          + "2 acknowledged tasks are not in the database",
        "c07 repeats 1, 2, 3 refused: asked for journal_mode=OFF, read back DELETE",
        "c09 repeat 1 FAILED: consumer 2 died of signal 9",
      ])
  }

  @Test(arguments: SampleRun.allCases, [40, 60, 80, 120])
  func `no line of the table is wider than the terminal`(run: SampleRun, width: Int) {
    let text = RunTable(rows: run.rows).text(width: width)
    let table = text.split(separator: "\n\n")[0].split(separator: "\n")
    #expect(table.allSatisfy { $0.count <= width })
    #expect(table[0].contains("verdict") || table[1].contains("verdict"))
    #expect(width > 80 || text.contains("Left out for want of width: "))
  }

  @Test func `one repeat says that it is one`() {
    let text = RunTable(rows: SampleRun.oneRepeat.rows).text()
    #expect(text.contains("One repeat per cell: nothing says how far to trust a number."))
    #expect(!text.contains("min–max"))
  }

  @Test func `a saturated cell keeps its numbers and is marked`() {
    let table = RunTable(rows: SampleRecord.rates.record.rows)
    let lines = table.text().split(separator: "\n")
    let row = lines.first { $0.hasPrefix("c07  ") }
    #expect(row?.hasSuffix("  saturated") == true)
    #expect(row?.contains("3,8") == true)
    #expect(
      lines.contains(
        "c07 repeats 1, 2, 3, 4, 5, 6 saturated, the latencies are those of an overloaded queue: "
          + "offered 4000/s, enqueued less"))
    #expect(table.text(colours: true).contains("\u{1B}[33msaturated\u{1B}[0m"))
  }

  @Test func `colours come on request only`() {
    let table = RunTable(rows: SampleRun.troubled.rows)
    #expect(!table.text().contains("\u{1B}"))
    let coloured = table.text(colours: true)
    #expect(coloured.contains("\u{1B}[1;31mINVALID 3/3\u{1B}[0m"))
    #expect(coloured.contains("\u{1B}[32mvalid\u{1B}[0m"))
  }

  @Test func `no rows are no table`() {
    #expect(RunTable(rows: []).text(width: 80) == "No repeat has ended yet.\n")
  }
}

@Suite("Text table")
struct TextTableTests {
  private let table = TextTable(
    columns: [
      TextTable.Column("name"), TextTable.Column("a", group: "group", dropOrder: 1),
      TextTable.Column("b", group: "group", alignment: .right, dropOrder: 2),
    ],
    rows: [["x", "1", "22"], ["long name", "333"]])

  @Test func `columns are aligned and groups span theirs`() {
    #expect(
      table.text() == """
                    group
        name       a     b
        ──────────────────
        x          1    22
        long name  333

        """)
  }

  @Test func `the columns that matter least go first`() {
    #expect(table.fitted(to: 100).dropped == [])
    #expect(table.fitted(to: 17).dropped == ["group b"])
    #expect(table.fitted(to: 13).dropped == ["group a", "group b"])
    #expect(table.text(width: 8) == "name\n────────\nx\nlong …me\n")
  }

  @Test func `texts stay on their lines`() {
    let table = TextTable(titles: ["t", "u"], rows: [["a\nb\u{1B}[31m"], ["c", "d", "too many"]])
    #expect(table.text() == "t         u\n───────────\na b [31m\nc         d\n")
  }
}

@Suite("Text of numbers")
struct ReportTextTests {
  @Test(arguments: [
    (0, "0 µs"), (0.4, "0.400 µs"), (41.23, "41.2 µs"), (999.4, "999 µs"), (999.6, "1.00 ms"),
    (8312, "8.31 ms"), (123_456, "123 ms"), (999_600, "1.00 s"), (61_000_000, "61.0 s"),
  ])
  func `latencies have three digits and a unit`(microseconds: Double, text: String) {
    #expect(latencyText(us: microseconds) == text)
  }

  @Test(arguments: [
    (0, "0"), (12, "12"), (999, "999"), (1000, "1,000"), (-1_234_567, "-1,234,567"),
  ])
  func `thousands are grouped`(value: Double, text: String) {
    #expect(grouped(value) == text)
  }

  @Test(arguments: [
    ("abcdefghij", 10, "abcdefghij"), ("abcdefghij", 7, "abcd…ij"), ("abc", 1, "a"),
  ])
  func `the middle is left out`(text: String, count: Int, expected: String) {
    #expect(shortened(text, to: count) == expected)
  }
}
