import Testing

@testable import Results

@Suite("CSV text")
struct CSVTextTests {
  @Test(arguments: [
    ["a", "b"], ["", ""], ["a,b", "c\"d\"", "\"", "e\nf", "g\r\nh", "\r"], [" a ", "\t"],
    ["é", ",\u{301}", "\"\u{301}", "\n\u{301}"], ["", "x", ""],
  ])
  func `fields survive the way to a line and back`(fields: [String]) throws {
    let text = try CSVText(parsing: CSVText.line(of: fields).utf8)
    #expect(text.records == [CSVRecord(line: 1, fields: fields)])
    #expect(text.tornLine == nil)
  }

  @Test func `records know their lines`() throws {
    let text = try CSVText(parsing: "a,b\r\n\n\"c\nd\",e\nf,g\n".utf8)
    #expect(text.records.map(\.line) == [1, 3, 5])
    #expect(text.records.map(\.fields) == [["a", "b"], ["c\nd", "e"], ["f", "g"]])
  }

  @Test(arguments: ["b", "b,", "b,\"", "b,\"x\n", "b,\"x\"", "b\r"])
  func `a record without its line end is torn`(tail: String) throws {
    let text = try CSVText(parsing: ("a,1\n" + tail).utf8)
    #expect(text.records.map(\.fields) == [["a", "1"]])
    #expect(text.completeByteCount == 4)
    #expect(text.tornLine == 2)
  }

  @Test(arguments: ["a\"b\n", "\"a\"b\n", "a\rb\n", "\"a\" ,b\n"])
  func `a stray quote or carriage return is an error with its line`(line: String) {
    #expect(throws: CSVText.SyntaxError(line: 3)) {
      try CSVText(parsing: ("x\n\n" + line).utf8)
    }
  }

  @Test func `no text has no records`() throws {
    let text = try CSVText(parsing: "".utf8)
    #expect(text.records.isEmpty && text.tornLine == nil)
  }
}

@Suite("Decimal text")
struct DecimalTextTests {
  @Test(
    arguments: [
      (0, 3, "0"), (-0.0, 3, "0"), (-0.0001, 3, "0"), (1, 3, "1"), (1.5, 3, "1.5"),
      (0.0625, 3, "0.063"), (0.0625, 6, "0.0625"), (-12.25, 3, "-12.25"), (1000, 3, "1000"),
      (1e-7, 6, "0"), (999.9996, 3, "1000"), (123_456_789.125, 3, "123456789.125"),
      (1e16, 3, "10000000000000000"), (0.1 + 0.2, 6, "0.3"), (2.5, 0, "3"),
      (.nan, 3, ""), (.infinity, 3, ""),
    ] as [(Double, Int, String)])
  func `has a point, few decimals and no exponent`(value: Double, decimals: Int, text: String) {
    #expect(decimalText(value, decimals: decimals) == text)
  }

  @Test func `reads back to itself`() throws {
    var generator = SystemRandomNumberGenerator()
    for _ in 0..<5000 {
      let value = Double.random(in: 0...1, using: &generator) * 1e9
      for decimals in [3, 6] {
        let text = decimalText(value, decimals: decimals)
        let again = decimalText(try #require(Double(text)), decimals: decimals)
        #expect(again == text)
      }
    }
  }
}

@Suite("Scenario fingerprint")
struct ScenarioFingerprintTests {
  // The test vectors that the authors of FNV publish.
  @Test(arguments: [
    ("", "cbf29ce484222325"), ("a", "af63dc4c8601ec8c"), ("foobar", "85944171f73967e8"),
  ])
  func `is FNV-1a`(text: String, expected: String) {
    #expect(scenarioFingerprint(of: text) == expected)
  }
}
