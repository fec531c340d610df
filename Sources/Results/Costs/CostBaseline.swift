internal import Foundation

/// Profiles to compare with, in a file that is kept beside the sources: `queuebench costs --save`.
///
/// One file holds the profiles of one scenario under several builds of SQLite, so that machines with
/// different ones share it.
package struct CostBaseline: Equatable, Sendable {
  /// The scenario's name.
  package let scenario: String
  /// For each build of SQLite, the profiles by the cells' labels.
  package private(set) var builds: [SQLiteBuild: [String: CostProfile]]

  /// A baseline without profiles.
  package init(scenario: String) {
    self.scenario = scenario
    builds = [:]
  }

  /// The profiles of a build; nil if there are none.
  package subscript(build: SQLiteBuild) -> [String: CostProfile]? { builds[build] }

  /// Puts profiles in the place of those of the same build; other builds' stay.
  package mutating func replace(_ profiles: [String: CostProfile], of build: SQLiteBuild) {
    builds[build] = profiles
  }

  /// Whether there is a file at `path`.
  package static func exists(at path: String) -> Bool { access(path, F_OK) == 0 }

  /// The baseline that a file holds; the error names the file and the line or the key.
  package static func read(from path: String) throws(ResultsError) -> CostBaseline {
    let bytes = try DurableFile(path: path).read()
    let stored: StoredBaseline = try JSONFile.decode(
      bytes, path: path, remedy: "restore it from a copy, or remove it and make it anew with --save"
    )
    return try stored.baseline(path: path)
  }

  /// Replaces the file at `path`: sorted and one value per line, so that a diff shows what changed.
  package func write(to path: String) throws(ResultsError) {
    try DurableFile(path: path).replace(
      with: JSONFile.encode(StoredBaseline(self), path: path))
  }
}

/// The file. Statements stand once per build, however many cells run them.
private struct StoredBaseline: Codable {
  struct Build: Codable {
    var sqlite: SQLiteBuild
    var cells: [String: Cell]
    /// By a name that changes with the text or the plan.
    var statements: [String: Statement]
  }

  struct Statement: Codable {
    var sql: String
    var plan: [String]
  }

  struct Cell: Codable {
    var method: Int
    var settingsHash: String
    var enqueue: Costs
    var claim: Costs
    var complete: Costs
  }

  struct Costs: Codable {
    var tasks: Int
    var walFrames: Int
    var fsyncs: Int
    var statements: [String: Use]
  }

  struct Use: Codable {
    var runs: Int
    var vmSteps: Int
  }

  static let currentFormat = "queuebench costs 1"
  /// Comparisons multiply counts by tasks, which must not overflow.
  private static let mostTasks = 1 << 20
  private static let mostCounts = 1 << 40

  var format: String
  var scenario: String
  var builds: [Build]

  init(_ baseline: CostBaseline) {
    format = Self.currentFormat
    scenario = baseline.scenario
    builds = baseline.builds
      .sorted {
        ($0.key.sourceID, $0.key.options.joined()) < ($1.key.sourceID, $1.key.options.joined())
      }
      .map { build, profiles in
        var statements: [String: Statement] = [:]
        func stored(_ costs: OperationCosts) -> Costs {
          var uses: [String: Use] = [:]
          for statement in costs.statements {
            let name = Self.name(of: statement)
            statements[name] = Statement(sql: statement.sql, plan: statement.plan)
            uses[name] = Use(runs: statement.runs, vmSteps: statement.vmSteps)
          }
          return Costs(
            tasks: costs.tasks, walFrames: costs.walFrames, fsyncs: costs.fsyncs, statements: uses)
        }
        let cells = profiles.mapValues { profile in
          Cell(
            method: profile.method, settingsHash: profile.settingsHash,
            enqueue: stored(profile.enqueue), claim: stored(profile.claim),
            complete: stored(profile.complete))
        }
        return Build(sqlite: build, cells: cells, statements: statements)
      }
  }

  /// `UPDATE-1f3a9c20`
  private static func name(of statement: OperationCosts.Statement) -> String {
    let hash = scenarioFingerprint(of: ([statement.sql] + statement.plan).joined(separator: "\n"))
    let verb = statement.sql.prefix { $0.isLetter }.uppercased()
    return "\(verb)-\(hash.prefix(8))"
  }

  func baseline(path: String) throws(ResultsError) -> CostBaseline {
    func malformed(_ message: String) -> ResultsError {
      ResultsError(.malformed, path: path, message: message)
    }
    guard format == Self.currentFormat else {
      throw malformed("format: is \"\(format)\", this program reads \"\(Self.currentFormat)\"")
    }
    var baseline = CostBaseline(scenario: scenario)
    for (index, build) in builds.enumerated() {
      let place = "builds.\(index)"
      guard baseline[build.sqlite] == nil else {
        throw malformed("\(place).sqlite: stands there twice")
      }
      var profiles: [String: CostProfile] = [:]
      for (label, cell) in build.cells {
        func costs(_ costs: Costs, _ name: String) throws(ResultsError) -> OperationCosts {
          let place = "\(place).cells.\(label).\(name)"
          guard costs.tasks > 0 else { throw malformed("\(place).tasks: must be at least 1") }
          guard costs.walFrames >= 0, costs.fsyncs >= 0 else {
            throw malformed("\(place): counts are never negative")
          }
          guard costs.tasks <= Self.mostTasks, costs.walFrames <= Self.mostCounts,
            costs.fsyncs <= Self.mostCounts
          else { throw malformed("\(place): no count is that large") }
          var statements: [OperationCosts.Statement] = []
          var left = Use(runs: Self.mostCounts, vmSteps: Self.mostCounts)
          for (name, use) in costs.statements {
            guard let statement = build.statements[name] else {
              throw malformed("\(place).statements.\(name): is not among the build's statements")
            }
            guard use.runs >= 0, use.vmSteps >= 0 else {
              throw malformed("\(place).statements.\(name): counts are never negative")
            }
            left.runs -= min(use.runs, Self.mostCounts + 1)
            left.vmSteps -= min(use.vmSteps, Self.mostCounts + 1)
            guard left.runs >= 0, left.vmSteps >= 0 else {
              throw malformed("\(place).statements.\(name): no count is that large")
            }
            statements.append(
              OperationCosts.Statement(
                sql: statement.sql, runs: use.runs, vmSteps: use.vmSteps, plan: statement.plan))
          }
          return OperationCosts(
            tasks: costs.tasks, walFrames: costs.walFrames, fsyncs: costs.fsyncs,
            statements: statements.sorted { $0.sql < $1.sql })
        }
        var profile = CostProfile(
          settingsHash: cell.settingsHash, sqlite: build.sqlite,
          enqueue: try costs(cell.enqueue, "enqueue"), claim: try costs(cell.claim, "claim"),
          complete: try costs(cell.complete, "complete"))
        profile.method = cell.method
        profiles[label] = profile
      }
      baseline.replace(profiles, of: build.sqlite)
    }
    return baseline
  }
}
