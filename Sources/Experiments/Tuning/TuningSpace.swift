package import QueueEngine
package import SQLite
package import Scenarios

/// The configurations among which a tuner chooses: those of a scenario that a durability class allows.
package struct TuningSpace: Sendable {
  /// One configuration.
  package struct Configuration: Sendable {
    /// With an identifier of the space's own, and the tuned settings as axes.
    package let cell: Cell
    /// How it is opened: everything that decides speed and durability.
    package let options: SQLiteStoreOptions
  }

  /// A combination that is not searched.
  package struct Omission: Sendable, Equatable {
    /// `journal_mode=WAL synchronous=OFF`
    package let combination: String
    package let reason: String
  }

  /// Why there is nothing to search.
  package struct Failure: Error, Sendable, CustomStringConvertible {
    package let description: String
  }

  package let durability: DurabilityClass
  /// The tuned settings, in order.
  package let axisNames: [String]
  /// What is searched.
  package let configurations: [Configuration]
  /// Combinations outside of the class, or that cannot be run.
  package let forbidden: [Omission]
  /// Combinations that are the same as others.
  package let duplicates: [Omission]
  /// What a reader must know of the space.
  package let notes: [String]
  /// The same, as numbers.
  package let search: SearchSpace

  package var standard: Configuration { configurations[search.standard] }

  private struct Candidate {
    let cell: Cell
    let options: SQLiteStoreOptions
    let levels: [Int]
  }

  /// The space of a scenario: its cells, or the default space around its only load if it has no axes.
  ///
  /// - Throws: ``Failure`` if an axis cannot be tuned, or if fewer than two configurations are left.
  package init(
    _ scenario: Scenario, durability: DurabilityClass,
    bugs: [SQLiteLibrary.KnownBug] = SQLiteLibrary.knownBugs
  ) throws {
    for name in scenario.axisNames {
      if let reason = TunableSettings.refusal(ofAxis: name) {
        throw Failure(
          description: "\(scenario.file): axes.\(name): this axis cannot be tuned: \(reason)")
      }
    }
    let hasAxes = !scenario.axisNames.isEmpty
    let baseline = scenario.baselineCell
    let cells = hasAxes ? scenario.cells : Self.defaultCells(around: baseline.settings, bugs: bugs)
    let axisNames = hasAxes ? scenario.axisNames : TunableSettings.axes.map(\.name)
    let labels = axisNames.map { axis -> [String] in
      var labels: [String] = []
      for label in cells.compactMap({ $0.label(of: axis) }) where !labels.contains(label) {
        labels.append(label)
      }
      return labels
    }
    func levels(_ cell: Cell) -> [Int] {
      zip(axisNames, labels).map { axis, labels in
        cell.label(of: axis).flatMap(labels.firstIndex(of:)) ?? 0
      }
    }
    // In the default space, the load's own values come first on every axis.
    let baselineLevels = levels(hasAxes ? baseline : cells[0])

    var allowed: [Candidate] = []
    var forbidden: [Omission] = []
    for cell in cells {
      let options = Self.options(cell.settings)
      let reason =
        cell.refusal
        ?? durability.objection(to: options.durabilitySettings, bugs: bugs)
      if let reason {
        forbidden.append(Omission(combination: cell.summary, reason: reason))
      } else {
        allowed.append(Candidate(cell: cell, options: options, levels: levels(cell)))
      }
    }
    // The standard is what one has; where the class forbids that, what is nearest to it.
    func distance(_ candidate: Candidate) -> Int {
      zip(candidate.levels, baselineLevels).count { $0 != $1 }
    }
    guard let standard = allowed.min(by: { distance($0) < distance($1) }) else {
      let reasons = Dictionary(grouping: forbidden, by: \.reason)
        .sorted { ($1.value.count, $0.key) < ($0.value.count, $1.key) }.prefix(3).map(\.key)
      throw Failure(
        description: "\(scenario.file): nothing is left that the durability class "
          + "\(durability.rawValue) allows (\(reasons.joined(separator: "; ")))")
    }
    var kept: [Candidate] = []
    var indices: [SQLiteStoreOptions: Int] = [:]
    var aliases: [[Int]: Int] = [:]
    var duplicates: [Omission] = []
    for candidate in [standard] + allowed where candidate.levels != standard.levels || kept.isEmpty
    {
      let key = Self.normalForm(candidate.options)
      if let index = indices[key] {
        aliases[candidate.levels] = index
        duplicates.append(
          Omission(
            combination: candidate.cell.summary, reason: "the same as \(kept[index].cell.summary)"))
      } else {
        indices[key] = kept.count
        kept.append(candidate)
      }
    }
    guard kept.count > 1 else {
      throw Failure(
        description:
          "\(scenario.file): only \(standard.cell.summary) is left in the durability class "
          + "\(durability.rawValue): there is nothing to choose from")
    }
    self.durability = durability
    self.axisNames = axisNames
    self.forbidden = forbidden
    self.duplicates = duplicates
    let digits = max(2, String(kept.count).count)
    configurations = kept.enumerated().map { index, candidate in
      let number = String(index + 1)
      let id = "c" + String(repeating: "0", count: digits - number.count) + number
      return Configuration(
        cell: Cell(
          id: id, axisValues: candidate.cell.axisValues, settings: candidate.cell.settings),
        options: candidate.options)
    }
    search = SearchSpace(levels: kept.map(\.levels), standard: 0, aliases: aliases)
    var notes: [String] = []
    if standard.levels != baselineLevels {
      notes.append(
        "the \(hasAxes ? "baseline" : "load's own settings") would not be in the durability class "
          + "\(durability.rawValue); what is nearest to it counts as the default")
    }
    if !hasAxes, let pages = baseline.settings.pragmas[.walAutocheckpoint] {
      notes.append(
        "wal_autocheckpoint=\(pages) stands for checkpoint=\(Self.ownPolicy(baseline.settings))")
    }
    self.notes = notes
  }

  static func options(_ settings: CellSettings) -> SQLiteStoreOptions {
    SQLiteStoreOptions(
      pragmas: settings.pragmas.settings, checkpointPolicy: settings.checkpointPolicy)
  }

  /// The same for options under which SQLite does the same.
  static func normalForm(_ options: SQLiteStoreOptions) -> SQLiteStoreOptions {
    var pragmas = options.effectivePragmas.filter { $0.pragma != .walAutocheckpoint }
    func isWAL() -> Bool { pragmas.contains { $0.pragma == .journalMode && $0.value == "WAL" } }
    // Without a log, EXTRA also syncs the directory; with one it is FULL.
    if isWAL(), pragmas.contains(where: { $0.pragma == .synchronous && $0.value == "EXTRA" }),
      let full = PragmaSetting(.synchronous, "FULL")
    {
      pragmas = pragmas.filter { $0.pragma != .synchronous } + [full]
    }
    // What SQLite does by itself: asking for it changes nothing.
    let builtIn: [(Pragma, String)] = [
      (.pageSize, "4096"), (.autoVacuum, "NONE"), (.journalSizeLimit, "-1"),
      (.lockingMode, "NORMAL"),
    ]
    pragmas.removeAll { setting in builtIn.contains { $0 == setting.pragma && $1 == setting.value }
    }
    return SQLiteStoreOptions(
      pragmas: PragmaList(pragmas).settings, checkpointPolicy: options.effectiveCheckpointPolicy)
  }

  // MARK: The default space

  /// Every combination of the default levels, with the load's own values among them.
  private static func defaultCells(
    around settings: CellSettings, bugs: [SQLiteLibrary.KnownBug]
  ) -> [Cell] {
    let effective = options(settings).effectivePragmas
    func own(_ pragma: Pragma) -> String? { effective.last { $0.pragma == pragma }?.value }
    var fixed = settings
    // The policy is an axis of its own, which this PRAGMA would overrule: what it asks for is the load's policy.
    fixed.pragmas = PragmaList(
      settings.pragmas.settings.filter { $0.pragma != .walAutocheckpoint })
    var cells = [Cell(id: "", axisValues: [], settings: fixed)]
    for axis in TunableSettings.axes {
      if axis.name == TunableSettings.checkpoint {
        let own = ownPolicy(settings)
        let policies = [own] + TunableSettings.policies.filter { $0 != own }
        cells = cells.flatMap { cell in
          policies.map { policy in
            var settings = cell.settings
            settings.checkpointPolicy = policy
            return varied(cell, axis.name, policy.description, settings)
          }
        }
      } else if let pragma = Pragma.named(axis.name) {
        let own = own(pragma)
        let levels = TunableSettings.levels(of: pragma)
        let values = [own].compactMap(\.self) + levels.filter { $0 != own }
        cells = cells.flatMap { cell in
          values.compactMap { value in
            PragmaSetting(pragma, value).map { setting in
              var settings = cell.settings
              settings.pragmas = PragmaList(settings.pragmas.settings + [setting])
              return varied(cell, axis.name, value, settings)
            }
          }
        }
      }
    }
    return cells
  }

  /// The policy that the load has: SQLite's own if it names `wal_autocheckpoint`.
  private static func ownPolicy(_ settings: CellSettings) -> CheckpointPolicy {
    settings.pragmas[.walAutocheckpoint] == nil
      ? settings.checkpointPolicy : options(settings).effectiveCheckpointPolicy
  }

  private static func varied(
    _ cell: Cell, _ axis: String, _ label: String, _ settings: CellSettings
  ) -> Cell {
    Cell(
      id: "", axisValues: cell.axisValues + [Scenarios.AxisValue(name: axis, label: label)],
      settings: settings)
  }
}
