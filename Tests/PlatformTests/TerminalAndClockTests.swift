import Glibc
import Testing

@testable import Platform

@Suite struct TerminalAndClockTests {
  @Test func aFileIsNoTerminal() {
    let descriptor = open("/dev/null", O_RDWR | O_CLOEXEC)
    defer { close(descriptor) }
    #expect(!Terminal.isTerminal(descriptor))
    #expect(Terminal.columns(of: descriptor, environment: [:]) == nil)
    #expect(!Terminal.wantsColour(descriptor, environment: ["TERM": "xterm"]))
  }

  @Test func aTerminalHasAWidthAndColours() throws {
    let leader = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC)
    try #require(leader >= 0)
    defer { close(leader) }
    // TIOCSPTLCK and TIOCGPTN, macros that Swift does not import.
    var unlocked: Int32 = 0
    let unlocking = ioctl(leader, 0x4004_5431, &unlocked)
    try #require(unlocking == 0)
    var number: Int32 = -1
    let numbering = ioctl(leader, 0x8004_5430, &number)
    try #require(numbering == 0)
    let follower = open("/dev/pts/\(number)", O_RDWR | O_NOCTTY | O_CLOEXEC)
    try #require(follower >= 0)
    defer { close(follower) }
    var size = winsize(ws_row: 24, ws_col: 132, ws_xpixel: 0, ws_ypixel: 0)
    let sizing = ioctl(leader, UInt(TIOCSWINSZ), &size)
    try #require(sizing == 0)
    #expect(Terminal.isTerminal(follower))
    #expect(Terminal.columns(of: follower, environment: [:]) == 132)
    #expect(Terminal.columns(of: follower, environment: ["COLUMNS": "60"]) == 60)
    #expect(Terminal.wantsColour(follower, environment: ["TERM": "xterm"]))
    #expect(!Terminal.wantsColour(follower, environment: ["TERM": "xterm", "NO_COLOR": "1"]))
  }

  @Test(arguments: ["", "0", "-3", "wide", "99999999999999999999", "10001"])
  func nonsenseInColumnsIsIgnored(text: String) {
    #expect(Terminal.columns(of: -1, environment: ["COLUMNS": text]) == nil)
  }

  @Test(
    arguments: [
      (["TERM": "xterm"], true), (["TERM": "dumb"], false), ([:], false),
      (["TERM": "xterm", "NO_COLOR": ""], true), (["TERM": "xterm", "NO_COLOR": "0"], false),
    ] as [([String: String], Bool)])
  func coloursFollowTheEnvironment(environment: [String: String], expected: Bool) {
    #expect(Terminal.allowsColour(environment: environment) == expected)
  }

  @Test func theClockNeverGoesBack() {
    var last = MonotonicClock.nowNs()
    for _ in 0..<1000 {
      let now = MonotonicClock.nowNs()
      #expect(now >= last)
      last = now
    }
  }

  @Test func aSleepLastsUntilTheDeadline() {
    let deadlineNs = MonotonicClock.nowNs() + 2_000_000
    MonotonicClock.sleep(untilNs: deadlineNs)
    #expect(MonotonicClock.nowNs() >= deadlineNs)
    MonotonicClock.sleep(untilNs: 0)
  }

  @Test func errorsNameThePlaceAndTheRemedy() {
    let error = SystemError(operation: "open", subject: "/a/b", code: ENOSPC)
    #expect(
      error.description
        == "cannot open /a/b: No space left on device (errno 28); "
        + "free some space or choose a directory on another file system")
  }

  @Test func aSmallFileIsReadUpToItsLimit() {
    #expect(SmallFile.read("/no/such/file") == nil)
    #expect(SmallFile.read("/dev/zero", byteLimit: 20_000)?.utf8.count == 20_000)
    #expect(SmallFile.read("/proc") == nil)
    #expect(SmallFile.firstLine("/dev/null") == nil)
  }
}
