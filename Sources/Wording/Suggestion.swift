/// Finds the word that a user probably meant.
package enum Suggestion {
  /// The candidate nearest to `word`, or nil if none is near enough to be a slip of the keyboard.
  ///
  /// Near enough is a third of the longer word's length, at least one edit. Ties go to the earlier
  /// candidate.
  package static func nearest(to word: String, among candidates: [String]) -> String? {
    // Nobody mistypes a word of this length, and the distance costs the square of it.
    guard !word.isEmpty, word.unicodeScalars.count <= 64 else { return nil }
    let lowered = word.lowercased()
    var best: (candidate: String, distance: Int)?
    for candidate in candidates {
      let distance = distance(lowered, candidate.lowercased())
      let limit = max(1, max(lowered.count, candidate.count) / 3)
      if distance <= limit, distance < best?.distance ?? .max {
        best = (candidate, distance)
      }
    }
    return best?.candidate
  }

  /// `; did you mean "payload"?`, or nothing if no candidate is near enough.
  package static func question(for word: String, among candidates: [String]) -> String {
    nearest(to: word, among: candidates).map { "; did you mean \"\($0)\"?" } ?? ""
  }

  /// The Damerau–Levenshtein distance in its "optimal string alignment" form: insertions,
  /// deletions, substitutions, and swaps of neighbours.
  package static func distance(_ a: String, _ b: String) -> Int {
    let a = Array(a.unicodeScalars)
    let b = Array(b.unicodeScalars)
    if a.isEmpty || b.isEmpty { return max(a.count, b.count) }
    var beforeLast = [Int](repeating: 0, count: b.count + 1)
    var last = Array(0...b.count)
    for i in 1...a.count {
      var current = [i] + [Int](repeating: 0, count: b.count)
      for j in 1...b.count {
        let substitution = last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1)
        current[j] = min(last[j] + 1, current[j - 1] + 1, substitution)
        if i > 1, j > 1, a[i - 1] == b[j - 2], a[i - 2] == b[j - 1] {
          current[j] = min(current[j], beforeLast[j - 2] + 1)
        }
      }
      (beforeLast, last) = (last, current)
    }
    return last[b.count]
  }
}
