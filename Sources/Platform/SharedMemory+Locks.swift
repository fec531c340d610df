#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif
import CPlatform

/// Locks on single bytes of the file behind a region: they tell who is alive.
///
/// A lock belongs to this region's open file, not to the process: two regions of one process exclude
/// each other, and opening and closing the file elsewhere does not drop it. The kernel releases
/// it when the region is released or its process has ended in whatever way, so that nobody has to guess
/// from process ids, which are used again and mean nothing in another container.
extension SharedMemory {
  /// With whom a lock can be held at the same time.
  package enum LockKind: Sendable {
    /// With other shared ones.
    case shared
    /// With none.
    case exclusive
  }

  /// Takes the lock on a byte, or turns the one already held into the other kind; never waits.
  ///
  /// False if another region holds a conflicting one; what this one held before stays. Throws where the
  /// file system or the operating system knows no such locks.
  package func lock(_ kind: LockKind, byte offset: Int) throws(SystemError) -> Bool {
    let wanted = kind == .shared ? cplatform_lock_shared : cplatform_lock_exclusive
    let failure = cplatform_lock_byte(descriptor, off_t(offset), wanted)
    if failure == EAGAIN { return false }
    guard failure == 0 else {
      throw SystemError(
        operation: "lock", subject: "byte \(offset) of a shared file", code: failure)
    }
    return true
  }

  /// Gives the lock on a byte back, if it is held.
  package func unlock(byte offset: Int) {
    // Cannot fail for want of anything: where there are such locks, giving one back needs none.
    _ = cplatform_lock_byte(descriptor, off_t(offset), cplatform_lock_none)
  }

  /// Orders all that this thread has read and written before it, before all that it reads and
  /// writes after it.
  ///
  /// Two sides that each write, fence, and then read what the other one writes cannot miss each other both.
  @inlinable
  package static func fullFence() { cplatform_full_fence() }
}
