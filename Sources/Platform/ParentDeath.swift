#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif
import CPlatform

/// Ties the life of a child to that of its parent.
package enum ParentDeath {
  /// The exit code of a child that finds itself orphaned before it could bind itself.
  package static let orphanExitCode: Int32 = 71

  /// Makes this process die by SIGKILL when its parent ends, however it ends.
  ///
  /// Call it first thing in the child. The parent passes its own process id on, because it may
  /// have died before the request reached the kernel: in that case the process is an orphan already
  /// and ends here with ``orphanExitCode``.
  ///
  /// On Linux the signal follows the *thread* that spawned the child: spawn from a thread that
  /// lives as long as the process does, that is from the main one. Elsewhere there is no such
  /// request and only the check is made.
  package static func dieWithParent(parentPid: Int32) {
    _ = cplatform_set_parent_death_signal(SIGKILL)
    if getppid() != parentPid { _exit(orphanExitCode) }
  }

  /// The same for a program that a shell or a container may have started instead of `pid` itself: does nothing
  /// then, so that such a child needs another sign of its parent's end.
  package static func dieWithParent(ifItIs pid: Int32) {
    guard getppid() == pid else { return }
    dieWithParent(parentPid: pid)
  }

  /// The signal that the parent's death will send to this process, nil for none.
  package static var requestedSignal: Int32? {
    let signal = cplatform_parent_death_signal()
    return signal > 0 ? signal : nil
  }
}
