internal import ArgumentParser
internal import QueueEngine
internal import QueueOperations

/// Which tasks a command is about.
struct FilterOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp("In that status. May be given several times.", valueName: "status"))
  var status: [TaskStatus] = []

  @Option(help: ArgumentHelp("Of that type. May be given several times.", valueName: "name"))
  var type: [String] = []

  @Option(help: ArgumentHelp("Held by that worker, or held by it last.", valueName: "id"))
  var worker: String?

  @Option(help: ArgumentHelp("With that priority, or one from 0-50.", valueName: "range"))
  var priority: PriorityRange?

  @Option(
    help: ArgumentHelp(
      "Enqueued since that moment in UTC, or that long ago: '2026-11-21', 2h.",
      valueName: "moment"))
  var createdSince: Moment?

  @Option(help: ArgumentHelp("Enqueued before that.", valueName: "moment"))
  var createdBefore: Moment?

  @Option(help: ArgumentHelp("Ended since that.", valueName: "moment"))
  var finishedSince: Moment?

  @Option(help: ArgumentHelp("Ended before that.", valueName: "moment"))
  var finishedBefore: Moment?

  @Option(help: ArgumentHelp("With that idempotency key.", valueName: "key"))
  var key: String?

  @Option(help: ArgumentHelp("With that text in its last error.", valueName: "text"))
  var error: String?

  /// The filter, with lengths of time counted from `now`.
  func filter(now: Timestamp) -> TaskFilter {
    TaskFilter(
      statuses: status.isEmpty ? nil : Set(status), types: type.isEmpty ? nil : Set(type),
      workerID: worker, priorities: priority?.range,
      createdSince: createdSince?.timestamp(now: now),
      createdBefore: createdBefore?.timestamp(now: now),
      finishedSince: finishedSince?.timestamp(now: now),
      finishedBefore: finishedBefore?.timestamp(now: now), idempotencyKey: key, errorText: error)
  }

  /// Whether nothing is asked for.
  var isEmpty: Bool { filter(now: Timestamp(millisecondsSinceEpoch: 0)) == TaskFilter() }
}
