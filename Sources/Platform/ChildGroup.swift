#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif
import CPlatform

/// The children of one run: waited for together, ended together.
///
/// Not `Sendable`: one thread owns a group. When it is released, the children that still run are
/// killed with SIGKILL, all at once, and reaped.
package final class ChildGroup {
  /// Why a wait has ended.
  package enum Event {
    /// This child has ended and been reaped; each is reported once.
    case exited(ChildProcess, ExitStatus)
    /// This one of the caller's descriptors is readable.
    case readable(descriptor: Int32)
    /// The deadline has been reached.
    case deadline
    /// There is nothing to wait for: no child runs, no descriptor was given, no deadline was set.
    case nothingToAwait
  }

  /// All children that were not forgotten, in the order in which they were added.
  package private(set) var children: [ChildProcess] = []
  /// How many have been started.
  package private(set) var spawnedCount = 0
  /// Those whose end has not been reported yet.
  private var unreported: [ChildProcess] = []
  /// Those that lead a process group, until it is ended.
  private var leaders: [ChildProcess] = []

  /// Makes an empty group.
  package init() {}

  deinit {
    _ = terminateAll(graceNs: 0)
  }

  /// Starts the command and adds the child.
  @discardableResult
  package func spawn(_ command: ChildCommand) throws(SystemError) -> ChildProcess {
    let child = try ChildProcess.spawn(command)
    children.append(child)
    unreported.append(child)
    spawnedCount += 1
    return child
  }

  /// Starts a command that leads a process group of its own, and adds the child.
  ///
  /// Whatever the command has started and left running is killed when its end is reported.
  ///
  /// - Parameters:
  ///   - command: what to start.
  ///   - input: its standard input.
  ///   - output: its standard output.
  ///   - error: its standard error.
  /// - Returns: the child.
  /// - Throws: why it could not be started.
  package func spawn(
    _ command: RepeatedCommand, input: Int32, output: Int32, error: Int32
  ) throws(RepeatedCommand.StartFailure) -> ChildProcess {
    let child = try command.start(variables: [], input: input, output: output, error: error)
    children.append(child)
    unreported.append(child)
    leaders.append(child)
    spawnedCount += 1
    return child
  }

  /// Ends a child that leads a process group, with its whole group: SIGTERM, and SIGKILL after the grace.
  ///
  /// Its end is still reported.
  package func endGroup(of child: ChildProcess, graceNs: UInt64) {
    guard let index = leaders.firstIndex(where: { $0 === child }) else { return }
    leaders.remove(at: index)
    let killAtNs = MonotonicClock.nowNs() + graceNs
    if graceNs > 0 {
      child.killGroup(signal: SIGTERM)
      // One that has stopped itself must go on to see it.
      child.killGroup(signal: SIGCONT)
    }
    if child.wait(untilNs: killAtNs) == nil {
      child.killGroup(signal: SIGKILL)
      child.wait()
    }
    ChildProcess.endGroup(child.pid, killAtNs: killAtNs)
  }

  /// Lets go of a child whose end was reported, and of its descriptor: there may be thousands one after the other.
  package func forget(_ child: ChildProcess) {
    children.removeAll { $0 === child }
  }

  /// The children that have not ended yet.
  package var running: [ChildProcess] { children.filter { $0.poll() == nil } }

  /// Blocks until a child ends, one of the descriptors can be read, or the deadline.
  ///
  /// Ended children come before readable descriptors, so that a child that reports and dies is not
  /// taken for one that is still there; give a descriptor of an ``InterruptMonitor``'s doorbell and
  /// the wait ends with the first Ctrl-C. `untilNs` is monotonic; `.max` means no deadline.
  package func waitForEvent(
    untilNs deadlineNs: UInt64, alsoReadable descriptors: [Int32] = []
  ) -> Event {
    while true {
      for (index, child) in unreported.enumerated() {
        if let status = child.poll() {
          unreported.remove(at: index)
          endGroup(of: child, graceNs: 0)
          return .exited(child, status)
        }
      }
      if unreported.isEmpty && descriptors.isEmpty && deadlineNs == .max { return .nothingToAwait }

      // The caller's descriptors come first, so that their positions are the ones in the array.
      let exits = unreported.compactMap(\.exitDescriptor)
      var watched = (descriptors + exits).map {
        pollfd(fd: $0, events: Int16(POLLIN), revents: 0)
      }
      let areAllWatched = exits.count == unreported.count
      let wakeNs = areAllWatched ? deadlineNs : ChildProcess.nextLookNs(deadlineNs: deadlineNs)
      _ = cplatform_poll_until(&watched, watched.count, wakeNs)

      if watched.dropFirst(descriptors.count).contains(where: { $0.revents != 0 }) { continue }
      if let ready = watched.prefix(descriptors.count).first(where: { $0.revents != 0 }) {
        return .readable(descriptor: ready.fd)
      }
      if MonotonicClock.nowNs() >= deadlineNs { return .deadline }
    }
  }

  /// Blocks until every child has ended; false if the deadline came first.
  ///
  /// Reports nothing: the ends are still returned by later calls of ``waitForEvent(untilNs:alsoReadable:)``.
  package func waitAll(untilNs deadlineNs: UInt64) -> Bool {
    for child in children where child.wait(untilNs: deadlineNs) == nil { return false }
    return true
  }

  /// Ends the children that still run: SIGTERM to all, and SIGKILL to those left after the grace.
  ///
  /// Returns when all are reaped. `graceNs` 0 kills at once, without SIGTERM. The result says how many
  /// had to be killed.
  @discardableResult
  package func terminateAll(graceNs: UInt64) -> Int {
    for leader in leaders { endGroup(of: leader, graceNs: graceNs) }
    if graceNs > 0 {
      for child in children { child.kill(signal: SIGTERM) }
      if waitAll(untilNs: MonotonicClock.nowNs() + graceNs) { return 0 }
    }
    let stubborn = running
    for child in stubborn { child.kill(signal: SIGKILL) }
    for child in stubborn { child.wait() }
    return stubborn.count
  }
}
