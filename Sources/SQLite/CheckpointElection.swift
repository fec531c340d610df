#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif
internal import Platform
internal import Synchronization

/// Lets one of the processes at a database do its checkpoints, so that the others need not try.
///
/// They share a small file beside the database (`<database>-checkpoint`) with one word in it: who has
/// claimed the work, and until when. A claim is renewed while the work goes on and lapses when its owner
/// has died. Correctness never depends on it: SQLite's own lock decides, and where the file cannot be
/// used everybody may try.
struct CheckpointElection: Sendable {
  /// The owner's ``identity`` in the upper half, the end of the claim in the lower: monotonic ms in 32
  /// bits. 0 for no claim.
  private let claim: SharedWord64?
  /// Unlike that of any other election of any process.
  private let identity: UInt32

  private static let byteCount = 4096
  /// How long a claim lasts if nobody renews it.
  private static let claimMs: UInt32 = 1_000
  private static let elections = Atomic<UInt32>(0)

  /// Finds or makes the file of a database.
  init(databasePath: String) {
    // A process id has 22 bits at most; the rest tells apart what one process holds.
    let number = Self.elections.wrappingAdd(1, ordering: .relaxed).oldValue
    identity = UInt32(truncatingIfNeeded: getpid()) << 10 | number & 0x3ff
    let memory = try? SharedMemory(
      filePath: databasePath + "-checkpoint", byteCount: Self.byteCount,
      permissions: PrivateFile.permissions(of: databasePath))
    claim = try? memory?.word64(at: 0)
  }

  /// Whether this process does the work from now on; renews the claim if it does already.
  func win() -> Bool {
    guard let claim else { return true }
    let now = Self.nowMs()
    let current = claim.load()
    let leftMs = Int32(bitPattern: UInt32(truncatingIfNeeded: current) &- now)
    // Anything else was left behind, perhaps before the machine was started last.
    let isHeld = current != 0 && (1...Int32(Self.claimMs)).contains(leftMs)
    if isHeld, current >> 32 != UInt64(identity) { return false }
    return claim.exchange(
      expected: current, with: UInt64(identity) << 32 | UInt64(now &+ Self.claimMs))
  }

  /// Gives the work up, if it is this process's.
  func resign() {
    guard let claim else { return }
    let current = claim.load()
    if current >> 32 == UInt64(identity) { claim.exchange(expected: current, with: 0) }
  }

  private static func nowMs() -> UInt32 {
    UInt32(truncatingIfNeeded: MonotonicClock.nowNs() / 1_000_000)
  }
}
