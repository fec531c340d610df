import Foundation
import Platform
import QueueEngine
import QueueOperations
import TestSupport
import Testing

@testable import taskqueue

@Suite(.temporaryDirectory) struct TopTests {
  private func snapshot(
    depths: [TaskDepth] = [], added: Int64 = 0, ended: [TaskStatus: Int] = [:],
    takenAt ms: Int64 = 0, workers: [WorkerActivity] = []
  ) -> QueueSnapshot {
    QueueSnapshot(
      takenAt: Timestamp(millisecondsSinceEpoch: 1_800_000_000_000 + ms), depths: depths,
      addedCount: added, endedCounts: ended, oldestQueuedAge: nil, workers: workers, running: [],
      failures: [])
  }

  // MARK: View

  @Test(arguments: [
    ([5, 5, 5], 100, [5, 5, 5]), ([5, 5, 5], 15, [2, 2, 2]), ([1, 9, 9], 16, [1, 3, 3]),
    ([5, 5, 5], 11, [3, 2, 0]), ([5, 5, 5], 4, [1, 0, 0]), ([5], 3, [0]), ([], 10, []),
    ([5, 0], 20, [5, 0]),
  ])
  func sectionsShareTheRoom(counts: [Int], room: Int, shares: [Int]) {
    #expect(TopView.shares(of: counts, room: room) == shares)
  }

  @Test func ratesAreDifferencesByTime() throws {
    let old = snapshot(added: 100, ended: [.completed: 10], takenAt: 0)
    let new = snapshot(
      added: 110, ended: [.completed: 30, .failed: 1, .deadLetter: 1], takenAt: 2000)
    let rates = try #require(TopView.Rates(from: old, to: new))
    #expect(rates.enqueued == 5)
    #expect(rates.completed == 10)
    #expect(rates.failed == 1)
    // Pruned meanwhile.
    let pruned = try #require(TopView.Rates(from: new, to: snapshot(added: 110, takenAt: 3000)))
    #expect(pruned.completed == 0)
    #expect(TopView.Rates(from: old, to: old) == nil)
  }

  @Test(arguments: [1, 5, 20, 40, 80, 200], [1, 2, 5, 10, 24, 60])
  func aViewFitsItsTerminal(width: Int, height: Int) {
    let types = (0..<40).map { "type-\($0)-日本語" }
    let view = TopView(
      path: "/some/where/\u{1B}[31mqueue.db",
      snapshot: snapshot(
        depths: types.map { .init(type: $0, status: .queued, count: 1_234_567) },
        workers: (0..<10).map {
          .init(id: "worker-\($0)", liveness: .active, silenceMs: 1500, heldTasks: $0)
        }), trouble: "the queue is busy", hint: "q quits")
    let lines = view.lines(width: width, height: height)
    #expect(lines.count <= height)
    #expect(lines.allSatisfy { displayWidth($0) <= width })
    #expect(!lines.contains { $0.contains("\u{1B}") })
  }

  // MARK: Once

  @Test func aLookThatIsPrinted() throws {
    let fixture = try WorkFixture()
    try fixture.enqueue(type: "email")
    try fixture.enqueue(type: "sms", priority: 1, maxAttempts: 1)
    try fixture.once("echo no such number >&2; exit 1")
    try fixture.enqueue(type: "fax", priority: 1)
    try WorkerRegistry(database: QueueDatabase(path: fixture.database)).register("host-1")
    _ = try fixture.queue.claim(as: Claimant(workerID: "embedded"), leaseDurationMs: 60_000)
    let end = try fixture.start(["top", "--once", "--db", fixture.database]).end()
    #expect(end.code == 0, "\(end)")
    #expect(end.output.contains("queued 1   processing 1"), "\(end)")
    #expect(end.output.contains("dead_letter 1"), "\(end)")
    #expect(end.output.contains("oldest queued"), "\(end)")
    #expect(end.output.contains("host-1"), "\(end)")
    #expect(end.output.contains("#3 fax"), "\(end)")
    #expect(end.output.contains("exit code 1: no such number"), "\(end)")
    // A pipe is no terminal.
    #expect(!end.output.contains("\u{1B}"))
    let json = try fixture.start(["top", "--json", "--db", fixture.database]).end()
    let object = try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any]
    #expect((object?["tasks"] as? [String: Int])?["queued"] == 1)
    #expect((object?["failures"] as? [[String: Any]])?.count == 1)
  }

  // MARK: In a terminal

  @Test(arguments: ["q", "\u{3}", "term", "hangup"])
  func theTerminalIsPutBackHoweverItEnds(way: String) throws {
    let fixture = try WorkFixture()
    try fixture.enqueue(type: "email")
    let terminal = try PseudoTerminal(columns: 80, rows: 24)
    let modes = terminal.modes
    let child = try terminal.start(["top", "--db", fixture.database, "--interval", "50ms"])
    try terminal.receive("email")
    #expect(terminal.modes != modes)
    switch way {
    case "term": child.kill(signal: SIGTERM)
    case "hangup": child.kill(signal: SIGHUP)
    default: terminal.type(way)
    }
    let status = try #require(child.wait(untilNs: MonotonicClock.nowNs() + 30_000_000_000))
    let expected: Platform.ExitStatus.Reason =
      way == "hangup" ? .signaled(signal: SIGHUP, dumpedCore: false) : .exited(code: 0)
    #expect(status.reason == expected)
    let text = terminal.rest()
    #expect(text.hasPrefix("\u{1B}[?1049h\u{1B}[?25l"))
    #expect(text.hasSuffix("\u{1B}[?25h\u{1B}[?1049l"))
    #expect(terminal.modes == modes)
  }

  @Test func theViewFollowsTheQueueAndTheSizeOfTheTerminal() throws {
    let fixture = try WorkFixture()
    try fixture.enqueue(type: "email")
    let terminal = try PseudoTerminal(columns: 80, rows: 24)
    let child = try terminal.start(["top", "--db", fixture.database, "--interval", "1h"])
    try terminal.receive("queued 1 ")
    try fixture.enqueue(type: "fax")
    terminal.type(" ")
    try terminal.receive("queued 2 ")
    try terminal.receive("in ")
    terminal.resize(columns: 20, rows: 24)
    child.kill(signal: SIGWINCH)
    // One status per line now.
    try terminal.receive("queued 2\u{1B}[K")
    terminal.type("q")
    #expect(child.wait(untilNs: MonotonicClock.nowNs() + 30_000_000_000)?.isSuccess == true)
  }
}

/// A terminal that a program runs in.
private final class PseudoTerminal {
  private let leader: Int32
  private let follower: Int32
  private var received: [UInt8] = []

  init(columns: UInt16, rows: UInt16) throws {
    leader = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC)
    try #require(leader >= 0)
    // TIOCSPTLCK and TIOCGPTN, macros that Swift does not import.
    var unlocked: Int32 = 0
    let unlocking = ioctl(leader, 0x4004_5431, &unlocked)
    try #require(unlocking == 0)
    var number: Int32 = -1
    let numbering = ioctl(leader, 0x8004_5430, &number)
    try #require(numbering == 0)
    follower = open("/dev/pts/\(number)", O_RDWR | O_NOCTTY | O_CLOEXEC)
    try #require(follower >= 0)
    resize(columns: columns, rows: rows)
  }

  deinit {
    close(follower)
    close(leader)
  }

  func resize(columns: UInt16, rows: UInt16) {
    var size = winsize(ws_row: rows, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0)
    _ = ioctl(leader, UInt(TIOCSWINSZ), &size)
  }

  /// What the terminal does with what is typed.
  var modes: [UInt32] {
    var modes = termios()
    tcgetattr(follower, &modes)
    return [modes.c_iflag, modes.c_oflag, modes.c_cflag, modes.c_lflag]
  }

  func start(_ arguments: [String]) throws -> ChildProcess {
    var environment = ChildCommand.currentEnvironment()
      .filter { !$0.key.hasPrefix("TASKQUEUE_") }
    environment["COLUMNS"] = nil
    environment["TERM"] = "xterm"
    environment["SWIFT_BACKTRACE"] = "enable=no"
    return try ChildProcess.spawn(
      ChildCommand(
        executable: try Program.path(), arguments: arguments, environment: environment,
        standardInput: .descriptor(follower), standardOutput: .descriptor(follower),
        standardError: .descriptor(follower)))
  }

  func type(_ text: String) {
    let bytes = Array(text.utf8)
    _ = write(leader, bytes, bytes.count)
  }

  private func take(waitMs: Int32) -> Bool {
    var watched = pollfd(fd: leader, events: Int16(POLLIN), revents: 0)
    guard poll(&watched, 1, waitMs) > 0 else { return false }
    var buffer = [UInt8](repeating: 0, count: 4096)
    let count = read(leader, &buffer, buffer.count)
    guard count > 0 else { return false }
    received += buffer[..<count]
    return true
  }

  private var text: String { String(decoding: received, as: UTF8.self) }

  /// Waits until that was shown.
  func receive(_ part: String) throws {
    let deadlineNs = MonotonicClock.nowNs() + 30_000_000_000
    while !text.contains(part) {
      _ = take(waitMs: 100)
      guard MonotonicClock.nowNs() < deadlineNs else { throw TimedOut(what: "\(part) in \(text)") }
    }
  }

  /// All that was ever shown.
  func rest() -> String {
    while take(waitMs: 0) {}
    return text
  }
}
