internal import ArgumentParser
internal import Platform
internal import QueueConfiguration
internal import QueueEngine
internal import QueueOperations
internal import SQLite

/// What every command takes: which queue, which configuration, and how to print.
struct QueueOptions: ParsableArguments {
  @Option(
    name: .customLong("db"),
    help: ArgumentHelp(
      "The queue's file. (default: TASKQUEUE_DB, PRISMQ_QUEUE_DB_PATH, the configuration's, or the user's own)",
      valueName: "path"),
    completion: .file())
  var database: String?

  @Option(
    name: .customLong("config"),
    help: ArgumentHelp(
      "A configuration in YAML, TOML or JSON. (default: TASKQUEUE_CONFIG, if set)",
      valueName: "file"),
    completion: .file(extensions: ["yaml", "yml", "toml", "json"]))
  var configurationFile: String?

  @Flag(help: "Prints JSON.")
  var json = false

  /// The configuration that is in force: defaults, file, environment, flags; the last one wins.
  ///
  /// - Parameters:
  ///   - flags: what the command's own flags say; `--db` is added.
  ///   - workerID: who the worker is if nothing says otherwise; nil for host and process.
  /// - Returns: the values, and where each is from.
  /// - Throws: `ConfigurationErrors` with everything that is wrong.
  func effective(
    _ flags: [ConfigurationFlag] = [], workerID: String? = nil
  ) throws -> EffectiveConfiguration {
    let named = database.map { [ConfigurationFlag(.database, $0)] } ?? []
    return try EffectiveConfiguration.load(
      file: configurationFile, flags: named + flags,
      environment: ChildCommand.currentEnvironment(),
      workerID: workerID ?? WorkerConfiguration.hostAndProcess)
  }

  /// Opens the queue for applications and workers.
  ///
  /// - Parameters:
  ///   - configuration: what ``effective(_:workerID:)`` has returned; nil loads it without flags.
  ///   - strategies: the strategies whose indexes the queue gets if it lacks them: those by which
  ///     this process will claim.
  /// - Returns: the queue.
  /// - Throws: ``CommandFailure`` if there is no queue; whatever the store throws.
  func openQueue(
    _ configuration: EffectiveConfiguration? = nil, strategies: Set<ClaimStrategy> = []
  ) throws -> TaskQueue {
    let configuration = try configuration ?? effective()
    let path = try Self.existingQueue(configuration)
    var options = configuration.configuration.storeOptions(createsFile: false)
    options.strategies = strategies
    let queue = TaskQueue(store: try SQLiteQueueStore(path: path, options: options))
    if let hazard = queue.hazard { Self.warn(of: hazard) }
    return queue
  }

  /// Opens the queue for all that is no claiming.
  ///
  /// - Parameter configuration: as for ``openQueue(_:strategies:)``.
  /// - Returns: the queue's file.
  /// - Throws: the same.
  func openDatabase(_ configuration: EffectiveConfiguration? = nil) throws -> QueueDatabase {
    let configuration = try configuration ?? effective()
    let path = try Self.existingQueue(configuration)
    let options = configuration.configuration.storeOptions(createsFile: false)
    let database = try QueueDatabase(path: path, options: options)
    if let hazard = options.hazard { Self.warn(of: hazard) }
    return database
  }

  /// Says once that the settings may lose or damage what the queue acknowledges.
  static func warn(of hazard: String) {
    reportWarningOnce("these settings are unsafe: \(hazard); see `taskqueue config show`")
  }

  // MARK: The file

  /// The path of a queue that is there.
  ///
  /// Commands make no queue by the way: a slip of the keyboard in a path would be a second, empty
  /// queue, and its tasks would wait for ever.
  static func existingQueue(_ configuration: EffectiveConfiguration) throws -> String {
    let path = configuration.configuration.databasePath
    let isDefault = configuration.usesDefaultDatabase
    let remedy = "taskqueue init" + (isDefault ? "" : " --db \(shellWord(path))")
    switch PathFacts.of(path) {
    case .nothing where isDefault:
      throw CommandFailure(
        .noInput,
        """
        no queue is named, and the default one, \(path), does not exist; name one with --db or \
        TASKQUEUE_DB, or make the default one with: \(remedy)
        """)
    case .nothing:
      throw CommandFailure(
        .noInput, "\(path): there is no such queue; make it with: \(remedy)")
    case .file(byteCount: 0):
      throw CommandFailure(
        .noInput, "\(path): an empty file, and no queue yet; make it one with: \(remedy)")
    case .file: return path
    case .directory:
      throw CommandFailure(
        .noInput, "\(path): a directory; name the queue's file, such as \(path)/queue.db")
    case .unknown(let cause): throw CommandFailure(cause.outcome, "\(path): \(cause.text)")
    }
  }
}

/// PRAGMAs for this call, for commands that may set other ones than the configuration.
struct PragmaOptions: ParsableArguments {
  @Option(
    name: .customLong("pragma"),
    help: ArgumentHelp(
      "Sets a PRAGMA, as in synchronous=FULL; may be given several times.", valueName: "name=value")
  )
  var pragmas: [String] = []

  var flags: [ConfigurationFlag] { pragmas.map { ConfigurationFlag.pragma($0) } }
}
