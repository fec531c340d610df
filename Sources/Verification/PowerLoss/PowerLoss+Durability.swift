package import SQLite

extension PowerLoss {
  /// The strongest promise that none of the cuts broke; nil if not even the weakest held.
  package var shown: DurabilityClass? {
    [.power, .process].first { complaint(about: $0) == nil }
  }

  /// How the cuts broke a promise; nil if they did not, or if nothing was promised.
  package func complaint(about promised: DurabilityClass?) -> String? {
    guard let promised else { return nil }
    if corrupt > 0 {
      return "\(corrupt) of \(cuts) power cuts damaged the database (\(firstCorruption ?? ""))"
    }
    if reordered > 0 {
      return "\(reordered) of \(cuts) power cuts lost more than the latest operations "
        + "(\(firstReordering ?? ""))"
    }
    if promised == .power, losing > 0 {
      return "\(losing) of \(cuts) power cuts undid acknowledged operations, up to "
        + "\(mostLost.count) of them"
    }
    return nil
  }
}
