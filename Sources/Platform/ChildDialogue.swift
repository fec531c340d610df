#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// A child that is talked to line by line, over pipes to its standard input and from its standard output.
///
/// Not `Sendable`: one thread owns a dialogue. When it is released, the child is killed and reaped.
package final class ChildDialogue {
  /// What came of waiting for a line.
  package enum Reply: Equatable, Sendable {
    /// A line, without its end.
    case line(String)
    /// The child has ended, and nothing of what it said is left to be read.
    case ended(ExitStatus)
    /// Nothing came in time.
    case silence
    /// The caller's descriptor became readable.
    case interrupted
    /// More than ``lineLimit`` bytes without the end of a line.
    case endlessLine
  }

  /// How long a line may be, in bytes.
  package static let lineLimit = 1 << 20

  /// The child.
  package let child: ChildProcess
  private let children = ChildGroup()
  private var input: Int32
  private let output: Int32
  private var buffer: [UInt8] = []

  /// Starts the command, whose standard input and output it replaces.
  package init(_ command: ChildCommand) throws(SystemError) {
    let toChild = try Self.makePipe()
    let fromChild: (read: Int32, write: Int32)
    do {
      fromChild = try Self.makePipe()
    } catch {
      close(toChild.read)
      close(toChild.write)
      throw error
    }
    // The child has duplicates of its ends.
    defer {
      close(toChild.read)
      close(fromChild.write)
    }
    var command = command
    command.standardInput = .descriptor(toChild.read)
    command.standardOutput = .descriptor(fromChild.write)
    do {
      child = try children.spawn(command)
    } catch {
      close(toChild.write)
      close(fromChild.read)
      throw error
    }
    input = toChild.write
    output = fromChild.read
  }

  deinit {
    closeInput()
    children.terminateAll(graceNs: 0)
    close(output)
  }

  /// Sends a line; false if the child no longer listens.
  ///
  /// Waits where the child does not read: lines should be shorter than a pipe holds (64 KiB on Linux).
  package func send(_ line: String) -> Bool {
    guard input >= 0 else { return false }
    return withoutPipeSignal {
      var rest = Array(line.utf8)[...] + [UInt8(ascii: "\n")]
      while !rest.isEmpty {
        let count = rest.withUnsafeBytes { write(input, $0.baseAddress, $0.count) }
        if count < 0 {
          if errno == EINTR { continue }
          return false
        }
        rest = rest.dropFirst(count)
      }
      return true
    }
  }

  /// Waits for a line until the monotonic deadline, or until `descriptor` can be read.
  package func receive(untilNs deadlineNs: UInt64, unlessReadable descriptor: Int32? = nil) -> Reply
  {
    let others = descriptor.map { [$0] } ?? []
    while true {
      if let line = takeLine() { return .line(line) }
      if buffer.count > Self.lineLimit { return .endlessLine }
      switch children.waitForEvent(untilNs: deadlineNs, alsoReadable: others + [output]) {
      case .exited(_, let status):
        readRest()
        ended = status
      case .readable(let readable) where readable == output:
        // Its end of the pipe is closed: the child ends, or it is of no use any more.
        if !readSome() { return end(untilNs: deadlineNs) }
      case .readable: return .interrupted
      case .deadline, .nothingToAwait:
        guard let ended else { return .silence }
        return .ended(ended)
      }
      if let ended {
        if let line = takeLine() { return .line(line) }
        return .ended(ended)
      }
    }
  }

  /// Says that nothing more will be asked, waits for the child's end, and kills it after the grace.
  @discardableResult
  package func finish(graceNs: UInt64) -> ExitStatus {
    closeInput()
    if child.wait(untilNs: MonotonicClock.nowNs() + graceNs) == nil {
      children.terminateAll(graceNs: graceNs)
    }
    return child.wait()
  }

  private var ended: ExitStatus?

  /// What its end says of a child that has closed its output.
  private func end(untilNs deadlineNs: UInt64) -> Reply {
    if let ended { return .ended(ended) }
    guard let status = child.wait(untilNs: deadlineNs) else { return .silence }
    ended = status
    return .ended(status)
  }

  private func closeInput() {
    guard input >= 0 else { return }
    close(input)
    input = -1
  }

  private func takeLine() -> String? {
    guard let end = buffer.firstIndex(of: UInt8(ascii: "\n")) else { return nil }
    let line = String(decoding: buffer[..<end], as: UTF8.self)
    buffer.removeSubrange(...end)
    return line
  }

  /// Reads what is there; false at the end of what the child says.
  private func readSome() -> Bool {
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = read(output, &chunk, chunk.count)
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { return false }
      buffer += chunk[..<count]
      return true
    }
  }

  /// Reads what the child has left behind, without waiting for others that have inherited its output.
  private func readRest() {
    var watched = pollfd(fd: output, events: Int16(POLLIN), revents: 0)
    while buffer.count <= Self.lineLimit, poll(&watched, 1, 0) > 0,
      watched.revents & Int16(POLLIN) != 0
    {
      guard readSome() else { return }
    }
  }

  private static func makePipe() throws(SystemError) -> (read: Int32, write: Int32) {
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else { throw .last("open", "a pipe") }
    // Not at once, which macOS cannot: nobody else spawns meanwhile.
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    return (ends[0], ends[1])
  }
}

/// Runs `body` without the signal that writing into a pipe sends whose reader has gone.
private func withoutPipeSignal<R>(_ body: () -> R) -> R {
  var pipeSignal = sigset_t()
  sigemptyset(&pipeSignal)
  sigaddset(&pipeSignal, SIGPIPE)
  var pending = sigset_t()
  sigpending(&pending)
  // One that was there before is not ours to take away.
  let wasPending = sigismember(&pending, SIGPIPE) == 1
  var former = sigset_t()
  pthread_sigmask(SIG_BLOCK, &pipeSignal, &former)
  let result = body()
  sigpending(&pending)
  if !wasPending, sigismember(&pending, SIGPIPE) == 1 {
    var signal: Int32 = 0
    sigwait(&pipeSignal, &signal)
  }
  pthread_sigmask(SIG_SETMASK, &former, nil)
  return result
}
