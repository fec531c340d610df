internal import ArgumentParser
internal import Platform
internal import QueueEngine
internal import QueueOperations

/// `taskqueue enqueue`
struct EnqueueCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "enqueue", abstract: "Add tasks.",
    discussion: """
      One task, with a payload in JSON ({} if there is none, - for standard input):

        taskqueue enqueue --type email '{"to": "a@example.org"}' --priority 10
        taskqueue enqueue --type report --delay 2h --key report:2026-12-01
        taskqueue enqueue --type resize - < payload.json

      Or many, in JSON Lines: an object with "type" and, where wanted, "payload", "priority", "run_after", \
      "max_attempts", "idempotency_key" and "compatibility" on each line. The options say what lines leave out:

        taskqueue enqueue --file tasks.jsonl
        generate-tasks | taskqueue enqueue --type resize --max-attempts 3 --file -

      Of a file with a bad line nothing is enqueued: all of it is read and checked first (what comes through a \
      pipe is kept in TMPDIR meanwhile). With --stream lines are enqueued as they come, up to the first bad \
      one: exactly the lines before it are in the queue then. With --skip-bad bad lines are left out, told of, \
      and all others are enqueued. If the queue itself fails in the midst of it (a full disk, a kill), the lines \
      before that stay in it; with idempotency keys the file can simply be enqueued again.
      """)

  @Argument(
    help: ArgumentHelp("The payload in JSON; - reads it from standard input.", valueName: "payload")
  )
  var payload: String?

  @Option(
    help: ArgumentHelp(
      "Tasks in JSON Lines; - is standard input, which is also read if there are neither --type nor a payload.",
      valueName: "file"),
    completion: .file(extensions: ["jsonl", "ndjson"]))
  var file: String?

  @Option(help: ArgumentHelp("What kind of work it is.", valueName: "name"))
  var type: String?

  @Option(
    parsing: .unconditional,
    help: "Lower numbers are taken first, negative ones before 0. (default: 100)")
  var priority: Int?

  @Option(
    help: ArgumentHelp("Not before that long from now: 90s, 10min, 2h, 7d.", valueName: "time"))
  var delay: TimeLength?

  @Option(
    help: ArgumentHelp(
      "Not before that moment in UTC, as in 2026-12-01T06:00:00Z.", valueName: "moment"))
  var runAfter: UTCMoment?

  @Option(
    help: ArgumentHelp(
      "Idempotency key: a second task with the same one is not made.", valueName: "key"))
  var key: String?

  @Option(
    help: ArgumentHelp(
      "How often it may be tried before it goes to dead_letter. (default: 5)", valueName: "count"))
  var maxAttempts: PositiveCount?

  @Option(
    help: ArgumentHelp(
      "What a worker must be capable of, as a JSON object: '{\"gpu\": true}'.", valueName: "json"))
  var compatibility: String?

  @Flag(help: "Leaves bad lines out and goes on.")
  var skipBad = false

  @Flag(help: "Enqueues lines as they come, up to the first bad one.")
  var stream = false

  @OptionGroup var options: QueueOptions

  func validate() throws {
    if delay != nil, runAfter != nil {
      throw ValidationError("--delay and --run-after are two ways to say one thing; use one.")
    }
    if file != nil {
      if payload != nil { throw ValidationError("Either a payload or --file, not both.") }
      if key != nil {
        throw ValidationError("--key is of one task; lines have an \"idempotency_key\" each.")
      }
    } else if type != nil {
      if skipBad || stream { throw ValidationError("--skip-bad and --stream need --file.") }
    } else if payload != nil {
      throw ValidationError("A payload needs a --type.")
    }
    if let compatibility, !JSONText.isValid(compatibility, isObject: true) {
      throw ValidationError("--compatibility must be a JSON object, such as '{\"gpu\": true}'.")
    }
    if skipBad, stream {
      throw ValidationError("--skip-bad enqueues lines as they come, too; leave --stream out.")
    }
  }

  func run() throws {
    if file == nil, let type { return try enqueueOne(type) }
    if file == nil, Terminal.isTerminal(0) {
      throw CommandFailure(
        .usage, "what is to be enqueued? Give a --type, with a payload if you like, or a --file")
    }
    try enqueueLines(from: file ?? "-")
  }

  private func due(now: Timestamp) -> Timestamp? {
    runAfter?.timestamp ?? delay.map { now.adding(milliseconds: $0.ms) }
  }

  // MARK: One

  private func enqueueOne(_ type: String) throws {
    let queue = try options.openQueue()
    var task = NewTask(type: type)
    switch payload {
    case "-": task.payload = try Self.standardInput()
    case let payload?: task.payload = payload
    case nil: break
    }
    if let priority { task.priority = priority }
    if let maxAttempts { task.maxAttempts = maxAttempts.value }
    if let compatibility { task.compatibility = compatibility }
    task.idempotencyKey = key
    task.runAfter = due(now: .now())
    let receipt: EnqueueReceipt
    do {
      receipt = try queue.enqueue(task)
    } catch let error as QueueError where error.code == .invalidArgument {
      let isText = !JSONText.isValid(task.payload)
      let hint = isText ? "; plain text is JSON in double quotes: '\"hello\"'" : ""
      throw CommandFailure(.badData, "\(error.message)\(hint)")
    }
    if options.json {
      return try JSONValue.object([
        ("id", JSONValue(receipt.id)), ("is_new", JSONValue(receipt.isNew)),
      ]).print()
    }
    try printLine(
      receipt.isNew
        ? "enqueued \(receipt.id)"
        : "\(receipt.id) has that key already; nothing was added")
  }

  private static func standardInput() throws -> String {
    // More than the queue takes is not read to its end.
    let limit = NewTask.payloadByteLimit + 1
    guard let text = SmallFile.read("/dev/stdin", byteLimit: limit) else {
      throw CommandFailure(.inputOutput, "standard input cannot be read")
    }
    return text
  }

  // MARK: Many

  private func enqueueLines(from file: String) throws {
    if file != "-" { try PathFacts.requireFile(file, "a file of tasks") }
    let queue = try options.openQueue()
    var defaults = TaskDefaults()
    defaults.type = type
    defaults.priority = priority
    defaults.runAfter = due(now: .now())
    defaults.maxAttempts = maxAttempts?.value
    defaults.compatibility = compatibility
    let mode: BadLineMode = skipBad ? .skippingBad : stream ? .upToFirstBad : .allOrNothing
    let report: EnqueueLinesReport
    do {
      report = try JSONLines.enqueueLines(
        from: file == "-" ? .standardInput : .file(file), into: queue, mode: mode,
        defaults: defaults)
    } catch let error as MigrationError {
      throw CommandFailure(Outcome(error), "\(error)\n\(outcome(of: error))")
    }
    for problem in report.problems { reportWarning("left out: \(problem)") }
    if report.badCount > report.problems.count {
      reportWarning("left out: \(report.badCount - report.problems.count) more lines")
    }
    if options.json { return try json(report).print() }
    var parts = ["enqueued \(counted(report.added, "task"))"]
    if report.alreadyThere > 0 { parts.append("\(report.alreadyThere) there already") }
    if report.badCount > 0 { parts.append("\(counted(report.badCount, "bad line")) left out") }
    try printLine(parts.joined(separator: ", "))
  }

  /// What is in the queue after an error, and what helps.
  private func outcome(of error: MigrationError) -> String {
    let count = error.enqueuedCount
    let done =
      count == 0
      ? "nothing was enqueued"
      : "\(counted(count, "task")) before it \(count == 1 ? "was" : "were") enqueued"
    guard error.isAboutOneLine else { return done }
    return "\(done); correct the line, or leave bad lines out with --skip-bad"
  }

  private func json(_ report: EnqueueLinesReport) -> JSONValue {
    let problems = report.problems.map { problem in
      JSONValue.object([
        ("line", JSONValue(problem.line)), ("message", .string(problem.message)),
      ])
    }
    return .object([
      ("added", JSONValue(report.added)), ("already_there", JSONValue(report.alreadyThere)),
      ("bad", JSONValue(report.badCount)), ("problems", .array(problems)),
    ])
  }
}
