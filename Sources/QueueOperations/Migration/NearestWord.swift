/// Finds the key that somebody probably meant.
enum NearestWord {
  /// `; did you mean "payload"?`, or nothing if no candidate is near enough to be a slip of the
  /// keyboard.
  static func question(for word: String, among candidates: [String]) -> String {
    guard word.utf8.count <= 64 else { return "" }
    var best: (candidate: String, distance: Int)?
    for candidate in candidates {
      let distance = distance(Array(word.lowercased().utf8), Array(candidate.utf8))
      let limit = max(1, max(word.utf8.count, candidate.utf8.count) / 3)
      if distance <= limit, distance < best?.distance ?? .max { best = (candidate, distance) }
    }
    return best.map { "; did you mean \"\($0.candidate)\"?" } ?? ""
  }

  /// Insertions, deletions, substitutions, and swaps of neighbours.
  private static func distance(_ a: [UInt8], _ b: [UInt8]) -> Int {
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
