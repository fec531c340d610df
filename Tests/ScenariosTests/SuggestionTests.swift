import Testing
import Wording

@testable import Scenarios

@Suite struct SuggestionTests {
  @Test(arguments: [
    ("", "", 0), ("abc", "", 3), ("abc", "abc", 0), ("abc", "acb", 1), ("abc", "abcd", 1),
    ("abc", "ab", 1), ("abc", "axc", 1), ("kitten", "sitting", 3), ("ca", "abc", 3),
  ])
  func distance(a: String, b: String, expected: Int) {
    #expect(Suggestion.distance(a, b) == expected)
    #expect(Suggestion.distance(b, a) == expected)
  }

  @Test(
    arguments: [
      ("sychronous", "synchronous"), ("Synchronous", "synchronous"),
      ("jounral_mode", "journal_mode"),
      ("worktime", "work_time"), ("consumer", "consumers"), ("elephant", nil), ("", nil),
      ("x", nil),
    ] as [(String, String?)])
  func nearest(word: String, expected: String?) {
    #expect(Suggestion.nearest(to: word, among: Setting.names) == expected)
  }
}
