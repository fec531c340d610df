internal import Foundation
internal import LoadGeneration
internal import Platform
internal import Results
internal import SQLite
internal import Scenarios

/// A run as this command works on it: a new one, or one that goes on.
struct RunSession {
  let name: String
  let directory: RunDirectory
  let commit: String
  /// The repeats that need not run again.
  let done: Set<RepeatKey>
  /// How many repeats are to be run.
  let remaining: Int

  /// What searches through settings of its own, starting from those of a scenario.
  struct Experiment {
    /// Its name, which becomes a part of the run's (`tune`).
    let name: String
    /// What its cells differ in.
    let axisNames: [String]
  }

  /// Makes the directory of a new run with its manifest; an experiment adds cells and repeats as it goes on.
  static func begin(
    _ scenario: Scenario, in results: String, name: String?, databases: String,
    experiment: Experiment? = nil
  ) throws -> RunSession {
    let now = Date()
    let prefix = experiment.map { "\($0.name)-" } ?? ""
    let name = name ?? "\(prefix)\(scenario.name)-\(stamp(now, "yyyyMMdd-HHmmss"))"
    let commit = Build.commit()
    let order = experiment == nil ? scenario.runOrder(seed: scenario.seed) : []
    let cells = experiment == nil ? scenario.cells : []
    let manifest = Manifest(
      run: name, createdAtUtc: stamp(now, "yyyy-MM-dd HH:mm:ss.SSS"),
      commandLine: CommandLine.arguments, scenarioName: scenario.name,
      scenarioFile: scenario.file, scenarioText: scenario.sourceText, question: scenario.question,
      targets: scenario.targets.map(\.text), seed: scenario.seed, repeats: scenario.repeats,
      axisNames: experiment?.axisNames ?? scenario.axisNames,
      baselineCell: cells.isEmpty ? nil : scenario.baselineCell.id,
      runOrder: runOrderNames(order, scenario),
      settings: Dictionary(
        uniqueKeysWithValues: cells.map { ($0.id, $0.settings.described) }),
      commit: commit, buildMode: Build.mode, machine: Self.machine(measuring: databases),
      sqliteVersion: SQLiteLibrary.version, sqliteSourceId: SQLiteLibrary.sourceID,
      sqliteCompileOptions: SQLiteLibrary.compileOptions)
    let directory = try RunDirectory.create(in: results, manifest: manifest)
    return RunSession(
      name: name, directory: directory, commit: commit, done: [], remaining: order.count)
  }

  /// What a run began with and has to keep to, because its rows are compared with each other.
  static func beginning(
    of path: String
  ) throws -> (seed: UInt64, repeats: Int, isQuick: Bool, cell: String?) {
    let manifest = try RunDirectory.open(path).manifest()
    let words = manifest.commandLine
    let cell =
      words.firstIndex(of: "--cell").flatMap { words.dropFirst($0 + 1).first }
      ?? words.first { $0.hasPrefix("--cell=") }.map { String($0.dropFirst("--cell=".count)) }
    return (manifest.seed, manifest.repeats, words.contains("--quick"), cell)
  }

  /// Opens a run that was interrupted, or that gets more repeats; refuses if it measured another scenario.
  static func resume(_ path: String, scenario: Scenario) throws -> RunSession {
    let directory = try RunDirectory.open(path)
    var manifest = try directory.manifest()
    guard manifest.scenarioFingerprint == scenarioFingerprint(of: scenario.sourceText) else {
      throw InputError(
        "\(path): was made from another version of \(manifest.scenarioFile); begin a new run")
    }
    let order = scenario.runOrder(seed: scenario.seed)
    if scenario.repeats > manifest.repeats {
      manifest.repeats = scenario.repeats
      manifest.runOrder = runOrderNames(order, scenario)
      try directory.write(manifest)
    }
    let done = try directory.completedRepeats()
    let remaining = order.filter {
      !done.contains(
        RepeatKey(cell: scenario.cells[$0.cellIndex].id, repeatNumber: $0.repeatNumber))
    }
    return RunSession(
      name: manifest.run, directory: directory, commit: Build.commit(), done: done,
      remaining: remaining.count)
  }

  private static func runOrderNames(_ order: [ScheduledRun], _ scenario: Scenario) -> [String] {
    order.map { "\(scenario.cells[$0.cellIndex].id)-r\($0.repeatNumber)" }
  }

  /// Notes in the manifest when the run ended, if it came to its end.
  func finish(_ outcome: RunOutcome) throws {
    guard outcome == .finished else { return }
    var manifest = try directory.manifest()
    manifest.finishedAtUtc = Self.stamp(Date(), "yyyy-MM-dd HH:mm:ss.SSS")
    try directory.write(manifest)
  }

  static func stamp(_ date: Date, _ format: String) -> String {
    let formatter = DateFormatter()
    formatter.locale = Locale(identifier: "en_US_POSIX")
    formatter.timeZone = TimeZone(identifier: "UTC")
    formatter.dateFormat = format
    return formatter.string(from: date)
  }

  private static func machine(measuring databases: String) -> [String: String] {
    let facts = MachineFacts.current()
    var machine = ["cores": String(facts.coresOnline), "kernel": facts.kernel]
    machine["cores_usable"] = facts.coresUsable.map(String.init)
    machine["cpu"] = facts.cpuModel
    machine["memory_bytes"] = facts.memoryBytes.map(String.init)
    machine["os"] = facts.osName
    machine["clock_source"] = facts.clockSource
    machine["virtualisation"] = facts.virtualisation
    if let fileSystem = try? FileSystemFacts.of(path: existingParent(of: databases)) {
      machine["filesystem"] = fileSystem.typeName
      machine["device"] = fileSystem.device
      machine["mount_options"] = fileSystem.options
    }
    machine.merge(MachineTuning.current(device: machine["device"])) { own, _ in own }
    return machine
  }

  /// The path itself, or the nearest directory above it that exists.
  private static func existingParent(of path: String) -> String {
    var url = URL(fileURLWithPath: path)
    while url.path != "/", !FileManager.default.fileExists(atPath: url.path) {
      url.deleteLastPathComponent()
    }
    return url.path
  }
}
