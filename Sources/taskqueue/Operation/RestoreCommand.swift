internal import ArgumentParser
internal import QueueConfiguration
internal import QueueOperations

/// `taskqueue restore`
struct RestoreCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "restore", abstract: "Put a backup in the place of the queue.",
    discussion: """
      Stop the workers, and everything else that uses the queue: one that is in use is refused. The backup is \
      copied beside the queue and verified before anything is touched; a damaged one is refused. The old queue \
      stays under another name.

        taskqueue restore backups/queue-20261121T120000.123Z.db

      Tasks that were held when the backup was made run again, and so do those completed since.
      """)

  @Argument(help: "The backup's file.", completion: .file(extensions: ["db"]))
  var backup: String

  @Flag(help: "Replaces a file that is too damaged to be read; make sure that nobody uses it.")
  var replaceDamaged = false

  @Flag(help: "Removes the old queue once the new one is verified.")
  var discardOld = false

  @OptionGroup var options: QueueOptions

  func run() throws {
    let effective = try options.effective()
    let path = effective.configuration.databasePath
    try PathFacts.requireFile(backup, "a backup")
    if effective.usesDefaultDatabase {
      try PathFacts.makeDirectory(PathFacts.directory(of: path))
    }
    try PathFacts.requireDirectory(around: path)
    let words = ["say that a damaged file is to be replaced": "use --replace-damaged"]
    let report = try namingFlags(words) {
      try QueueBackup.restore(
        from: backup, to: path, replacingDamaged: replaceDamaged, keepingOld: !discardOld)
    }
    if options.json {
      return try JSONValue.object([
        ("path", .string(report.path)), ("tasks", JSONValue(report.rows.tasks)),
        ("kept", JSONValue(report.keptPath)),
      ]).print()
    }
    try printLine(
      "restored \(counted(report.rows.tasks, "task")) into \(escapingControls(path))")
    if let kept = report.keptPath {
      try printLine("the old queue is \(escapingControls(kept))")
    }
  }
}
