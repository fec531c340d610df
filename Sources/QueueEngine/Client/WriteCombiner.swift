internal import Dispatch
internal import Platform
internal import Synchronization

#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// Lets many threads and Swift tasks use one store, and has calls that come together share one
/// transaction.
///
/// Whoever finds the store free *leads*: it carries out its own call on its own thread, as if it were
/// alone. Calls that come meanwhile queue up, and the next leader carries all of them out in one
/// transaction with one commit, which is what a commit that waits for the disk is shared by. If one of
/// them fails, the transaction is rolled back and each is carried out by itself, so that nobody suffers
/// for the others. Threads lead for themselves; for Swift tasks a thread of the combiner's own does, so
/// that no SQLite call ever blocks the cooperative pool.
///
/// The method is known as flat combining (Hendler, Incze, Shavit and Tzafrir 2010), and as group commit
/// in databases.
///
/// `@unchecked Sendable`: the store is touched only by the one who leads, and the lead is passed on
/// under the lock.
final class WriteCombiner: @unchecked Sendable {
  private let store: any QueueStore
  /// The store, if it can say what calls cost.
  private let meter: (any MeteredStore)?
  private let groupLimit: Int
  private let state = Mutex(State())
  private let driver = DriverThread()
  /// The thread that runs code of the application within a transaction; 0 if none does.
  private let transactingThread = Atomic<UInt>(0)

  private struct State {
    var isLed = false
    var waiting: [any Submission] = []
  }

  /// How many groups of others a thread leads after its own before it passes the lead on: handing over
  /// costs a thread switch in which the store lies idle, staying keeps its caller waiting.
  private static let extraGroups = 1

  /// - Parameters:
  ///   - store: what the calls are made on; nobody else may use it from now on.
  ///   - groupLimit: how many calls share a transaction at most; 1 for none.
  init(store: any QueueStore, groupLimit: Int) {
    self.store = store
    meter = store as? any MeteredStore
    self.groupLimit = groupLimit
  }

  deinit { driver.stop() }

  /// How many calls wait for their turn; what tests wait for.
  var waitingCount: Int { state.withLock { $0.waiting.count } }

  // MARK: Calling

  /// Carries a call out, on this thread or on that of whoever leads; blocks until it is done.
  func run<R: Sendable>(_ call: Call<R>) throws -> R {
    if leadIfFree() {
      defer { passOn(extraGroups: Self.extraGroups) }
      return try call.carriedOutAlone(on: store)
    }
    return try wait(call).outcome!.get()
  }

  /// As ``run(_:)``, and says what it cost.
  func run<R: Sendable>(_ call: Call<R>, cost: inout OperationCost) throws -> R {
    if leadIfFree() {
      meter?.resetMeter()
      defer {
        cost = meter?.meteredCost ?? OperationCost()
        if !endIfNobodyWaits() {
          // What it does for others is time that its caller waits.
          let startNs = MonotonicClock.nowNs()
          passOn(extraGroups: Self.extraGroups)
          cost.lockWaitNs += MonotonicClock.nowNs() - startNs
        }
      }
      return try call.carriedOutAlone(on: store)
    }
    let startNs = MonotonicClock.nowNs()
    let submission = try wait(call)
    let waitedNs = MonotonicClock.nowNs() - startNs
    cost = submission.cost
    // All that its own group did not take, it was waiting for other groups, before or after.
    if waitedNs > submission.groupNs { cost.lockWaitNs += waitedNs - submission.groupNs }
    return try submission.outcome!.get()
  }

  private func leadIfFree() -> Bool {
    state.withLock { state in
      if state.isLed { return false }
      state.isLed = true
      return true
    }
  }

  /// Runs code of the application within a transaction. Calls that it makes on this combiner would wait
  /// for the end of the transaction and so for ever; they are refused.
  func refusingCallsOfThisThread<R>(_ body: () throws -> R) rethrows -> R {
    transactingThread.store(Self.currentThread, ordering: .relaxed)
    defer { transactingThread.store(0, ordering: .relaxed) }
    return try body()
  }

  private static var currentThread: UInt {
    #if canImport(Glibc)
      UInt(pthread_self())
    #else
      UInt(bitPattern: pthread_self())
    #endif
  }

  private func wait<R: Sendable>(_ call: Call<R>) throws -> PendingCall<R> {
    guard transactingThread.load(ordering: .relaxed) != Self.currentThread else {
      throw QueueError(
        code: .invalidArgument,
        message: """
          a call on a queue within a transaction of that queue; make it on the TaskTransaction instead, \
          or after the transaction
          """)
    }
    let submission = PendingCall(call, .thread(DispatchSemaphore(value: 0)))
    switch submit(submission) {
    case .lead: lead(beginning: submission)
    case .wait: submission.waitOnThread { self.lead(beginning: submission) }
    }
    return submission
  }

  /// Carries a call out on a thread that may block.
  func run<R: Sendable>(_ call: Call<R>) async throws -> R {
    try await withCheckedThrowingContinuation { continuation in
      let submission = PendingCall(call, .task(continuation))
      if submit(submission) == .lead { driver.run { self.lead(beginning: submission) } }
    }
  }

  private enum Turn { case lead, wait }

  private func submit(_ submission: any Submission) -> Turn {
    state.withLock { state in
      guard state.isLed else {
        state.isLed = true
        return .lead
      }
      state.waiting.append(submission)
      return .wait
    }
  }

  // MARK: Leading

  private func lead(beginning first: any Submission) {
    perform(nextGroup(after: first))
    passOn(extraGroups: Self.extraGroups)
  }

  private func nextGroup(after first: (any Submission)?) -> [any Submission] {
    state.withLock { state in
      let count = min(state.waiting.count, groupLimit - (first == nil ? 0 : 1))
      let group = (first.map { [$0] } ?? []) + state.waiting.prefix(count)
      state.waiting.removeFirst(count)
      return group
    }
  }

  /// Leads for those that have come meanwhile, or has the first of them lead.
  private func passOn(extraGroups: Int) {
    for _ in 0..<extraGroups {
      guard !endIfNobodyWaits() else { return }
      perform(nextGroup(after: nil))
    }
    guard !endIfNobodyWaits() else { return }
    let next = state.withLock { $0.waiting.removeFirst() }
    if !next.promote() { driver.run { self.lead(beginning: next) } }
  }

  private func endIfNobodyWaits() -> Bool {
    state.withLock { state in
      guard state.waiting.isEmpty else { return false }
      state.isLed = false
      return true
    }
  }

  private func perform(_ group: [any Submission]) {
    meter?.resetMeter()
    let startNs = meter == nil ? 0 : MonotonicClock.nowNs()
    let writers = group.count > 1 ? group.filter { !$0.performWithoutLock(store) } : group
    if writers.count > 1 {
      performTogether(writers)
    } else {
      writers.first?.performAlone(store)
    }
    if let meter {
      let shares = meter.meteredCost.shared(among: writers.count)
      for (submission, share) in zip(writers, shares) { submission.cost = share }
      let groupNs = MonotonicClock.nowNs() - startNs
      for submission in group { submission.groupNs = groupNs }
    }
    for submission in group { submission.finish() }
  }

  private func performTogether(_ group: [any Submission]) {
    var hasOneFailed = false
    do {
      try store.atomically {
        for submission in group {
          hasOneFailed = true
          try submission.perform(store)
          hasOneFailed = false
        }
      }
    } catch {
      if hasOneFailed {
        // Nothing has happened: each has another try, and only the culprit fails again.
        for submission in group { submission.performAlone(store) }
      } else {
        // The lock was not to be had, or nobody can tell whether the commit took effect.
        for submission in group { submission.fail(error) }
      }
    }
  }
}

/// What is asked of a store.
struct Call<R: Sendable>: Sendable {
  /// Whether it consists of several calls on the store, which belong into one transaction.
  var isCompound = false
  /// Tries to answer without the write lock, for a call that others share a transaction with; nil if
  /// it cannot.
  var withoutLock: (@Sendable (any QueueStore) throws -> R?)?
  /// Carries the call out.
  let body: @Sendable (any QueueStore) throws -> R

  /// What the body returns, outside of any transaction.
  @inline(__always)
  func carriedOutAlone(on store: any QueueStore) throws -> R {
    guard isCompound else { return try body(store) }
    var result: R?
    try store.atomically { result = try body(store) }
    return result!
  }
}

/// A call that waits for its turn.
private protocol Submission: AnyObject, Sendable {
  /// Its share of what the transaction cost.
  var cost: OperationCost { get set }
  /// How long the group took that it was carried out in.
  var groupNs: UInt64 { get set }
  /// Carries it out within a larger transaction.
  func perform(_ store: any QueueStore) throws
  /// Carries it out by itself; an error becomes its outcome.
  func performAlone(_ store: any QueueStore)
  /// True if it could be carried out without the write lock.
  func performWithoutLock(_ store: any QueueStore) -> Bool
  /// Makes an error its outcome.
  func fail(_ error: any Error)
  /// Tells whoever waits that the outcome is there.
  func finish()
  /// Has whoever waits lead; false if a Swift task waits, which must not.
  func promote() -> Bool
}

/// A call and whoever waits for its end.
///
/// `@unchecked Sendable`: only the leader touches it until ``finish()`` or ``promote()``, only the one
/// who waits from then on.
private final class PendingCall<R: Sendable>: Submission, @unchecked Sendable {
  enum Waiter {
    case thread(DispatchSemaphore)
    case task(CheckedContinuation<R, any Error>)
  }

  private let call: Call<R>
  private let waiter: Waiter
  private(set) var outcome: Result<R, any Error>?
  var cost = OperationCost()
  var groupNs: UInt64 = 0

  init(_ call: Call<R>, _ waiter: Waiter) {
    self.call = call
    self.waiter = waiter
  }

  func perform(_ store: any QueueStore) throws { outcome = .success(try call.body(store)) }

  func performAlone(_ store: any QueueStore) {
    outcome = Result { try call.carriedOutAlone(on: store) }
  }

  func performWithoutLock(_ store: any QueueStore) -> Bool {
    guard let withoutLock = call.withoutLock else { return false }
    do {
      guard let value = try withoutLock(store) else { return false }
      outcome = .success(value)
    } catch {
      outcome = .failure(error)
    }
    return true
  }

  func fail(_ error: any Error) { outcome = .failure(error) }

  func finish() {
    switch waiter {
    case .thread(let semaphore): semaphore.signal()
    case .task(let continuation): continuation.resume(with: outcome!)
    }
  }

  func promote() -> Bool {
    guard case .thread(let semaphore) = waiter else { return false }
    semaphore.signal()
    return true
  }

  /// Blocks until the call is done, or leads if it is asked to.
  func waitOnThread(orLead lead: () -> Void) {
    guard case .thread(let semaphore) = waiter else { return }
    semaphore.wait()
    if outcome == nil { lead() }
  }
}
