import Glibc
import Synchronization
import TestSupport
import Testing

@testable import Platform

@Suite struct CommandRunnerTests {
  private func shell(
    _ script: String, environment: [String: String] = ["PATH": "/usr/bin:/bin"],
    directory: String? = nil
  ) throws -> RepeatedCommand {
    try RepeatedCommand(
      executable: "/bin/sh", name: "sh", arguments: ["-c", script], environment: environment,
      directory: directory)
  }

  private func limits(
    timeoutNs: UInt64? = nil, graceNs: UInt64 = 10_000_000_000, byteLimit: Int = 1 << 20
  ) -> RunLimits {
    RunLimits(
      timeoutNs: timeoutNs, graceNs: graceNs, output: .kept(byteLimit: byteLimit),
      errorTailByteLimit: 4096)
  }

  private func run(
    _ script: String, input: String = "", variables: [String] = [], limits: RunLimits? = nil
  ) throws -> RunEnd {
    try CommandRunner().run(
      shell(script), variables: variables, input: input, limits: limits ?? self.limits(),
      control: RunControl())
  }

  private func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

  /// Whether a process is there and no zombie.
  private func isAlive(_ pid: Int32) -> Bool {
    guard let status = SmallFile.read("/proc/\(pid)/stat"), let end = status.lastIndex(of: ")")
    else { return false }
    return !["Z", "X"].contains(status[end...].dropFirst(2).prefix(1))
  }

  // MARK: Streams

  @Test(arguments: [0, 1, 65_536, 1 << 20])
  func theInputArrivesWhole(byteCount: Int) throws {
    let input = String(repeating: "ä", count: byteCount / 2) + (byteCount % 2 == 1 ? "x" : "")
    let end = try run("cat", input: input)
    #expect(end.status.reason == .exited(code: 0))
    #expect(end.cause == .itself)
    #expect(end.outputByteCount == byteCount)
    #expect(text(end.output) == input)
  }

  @Test func whatNobodyReadsDoesNotMatter() throws {
    let end = try run("exit 3", input: String(repeating: "x", count: 1 << 20))
    #expect(end.status.reason == .exited(code: 3))
  }

  @Test func outputBeyondTheLimitIsCountedAndDropped() throws {
    let end = try run("head -c 300000 /dev/zero; echo end >&2", limits: limits(byteLimit: 1000))
    #expect(end.output == Array(repeating: 0, count: 1000))
    #expect(end.outputByteCount == 300_000)
    #expect(text(end.errorTail) == "end\n")
  }

  @Test func theEndOfTheErrorsIsKept() throws {
    var heard = 0
    let end = try CommandRunner().run(
      shell("i=0; while [ $i -lt 40000 ]; do echo line $i; i=$((i+1)); done >&2"), variables: [],
      input: "", limits: limits(), control: RunControl()
    ) { heard += $0.count }
    #expect(end.errorTail.count == 4096)
    #expect(text(end.errorTail).hasSuffix("line 39999\n"))
    #expect(heard == end.errorByteCount)
    #expect(heard > 400_000)
  }

  @Test func whatStaysInTheBackgroundKeepsNobodyWaiting() throws {
    let end = try run("sleep 60 & echo $!")
    let pid = try #require(Int32(text(end.output).dropLast()))
    // It was left alone.
    #expect(isAlive(pid))
    kill(pid, SIGKILL)
  }

  // MARK: Surroundings

  @Test func aStartHasItsVariablesAndThoseOfAll() throws {
    let command = try shell("echo $A $B $C", environment: ["A": "all"])
    let runner = try CommandRunner()
    for start in ["one", "two"] {
      let end = try runner.run(
        command, variables: ["B=\(start)", "C=x=y"], input: "", limits: limits(),
        control: RunControl())
      #expect(text(end.output) == "all \(start) x=y\n")
    }
  }

  @Test func commandsBeginWhereTheyShould() throws {
    let end = try CommandRunner().run(
      shell("pwd", directory: "/usr"), variables: [], input: "", limits: limits(),
      control: RunControl())
    #expect(text(end.output) == "/usr\n")
  }

  @Test func commandsHaveTheirOwnGroupDefaultSignalsAndNoOtherDescriptors() throws {
    let leaked = open("/dev/null", O_RDONLY)
    defer { close(leaked) }
    let former = signal(SIGPIPE, SIG_IGN)
    defer { signal(SIGPIPE, former) }
    // Fields of the shell itself: no other process is looked at.
    let end = try run(
      "ls /proc/$$/fd | tr '\\n' ' '; cut -d' ' -f5 /proc/$$/stat; echo $$; "
        // A shell that waits blocks signals.
        + "exec grep -E '^Sig(Ign|Blk)' /proc/self/status")
    let lines = text(end.output).split(separator: "\n").map(String.init)
    // The shell may keep a descriptor or two above 9 of its own.
    let descriptors = lines[0].split(separator: " ").dropLast().compactMap { Int32($0) }
    #expect(Array(descriptors.prefix(3)) == [0, 1, 2])
    #expect(!descriptors.contains(leaked))
    #expect(lines[0].split(separator: " ").last.map(String.init) == lines[1])
    for line in lines[2...] {
      // 32 and 33 are the C library's own, which it does not let anybody change.
      let signals = UInt64(line.split(whereSeparator: \.isWhitespace).last ?? "", radix: 16)
      #expect(try #require(signals) & ~(3 << 31) == 0, "\(line)")
    }
  }

  // MARK: Ends

  @Test func signalsAreReported() throws {
    let end = try run("kill -9 $$")
    #expect(end.status.reason == .signaled(signal: SIGKILL, dumpedCore: false))
    #expect(end.cause == .itself)
  }

  @Test func aTimeoutEndsTheWholeGroup() throws {
    let end = try run("sleep 60 & echo $!; wait", limits: limits(timeoutNs: 100_000_000))
    #expect(end.cause == .timeout)
    let pid = try #require(Int32(text(end.output).dropLast()))
    #expect(!isAlive(pid))
  }

  @Test func whoIgnoresTheEndIsKilled() throws {
    // The shell and the one in the background, which the shell leaves behind.
    for script in ["trap '' TERM; while :; do sleep 60; done", "(trap '' TERM; sleep 60) & wait"] {
      let end = try run(
        script, limits: limits(timeoutNs: 200_000_000, graceNs: 100_000_000))
      #expect(end.cause == .timeout)
    }
  }

  @Test func whatTheGroupDoesWithItsGraceIsWaitedFor() throws {
    // The shell ends at once; the one that it waited for says goodbye.
    let directory = TemporaryDirectory()
    let file = "\(directory.path)/goodbye"
    let end = try run(
      "(trap 'echo goodbye > \(file); exit' TERM; echo ready; while :; do sleep 0.01; done) & wait",
      limits: limits(timeoutNs: 300_000_000))
    #expect(end.cause == .timeout)
    #expect(SmallFile.read(file) == "goodbye\n")
  }

  @Test(arguments: [RunControl.Stop.gentle, .immediate])
  func anotherThreadEndsARun(stop: RunControl.Stop) throws {
    let control = RunControl()
    let ready = SharedFlag()
    let thread = TestThread {
      try CommandRunner().run(
        shell("trap 'exit 4' TERM; echo ready >&2; while :; do sleep 0.01; done"), variables: [],
        input: "", limits: limits(), control: control
      ) { _ in ready.raise() }
    }
    ready.wait()
    control.stop(stop)
    let end = try thread.join()
    #expect(end.cause == .stopped)
    let expected: Platform.ExitStatus.Reason =
      stop == .gentle ? .exited(code: 4) : .signaled(signal: SIGKILL, dumpedCore: false)
    #expect(end.status.reason == expected)
  }

  @Test func aRunThatIsStoppedBeforehandEndsAtOnce() throws {
    let control = RunControl()
    control.stop(.gentle)
    let end = try CommandRunner().run(
      shell("sleep 60"), variables: [], input: "", limits: limits(), control: control)
    #expect(end.cause == .stopped)
  }

  @Test func aStoppedProcessIsWokenToItsEnd() throws {
    let end = try run("kill -STOP $$", limits: limits(timeoutNs: 100_000_000))
    #expect(end.cause == .timeout)
    #expect(end.status.reason == .signaled(signal: SIGTERM, dumpedCore: false))
  }

  // MARK: Starts that fail

  @Test func aMissingProgramIsUnusable() throws {
    let command = try RepeatedCommand(
      executable: "/nonexistent/program", name: "program", arguments: [], environment: [:])
    #expect {
      _ = try CommandRunner().run(
        command, variables: [], input: "", limits: limits(), control: RunControl())
    } throws: { error in
      guard case .unusable(let cause)? = error as? RepeatedCommand.StartFailure else {
        return false
      }
      return cause == SystemError(operation: "start", subject: "/nonexistent/program", code: ENOENT)
    }
  }

  @Test func aMissingDirectoryIsNamed() throws {
    let command = try shell("true", directory: "/nonexistent")
    #expect {
      _ = try CommandRunner().run(
        command, variables: [], input: "", limits: limits(), control: RunControl())
    } throws: { error in
      guard case .unusable(let cause)? = error as? RepeatedCommand.StartFailure else {
        return false
      }
      return cause == SystemError(operation: "enter", subject: "/nonexistent", code: ENOENT)
    }
  }

  @Test func nothingIsLeftOpenByAFailure() throws {
    let command = try RepeatedCommand(
      executable: "/nonexistent/program", name: "program", arguments: [], environment: [:])
    let runner = try CommandRunner()
    let highest = try highestDescriptor()
    for _ in 0..<100 {
      _ = try? runner.run(
        command, variables: [], input: "x", limits: limits(), control: RunControl())
    }
    for _ in 0..<20 {
      _ = try runner.run(
        shell("exit 1"), variables: [], input: "x", limits: limits(), control: RunControl())
    }
    // Other tests open descriptors meanwhile, but not a hundred.
    #expect(try highestDescriptor() < highest + 100)
  }

  private func highestDescriptor() throws -> Int32 {
    let descriptor = open("/dev/null", O_RDONLY | O_CLOEXEC)
    defer { close(descriptor) }
    return descriptor
  }

  @Test func programsAreFoundLikeByAShell() throws {
    let directory = TemporaryDirectory()
    let plain = "\(directory.path)/plain"
    close(open(plain, O_CREAT | O_WRONLY | O_CLOEXEC, 0o644))
    let program = "\(directory.path)/program"
    close(open(program, O_CREAT | O_WRONLY | O_CLOEXEC, 0o755))
    let searched = "/nonexistent:\(directory.path):/bin"
    #expect(try RepeatedCommand.path(of: "program", searching: searched) == program)
    #expect(try RepeatedCommand.path(of: program, searching: nil) == program)
    #expect(try RepeatedCommand.path(of: "sh", searching: searched) == "/bin/sh")
    #expect(throws: RepeatedCommand.Missing.notExecutable(path: plain)) {
      try RepeatedCommand.path(of: "plain", searching: searched)
    }
    for name in ["", "nosuchprogram", "./nosuchprogram"] {
      #expect(throws: RepeatedCommand.Missing.notFound) {
        try RepeatedCommand.path(of: name, searching: searched)
      }
    }
    #expect(throws: RepeatedCommand.Missing.notExecutable(path: "/usr")) {
      try RepeatedCommand.path(of: "/usr", searching: nil)
    }
  }

  @Test func textThatWouldBeCutIsRefused() {
    #expect(throws: SystemError.self) { try shell("echo \0 x") }
  }

  // MARK: Death

  @Test func commandsDieWithTheThreadThatHasStartedThem() throws {
    let command = try shell("exec sleep 60")
    let null = open("/dev/null", O_RDWR | O_CLOEXEC)
    defer { close(null) }
    let child = try TestThread {
      try command.start(variables: [], input: null, output: null, error: null)
    }.join()
    #expect(child.wait().reason == .signaled(signal: SIGKILL, dumpedCore: false))
  }
}

/// Something that one thread waits for.
private final class SharedFlag: Sendable {
  private let bell: Doorbell

  init() { bell = try! Doorbell() }

  func raise() { bell.ring() }

  func wait() {
    _ = ChildGroup().waitForEvent(untilNs: .max, alsoReadable: [bell.readDescriptor])
  }
}
