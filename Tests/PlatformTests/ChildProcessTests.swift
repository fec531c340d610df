import Glibc
import Testing

@testable import Platform

/// A shell command with nothing in its environment but a path.
func shell(_ script: String, output: ChildCommand.Stream = .null) -> ChildCommand {
  ChildCommand(
    executable: "/bin/sh", arguments: ["-c", script], environment: ["PATH": "/usr/bin:/bin"],
    standardOutput: output, standardError: .null)
}

@Suite struct ChildProcessTests {
  @Test(arguments: [0, 1, 7, 255] as [Int32])
  func exitCodeIsReported(code: Int32) throws {
    let status = try ChildProcess.spawn(shell("exit \(code)")).wait()
    #expect(status.reason == .exited(code: code))
    #expect(status.isSuccess == (code == 0))
  }

  @Test(arguments: [SIGTERM, SIGKILL, SIGINT])
  func signalIsReported(signal: Int32) throws {
    let child = try ChildProcess.spawn(shell("exec sleep 60"))
    #expect(child.poll() == nil)
    #expect(child.kill(signal: signal))
    #expect(child.wait().reason == .signaled(signal: signal, dumpedCore: false))
  }

  @Test func aReapedChildIsNeverSignalled() throws {
    let child = try ChildProcess.spawn(shell("exit 3"))
    let status = child.wait()
    #expect(!child.kill(signal: SIGKILL))
    #expect(child.poll() == status)
    #expect(child.wait() == status)
    // Reaped, not a zombie: the kernel knows of no such child any more.
    var ignored: Int32 = 0
    let found = waitpid(child.pid, &ignored, WNOHANG)
    #expect(found == -1 && errno == ECHILD)
  }

  @Test func aReleasedChildIsKilledAndReaped() throws {
    var child: ChildProcess? = try ChildProcess.spawn(shell("exec sleep 60"))
    let pid = try #require(child?.pid)
    child = nil
    var ignored: Int32 = 0
    let found = waitpid(pid, &ignored, WNOHANG)
    #expect(found == -1 && errno == ECHILD)
  }

  @Test func waitEndsAtTheDeadline() throws {
    let child = try ChildProcess.spawn(shell("exec sleep 60"))
    #expect(child.wait(untilNs: MonotonicClock.nowNs() + 1_000_000) == nil)
    #expect(child.kill(signal: SIGKILL))
  }

  @Test func aStatusTakenBySomebodyElseIsUnknown() throws {
    let child = try ChildProcess.spawn(shell("exit 3"))
    var ignored: Int32 = 0
    let found = waitpid(child.pid, &ignored, 0)
    #expect(found == child.pid)
    #expect(child.wait().reason == .unknown)
    #expect(!child.kill(signal: SIGKILL))
  }

  @Test func useIsReported() throws {
    let status = try ChildProcess.spawn(
      shell("i=0; while [ $i -lt 20000 ]; do i=$((i+1)); done")
    ).wait()
    #expect(status.usage.userUs + status.usage.systemUs > 0)
    #expect(status.usage.maxRssKiB > 0)
    #expect(status.usage.minorFaults > 0)
  }

  @Test func argumentsAndEnvironmentArriveUnchanged() throws {
    let directory = TemporaryDirectory()
    let output = "\(directory.path)/out"
    let command = ChildCommand(
      executable: "/bin/sh",
      arguments: ["-c", "printf '%s|' \"$@\" \"$A\"", "sh", "", "a b", "ü*"],
      environment: ["A": "x=y z"], standardOutput: .file(path: output))
    #expect(try ChildProcess.spawn(command).wait().isSuccess)
    #expect(SmallFile.read(output) == "|a b|ü*|x=y z|")
  }

  @Test func nothingElseIsInTheEnvironment() throws {
    let directory = TemporaryDirectory()
    let output = "\(directory.path)/out"
    let command = ChildCommand(
      executable: "/usr/bin/env", arguments: [], environment: ["B": "2", "A": "1"],
      standardOutput: .file(path: output))
    #expect(try ChildProcess.spawn(command).wait().isSuccess)
    #expect(SmallFile.read(output) == "A=1\nB=2\n")
  }

  @Test func outputIsAppended() throws {
    let directory = TemporaryDirectory()
    let output = "\(directory.path)/out"
    for word in ["one", "two"] {
      let command = shell("echo \(word)", output: .file(path: output))
      #expect(try ChildProcess.spawn(command).wait().isSuccess)
    }
    #expect(SmallFile.read(output) == "one\ntwo\n")
  }

  @Test func blockedAndIgnoredSignalsAreNotInherited() throws {
    let directory = TemporaryDirectory()
    let output = "\(directory.path)/out"
    var blocked = sigset_t()
    var former = sigset_t()
    sigemptyset(&blocked)
    for signal in [SIGINT, SIGTERM, SIGUSR1] { sigaddset(&blocked, signal) }
    pthread_sigmask(SIG_BLOCK, &blocked, &former)
    let formerDisposition = signal(SIGUSR2, SIG_IGN)
    defer {
      signal(SIGUSR2, formerDisposition)
      pthread_sigmask(SIG_SETMASK, &former, nil)
    }
    let command = shell("exec cat /proc/self/status", output: .file(path: output))
    #expect(try ChildProcess.spawn(command).wait().isSuccess)
    let lines = try #require(SmallFile.read(output)).split(separator: "\n")
    #expect(lines.contains("SigBlk:\t0000000000000000"))
    // Bit n − 1 is signal n. The C library keeps 32 and 33 to itself and leaves them ignored.
    let ignored = lines.first { $0.hasPrefix("SigIgn:") }
      .flatMap { UInt64($0.dropFirst("SigIgn:\t".count), radix: 16) }
    #expect(try #require(ignored) & 0x7FFF_FFFF == 0)
  }

  @Test func descriptorsCanSwapNumbers() throws {
    let directory = TemporaryDirectory()
    var descriptors: [Int32] = []
    defer { for descriptor in descriptors { close(descriptor) } }
    for name in ["a", "b"] {
      let descriptor = open("\(directory.path)/\(name)", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
      try #require(descriptor > 2)
      descriptors.append(descriptor)
    }
    var command = shell("echo a >&\(descriptors[1]); echo b >&\(descriptors[0])")
    command.executable = "/bin/bash"  // dash has one-digit descriptors only
    try #require(access(command.executable, X_OK) == 0)
    command.descriptors = [
      .init(source: descriptors[0], target: descriptors[1]),
      .init(source: descriptors[1], target: descriptors[0]),
    ]
    #expect(try ChildProcess.spawn(command).wait().isSuccess)
    #expect(SmallFile.read("\(directory.path)/a") == "a\n")
    #expect(SmallFile.read("\(directory.path)/b") == "b\n")
  }

  @Test func onlyNamedDescriptorsAreInherited() throws {
    let directory = TemporaryDirectory()
    let memory = try SharedMemory(byteCount: 64)
    let bell = try Doorbell()
    var command = shell(
      "for f in /proc/$$/fd/*; do echo ${f##*/} $(readlink $f); done",
      output: .file(path: "\(directory.path)/out"))
    command.descriptors = [.init(source: memory.descriptor, target: 9)]
    #expect(try ChildProcess.spawn(command).wait().isSuccess)
    let lines = try #require(SmallFile.read("\(directory.path)/out")).split(separator: "\n")
    #expect(lines.contains { $0.hasPrefix("9 ") && $0.contains("shared-words") })
    #expect(lines.filter { $0.contains("shared-words") }.count == 1)
    #expect(!lines.contains { $0.contains("eventfd") && $0.hasPrefix("\(bell.readDescriptor) ") })
  }

  @Test func aMissingProgramIsAnErrorThatNamesIt() {
    let command = ChildCommand(executable: "/no/such/program", arguments: [], environment: [:])
    let error = #expect(throws: SystemError.self) { try ChildProcess.spawn(command) }
    #expect(error?.code == ENOENT)
    #expect(error?.description.contains("/no/such/program") == true)
  }

  @Test func anOutputThatCannotBeOpenedIsAnErrorThatNamesIt() {
    let error = #expect(throws: SystemError.self) {
      try ChildProcess.spawn(shell("true", output: .file(path: "/no/such/directory/out")))
    }
    #expect(error?.subject == "/no/such/directory/out")
  }

  @Test(arguments: [
    ChildCommand(executable: "/bin/true", arguments: ["a\0b"], environment: [:]),
    ChildCommand(executable: "/bin/true", arguments: [], environment: ["A=B": "1"]),
    ChildCommand(executable: "/bin/true", arguments: [], environment: ["": "1"]),
    ChildCommand(
      executable: "/bin/true", arguments: [], environment: [:],
      descriptors: [.init(source: 0, target: 1)]),
  ])
  func whatCannotBePassedIsAnError(command: ChildCommand) {
    let error = #expect(throws: SystemError.self) { try ChildProcess.spawn(command) }
    #expect(error?.code == EINVAL)
  }

  @Test func aClosedDescriptorIsAnError() {
    var command = shell("true")
    command.descriptors = [.init(source: 100_000, target: 5)]
    #expect(throws: SystemError.self) { try ChildProcess.spawn(command) }
  }
}
