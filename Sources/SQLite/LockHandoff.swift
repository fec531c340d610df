internal import Platform

/// Lets processes that write to one database pass the write lock on instead of polling for it.
///
/// They share a small file beside the database (`<database>-handoff`) with futex words in it. A waiter
/// sleeps until somebody who has committed wakes it; the kernel wakes the one that has slept longest.
/// Correctness never depends on it: SQLite's own lock decides, every sleep has a cap, and programs that
/// know nothing of the file merely wake nobody.
///
/// Waking alone would be unfair: the one who has just committed runs on and takes the lock again before
/// the woken process is on a CPU. So a waiter that has been passed over for ``patienceNs`` claims the
/// next turn, and others hold back before they try. A turn handed over costs a context switch with
/// the lock idle, so that one is claimed per ``sliceUs`` at most: under saturation the processes take
/// turns of about that length. The claim is a point in time, not a flag, so that the claim of a process
/// that has died lapses. For the same reason only one waiter is woken at a time: while it is on its way,
/// further wakes would only have more processes find the lock taken.
///
/// Not Sendable: belongs to one connection.
final class LockHandoff {
  /// Raised by every release while somebody waits; waited on.
  private let releases: SharedWord32
  /// 1 if somebody may be asleep on ``releases``.
  private let isContended: SharedWord32
  /// Until when the next turn is claimed: monotonic µs in 32 bits; 0 for no claim.
  private let claimedUntilUs: SharedWord32
  /// When the last turn was claimed, likewise.
  private let lastClaimUs: SharedWord32
  /// 1 while a waiter has been woken and has not looked at the lock yet.
  private let isWakePending: SharedWord32

  /// The value of ``releases`` before the last attempt to get the lock.
  private var seenReleases: UInt32 = 0
  /// What this connection has written into ``claimedUntilUs``; 0 if it has not claimed.
  private var claim: UInt32 = 0

  private static let byteCount = 4096
  /// How long a waiter lets itself be passed over.
  private static let patienceNs: UInt64 = 400_000
  /// How much time must lie between two claims.
  private static let sliceUs: Int32 = 2_000
  /// How long a claim lasts: the time in which a woken process gets to a CPU, even a busy one.
  private static let claimUs: UInt32 = 3_000
  /// The first cap of a sleep; doubles up to the last one while nobody wakes the sleeper.
  private static let firstCapNs: UInt64 = 1_000_000
  private static let lastCapNs: UInt64 = 8_000_000

  /// Finds or makes the file of a database; throws where its directory cannot be written.
  init(databasePath: String) throws(SystemError) {
    let memory = try SharedMemory(
      filePath: databasePath + "-handoff", byteCount: Self.byteCount,
      permissions: PrivateFile.permissions(of: databasePath))
    releases = try memory.word32(at: 0)
    isContended = try memory.word32(at: 64)
    claimedUntilUs = try memory.word32(at: 128)
    lastClaimUs = try memory.word32(at: 132)
    isWakePending = try memory.word32(at: 192)
  }

  // MARK: Waiting

  /// Whether somebody has claimed the next turn, perhaps long ago.
  @inline(__always)
  var isClaimed: Bool { claimedUntilUs.loadRelaxed() != 0 }

  /// Waits until whoever has claimed the next turn has had it, or the claim lapses; false if it had
  /// lapsed already.
  func holdBack() -> Bool {
    seenReleases = releases.load()
    let claim = claimedUntilUs.load()
    let leftUs = Int32(bitPattern: claim &- Self.nowUs())
    guard claim != 0, (1...Int32(Self.claimUs)).contains(leftUs) else {
      // Left behind by somebody who is gone, perhaps before the machine was started last.
      if claim != 0 { claimedUntilUs.exchange(expected: claim, with: 0) }
      return false
    }
    isContended.store(1)
    _ = releases.wait(
      whileEqualTo: seenReleases,
      untilNs: MonotonicClock.nowNs() + UInt64(leftUs) * 1000)
    isWakePending.store(0)
    isContended.store(1)
    return true
  }

  /// Waits for a release after the attempt number `count`, from 0, has failed.
  ///
  /// The first time it only looks at the counter, so that the immediate retry is covered: a release
  /// between that look and the sleep ends the sleep at once.
  func wait(after count: Int, waitedNs: UInt64, leftNs: UInt64) {
    if count == 0 {
      seenReleases = releases.load()
      return
    }
    if waitedNs > Self.patienceNs { claimNextTurn() }
    isContended.store(1)
    let capNs = min(Self.firstCapNs << UInt64(min(count - 1, 3)), Self.lastCapNs, leftNs)
    _ = releases.wait(whileEqualTo: seenReleases, untilNs: MonotonicClock.nowNs() + capNs)
    isWakePending.store(0)
    seenReleases = releases.load()
    // There may be others; whoever gets the lock now has to wake them.
    isContended.store(1)
  }

  private func claimNextTurn() {
    let now = Self.nowUs()
    let current = claimedUntilUs.load()
    if current != 0, (1...Int32(Self.claimUs)).contains(Int32(bitPattern: current &- now)) {
      return
    }
    if (0..<Self.sliceUs).contains(Int32(bitPattern: now &- lastClaimUs.load())) { return }
    let mine = Self.claim(from: now)
    guard claimedUntilUs.exchange(expected: current, with: mine) else { return }
    lastClaimUs.store(now)
    claim = mine
  }

  /// Never 0, which means that there is no claim.
  private static func claim(from nowUs: UInt32) -> UInt32 {
    let until = nowUs &+ claimUs
    return until == 0 ? 1 : until
  }

  private static func nowUs() -> UInt32 {
    UInt32(truncatingIfNeeded: MonotonicClock.nowNs() / 1000)
  }

  // MARK: Releasing

  /// To be called when this connection may have given up the write lock.
  @inline(__always)
  func lockReleased() {
    if claim != 0 {
      // Only our own: after it had lapsed, somebody else may have claimed.
      claimedUntilUs.exchange(expected: claim, with: 0)
      claim = 0
    }
    if isContended.loadRelaxed() != 0 { passOn() }
  }

  private func passOn() {
    guard isWakePending.loadRelaxed() == 0 else { return }
    isWakePending.store(1)
    isContended.store(0)
    releases.add(1)
    // Nobody was asleep: then nobody is on its way either.
    if releases.wakeOne() == 0 { isWakePending.store(0) }
  }
}
