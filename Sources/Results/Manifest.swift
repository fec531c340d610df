/// What a run was: `manifest.json`. Everything that one needs to judge its numbers, or to repeat it.
package struct Manifest: Codable, Equatable, Sendable {
  /// The version of the file formats.
  package var schemaVersion: Int
  /// The run's name.
  package var run: String
  /// When it began, UTC (`2026-11-21 12:00:00.123`).
  package var createdAtUtc: String
  /// When it ended; nil while it runs and if it was interrupted.
  package var finishedAtUtc: String?
  /// The command as it was given, program first.
  package var commandLine: [String]

  /// The scenario's name.
  package var scenarioName: String
  /// The scenario's file.
  package var scenarioFile: String
  /// The scenario's text, word for word.
  package var scenarioText: String
  /// The question that the scenario answers.
  package var question: String
  /// The scenario's absolute limits, as written there.
  package var targets: [String]

  /// What every random choice derives from.
  package var seed: UInt64
  /// How often each cell was to run.
  package var repeats: Int
  /// The axes, in the order of the scenario.
  package var axisNames: [String]
  /// The cell that others are compared with.
  package var baselineCell: String?
  /// The order in which the repeats ran, as `c01-r1`.
  package var runOrder: [String]
  /// For each cell, what it was set to.
  package var settings: [String: [String: String]]
  /// For each cell, the PRAGMAs as its processes read them back.
  package var pragmasReadBack: [String: [String: String]]

  /// The commit that was measured.
  package var commit: String
  /// `release` or `debug`.
  package var buildMode: String
  /// Facts about the machine; plots and tables show `cpu`, `cores` and `filesystem`.
  package var machine: [String: String]
  /// The version of the SQLite that ran.
  package var sqliteVersion: String
  /// The check-in that it was built from.
  package var sqliteSourceId: String
  /// The options that it was compiled with.
  package var sqliteCompileOptions: [String]
  /// How operations are counted, see ``CostProfile/currentMethod``; nil in runs from before it was noted.
  package var costMethod: Int?

  /// The manifest of a run that begins.
  package init(
    run: String, createdAtUtc: String, commandLine: [String], scenarioName: String,
    scenarioFile: String, scenarioText: String, question: String, targets: [String], seed: UInt64,
    repeats: Int, axisNames: [String], baselineCell: String?, runOrder: [String],
    settings: [String: [String: String]], commit: String, buildMode: String,
    machine: [String: String], sqliteVersion: String, sqliteSourceId: String,
    sqliteCompileOptions: [String]
  ) {
    schemaVersion = CellsTable.schemaVersion
    self.run = run
    self.createdAtUtc = createdAtUtc
    self.commandLine = commandLine
    self.scenarioName = scenarioName
    self.scenarioFile = scenarioFile
    self.scenarioText = scenarioText
    self.question = question
    self.targets = targets
    self.seed = seed
    self.repeats = repeats
    self.axisNames = axisNames
    self.baselineCell = baselineCell
    self.runOrder = runOrder
    self.settings = settings
    pragmasReadBack = [:]
    self.commit = commit
    self.buildMode = buildMode
    self.machine = machine
    self.sqliteVersion = sqliteVersion
    self.sqliteSourceId = sqliteSourceId
    self.sqliteCompileOptions = sqliteCompileOptions
    costMethod = CostProfile.currentMethod
  }

  /// What tells whether two runs measured the same scenario; see ``scenarioFingerprint(of:)``.
  package var scenarioFingerprint: String { Results.scenarioFingerprint(of: scenarioText) }
}
