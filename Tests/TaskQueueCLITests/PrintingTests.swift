import QueueEngine
import Testing

@testable import taskqueue

/// Tables, lengths of time and JSON, as values.
@Suite struct PrintingTests {
  private let columns: [Table.Column] = [.number("id"), .text("type"), .long("payload")]

  @Test func `Columns stand under their titles, numbers on the right`() {
    let table = Table(columns, [["1", "a", "{}"], ["100", "longer", nil]])
    #expect(
      table.text(width: nil) == """
         id  type    payload
        ────────────────────
          1  a       {}
        100  longer  -

        """)
  }

  @Test(arguments: [20, 30, 40, 80])
  func `A table fits its terminal`(width: Int) {
    let payload = String(repeating: "語 x", count: 100)
    let text = Table(columns, [["1", "a", payload]]).text(width: width)
    for line in text.split(separator: "\n") { #expect(displayWidth(line) <= width, "\(line)") }
    #expect(text.contains("…"))
  }

  @Test func `Columns that matter least are left out of a narrow terminal`() {
    let columns: [Table.Column] = [
      .number("id"), .text("first").dropped(1), .text("second").dropped(2), .long("payload"),
    ]
    func titles(_ width: Int) -> String {
      let text = Table(columns, [["1", "aaaaaaaaaa", "bbbbbbbbbb", "a long payload"]])
        .text(width: width)
      return text.split(separator: "\n").first.map(String.init) ?? ""
    }
    #expect(titles(80) == "id  first       second      payload")
    #expect(titles(36) == "id  first       second      payload")
    #expect(titles(30) == "id  first       payload")
    #expect(titles(20) == "id  payload")
  }

  @Test func `Nothing in a cell reaches the terminal`() {
    let text = Table(columns, [["1", "\u{1B}[31m", "a\nb\u{202E}\u{9B}c"]]).text(width: nil)
    #expect(text.contains("\\u{1B}[31m"))
    #expect(text.contains("a\\nb\\u{202E}\\u{9B}c"))
    #expect(text.split(separator: "\n").count == 3)
  }

  @Test(
    arguments: [
      ("0", 0), ("500ms", 500), ("90s", 90_000), ("1.5s", 1500), ("5m", 300_000),
      ("5min", 300_000), ("2h", 7_200_000), ("30d", 2_592_000_000),
    ] as [(String, Int64)])
  func `Lengths of time are read`(text: String, ms: Int64) throws {
    let length = try #require(TimeLength(argument: text))
    #expect(length.ms == ms)
    #expect(TimeLength(argument: length.description) == length)
  }

  @Test(
    arguments: ["", "s", "5", "-5s", "+5s", "1e3s", "infs", "0.5ms", "5 s", "99999999d", "1..5s"])
  func `Other lengths of time are refused`(text: String) {
    #expect(TimeLength(argument: text) == nil)
  }

  @Test(
    arguments: [
      (0, "now"), (999, "now"), (1000, "1 s ago"), (119_999, "119 s ago"), (120_000, "2 min ago"),
      (7_200_000, "2 h ago"), (172_800_000, "2 d ago"), (-5000, "in 5 s"),
    ] as [(Int64, String)])
  func `Ages are told in their largest unit`(ms: Int64, text: String) {
    let now = Timestamp(millisecondsSinceEpoch: 1_000_000_000_000)
    #expect(ageText(now.adding(milliseconds: -ms), now: now) == text)
  }

  @Test(
    arguments: [
      (0, "0 B"), (1023, "1023 B"), (1024, "1 KiB"), (1536, "1.5 KiB"), (61_440, "60 KiB"),
      (1_048_576, "1 MiB"), (5_000_000_000, "4.7 GiB"),
    ] as [(Int64, String)])
  func `Bytes are told in their largest unit`(count: Int64, text: String) {
    #expect(byteText(count) == text)
  }

  @Test func `JSON that is stored stays JSON, and everything else becomes a string`() {
    #expect(JSONValue.stored("{\"a\":\n [1]}").line == "{\"a\":  [1]}")
    #expect(JSONValue.stored("plain").line == "\"plain\"")
    #expect(JSONValue.stored("\"\u{9B}\"").line == "\"\\u009b\"")
    #expect(JSONValue.string("a\"\\\n\u{1B}").line == "\"a\\\"\\\\\\n\\u001b\"")
    #expect(JSONValue.stored(nil).line == "null")
  }

  @Test(
    arguments: [
      ("plain/path.db", "plain/path.db"), ("a b", "'a b'"), ("it's", "'it'\\''s'"), ("", "''"),
    ])
  func `A path in a remedy can be pasted into a shell`(text: String, word: String) {
    #expect(shellWord(text) == word)
  }
}
