internal import ArgumentParser
internal import QueueConfiguration
internal import QueueEngine
internal import QueueOperations

/// `taskqueue stats`
struct StatsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "stats", abstract: "Say how the queue is.",
    discussion: """
        taskqueue stats
        taskqueue stats --json | jq .tasks.queued
      """)

  @OptionGroup var options: QueueOptions

  func run() throws {
    let effective = try options.effective()
    let now = Timestamp.now()
    let sections = [
      try tasks(try options.openQueue(effective)),
      try workers(try options.openDatabase(effective), now: now),
      file(effective.configuration.databasePath),
    ]
    if options.json {
      return try JSONValue.object(sections.map { (key: $0.name, value: $0.json) }).print()
    }
    for (index, section) in sections.enumerated() {
      if index > 0 { try printLine() }
      try section.printText()
    }
  }

  /// One aspect of a queue, under one name in JSON.
  private struct Section {
    let name: String
    let json: JSONValue
    let printText: () throws -> Void
  }

  private func tasks(_ queue: TaskQueue) throws -> Section {
    let counts = try queue.counts()
    let total = counts.values.reduce(0, +)
    let rows = TaskStatus.allCases.map { [$0.rawValue, "\(counts[$0] ?? 0)"] }
    let members = TaskStatus.allCases.map { status in
      (key: status.rawValue, value: JSONValue(counts[status] ?? 0))
    }
    return Section(
      name: "tasks", json: .object(members + [(key: "total", value: JSONValue(total))])
    ) {
      try Table([.text("status"), .number("tasks")], rows + [["total", "\(total)"]]).print()
    }
  }

  private func workers(_ database: QueueDatabase, now: Timestamp) throws -> Section {
    let workers = try WorkerRegistry(database: database).summary(now: now)
    let heldCount = workers.map(\.heldTasks).reduce(0, +)
    let counts = WorkerLiveness.allCases.map { liveness in
      (word: liveness.rawValue, count: workers.count { $0.liveness == liveness })
    }
    let members = counts.map { (key: $0.word, value: JSONValue($0.count)) }
    return Section(
      name: "workers", json: .object(members + [(key: "held_tasks", value: JSONValue(heldCount))])
    ) {
      let parts = counts.filter { $0.count > 0 || $0.word == "active" }
        .map { "\($0.count) \($0.word)" }
      var facts = FactList()
      let held = "holding \(counted(heldCount, "task"))"
      facts.add("workers", (parts + [held]).joined(separator: ", "))
      try facts.print()
    }
  }

  private func file(_ path: String) -> Section {
    func byteCount(_ path: String) -> Int64 {
      if case .file(let byteCount) = PathFacts.of(path) { return byteCount }
      return 0
    }
    let bytes = byteCount(path)
    let walBytes = byteCount(path + "-wal")
    return Section(
      name: "file",
      json: [
        "path": .string(path), "bytes": .integer(bytes), "wal_bytes": .integer(walBytes),
      ]
    ) {
      var facts = FactList()
      facts.add("file", path)
      facts.add("size", "\(byteText(bytes)), and \(byteText(walBytes)) of write-ahead log")
      try facts.print()
    }
  }
}
