#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif
import CPlatform

/// A 32-bit word of a ``SharedMemory`` region that processes can wait on (a futex).
///
/// Loads acquire and stores release: what a process wrote before a store is seen by the process that
/// loads the stored value.
///
/// `@unchecked Sendable`: both properties are constants, the region outlives the address because the
/// word holds it, and every access is atomic.
package struct SharedWord32: @unchecked Sendable {
  /// Why a wait has ended.
  package enum WaitResult: Equatable, Sendable {
    /// The word no longer has the value waited on.
    case changed
    /// The deadline has been reached.
    case deadline
    /// A wake or a signal arrived, although the value is the same: look at other conditions.
    case interrupted
  }

  private let region: SharedMemory
  @usableFromInline let address: UnsafeMutableRawPointer

  init(region: SharedMemory, address: UnsafeMutableRawPointer) {
    self.region = region
    self.address = address
  }

  /// Where the word lies, for code in C that looks at it; valid as long as this value or its region is kept.
  package var unsafeAddress: UnsafeRawPointer { UnsafeRawPointer(address) }

  /// The value, with everything written before it was stored.
  @inlinable
  package func load() -> UInt32 {
    cplatform_load_acquire_u32(address)
  }

  /// The value alone, at the cost of a plain read: for a flag that a hot loop looks at.
  @inlinable
  package func loadRelaxed() -> UInt32 {
    cplatform_load_relaxed_u32(address)
  }

  /// Sets the value; wakes nobody.
  @inlinable
  package func store(_ value: UInt32) {
    cplatform_store_release_u32(address, value)
  }

  /// Adds and returns the value before; wraps around; wakes nobody.
  @inlinable @discardableResult
  package func add(_ amount: UInt32) -> UInt32 {
    cplatform_fetch_add_u32(address, amount)
  }

  /// Replaces the value if it is `expected`; returns whether it was.
  @inlinable @discardableResult
  package func exchange(expected: UInt32, with desired: UInt32) -> Bool {
    cplatform_compare_exchange_u32(address, expected, desired) != 0
  }

  /// Wakes every process and thread that waits on the word.
  package func wakeAll() {
    cplatform_futex_wake(address, Int32.max)
  }

  /// Wakes one process or thread that waits on the word, the one that has waited longest.
  ///
  /// Returns how many were woken: 1, or 0 if nobody was asleep. Where there are no futexes, 1.
  @discardableResult
  package func wakeOne() -> Int {
    Int(cplatform_futex_wake(address, 1))
  }

  /// Sets the value and wakes every waiter.
  package func storeAndWake(_ value: UInt32) {
    store(value)
    wakeAll()
  }

  /// Blocks while the word has the value `expected`, until the monotonic deadline (`.max`: none).
  ///
  /// Returns `.interrupted` after a wake or a signal that came without a change, so that the caller
  /// can look at its other conditions; a caller without any just waits again.
  package func wait(whileEqualTo expected: UInt32, untilNs deadlineNs: UInt64) -> WaitResult {
    if load() != expected { return .changed }
    let result = cplatform_futex_wait(address, expected, deadlineNs)
    if load() != expected { return .changed }
    return result == ETIMEDOUT ? .deadline : .interrupted
  }
}

/// A 64-bit word in a ``SharedMemory`` region: a counter that children count up, or a set of bits.
///
/// Give each writer words of its own, 64 bytes apart, where the count is on a hot path: words in one
/// cache line make its writers wait for each other.
///
/// `@unchecked Sendable`: as for ``SharedWord32``.
package struct SharedWord64: @unchecked Sendable {
  private let region: SharedMemory
  @usableFromInline let address: UnsafeMutableRawPointer

  init(region: SharedMemory, address: UnsafeMutableRawPointer) {
    self.region = region
    self.address = address
  }

  /// The value, with everything written before it was stored.
  @inlinable
  package func load() -> UInt64 {
    cplatform_load_acquire_u64(address)
  }

  /// The value alone, at the cost of a plain read.
  @inlinable
  package func loadRelaxed() -> UInt64 {
    cplatform_load_relaxed_u64(address)
  }

  /// Sets the value.
  @inlinable
  package func store(_ value: UInt64) {
    cplatform_store_release_u64(address, value)
  }

  /// Adds and returns the value before; wraps around.
  @inlinable @discardableResult
  package func add(_ amount: UInt64) -> UInt64 {
    cplatform_fetch_add_u64(address, amount)
  }

  /// Replaces the value if it is `expected`; returns whether it was.
  @inlinable @discardableResult
  package func exchange(expected: UInt64, with desired: UInt64) -> Bool {
    cplatform_compare_exchange_u64(address, expected, desired) != 0
  }

  /// Sets bits; returns the value before.
  @inlinable @discardableResult
  package func setBits(_ bits: UInt64) -> UInt64 {
    cplatform_fetch_or_u64(address, bits)
  }

  /// Clears bits; returns the value before, which tells who of several has cleared them.
  @inlinable @discardableResult
  package func clearBits(_ bits: UInt64) -> UInt64 {
    cplatform_fetch_and_u64(address, ~bits)
  }
}
