import QueueConfiguration
import TestSupport
import Testing

/// Files that were cut off or hit by chance: an error or a configuration, and never a crash.
@Suite(.temporaryDirectory, .timeLimit(.minutes(2)))
struct GarbageTests {
  private static let documents: [(String, String)] = [
    ("w.yaml", "lease: 1s\nretry:\n  exponential: {initial: 1s, factor: 2}\ntypes: [\"a\", 'b']\n"),
    (
      "w.json",
      #"{"lease": "1s", "retry": {"fixed": "5s"}, "types": ["a\u00e9\n", "b"], "x": [1.5e3]}"#
    ),
    (
      "w.toml",
      "lease = '1s'\n[retry.exponential]\ninitial = \"\"\"1s\"\"\"\n[[x]]\ny = {z = [1, 2]}\n"
    ),
  ]

  @Test(arguments: documents)
  func everyPrefix(_ name: String, _ text: String) throws {
    for count in 0...text.count {
      _ = try errors(file: try write(String(text.prefix(count)), to: name))
    }
  }

  @Test(arguments: documents, [1, 2, 3] as [UInt64])
  func randomChanges(_ document: (String, String), _ seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    let letters = Array("{}[]:,\"'#=.\\\n\t -&*!0aeé\u{1F600}")
    for _ in 0..<200 {
      var characters = Array(document.1)
      for _ in 0...Int.random(in: 0..<4, using: &random) {
        let index = Int.random(in: 0..<characters.count, using: &random)
        characters[index] = letters.randomElement(using: &random) ?? "x"
      }
      let text = String(characters)
      let path = try write(text, to: document.0)
      let errors = try errors(file: path)
      #expect(errors.allSatisfy { $0.hasPrefix(document.0) }, "seed \(seed): \(text)")
    }
  }
}
