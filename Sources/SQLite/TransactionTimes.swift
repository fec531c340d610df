internal import CShimVFS

/// Where the time of the calling thread's transactions went since it began, as ``CountingVFS`` sees it.
///
/// What one operation has spent is the difference of two readings around it, on the thread that ran it.
/// All zero unless the VFS is in use.
public struct TransactionTimes: Hashable, Sendable {
  /// From the first attempt to get the write lock until it was there, attempts given up included.
  public let lockWaitNs: UInt64
  /// How long the write lock was held.
  public let lockHeldNs: UInt64
  /// From the decision to commit until the write lock was free again, of connections with
  /// ``Connection/timeCommits()``.
  public let commitNs: UInt64
  /// How long checkpoints took that ran on the thread.
  public let checkpointNs: UInt64

  /// The times of the calling thread; to be read between transactions, since what is under way counts as
  /// ended.
  public static func settled() -> TransactionTimes {
    let times = shim_vfs_settle()
    return TransactionTimes(
      lockWaitNs: times.lock_wait_ns, lockHeldNs: times.lock_held_ns, commitNs: times.commit_ns,
      checkpointNs: times.checkpoint_ns)
  }

  /// What was added since `earlier`.
  public static func - (later: Self, earlier: Self) -> Self {
    Self(
      lockWaitNs: later.lockWaitNs &- earlier.lockWaitNs,
      lockHeldNs: later.lockHeldNs &- earlier.lockHeldNs,
      commitNs: later.commitNs &- earlier.commitNs,
      checkpointNs: later.checkpointNs &- earlier.checkpointNs)
  }
}

extension Connection {
  /// Has ``TransactionTimes`` know when commits begin. Takes the place of a commit hook.
  public func timeCommits() { shim_vfs_watch_commits(handle) }
}

/// A checkpoint of this process, by whatever connection.
public struct ObservedCheckpoint: Hashable, Sendable {
  /// When it began and ended, in ns of the monotonic clock.
  public let startNs: UInt64
  public let endNs: UInt64
  /// Pages that it wrote to the database file.
  public let pages: UInt64
  /// How often it waited for the disk.
  public let syncs: UInt64
}

extension CountingVFS {
  /// Has the VFS count and look at the clock, which it does at first, or merely pass everything on; for
  /// measuring what that costs. To be called between transactions.
  public static func setEnabled(_ isEnabled: Bool) { shim_vfs_set_enabled(isEnabled ? 1 : 0) }

  /// Has the VFS make up errors of the disk as a 32-bit word says, which other processes may change at any time:
  /// 1 for files that cannot grow, 2 and 3 for writes and syncs that fail, 4 for both, with n << 8 added only one
  /// in n, and 0 for none. The word must stay where it is while the process lives.
  package static func obeyFaults(at word: UnsafeRawPointer) {
    shim_vfs_obey(word.assumingMemoryBound(to: UInt32.self))
  }

  /// Tells every checkpoint of the process to `observer`, on the thread that did it.
  ///
  /// To be called once, before the first connection is opened.
  public static func observeCheckpoints(
    _ observer: @escaping @Sendable (ObservedCheckpoint) -> Void
  ) {
    // Lives as long as the process does: checkpoints may end while it ends.
    let context = Unmanaged.passRetained(CheckpointObserver(observer)).toOpaque()
    shim_vfs_observe_checkpoints(
      { context, checkpoint in
        guard let context, let checkpoint = checkpoint?.pointee else { return }
        Unmanaged<CheckpointObserver>.fromOpaque(context).takeUnretainedValue().observe(
          ObservedCheckpoint(
            startNs: checkpoint.start_ns, endNs: checkpoint.end_ns, pages: checkpoint.writes,
            syncs: checkpoint.syncs))
      }, context)
  }
}

private final class CheckpointObserver: Sendable {
  let observe: @Sendable (ObservedCheckpoint) -> Void

  init(_ observe: @escaping @Sendable (ObservedCheckpoint) -> Void) { self.observe = observe }
}
