internal import ArgumentParser
internal import Foundation
internal import Platform
internal import Statistics

/// What a queue costs a worker: with commands, and with handlers that do nothing.
@main
struct WorkerRate: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "worker-rate",
    abstract: "Measure how many tasks a second one worker process works.",
    discussion: """
      With a command: `taskqueue work --drain` on a queue of tasks, from its start to its end, and the same \
      number of the same command started by as many threads that do nothing else, in turn; the ratio is that \
      of each pair of blocks: its median and, in brackets, its 95 % interval. Then the embedded worker with a \
      handler that does nothing. All with the worker's own settings: WAL, synchronous = NORMAL.
      """)

  @Option(help: "Pairs of blocks per concurrency.")
  var blocks = 15

  @Option(help: "Commands in a block.")
  var commands = 2000

  @Option(
    parsing: .upToNextOption, help: "How many commands run at once.")
  var concurrency = [1, 2, 4]

  @Option(help: "The shell command; without one, the program `true` is started.")
  var shell: String?

  @Option(help: "Tasks in a block of the embedded worker; 0 leaves it out.")
  var tasks = 50_000

  @Option(help: "Handlers at once in the embedded worker.")
  var handlers = 64

  @Option(help: "More arguments for `taskqueue work`, in one word with blanks.")
  var workArguments = ""

  @Option(help: "The queue's program; by default taskqueue beside this one.")
  var taskqueue: String?

  @Option(help: "Where the databases lie meanwhile.", completion: .directory)
  var databases = "."

  func validate() throws {
    guard blocks >= 1, commands >= 1, tasks >= 0, handlers >= 1, concurrency.allSatisfy({ $0 >= 1 })
    else { throw ValidationError("All numbers must be at least 1.") }
  }

  func run() throws {
    let directory = "\(databases)/worker-rate-\(ProcessInfo.processInfo.processIdentifier).work"
    try FileManager.default.createDirectory(
      atPath: directory, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: directory) }
    #if DEBUG
      print("a debug build: these numbers mean nothing")
    #endif
    let beside = URL(fileURLWithPath: Bundle.main.executablePath ?? CommandLine.arguments[0])
      .deletingLastPathComponent().appendingPathComponent("taskqueue").path
    let command =
      try shell.map { ["/bin/sh", "-c", $0] }
      ?? [RepeatedCommand.path(of: "true", searching: "/usr/bin:/bin")]
    if !concurrency.isEmpty { print("commands per second: \(command.joined(separator: " "))") }
    for concurrency in concurrency {
      let trial = CommandTrial(
        command: command, count: commands, concurrency: concurrency,
        taskqueue: taskqueue ?? beside,
        workArguments: workArguments.split(separator: " ").map(String.init), directory: directory)
      try show(trial)
    }
    for isCounting in tasks > 0 ? [false, true] : [] {
      let trial = EmbeddedTrial(
        count: tasks, handlers: handlers, directory: directory, isCounting: isCounting)
      var rates: [Double] = []
      for block in 0...blocks {
        let rate = try trial.run()
        // The first one warms everything up.
        if block > 0 { rates.append(rate) }
      }
      print(
        "embedded worker, handler that does nothing, \(handlers) at once: "
          + "\(text(rates)) tasks/s" + (isCounting ? ", and the queue counts them" : ""))
    }
  }

  private func show(_ trial: CommandTrial) throws {
    var plain: [CommandTrial.Sample] = []
    var worked: [CommandTrial.Sample] = []
    for block in 0...blocks {
      // In both orders, so that a drift of the machine is nobody's.
      let isWorkedFirst = block.isMultiple(of: 2)
      let first = try isWorkedFirst ? trial.withQueue() : trial.withoutQueue()
      let second = try isWorkedFirst ? trial.withoutQueue() : trial.withQueue()
      // The first pair warms everything up.
      if block == 0 { continue }
      worked.append(isWorkedFirst ? first : second)
      plain.append(isWorkedFirst ? second : first)
    }
    let rates = zip(worked, plain).map { $0.rate / $1.rate }
    // Hardly disturbed by what else the machine does.
    let costs = zip(worked, plain).map { $1.cpuUs / $0.cpuUs }
    print(
      "  \(trial.concurrency) at once:  without a queue \(text(plain.map(\.rate)))/s  with taskqueue work "
        + "\(text(worked.map(\.rate)))/s  ratio \(ratio(rates))")
    print(
      "    processor time per command: \(text(plain.map(\.cpuUs))) µs and "
        + "\(text(worked.map(\.cpuUs))) µs  ratio \(ratio(costs))")
  }

  private func ratio(_ ratios: [Double]) -> String {
    let interval = orderStatisticInterval(of: ratios).map {
      String(format: "  [%.3f, %.3f]", $0.low, $0.high)
    }
    return String(format: "%.3f", median(of: ratios) ?? .nan) + (interval ?? "")
  }

  private func text(_ values: [Double]) -> String {
    String(format: "%.0f", median(of: values) ?? .nan)
  }
}
