/// Combinations of levels among which the best is looked for; what the levels mean does not matter here.
package struct SearchSpace: Sendable {
  /// The level of each combination on each factor.
  package let levels: [[Int]]
  /// The combination that one has without tuning.
  package let standard: Int
  /// Combinations that are the same as one of ``levels`` under other names.
  private let aliases: [[Int]: Int]

  /// - Precondition: `standard` is one of the combinations, and all have as many levels.
  package init(levels: [[Int]], standard: Int, aliases: [[Int]: Int] = [:]) {
    precondition(levels.indices.contains(standard))
    precondition(levels.allSatisfy { $0.count == levels[standard].count })
    self.levels = levels
    self.standard = standard
    var all = aliases
    for (index, combination) in levels.enumerated() { all[combination] = index }
    self.aliases = all
  }

  package var count: Int { levels.count }
  var factorCount: Int { levels[standard].count }

  /// The combination with these levels, or the one that is the same; nil if there is none.
  package func index(of levels: [Int]) -> Int? { aliases[levels] }

  /// A combination with one factor as the standard has it; nil if there is none.
  func restoring(_ factor: Int, in combination: Int) -> Int? {
    var levels = levels[combination]
    levels[factor] = self.levels[standard][factor]
    return index(of: levels)
  }

  /// The factors on which a combination differs from the standard.
  package func changes(of combination: Int) -> [Int] {
    (0..<factorCount).filter { levels[combination][$0] != levels[standard][$0] }
  }

  /// Combinations that differ from the standard in one factor.
  var oneFactorAtATime: [Int] {
    levels.indices.filter { changes(of: $0).count == 1 }
  }

  /// A sample of `size` combinations in which levels and pairs of levels occur about equally often.
  ///
  /// Why not the full factorial: with most factors mattering little and by themselves, a few dozen
  /// combinations tell as much about each level as hundreds would. The first are the standard and what differs
  /// from it in one factor, so that every level is seen where it matters most: near what people have. The
  /// others are drawn at random, each the best of a handful in levels and pairs not seen so far, because one
  /// factor at a time is blind to what settings do together.
  func design(size: Int, using generator: inout some RandomNumberGenerator) -> [Int] {
    guard size < count else { return Array(levels.indices) }
    var chosen = Array(([standard] + oneFactorAtATime).prefix(size))
    var rest = levels.indices.filter { !chosen.contains($0) }
    var seen: [[Int]: Int] = [:]
    func pairs(_ combination: Int) -> [[Int]] {
      let levels = levels[combination]
      return levels.indices.flatMap { left in
        (left..<levels.count).map { [left, levels[left], $0, levels[$0]] }
      }
    }
    func note(_ combination: Int) { for pair in pairs(combination) { seen[pair, default: 0] += 1 } }
    for combination in chosen { note(combination) }
    while chosen.count < size, !rest.isEmpty {
      let handful = (0..<12).map { _ in Int.random(in: rest.indices, using: &generator) }
      func familiarity(_ place: Int) -> Int { pairs(rest[place]).reduce(0) { $0 + seen[$1, default: 0] } }
      guard let place = handful.min(by: { familiarity($0) < familiarity($1) }) else { break }
      let combination = rest.remove(at: place)
      note(combination)
      chosen.append(combination)
    }
    return chosen
  }
}
