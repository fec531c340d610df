/// What decides counts beside the settings: those that were counted under other conditions cannot be compared.
package struct CostConditions: Equatable, Sendable {
  /// The SQLite that ran.
  package var sqlite: SQLiteBuild
  /// The version of the method; nil where nobody wrote it down. See ``CostProfile/currentMethod``.
  package var method: Int?
  /// What every random choice derives from; nil where a hash of the settings holds it.
  package var seed: UInt64?

  package init(sqlite: SQLiteBuild, method: Int?, seed: UInt64? = nil) {
    self.sqlite = sqlite
    self.method = method
    self.seed = seed
  }

  /// Why counts cannot be compared with those of a baseline, as what the baseline was; nil if they can.
  package func obstacle(toComparisonWith baseline: CostConditions) -> String? {
    if sqlite != baseline.sqlite {
      return
        "measured with SQLite \(baseline.sqlite.version) (\(baseline.sqlite.sourceID)), this is "
        + "\(sqlite.version) (\(sqlite.sourceID))"
        + (sqlite.version == baseline.sqlite.version && sqlite.sourceID == baseline.sqlite.sourceID
          ? ", compiled with other options" : "")
        + ": planner and virtual machine differ"
    }
    if method != baseline.method {
      return "counted by \(Self.text(baseline.method)) of the method, this is \(Self.text(method))"
    }
    if seed != baseline.seed {
      return "counted with another seed than this"
    }
    return nil
  }

  private static func text(_ method: Int?) -> String {
    method.map { "version \($0)" } ?? "an unknown version"
  }
}

extension CostProfile {
  /// What decides it beside the settings, whose hash holds the seed.
  package var conditions: CostConditions { CostConditions(sqlite: sqlite, method: method) }
}

extension Manifest {
  /// What decides the counts of the run.
  package var costConditions: CostConditions {
    CostConditions(
      sqlite: SQLiteBuild(
        version: sqliteVersion, sourceID: sqliteSourceId, options: sqliteCompileOptions),
      method: costMethod, seed: seed)
  }
}
