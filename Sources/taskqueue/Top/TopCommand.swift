internal import ArgumentParser
internal import Platform
internal import QueueConfiguration
internal import QueueEngine
internal import QueueOperations

/// `taskqueue top`
struct TopCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "top",
    abstract: "Watch the queue: what waits, who works, what fails.",
    discussion: """
      A view that is drawn anew until you press q or Ctrl-C; the space bar draws it at once, and Ctrl-Z leaves \
      it for a while. Where standard output is no terminal, and with --once or --json, it is printed once.

        taskqueue top
        taskqueue top --interval 500ms
        taskqueue top --once | head -5
      """)

  @Option(help: ArgumentHelp("The time between two looks.", valueName: "time"))
  var interval = TimeLength(ms: 2000)

  @Flag(help: "Prints it once.")
  var once = false

  @OptionGroup var options: QueueOptions

  func validate() throws {
    guard interval.ms >= 50 else { throw ValidationError("--interval must be at least 50ms.") }
  }

  func run() throws {
    let effective = try options.effective()
    let metrics = QueueMetrics(database: try options.openDatabase(effective))
    let path = effective.configuration.databasePath
    if options.json { return try metrics.activity().json.print() }
    guard Terminal.isTerminal(1), !once else {
      let view = TopView(path: path, snapshot: try metrics.activity())
      for line in view.lines(width: Table.terminalWidth, height: nil) { try printLine(line) }
      return
    }
    try watch(metrics, path)
  }

  /// Draws until the user leaves.
  private func watch(_ metrics: QueueMetrics, _ path: String) throws {
    // What cannot be read at all is better said on the screen that stays.
    var view = TopView(path: path, snapshot: try metrics.activity(), hint: "q quits")
    let monitor = try InterruptMonitor()
    defer { monitor.stop() }
    let screen = try TerminalScreen(
      input: Terminal.isTerminal(0) ? 0 : nil, output: 1, monitor: monitor)
    defer { screen.leave() }
    while true {
      let size = screen.size
      screen.draw(view.lines(width: size.columns, height: size.rows))
      switch try next(screen) {
      case .quit: return
      case .draw: continue
      case .look: break
      }
      do {
        let snapshot = try metrics.activity()
        view.rates = TopView.Rates(from: view.snapshot, to: snapshot) ?? view.rates
        view = TopView(path: path, snapshot: snapshot, rates: view.rates, hint: view.hint)
      } catch let error as QueueError where error.code == .busy || error.code == .storage {
        // It may be over at the next look.
        view.trouble = "\(error)"
      }
    }
  }

  private enum Step {
    case look
    case draw
    case quit
  }

  /// Waits until there is something to do.
  private func next(_ screen: TerminalScreen) throws -> Step {
    let deadlineNs = MonotonicClock.nowNs() + UInt64(interval.ms) * 1_000_000
    while true {
      switch screen.wait(untilNs: deadlineNs) {
      case .deadline: return .look
      case .resized: return .draw
      case .interrupted, .closed: return .quit
      case .key(UInt8(ascii: "q")), .key(UInt8(ascii: "Q")), .key(Key.controlC), .key(Key.controlD),
        .key(Key.controlBackslash):
        return .quit
      case .key(UInt8(ascii: " ")): return .look
      case .key(Key.controlZ):
        try screen.suspend()
        return .look
      case .key: continue
      }
    }
  }

  private enum Key {
    static let controlC: UInt8 = 3
    static let controlD: UInt8 = 4
    static let controlZ: UInt8 = 26
    static let controlBackslash: UInt8 = 28
  }
}
