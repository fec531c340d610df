internal import ArgumentParser
internal import QueueEngine
internal import QueueOperations

/// `taskqueue cancel`
struct CancelCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "cancel", abstract: "Take tasks back.",
    discussion: """
      Tasks that wait; with --held also those that a worker holds, which then loses its lease: what it has to say \
      about the task is refused.

        taskqueue cancel 42 43
        taskqueue cancel --type newsletter --created-since 1h
        taskqueue cancel --all

      Exit code 1 if a task that was named was not cancelled.
      """)

  @Argument(help: "The tasks' numbers.")
  var ids: [TaskNumber] = []

  @Flag(help: "Takes tasks from workers, too.")
  var held = false

  @Flag(help: "All that wait, whatever they are.")
  var all = false

  @OptionGroup(title: "Which, instead of numbers") var filter: FilterOptions
  @OptionGroup var options: QueueOptions

  func validate() throws {
    try SelectedTasks.validate(hasIDs: !ids.isEmpty, hasFilter: !filter.isEmpty, isAll: all)
  }

  func run() throws {
    let effective = try options.effective()
    var outcome = SelectedTasks(verb: "cancelled")
    if ids.isEmpty {
      let listing = TaskListing(database: try options.openDatabase(effective))
      outcome.count = try listing.cancel(matching: filter.filter(now: .now()), evenIfHeld: held)
    } else {
      let queue = try options.openQueue(effective)
      for id in Set(ids.map(\.id)).sorted() {
        if try queue.cancel(id, evenIfHeld: held) {
          outcome.changed.append(id)
        } else {
          outcome.refuse(id, try queue.task(id), self.reason)
        }
      }
    }
    try outcome.report(asJSON: options.json)
  }

  private func reason(_ task: QueueTask) -> String {
    if task.status == .processing {
      return "is held by \(task.lockedBy ?? "a worker"); take it from there with --held"
    }
    return "is \(task.status.rawValue) already"
  }
}
