internal import QueueEngine
internal import SQLite
internal import Wording

/// A configuration with the origin of every value: what `taskqueue config show` prints.
public struct EffectiveConfiguration: Sendable, Hashable {
  /// The values.
  public let configuration: WorkerConfiguration
  /// The configuration file that was read; nil if none was named.
  public let file: String?
  /// Every key with its value, in a fixed order.
  public let entries: [Entry]

  /// A key with its value.
  public struct Entry: Sendable, Hashable {
    /// What is configured.
    public let key: ConfigurationKey
    /// The value as a YAML file takes it, on one line: `30s`, `{fixed: 5s}`.
    public let value: String
    /// The value as a JSON file takes it.
    public let json: String
    /// Where it is from.
    public let origin: ConfigurationOrigin
  }

  /// Puts a configuration together, of which later layers win: defaults, file, environment, flags.
  ///
  /// All keys follow this order, the database's path too: `--db`, `TASKQUEUE_DB`,
  /// `PRISMQ_QUEUE_DB_PATH`, the file's `database`, and at last
  /// ``WorkerConfiguration/defaultDatabasePath(environment:)``. A relative `database` of a file begins
  /// where the file lies. Variables without content count as not set.
  ///
  /// - Parameters:
  ///   - file: a file that ends in `.json`, `.yaml`, `.yml` or `.toml`; nil for the one that
  ///     `TASKQUEUE_CONFIG` names, if any.
  ///   - flags: what the command line says, in its order.
  ///   - environment: the variables of the process.
  ///   - workerID: who the worker is if nothing says otherwise.
  /// - Returns: the effective values and where each is from.
  /// - Throws: ``ConfigurationErrors`` with everything that is wrong in any layer, also in values that
  ///   a later layer would replace.
  public static func load(
    file: String? = nil, flags: [ConfigurationFlag] = [], environment: [String: String],
    workerID: String = WorkerConfiguration.hostAndProcess
  ) throws(ConfigurationErrors) -> EffectiveConfiguration {
    var loader = ConfigurationLoader(environment: environment, workerID: workerID)
    loader.readFile(file)
    loader.readEnvironment()
    loader.readFlags(flags)
    return try loader.finish()
  }

  init(
    configuration: WorkerConfiguration, file: String?,
    origins: [ConfigurationKey: ConfigurationOrigin]
  ) {
    self.configuration = configuration
    self.file = file
    let options = configuration.storeOptions()
    let pragmas = Pragma.all.filter { pragma in
      options.effectivePragmas.contains { $0.pragma == pragma }
    }
    entries = (ConfigurationKey.plain + pragmas.map(ConfigurationKey.pragma)).map { key in
      let shown = ShownValue(of: key, in: configuration)
      var origin = origins[key] ?? .standard
      if key == .checkpoint, options.effectiveCheckpointPolicy != configuration.checkpointPolicy {
        // A PRAGMA leaves no other choice.
        origin =
          origins[.pragma(.journalMode)] ?? origins[.pragma(.lockingMode)]
          ?? origins[.pragma(.walAutocheckpoint)] ?? origin
      }
      return Entry(key: key, value: shown.line, json: shown.json, origin: origin)
    }
  }

  /// Where the value of a key is from.
  public func origin(of key: ConfigurationKey) -> ConfigurationOrigin {
    entries.first { $0.key == key }?.origin ?? .standard
  }

  /// Whether nobody has named a database, so that the user's own is used, whose directory may have to be
  /// made.
  public var usesDefaultDatabase: Bool { origin(of: .database) == .standard }

  /// A line per key, in columns: `lease  30s  worker.yaml:7`.
  public var text: String {
    let nameWidth = entries.map(\.key.name.count).max() ?? 0
    // A long value does not push the origins of all others out of sight.
    let valueWidth = entries.map(\.value.count).filter { $0 <= 48 }.max() ?? 0
    return entries.map { entry in
      Self.padded(entry.key.name, nameWidth) + "  " + Self.padded(entry.value, valueWidth) + "  "
        + entry.origin.description
    }.joined(separator: "\n")
  }

  /// An object of the file's name and of every key to its value and origin, on several lines.
  public var json: String {
    let settings = entries.map { entry in
      "    \(JSONString.quoted(entry.key.name)): {\"value\": \(entry.json), "
        + "\"origin\": \(JSONString.quoted(entry.origin.description))}"
    }.joined(separator: ",\n")
    let file = self.file.map { JSONString.quoted($0) } ?? "null"
    return "{\n  \"file\": \(file),\n  \"settings\": {\n\(settings)\n  }\n}"
  }

  private static func padded(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - text.count))
  }
}
