internal import ArgumentParser
internal import QueueEngine
internal import QueueOperations

/// `taskqueue list`
struct ListCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List tasks.",
    discussion: """
      In the order in which they were enqueued; all that is asked for must fit.

        taskqueue list --status failed --status dead_letter
        taskqueue list --type email --created-since 2h --newest --limit 10
        taskqueue list --after 120
        taskqueue list --error timeout --json | jq '.[].id'
      """)

  @OptionGroup(title: "Which") var filter: FilterOptions

  @Flag(help: "The one that was enqueued last comes first.")
  var newest = false

  @Option(help: "How many at most.")
  var limit = PositiveCount(50)

  @Option(help: ArgumentHelp("Those behind that task: the next page.", valueName: "id"))
  var after: TaskNumber?

  @Flag(help: "Prints how many there are instead.")
  var count = false

  @OptionGroup var options: QueueOptions

  func run() throws {
    let listing = TaskListing(database: try options.openDatabase())
    let now = Timestamp.now()
    let filter = filter.filter(now: now)
    if count {
      let count = try listing.count(matching: filter, atMost: .max)
      return try options.json
        ? JSONValue.object([("count", JSONValue(count))]).print()
        : printLine("\(count)")
    }
    // One more tells whether there are more.
    let found = try listing.tasks(
      matching: filter, order: newest ? .newestFirst : .oldestFirst, after: after?.id,
      limit: limit.value < .max ? limit.value + 1 : limit.value)
    let shown = found.prefix(limit.value).map { TaskText(task: $0, now: now) }
    if options.json { return try JSONValue.array(shown.map(\.json)).print() }
    if shown.isEmpty { return try printLine(after == nil ? "no tasks" : "no more tasks") }
    try Table(TaskText.columns, shown.map(\.row)).print()
    if found.count > shown.count, let last = shown.last {
      try printLine("more with --after \(last.task.id.rawValue)")
    }
  }
}
