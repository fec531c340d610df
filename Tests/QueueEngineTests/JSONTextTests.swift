import SQLite
import TestSupport
import Testing

@testable import QueueEngine

/// What is taken for JSON, held against RFC 8259 and against SQLite's own judgement.
@Suite
struct JSONTextTests {
  private static let deepest = nested(JSONText.depthLimit)

  private static func nested(_ depth: Int) -> String {
    String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
  }

  /// SQLite's opinion of texts.
  private struct Judge {
    private let statement: Statement

    init() throws {
      statement = try Connection(path: ":memory:", busyPolicy: .timeout(timeoutMs: 0))
        .prepare("SELECT json_valid(?1)")
    }

    func accepts(_ text: String) throws -> Bool {
      defer { statement.reset() }
      try statement.bind(text, at: 1)
      return try statement.step() && statement.int64(0) == 1
    }
  }

  @Test(
    arguments: [
      "{}", " { } ", "[]", "[ ]", "\t\r\n[\n1 , 2 ]\t", "null", "true", "false", #""""#, #""x""#,
      "0", "-0", "-0.0", "10", "1e5", "1E+5", "1.5e-05", "123456789012345678901234567890", "1e999",
      #"{"a":1,"a":2}"#, #"{"":[{},[],{"b":[null]}]}"#, #""\"\\\/\b\f\n\r\t\u00e4\uD83D\uDE00""#,
      #""\ud800""#, #""\u0000""#, "\"\u{7f}\u{80}ä\u{2028}😀\"", #""1234567\"1234567\"""#, deepest,
    ])
  func `JSON is taken, and SQLite takes it, too`(text: String) throws {
    #expect(JSONText.fault(in: text) == nil)
    #expect(try Judge().accepts(text))
  }

  struct Refused: Sendable, CustomTestStringConvertible {
    let text: String
    let byteOffset: Int
    let expected: JSONText.Expectation
    init(_ text: String, _ byteOffset: Int, _ expected: JSONText.Expectation) {
      self.text = text
      self.byteOffset = byteOffset
      self.expected = expected
    }
    var testDescription: String { String(text.prefix(40).debugDescription) }
  }

  @Test(
    arguments: [
      Refused("", 0, .value), Refused("  ", 2, .value), Refused("nonsense", 0, .value),
      Refused("nul", 0, .value), Refused("nulll", 4, .end), Refused("True", 0, .value),
      Refused("NaN", 0, .value), Refused("-Infinity", 1, .digit), Refused("undefined", 0, .value),
      Refused("{", 1, .keyOrEnd), Refused("[", 1, .value), Refused("}", 0, .value),
      Refused("{]", 1, .keyOrEnd), Refused("[}", 1, .value), Refused("{}}", 2, .end),
      Refused("[] []", 3, .end), Refused("[1,]", 3, .value), Refused("[,1]", 1, .value),
      Refused("[1 2]", 3, .commaOrBracket), Refused("[1}", 2, .commaOrBracket),
      Refused(#"{"a":1,}"#, 7, .key), Refused(#"{"a":1]"#, 6, .commaOrBrace),
      Refused(#"{"a":1 "b":2}"#, 7, .commaOrBrace), Refused(#"{"a" 1}"#, 5, .colon),
      Refused(#"{"a":}"#, 5, .value), Refused("{a:1}", 1, .keyOrEnd),
      Refused("{1:1}", 1, .keyOrEnd),
      Refused("'a'", 0, .value), Refused("{'a':1}", 1, .keyOrEnd), Refused("// c\n1", 0, .value),
      Refused("01", 1, .end), Refused("-01", 2, .end), Refused("00", 1, .end),
      Refused("+1", 0, .value), Refused("-", 1, .digit), Refused("1.", 2, .digit),
      Refused(".5", 0, .value), Refused("1.e5", 2, .digit), Refused("1e", 2, .digit),
      Refused("1e+", 3, .digit), Refused("0x10", 1, .end), Refused("1_000", 1, .end),
      Refused("\"a", 2, .closingQuote), Refused("\"12345678", 9, .closingQuote),
      Refused(#""\""#, 3, .closingQuote), Refused(#""\x41""#, 2, .escape),
      Refused(#""\"#, 2, .escape), Refused(#""\u12g4""#, 5, .hexDigit),
      Refused(#""\u12"#, 5, .hexDigit), Refused(#""\U0041""#, 2, .escape),
      Refused("\"\u{0}\"", 1, .escapedControl),
      Refused("\"1234567890\u{1f}\"", 11, .escapedControl),
      Refused("\"a\nb\"", 2, .escapedControl), Refused("1\u{0}", 1, .end),
      Refused("\u{0}", 0, .value), Refused("\u{feff}{}", 0, .value),
      Refused("{}\u{feff}", 2, .end), Refused("\u{a0}1", 0, .value), Refused("\u{c}1", 0, .value),
      Refused(#"["ä",ö]"#, 6, .value), Refused(nested(1001), 1000, .lessDepth),
      Refused(String(repeating: "[", count: 200_000), 1000, .lessDepth),
      Refused(String(repeating: #"{"a":"#, count: 200_000), 5000, .lessDepth),
    ])
  func `What is no JSON is refused where it ceases to be`(refused: Refused) {
    #expect(
      JSONText.fault(in: refused.text)
        == JSONText.Fault(byteOffset: refused.byteOffset, expected: refused.expected))
  }

  @Test(arguments: ["[]", "null", "1", "\"{}\"", " [{}]", ""])
  func `Only an object will do where one is asked for`(text: String) {
    let offset = text.hasPrefix(" ") ? 1 : 0
    #expect(
      JSONText.fault(in: text, isObject: true)
        == JSONText.Fault(byteOffset: offset, expected: .object))
    #expect(JSONText.fault(in: " {\"a\": \(text.isEmpty ? "0" : text)}", isObject: true) == nil)
  }

  @Test(arguments: 1...4 as ClosedRange<UInt64>)
  func `Random texts and their mutations are judged as SQLite judges them`(seed: UInt64) throws {
    let judge = try Judge()
    var random = SeededGenerator(seed: seed)
    var takenCount = 0
    for round in 0..<3000 {
      var bytes = Array(Self.value(depth: 0, using: &random).utf8)
      let mutations = round % 4
      for _ in 0..<mutations { Self.mutate(&bytes, using: &random) }
      let text = String(decoding: bytes, as: UTF8.self)
      let isTaken = JSONText.fault(in: text) == nil
      if mutations == 0 { #expect(isTaken, "seed \(seed): \(text.debugDescription)") }
      if isTaken { takenCount += 1 }
      // SQLite ends at a NUL byte and leaves what is behind it unread.
      if isTaken || !text.utf8.contains(0) {
        #expect(try judge.accepts(text) == isTaken, "seed \(seed): \(text.debugDescription)")
      }
    }
    // Neither side of the comparison has withered away.
    #expect((1000...2800).contains(takenCount))
  }

  private static let scalars = [
    "0", "-0", "7", "-12.5", "1e5", "2E-3", "true", "false", "null", #""""#, #""plain""#, #""ä😀""#,
    #""a longer text without anything special""#, #""\"\\\/\b\f\n\r\t""#, #""\u00e4\ud800""#,
  ]

  private static func value(depth: Int, using random: inout SeededGenerator) -> String {
    let space = [" ", "\n", "", "", ""].randomElement(using: &random)!
    let count = Int.random(in: 0...3, using: &random)
    switch Int.random(in: 0..<(depth < 5 ? 4 : 2), using: &random) {
    case 0, 1: return space + scalars.randomElement(using: &random)! + space
    case 2:
      let values = (0..<count).map { _ in value(depth: depth + 1, using: &random) }
      return "\(space)[\(values.joined(separator: ","))\(space)]"
    default:
      let pairs = (0..<count).map {
        "\(space)\"k\($0)\":" + value(depth: depth + 1, using: &random)
      }
      return "{\(pairs.joined(separator: ","))\(space)}"
    }
  }

  private static func mutate(_ bytes: inout [UInt8], using random: inout SeededGenerator) {
    let telling = Array("{}[]\",:\\/ \n\t0123456789-+.eEtfnul\u{0}\u{1}\u{1f}xX'".utf8)
    let place = Int.random(in: 0...bytes.count, using: &random)
    switch Int.random(in: 0..<3, using: &random) {
    case 0: bytes.insert(telling.randomElement(using: &random)!, at: place)
    case 1: if place < bytes.count { bytes.remove(at: place) }
    default: if place < bytes.count { bytes[place] = telling.randomElement(using: &random)! }
    }
  }
}
