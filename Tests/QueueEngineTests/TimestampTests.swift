import SQLite
import TestSupport
import Testing

@testable import QueueEngine

/// Moments and their text, held against SQLite's own date functions.
@Suite
struct TimestampTests {
  static let lowest: Int64 = -62_167_219_200_000
  static let highest: Int64 = 253_402_300_799_999

  /// Moments that are easily got wrong.
  static let corners = [
    "0000-01-01 00:00:00.000", "0000-02-29 23:59:59.999", "0000-12-31 23:59:59.999",
    "0001-01-01 00:00:00.000", "0100-02-28 00:00:00.001", "0400-02-29 12:00:00.000",
    "1582-10-15 00:00:00.000", "1600-02-29 00:00:00.000", "1899-12-31 23:59:59.999",
    "1900-02-28 23:59:59.999", "1900-03-01 00:00:00.000", "1969-12-31 23:59:59.999",
    "1970-01-01 00:00:00.000", "1970-01-01 00:00:00.001", "2000-02-29 00:00:00.000",
    "2000-12-31 23:59:59.999", "2004-02-29 12:34:56.789", "2026-11-21 12:00:00.123",
    "2100-02-28 23:59:59.999", "2100-03-01 00:00:00.000", "9999-12-31 23:59:59.999",
  ]

  @Test(arguments: corners)
  func `Corner cases round-trip`(text: String) throws {
    let timestamp = try #require(Timestamp(text))
    #expect(timestamp.description == text)
    #expect(Timestamp(timestamp.description) == timestamp)
  }

  @Test(arguments: [1, 2, 3, 4] as [UInt64])
  func `Text agrees with SQLite for seeded moments`(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    let connection = try Connection(path: ":memory:", busyPolicy: .timeout(timeoutMs: 0))
    // Whole seconds and milliseconds apart: a floating-point second would be rounded.
    let ours = try connection.prepare("SELECT strftime('%Y-%m-%d %H:%M:%S', ?1, 'unixepoch')")
    let theirs = try connection.prepare("SELECT strftime('%s', ?1)")
    var previous: Timestamp?
    for _ in 0..<1000 {
      let timestamp = Timestamp(
        millisecondsSinceEpoch: Int64.random(in: Self.lowest...Self.highest, using: &random))
      let ms = timestamp.millisecondsSinceEpoch
      let second = ms >= 0 ? ms / 1000 : (ms - 999) / 1000
      ours.bind(second, at: 1)
      _ = try ours.step()
      let fraction = String(ms - second * 1000 + 1000).dropFirst()
      #expect(timestamp.description == "\(ours.text(0) ?? "").\(fraction)", "\(ms), seed \(seed)")
      ours.reset()
      try theirs.bind(timestamp.description, at: 1)
      _ = try theirs.step()
      // SQLite rounds to the nearest second from its Julian day of milliseconds.
      #expect(abs(theirs.int64(0) - second) <= 1, "\(ms), seed \(seed)")
      theirs.reset()
      #expect(Timestamp(timestamp.description) == timestamp, "\(ms), seed \(seed)")
      if let previous {
        #expect((previous < timestamp) == (previous.description < timestamp.description))
      }
      previous = timestamp
    }
  }

  @Test func `Every seventh day of ten thousand years agrees with SQLite`() throws {
    let connection = try Connection(path: ":memory:", busyPolicy: .timeout(timeoutMs: 0))
    let days = try connection.prepare(
      """
      WITH RECURSIVE d (day) AS
        (SELECT -62167219200 UNION ALL SELECT day + 86400 * 7 FROM d WHERE day < 253402214400 - 604800)
      SELECT day, date(day, 'unixepoch') FROM d
      """)
    var count = 0
    var previous = ""
    var mismatches: [String] = []
    while try days.step() {
      let text = Timestamp(millisecondsSinceEpoch: days.int64(0) * 1000).description
      let expected = "\(days.text(1) ?? "") 00:00:00.000"
      if text != expected || text <= previous { mismatches.append("\(text) \(expected)") }
      previous = text
      count += 1
    }
    #expect(count > 500_000)
    #expect(mismatches.isEmpty)
  }

  @Test(
    arguments: [
      ("2026-11-21", "2026-11-21 00:00:00.000"),
      ("2026-11-21 12:34", "2026-11-21 12:34:00.000"),
      ("2026-11-21T12:34", "2026-11-21 12:34:00.000"),
      ("2026-11-21 12:34:56", "2026-11-21 12:34:56.000"),
      ("2026-11-21T12:34:56Z", "2026-11-21 12:34:56.000"),
      ("2026-11-21 12:34:56+00:00", "2026-11-21 12:34:56.000"),
      ("2026-11-21 12:34:56.7", "2026-11-21 12:34:56.700"),
      ("2026-11-21 12:34:56.78", "2026-11-21 12:34:56.780"),
      ("2026-11-21 12:34:56.789", "2026-11-21 12:34:56.789"),
      ("2026-11-21 12:34:56.789999", "2026-11-21 12:34:56.789"),
      ("2026-11-21T12:34:56.789123456Z", "2026-11-21 12:34:56.789"),
      ("2026-11-21T12:34Z", "2026-11-21 12:34:00.000"),
    ])
  func `Common forms are read`(text: String, expected: String) {
    #expect(Timestamp(text)?.description == expected)
  }

  @Test(
    arguments: [
      "", " ", "2026", "2026-11", "2026-1-2", "26-11-21", "2026/11/21", "2026-13-01", "2026-00-01",
      "2026-01-00", "2026-01-32", "2026-11-21 ", "2026-11-21 12", "2026-11-21 24:00",
      "2026-11-21 12:60", "2026-11-21 12:34:60", "2026-11-21 12:34:56.", "2026-11-21 12:34:56.x",
      "2026-11-21 12:34:56+01:00", "2026-11-21 12:34:56-00:00", "2026-11-21 12:34:56 Z",
      "2026-11-21  12:34", "2026-11-21 12:34:56ZZ", "now", "-2026-11-21", "+2026-11-21",
      "2026-11-21Z", "٢٠٢٦-11-21", "2026-11-21 12:34:56\0", "20261121", "1763726400",
    ])
  func `Anything else is refused`(text: String) {
    #expect(Timestamp(text) == nil)
  }

  @Test func `Text compares rightly with SQLite's text without milliseconds`() throws {
    let connection = try Connection(path: ":memory:", busyPolicy: .timeout(timeoutMs: 0))
    let compare = try connection.prepare("SELECT datetime(?1, 'unixepoch') <= ?2")
    for second in [0, 59, 3600, 86_399, 1_763_726_400] as [Int64] {
      for (ms, expected) in [(-1, 0), (0, 1), (1, 1), (999, 1)] as [(Int64, Int64)] {
        compare.bind(second, at: 1)
        try compare.bind(
          Timestamp(millisecondsSinceEpoch: second * 1000 + ms).description, at: 2)
        #expect(try compare.step())
        #expect(compare.int64(0) == expected, "\(second) s and \(ms) ms")
        compare.reset()
      }
    }
  }

  @Test func `The clock agrees with SQLite's`() throws {
    let connection = try Connection(path: ":memory:", busyPolicy: .timeout(timeoutMs: 0))
    let before = Timestamp.now()
    let theirs = try #require(
      try connection.scalar("SELECT strftime('%Y-%m-%d %H:%M:%f', 'now')").flatMap(Timestamp.init))
    let after = Timestamp.now()
    #expect(before.adding(milliseconds: -1) <= theirs)
    #expect(theirs <= after.adding(milliseconds: 1))
  }

  @Test func `Years that do not fit are held at the ends`() {
    for (ms, text) in [
      (.min, "0000-01-01 00:00:00.000"), (Self.lowest - 1, "0000-01-01 00:00:00.000"),
      (Self.lowest, "0000-01-01 00:00:00.000"), (Self.highest, "9999-12-31 23:59:59.999"),
      (Self.highest + 1, "9999-12-31 23:59:59.999"), (.max, "9999-12-31 23:59:59.999"),
    ] as [(Int64, String)] {
      #expect(Timestamp(millisecondsSinceEpoch: ms).description == text)
    }
  }

  @Test(
    arguments: [
      (.milliseconds(1500), 1500), (.seconds(-2), -2000), (.microseconds(1999), 1),
      (.nanoseconds(1), 0), (.zero, 0),
    ] as [(Duration, Int64)])
  func `Durations are added, cut to milliseconds`(duration: Duration, ms: Int64) {
    #expect(start.adding(duration) == start.adding(milliseconds: ms))
    #expect(
      start.adding(milliseconds: ms).millisecondsSinceEpoch - start.millisecondsSinceEpoch == ms)
  }

  @Test func `A buffer writes the first moment it is asked for, whichever that is`() {
    for ms in [.min, 0, .max] as [Int64] {
      let timestamp = Timestamp(millisecondsSinceEpoch: ms)
      let buffer = TimestampBuffer()
      let text = withExtendedLifetime(buffer) {
        String(decoding: buffer.text(timestamp), as: UTF8.self)
      }
      #expect(text == timestamp.description)
    }
  }

  @Test func `Adding beyond the end of time does not crash`() async {
    await #expect(processExitsWith: .success) {
      _ = Timestamp.now().adding(milliseconds: .max)
    }
  }
}
