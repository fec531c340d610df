internal import ArgumentParser
internal import QueueEngine
internal import QueueOperations

/// `taskqueue retry`
struct RetryCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "retry", abstract: "Queue tasks anew that have ended.",
    discussion: """
      They are ready at once; how they ended is forgotten, and their idempotency keys stay theirs. A filter \
      without --status means those that are failed or in dead_letter.

        taskqueue retry 42
        taskqueue retry --all --attempts 3
        taskqueue retry --error 'connection refused' --finished-since 1h

      Exit code 1 if a task that was named was not queued.
      """)

  @Argument(help: "The tasks' numbers.")
  var ids: [TaskNumber] = []

  @Option(
    help: ArgumentHelp(
      "How many attempts they get. (default: those that were left, at least one)",
      valueName: "count"))
  var attempts: PositiveCount?

  @Option(help: ArgumentHelp("How many tasks at most, the oldest first.", valueName: "count"))
  var limit: PositiveCount?

  @Flag(help: "All that failed.")
  var all = false

  @OptionGroup(title: "Which, instead of numbers") var filter: FilterOptions
  @OptionGroup var options: QueueOptions

  func validate() throws {
    try SelectedTasks.validate(hasIDs: !ids.isEmpty, hasFilter: !filter.isEmpty, isAll: all)
    if limit != nil, !ids.isEmpty { throw ValidationError("--limit is for filters and --all.") }
  }

  func run() throws {
    let effective = try options.effective()
    let listing = TaskListing(database: try options.openDatabase(effective))
    let attempts = attempts.map { RetryAttempts.further($0.value) } ?? .remaining
    var outcome = SelectedTasks(verb: "queued")
    if ids.isEmpty {
      outcome.count = try listing.retry(
        matching: filter.filter(now: .now()), attempts: attempts, limit: limit?.value ?? .max)
    } else {
      let asked = Set(ids.map(\.id)).sorted()
      outcome.changed = try listing.retry(ids: asked, attempts: attempts)
      let queue = try options.openQueue(effective)
      for id in asked where !outcome.changed.contains(id) {
        outcome.refuse(id, try queue.task(id)) { "is \($0.status.rawValue), and has not ended" }
      }
    }
    try outcome.report(asJSON: options.json)
  }
}
