import Testing

@testable import Scenarios

/// Input that no one would write on purpose must give errors, not crashes.
@Suite struct GarbageTests {
  private static let fragments = [
    "name", "question", "axes", "settings", "include", "exclude", "baseline", "targets", "cells",
    "synchronous", "depth", "busy_policy", "fixed", "task_types", ":", ": ", "\n", "\n  ", "\n- ",
    "- ", "[", "]", "{", "}", ",", "&a ", "*a", "!!int ", "!", "|", ">", "\"", "'", "#", "? ", "%",
    "@", "`", "\t", "\u{0}", "\u{FEFF}", "\u{E000}", "\u{10FFFF}", "é", "🙂", "\r", "\u{2028}",
    "---\n",
    "...\n", "<<", "~", "0", "-1", "1e999", "99999999999999999999", "1s", "500ms",
    "claim.p95 < 1ms",
    "NORMAL", "\\", "\u{85}",
  ]

  @Test(arguments: 0..<8)
  func randomFragments(seed: Int) {
    var generator = SeededGenerator(seed: UInt64(seed))
    for _ in 0..<400 {
      let count = generator.index(below: 40)
      let text = (0..<count).map { _ in
        Self.fragments[generator.index(below: Self.fragments.count)]
      }.joined()
      for candidate in [text, scenarioText(text), scenarioText("axes:\n  depth: [1]\n" + text)] {
        expectLinesOrSuccess(candidate)
      }
    }
  }

  @Test(arguments: 0..<4)
  func randomBytes(seed: Int) {
    var generator = SeededGenerator(seed: UInt64(seed))
    for _ in 0..<300 {
      let bytes = (0..<generator.index(below: 80)).map { _ in
        UInt8(truncatingIfNeeded: generator.next())
      }
      let diagnostics = Diagnostics(file: "x.yaml")
      if let text = YAMLSource.text(of: bytes, diagnostics) { expectLinesOrSuccess(text) }
      expectLinesOrSuccess(String(decoding: bytes, as: UTF8.self))
    }
  }

  @Test(arguments: 0..<8)
  func mutatedScenarios(seed: Int) throws {
    var generator = SeededGenerator(seed: UInt64(seed))
    let texts = try ShippedScenarioTests.expectations.map {
      Array(try ShippedScenarioTests.load($0.name).sourceText.unicodeScalars)
    }
    for _ in 0..<100 {
      var scalars = texts[generator.index(below: texts.count)]
      for _ in 0...generator.index(below: 4) {
        let position = generator.index(below: scalars.count)
        let length = min(generator.index(below: 12), scalars.count - position)
        let fragment = Self.fragments[generator.index(below: Self.fragments.count)]
        scalars.replaceSubrange(
          position..<(position + length), with: Array(fragment.unicodeScalars))
      }
      var text = ""
      text.unicodeScalars.append(contentsOf: scalars)
      expectLinesOrSuccess(text)
    }
  }

  @Test(arguments: ["[", "{", "- ", "? ", "a: {", "[[{", "{a: [", "&a [", "'", "!x ", "a:\n "])
  func endlessNesting(opening: String) {
    for prefix in ["", "name: x\naxes: ", "targets:\n- "] {
      for count in [100, 900, 5_000] {
        #expect(!errorLines(prefix + String(repeating: opening, count: count)).isEmpty)
      }
    }
    let closed = String(repeating: "[", count: 600) + String(repeating: "]", count: 600)
    #expect(!errorLines(scenarioText("axes: {depth: \(closed)}")).isEmpty)
  }

  @Test func deepBlocks() {
    var text = "axes:\n"
    for level in 1...1_200 { text += String(repeating: " ", count: level) + "a:\n" }
    #expect(!errorLines(scenarioText(text)).isEmpty)
  }

  @Test func nestedAliasesAreNotExpanded() {
    var text = "targets:\n- &a0 [x, x]\n"
    for level in 1...60 { text += "- &a\(level) [*a\(level - 1), *a\(level - 1)]\n" }
    let lines = errorLines(scenarioText(text))
    #expect(lines.count == 61)
    #expect(
      lines.first
        == "x.yaml:4: targets[0]: must be an expression such as claim.p95 < 10ms, not a list")
  }

  @Test func manyDuplicateKeys() {
    let text = (1...200).map { _ in "seed: 1\n" }.joined()
    #expect(!errorLines(scenarioText(text)).isEmpty)
  }

  private func expectLinesOrSuccess(_ text: String) {
    do {
      let scenario = try Scenario.parse(yaml: text, file: "x.yaml")
      #expect(!scenario.cells.isEmpty)
    } catch {
      #expect(!error.errors.isEmpty)
      for line in error.errors {
        #expect(line.line != nil, "\(line) of \(text.debugDescription)")
        #expect(line.description.split(whereSeparator: \.isNewline).count == 1)
      }
    }
  }
}
