/// What power cuts cost that were tried out on one history.
package struct PowerLoss: Equatable, Sendable {
  /// Acknowledged operations that a cut has undone, by kind.
  package struct Lost: Equatable, Sendable {
    package var enqueues = 0
    package var claims = 0
    package var completions = 0

    package init(enqueues: Int = 0, claims: Int = 0, completions: Int = 0) {
      self.enqueues = enqueues
      self.claims = claims
      self.completions = completions
    }

    package var count: Int { enqueues + claims + completions }
  }

  /// Cuts that were tried.
  package var cuts = 0
  /// Operations that had been acknowledged when the history ended.
  package var acknowledged = 0
  /// Cuts after which the database was damaged.
  package var corrupt = 0
  /// What SQLite said of the first of them, and where the power was cut.
  package var firstCorruption: String?
  /// Cuts that undid anything that was acknowledged.
  package var losing = 0
  /// The most that one cut undid.
  package var mostLost = Lost()
  /// How far before a cut the oldest operation lies that it undid, in ns.
  package var oldestLostNs: UInt64 = 0
  /// Cuts that undid an operation and kept one that began after it had ended: not only the latest were lost.
  package var reordered = 0
  /// The first of them.
  package var firstReordering: String?

  package init() {}
}
