#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif
import CPlatform
import Synchronization

/// Ends a run of a command from any thread, before it has begun or while it goes on.
package final class RunControl: Sendable {
  /// How a run is to end; a later one takes the place of an earlier one.
  package enum Stop: Int, Comparable, Sendable {
    case none
    /// By SIGTERM, and by SIGKILL after the grace.
    case gentle
    /// By SIGKILL at once.
    case immediate

    package static func < (left: Stop, right: Stop) -> Bool { left.rawValue < right.rawValue }
  }

  private struct State {
    var stop = Stop.none
    var doorbell: Doorbell?
  }

  private let state = Mutex(State())

  /// Controls a run that has not begun.
  package init() {}

  /// How the run is to end.
  package var requested: Stop { state.withLock { $0.stop } }

  /// Ends the run; returns at once, and does nothing if it has ended.
  package func stop(_ stop: Stop) {
    let doorbell = state.withLock { state in
      state.stop = max(state.stop, stop)
      return state.doorbell
    }
    doorbell?.ring()
  }

  fileprivate func attach(_ doorbell: Doorbell?) { state.withLock { $0.doorbell = doorbell } }
}

/// How commands are run.
package struct RunLimits: Sendable {
  /// What becomes of the standard output.
  package enum Output: Sendable {
    /// It is kept, up to that many bytes; what comes after them is read and dropped.
    case kept(byteLimit: Int)
    /// It goes to this process's own.
    case inherited
    /// It goes to that descriptor, such as one of `/dev/null`.
    case descriptor(Int32)
  }

  /// How long the command may take; nil for as long as it likes.
  package var timeoutNs: UInt64?
  /// The time between SIGTERM and SIGKILL.
  package var graceNs: UInt64
  /// What becomes of the standard output.
  package var output: Output
  /// How many of the last bytes of the standard error are kept.
  package var errorTailByteLimit: Int

  /// All parts are explicit.
  package init(
    timeoutNs: UInt64?, graceNs: UInt64, output: Output, errorTailByteLimit: Int
  ) {
    self.timeoutNs = timeoutNs
    self.graceNs = graceNs
    self.output = output
    self.errorTailByteLimit = errorTailByteLimit
  }
}

/// How a run of a command has ended.
package struct RunEnd: Sendable {
  /// Why it has ended.
  package enum Cause: Equatable, Sendable {
    /// By itself.
    case itself
    /// Its time was up.
    case timeout
    /// Its ``RunControl`` has stopped it.
    case stopped
  }

  /// How the process ended.
  package let status: ExitStatus
  /// Why; what a process says that was told to end is of no use.
  package let cause: Cause
  /// The beginning of its standard output, if that was kept.
  package let output: [UInt8]
  /// How much it has written there in all.
  package let outputByteCount: Int
  /// The end of its standard error.
  package let errorTail: [UInt8]
  /// How much it has written there in all.
  package let errorByteCount: Int
}

/// Runs commands, one after the other, on the thread that owns it, which must live as long as they do.
///
/// Waits for the end of the command, not for the end of its output: what a program leaves running in the
/// background keeps nobody waiting, and is left alone if the program has ended by itself. A program that
/// is told to end is ended with its whole process group.
///
/// Not `Sendable`.
package final class CommandRunner {
  private let doorbell: Doorbell
  private let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 16, alignment: 16)

  /// How much of what is left in a pipe at the end is read: others may write without end.
  private static let restByteLimit = 1 << 20

  /// Makes a runner.
  package init() throws(SystemError) { doorbell = try Doorbell() }

  deinit { buffer.deallocate() }

  /// Runs a command to its end.
  ///
  /// - Parameters:
  ///   - command: what to start.
  ///   - variables: more of its environment, each `NAME=value`.
  ///   - input: what it reads from its standard input.
  ///   - limits: how it is run.
  ///   - control: ends it early; if it says so beforehand, the command is started all the same.
  ///   - errorSink: is given its standard error as it comes.
  /// - Returns: how it has ended.
  /// - Throws: why it could not be started.
  package func run(
    _ command: RepeatedCommand, variables: [String], input: String, limits: RunLimits,
    control: RunControl, errorSink: (UnsafeRawBufferPointer) -> Void = { _ in }
  ) throws(RepeatedCommand.StartFailure) -> RunEnd {
    doorbell.clear()
    control.attach(doorbell)
    defer { control.attach(nil) }
    var run = try CommandRun(command, variables: variables, input: input, limits: limits)
    defer { run.closeAll() }
    return run.watch(
      doorbell: doorbell, control: control, buffer: buffer, restByteLimit: Self.restByteLimit,
      errorSink: errorSink)
  }
}

/// One run of a command.
private struct CommandRun {
  /// What has been done to end it.
  private enum Stage {
    case running
    case terminating(RunEnd.Cause, killAtNs: UInt64)
    case killed(RunEnd.Cause)
  }

  private let child: ChildProcess
  private let limits: RunLimits
  /// The ends to read; -1 once there is nothing more to come.
  private var outputEnd: Int32 = -1
  private var errorEnd: Int32 = -1
  private let timeOutAtNs: UInt64
  private var stage = Stage.running
  private var output: [UInt8] = []
  private var outputByteCount = 0
  private var errorTail: [UInt8] = []
  private var errorByteCount = 0

  // MARK: Starting

  init(
    _ command: RepeatedCommand, variables: [String], input: String, limits: RunLimits
  ) throws(RepeatedCommand.StartFailure) {
    self.limits = limits
    let inputFile = try Self.file(with: input)
    defer { close(inputFile) }
    var childOutput: Int32?
    var pipes: [Int32] = []
    defer { for descriptor in pipes { close(descriptor) } }
    var outputEnd: Int32 = -1
    switch limits.output {
    case .kept:
      let ends = try Self.pipe()
      outputEnd = ends.read
      childOutput = ends.write
      pipes.append(ends.write)
    case .inherited: break
    case .descriptor(let descriptor): childOutput = descriptor
    }
    do throws(RepeatedCommand.StartFailure) {
      let ends = try Self.pipe()
      pipes.append(ends.write)
      do throws(RepeatedCommand.StartFailure) {
        child = try command.start(
          variables: variables, input: inputFile, output: childOutput, error: ends.write)
      } catch {
        close(ends.read)
        throw error
      }
      errorEnd = ends.read
    } catch {
      if outputEnd >= 0 { close(outputEnd) }
      throw error
    }
    self.outputEnd = outputEnd
    timeOutAtNs = limits.timeoutNs.map { Self.later($0) } ?? .max
  }

  private static func file(with text: String) throws(RepeatedCommand.StartFailure) -> Int32 {
    var text = text
    let descriptor = text.withUTF8 { cplatform_file_with($0.baseAddress, $0.count) }
    guard descriptor >= 0 else {
      throw .system(
        SystemError(operation: "make", subject: "a file in memory", code: -descriptor))
    }
    return descriptor
  }

  private static func pipe() throws(RepeatedCommand.StartFailure) -> (read: Int32, write: Int32) {
    var readEnd: Int32 = -1
    var writeEnd: Int32 = -1
    let failure = cplatform_output_pipe(&readEnd, &writeEnd)
    guard failure == 0 else {
      throw .system(SystemError(operation: "open", subject: "a pipe", code: failure))
    }
    return (readEnd, writeEnd)
  }

  /// A moment that far off.
  private static func later(_ ns: UInt64) -> UInt64 {
    let (moment, hasOverflow) = MonotonicClock.nowNs().addingReportingOverflow(ns)
    return hasOverflow ? .max : moment
  }

  mutating func closeAll() {
    if outputEnd >= 0 { close(outputEnd) }
    if errorEnd >= 0 { close(errorEnd) }
    outputEnd = -1
    errorEnd = -1
  }

  // MARK: Watching

  mutating func watch(
    doorbell: Doorbell, control: RunControl, buffer: UnsafeMutableRawBufferPointer,
    restByteLimit: Int, errorSink: (UnsafeRawBufferPointer) -> Void
  ) -> RunEnd {
    let readable = Int16(POLLIN)
    while true {
      advance(control.requested)
      // Without an exit descriptor, -1, which poll skips, and a look every 2 ms.
      var watched = (
        pollfd(fd: child.exitDescriptor ?? -1, events: readable, revents: 0),
        pollfd(fd: doorbell.readDescriptor, events: readable, revents: 0),
        pollfd(fd: outputEnd, events: readable, revents: 0),
        pollfd(fd: errorEnd, events: readable, revents: 0)
      )
      let wakeNs =
        child.exitDescriptor == nil ? ChildProcess.nextLookNs(deadlineNs: nextNs) : nextNs
      withUnsafeMutablePointer(to: &watched) { pointer in
        pointer.withMemoryRebound(to: pollfd.self, capacity: 4) { descriptors in
          _ = cplatform_poll_until(descriptors, 4, wakeNs)
        }
      }
      if watched.1.revents != 0 { doorbell.clear() }
      if watched.2.revents != 0 { readOutput(into: buffer, atMost: buffer.count) }
      if watched.3.revents != 0 { readError(into: buffer, atMost: buffer.count, errorSink) }
      let mayHaveEnded = watched.0.revents != 0 || child.exitDescriptor == nil
      if mayHaveEnded, let status = child.poll() {
        readOutput(into: buffer, atMost: restByteLimit)
        readError(into: buffer, atMost: restByteLimit, errorSink)
        return end(status)
      }
    }
  }

  /// When something is to be done even if nothing happens.
  private var nextNs: UInt64 {
    switch stage {
    case .running: timeOutAtNs
    case .terminating(_, let killAtNs): killAtNs
    case .killed: .max
    }
  }

  private mutating func advance(_ requested: RunControl.Stop) {
    let nowNs = MonotonicClock.nowNs()
    if case .running = stage {
      if requested != .none {
        terminate(.stopped)
      } else if nowNs >= timeOutAtNs {
        terminate(.timeout)
      }
    }
    if case .terminating(let cause, let killAtNs) = stage,
      requested == .immediate || nowNs >= killAtNs
    {
      child.killGroup(signal: SIGKILL)
      stage = .killed(cause)
    }
  }

  private mutating func terminate(_ cause: RunEnd.Cause) {
    child.killGroup(signal: SIGTERM)
    // One that has stopped itself must go on to see it.
    child.killGroup(signal: SIGCONT)
    stage = .terminating(cause, killAtNs: Self.later(limits.graceNs))
  }

  private func end(_ status: ExitStatus) -> RunEnd {
    let cause: RunEnd.Cause
    switch stage {
    case .running: cause = .itself
    case .killed(let reason): cause = reason
    case .terminating(let reason, let killAtNs):
      cause = reason
      // A shell ends at once and leaves behind whom it waited for.
      ChildProcess.endGroup(child.pid, killAtNs: killAtNs)
    }
    return RunEnd(
      status: status, cause: cause, output: output, outputByteCount: outputByteCount,
      errorTail: Array(errorTail.suffix(limits.errorTailByteLimit)),
      errorByteCount: errorByteCount)
  }

  // MARK: Reading

  private mutating func readOutput(into buffer: UnsafeMutableRawBufferPointer, atMost limit: Int) {
    guard case .kept(let byteLimit) = limits.output else { return }
    var rest = limit
    while rest > 0, let bytes = Self.read(&outputEnd, into: buffer) {
      rest -= bytes.count
      outputByteCount += bytes.count
      let room = byteLimit - output.count
      if room > 0 { output.append(contentsOf: bytes.prefix(room)) }
    }
  }

  private mutating func readError(
    into buffer: UnsafeMutableRawBufferPointer, atMost limit: Int,
    _ sink: (UnsafeRawBufferPointer) -> Void
  ) {
    var rest = limit
    while rest > 0, let bytes = Self.read(&errorEnd, into: buffer) {
      rest -= bytes.count
      errorByteCount += bytes.count
      errorTail.append(contentsOf: bytes)
      // Not at every turn: moving the tail to the front takes time.
      if errorTail.count > 4 * limits.errorTailByteLimit + buffer.count {
        errorTail.removeFirst(errorTail.count - limits.errorTailByteLimit)
      }
      sink(bytes)
    }
  }

  /// What is there to be read; nil if nothing is, for now or, with the descriptor closed, for ever.
  private static func read(
    _ descriptor: inout Int32, into buffer: UnsafeMutableRawBufferPointer
  ) -> UnsafeRawBufferPointer? {
    guard descriptor >= 0 else { return nil }
    while true {
      let count = readFile(descriptor, buffer.baseAddress, buffer.count)
      if count > 0 { return UnsafeRawBufferPointer(rebasing: buffer[..<count]) }
      if count < 0, errno == EINTR { continue }
      if count < 0, errno == EAGAIN { return nil }
      close(descriptor)
      descriptor = -1
      return nil
    }
  }
}

/// `read(2)`, which the methods of the same name hide.
private func readFile(
  _ descriptor: Int32, _ buffer: UnsafeMutableRawPointer?, _ count: Int
) -> Int {
  read(descriptor, buffer, count)
}
