internal import ArgumentParser
internal import QueueConfiguration
internal import QueueEngine
internal import QueueOperations
internal import SQLite

/// `taskqueue init`
struct InitCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "init", abstract: "Make a queue, or bring one to this version.",
    discussion: """
      Makes the file, private to you, with its tables. A queue that is there is left as it is, but for what it \
      lacks: the tables of a newer version, the indexes of --strategy, the counters. Other commands make no queue.

      The queue counts its tasks as they come and end, so that `stats`, `top` and `metrics` answer at once however \
      many there are. That costs every enqueue and every end of a task a little; --no-counting leaves it out. A \
      queue that counts goes on counting, whoever opens it. Where there are many tasks already, the first count \
      holds up workers for some seconds per million.

        taskqueue init --db queue.db
        taskqueue init --db queue.db --strategy priority --strategy weighted_random
        taskqueue init --db queue.db --no-counting
        taskqueue init --db queue.db --pragma auto_vacuum=INCREMENTAL
      """)

  @Option(
    help: ArgumentHelp(
      "An order in which workers will take tasks; each one costs an index. May be given several times. (default: the configuration's)",
      valueName: "strategy"))
  var strategy: [ClaimStrategy] = []

  @Flag(inversion: .prefixedNo, help: "Makes the queue count its tasks, or leaves that as it is.")
  var counting = true

  @OptionGroup var pragmas: PragmaOptions
  @OptionGroup var options: QueueOptions

  func run() throws {
    let effective = try options.effective(pragmas.flags)
    let path = effective.configuration.databasePath
    let isNew = try Self.isNew(path, makesDirectory: effective.usesDefaultDatabase)
    var storeOptions = effective.configuration.storeOptions()
    if !strategy.isEmpty { storeOptions.strategies = Set(strategy) }
    let hasCounted = try !isNew && Self.counts(path, storeOptions).isCounting
    storeOptions.countsTasks = counting
    let store = try SQLiteQueueStore(path: path, options: storeOptions)
    if let hazard = store.hazard { QueueOptions.warn(of: hazard) }
    let (isCounting, taskCount) = try Self.counts(path, storeOptions)
    let strategies = storeOptions.strategies.map(\.rawValue).sorted()
    if options.json {
      return try JSONValue.object([
        ("database", .string(path)), ("is_new", JSONValue(isNew)), ("tasks", JSONValue(taskCount)),
        ("is_counting", JSONValue(isCounting)),
        ("strategies", .array(strategies.map { .string($0) })),
        (
          "pragmas",
          .object(store.pragmas.map { (key: $0.pragma.name, value: .string($0.value)) })
        ),
      ]).print()
    }
    if isNew {
      try printLine(
        "made the queue \(escapingControls(path)), for claims by \(strategies.joined(separator: ", "))"
      )
    } else {
      try printLine(
        "\(escapingControls(path)) is a queue already, with \(counted(taskCount, "task"))"
          + (isCounting && !hasCounted ? "; it counts them from now on" : ""))
    }
  }

  /// Whether a queue counts its tasks, and how many there are.
  private static func counts(
    _ path: String, _ options: SQLiteStoreOptions
  ) throws -> (isCounting: Bool, tasks: Int) {
    let metrics = QueueMetrics(database: try QueueDatabase(path: path, options: options))
    return (try metrics.isCounting(), try metrics.depths().reduce(0) { $0 + $1.count })
  }

  /// Whether there is nothing at the path yet; refuses what no queue can be made of.
  private static func isNew(_ path: String, makesDirectory: Bool) throws -> Bool {
    if path == ":memory:" || path.hasPrefix("file:") {
      throw CommandFailure(
        .usage, "\(path): a queue needs a file of its own; it is shared by processes")
    }
    switch PathFacts.of(path) {
    case .file(let byteCount): return byteCount == 0
    case .directory:
      throw CommandFailure(
        .cannotCreate, "\(path): a directory; name a file in it, such as \(path)/queue.db")
    case .unknown(let cause): throw CommandFailure(cause.outcome, "\(path): \(cause.text)")
    case .nothing: break
    }
    if makesDirectory { try PathFacts.makeDirectory(PathFacts.directory(of: path)) }
    try PathFacts.requireDirectory(around: path)
    return true
  }
}
