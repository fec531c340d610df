internal import ArgumentParser
internal import QueueConfiguration
internal import QueueEngine

/// `taskqueue config`
struct ConfigCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "config", abstract: "See the configuration that is in force.",
    discussion: """
      Defaults, then the file of --config or TASKQUEUE_CONFIG (YAML, TOML or JSON, with the same keys), then \
      variables such as TASKQUEUE_LEASE, then flags: the last one wins.

        taskqueue config show --config worker.yaml
        TASKQUEUE_LEASE=2min taskqueue config show --pragma synchronous=FULL
      """,
    subcommands: [Show.self], defaultSubcommand: Show.self)

  /// `taskqueue config show`
  struct Show: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "show", abstract: "Print every value, and where it is from.")

    @OptionGroup var pragmas: PragmaOptions
    @OptionGroup var options: QueueOptions

    func run() throws {
      let effective = try options.effective(pragmas.flags)
      if options.json {
        try printLine(effective.json)
      } else {
        let rows: [[String?]] = effective.entries.map { entry in
          [entry.key.name, entry.value, entry.origin.description]
        }
        try Table([.text("key"), .long("value"), .text("from")], rows).print()
      }
      if let hazard = effective.configuration.storeOptions().hazard {
        QueueOptions.warn(of: hazard)
      }
    }
  }
}
