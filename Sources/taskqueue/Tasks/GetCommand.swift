internal import ArgumentParser
internal import QueueEngine

/// `taskqueue get`
struct GetCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "get", abstract: "Show a task.",
    discussion: """
        taskqueue get 42
        taskqueue get 42 --json | jq .payload

      Exit code 1 if there is no such task.
      """)

  @Argument(help: "The task's number.")
  var id: TaskNumber

  @OptionGroup var options: QueueOptions

  func run() throws {
    let queue = try options.openQueue()
    guard let task = try queue.task(id.id) else {
      throw CommandFailure(.refused, "there is no task \(id.id)")
    }
    let text = TaskText(task: task, now: .now())
    if options.json { try text.json.print() } else { try text.printFacts() }
  }
}
