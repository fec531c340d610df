internal import Synchronization

/// A queue of tasks: what applications and workers use, from as many threads and Swift tasks as they
/// like.
///
/// Adds to a ``QueueStore`` what callers should not have to supply each time, the wall clock and the
/// arithmetic of leases, and makes it serve many at once: see ``TaskQueueOptions/writeCombining``.
///
/// Every call comes in two forms. On a thread it blocks until it is done. In an asynchronous context the
/// form with `await` is chosen, which blocks no thread of the cooperative pool.
public final class TaskQueue: Sendable {
  let combiner: WriteCombiner
  private let readers: ReaderPool
  private let readerThread = DriverThread()
  /// What time it is.
  package let clock: @Sendable () -> Timestamp
  /// Why what it acknowledges may be lost or damaged, by the way its store was opened and the SQLite that runs;
  /// nil if it is safe. A ``QueueStore`` knows.
  public let hazard: String?
  private let refusedAcknowledgements = Atomic<Int>(0)
  private let refusedRenewals = Atomic<Int>(0)

  /// A queue on a store.
  ///
  /// - Parameters:
  ///   - store: where the tasks lie; the queue takes it over, nobody else may use it from now on.
  ///   - options: how calls share it.
  ///   - clock: what time it is; tests supply their own.
  public init(
    store: sending any QueueStore, options: TaskQueueOptions = TaskQueueOptions(),
    clock: @escaping @Sendable () -> Timestamp = { Timestamp.now() }
  ) {
    hazard = store.hazard
    readers = ReaderPool(store.readerFactory())
    combiner = WriteCombiner(store: store, groupLimit: options.writeCombining ? 256 : 1)
    self.clock = clock
  }

  /// How often acknowledgements and renewals were refused because the lease had passed on.
  public var counters: QueueCounters {
    QueueCounters(
      refusedAcknowledgements: refusedAcknowledgements.load(ordering: .relaxed),
      refusedRenewals: refusedRenewals.load(ordering: .relaxed))
  }

  // MARK: Enqueueing

  /// Adds a task.
  @discardableResult
  public func enqueue(_ task: NewTask) throws -> EnqueueReceipt {
    try combiner.run(enqueueing(task))
  }

  /// Adds a task.
  @discardableResult
  public func enqueue(_ task: NewTask) async throws -> EnqueueReceipt {
    try await combiner.run(enqueueing(task))
  }

  /// Adds tasks in one transaction.
  @discardableResult
  public func enqueue(contentsOf tasks: [NewTask]) throws -> [EnqueueReceipt] {
    try combiner.run(enqueueing(contentsOf: tasks))
  }

  /// Adds tasks in one transaction.
  @discardableResult
  public func enqueue(contentsOf tasks: [NewTask]) async throws -> [EnqueueReceipt] {
    try await combiner.run(enqueueing(contentsOf: tasks))
  }

  func enqueueing(_ task: NewTask) -> Call<EnqueueReceipt> {
    Call { [clock] store in try store.enqueue(task, now: clock()) }
  }

  func enqueueing(contentsOf tasks: [NewTask]) -> Call<[EnqueueReceipt]> {
    Call { [clock] store in try store.enqueue(tasks, now: clock()) }
  }

  // MARK: Claiming

  /// Takes the next task under a lease of that length; nil if none is ready for the claimant.
  public func claim(as claimant: Claimant, leaseDurationMs: Int64) throws -> ClaimedTask? {
    try claim(as: claimant, limit: 1, leaseDurationMs: leaseDurationMs).first
  }

  /// Takes the next task under a lease of that length; nil if none is ready for the claimant.
  public func claim(as claimant: Claimant, leaseDurationMs: Int64) async throws -> ClaimedTask? {
    try await claim(as: claimant, limit: 1, leaseDurationMs: leaseDurationMs).first
  }

  /// Takes the next tasks, at most `limit`, in one transaction.
  public func claim(
    as claimant: Claimant, limit: Int, leaseDurationMs: Int64
  ) throws -> [ClaimedTask] {
    try combiner.run(claiming(as: claimant, limit: limit, leaseDurationMs: leaseDurationMs))
  }

  /// Takes the next tasks, at most `limit`, in one transaction.
  public func claim(
    as claimant: Claimant, limit: Int, leaseDurationMs: Int64
  ) async throws -> [ClaimedTask] {
    try await combiner.run(claiming(as: claimant, limit: limit, leaseDurationMs: leaseDurationMs))
  }

  func claiming(
    as claimant: Claimant, limit: Int, leaseDurationMs: Int64
  ) -> Call<[ClaimedTask]> {
    Call(
      withoutLock: { [clock] store in
        try Limits.checkClaim(limit: limit, leaseDurationMs: leaseDurationMs)
        return try store.mayClaim(as: claimant, now: clock()) ? nil : []
      },
      body: { [clock] store in
        try store.claim(
          as: claimant, limit: limit, leaseDurationMs: leaseDurationMs, now: clock())
      })
  }

  // MARK: Acknowledging

  /// Completes a task with a result in JSON or none.
  public func complete(_ fence: Fence, result: String? = nil) throws -> Acknowledgement {
    counted(try combiner.run(completing(fence, result: result)))
  }

  /// Completes a task with a result in JSON or none.
  public func complete(_ fence: Fence, result: String? = nil) async throws -> Acknowledgement {
    counted(try await combiner.run(completing(fence, result: result)))
  }

  /// Completes tasks in one transaction; answers in the same order.
  public func complete(
    _ completions: [(fence: Fence, result: String?)]
  ) throws -> [Acknowledgement] {
    try combiner.run(completing(completions)).map { counted($0) }
  }

  /// Completes tasks in one transaction; answers in the same order.
  public func complete(
    _ completions: [(fence: Fence, result: String?)]
  ) async throws -> [Acknowledgement] {
    try await combiner.run(completing(completions)).map { counted($0) }
  }

  /// Ends an attempt without success.
  public func fail(_ fence: Fence, _ failure: TaskFailure) throws -> Acknowledgement {
    counted(try combiner.run(failing(fence, failure)))
  }

  /// Ends an attempt without success.
  public func fail(_ fence: Fence, _ failure: TaskFailure) async throws -> Acknowledgement {
    counted(try await combiner.run(failing(fence, failure)))
  }

  /// Gives a task back unworked; the attempt does not count.
  public func release(_ fence: Fence) throws -> Acknowledgement {
    counted(try combiner.run(releasing(fence)))
  }

  /// Gives a task back unworked; the attempt does not count.
  public func release(_ fence: Fence) async throws -> Acknowledgement {
    counted(try await combiner.run(releasing(fence)))
  }

  func completing(_ fence: Fence, result: String?) -> Call<Acknowledgement> {
    Call { [clock] store in try store.complete(fence, result: result, now: clock()) }
  }

  func completing(
    _ completions: [(fence: Fence, result: String?)]
  ) -> Call<[Acknowledgement]> {
    Call { [clock] store in try store.complete(completions, now: clock()) }
  }

  func failing(_ fence: Fence, _ failure: TaskFailure) -> Call<Acknowledgement> {
    Call { [clock] store in try store.fail(fence, failure, now: clock()) }
  }

  func releasing(_ fence: Fence) -> Call<Acknowledgement> {
    Call { [clock] store in try store.release(fence, now: clock()) }
  }

  private func counted(_ answer: Acknowledgement) -> Acknowledgement {
    if answer == .leaseLost { refusedAcknowledgements.add(1, ordering: .relaxed) }
    return answer
  }

  // MARK: Renewing

  /// Holds a task for that much longer, counted from now.
  public func extend(_ fence: Fence, leaseDurationMs: Int64) throws -> Acknowledgement {
    try extend([fence], leaseDurationMs: leaseDurationMs)[0]
  }

  /// Holds a task for that much longer, counted from now.
  public func extend(_ fence: Fence, leaseDurationMs: Int64) async throws -> Acknowledgement {
    try await extend([fence], leaseDurationMs: leaseDurationMs)[0]
  }

  /// Holds tasks for that much longer, counted from now; answers in the same order.
  public func extend(_ fences: [Fence], leaseDurationMs: Int64) throws -> [Acknowledgement] {
    countedRenewals(try combiner.run(extending(fences, leaseDurationMs: leaseDurationMs)))
  }

  /// Holds tasks for that much longer, counted from now; answers in the same order.
  public func extend(
    _ fences: [Fence], leaseDurationMs: Int64
  ) async throws -> [Acknowledgement] {
    countedRenewals(try await combiner.run(extending(fences, leaseDurationMs: leaseDurationMs)))
  }

  func extending(_ fences: [Fence], leaseDurationMs: Int64) -> Call<[Acknowledgement]> {
    Call { [clock] store in
      try store.extend(fences, leaseDurationMs: leaseDurationMs, now: clock())
    }
  }

  private func countedRenewals(_ answers: [Acknowledgement]) -> [Acknowledgement] {
    let lost = answers.count { $0 == .leaseLost }
    if lost > 0 { refusedRenewals.add(lost, ordering: .relaxed) }
    return answers
  }

  // MARK: Taking back

  /// Takes a task back; true if it was waiting, or was held and `evenIfHeld` is set.
  public func cancel(_ id: TaskID, evenIfHeld: Bool = false) throws -> Bool {
    try combiner.run(cancelling(id, evenIfHeld: evenIfHeld))
  }

  /// Takes a task back; true if it was waiting, or was held and `evenIfHeld` is set.
  public func cancel(_ id: TaskID, evenIfHeld: Bool = false) async throws -> Bool {
    try await combiner.run(cancelling(id, evenIfHeld: evenIfHeld))
  }

  private func cancelling(_ id: TaskID, evenIfHeld: Bool) -> Call<Bool> {
    Call { [clock] store in try store.cancel(id, evenIfHeld: evenIfHeld, now: clock()) }
  }

  // MARK: Waiting

  /// A place where a worker can wait for tasks.
  public func makeSeat() throws -> any WorkerSeat {
    try combiner.run(Call { store in try store.makeSeat() })
  }

  /// Announces that a worker is about to wait on a seat; to be called after a claim that found nothing.
  ///
  /// Returns nil if there may be something to claim already, else how long to wait at most, in
  /// milliseconds: until a task becomes due or a lease ends, or until a look for tasks of programs that
  /// wake nobody is in order.
  public func prepareToWait(as claimant: Claimant, on seat: any WorkerSeat) throws -> Int64? {
    let prepare: @Sendable (any QueueStore) throws -> Int64? = { [clock] store in
      try store.prepareToWait(as: claimant, on: seat, now: clock())
    }
    // A look only: idle workers that come together need no write lock either. Who is about to commit in
    // their group rings afterwards.
    return try combiner.run(Call(withoutLock: { .some(try prepare($0)) }, body: prepare))
  }

  /// Does work that can wait, if there is some; to be called by threads that have time, such as after
  /// an acknowledgement.
  public func tidyUp() {
    // It cannot fail: what does not work now is tried again later.
    // Not within a transaction of others, where checkpoints are impossible: under load there is always
    // one.
    try? combiner.run(Call(withoutLock: { $0.tidyUp() }, body: { $0.tidyUp() }))
  }

  // MARK: Several calls at once

  /// Makes everything that `body` does one transaction: all of it happens, or, if `body` throws,
  /// nothing. So a task's completion and the tasks that follow from it stand or fall together.
  ///
  /// `body` must be free of other effects: it may be run again when another caller's part of a shared
  /// transaction has failed. It holds up all other writers of the queue, so it should not linger. An
  /// error of the storage ends the transaction even if `body` catches it. Calls on the queue itself, which
  /// would wait for the end of the transaction, are refused in it with `invalidArgument`.
  public func transaction<R: Sendable>(
    _ body: @escaping @Sendable (TaskTransaction) throws -> R
  ) throws -> R {
    counted(try combiner.run(transacting(body)))
  }

  /// Makes everything that `body` does one transaction; see the form without `await`.
  public func transaction<R: Sendable>(
    _ body: @escaping @Sendable (TaskTransaction) throws -> R
  ) async throws -> R {
    counted(try await combiner.run(transacting(body)))
  }

  /// What a transaction has returned, and what it was refused.
  private struct Transacted<R: Sendable>: Sendable {
    let result: R
    let refusedAcknowledgements: Int
    let refusedRenewals: Int
  }

  private func transacting<R: Sendable>(
    _ body: @escaping @Sendable (TaskTransaction) throws -> R
  ) -> Call<Transacted<R>> {
    Call(isCompound: true) { [clock, combiner] store in
      let refusals = TaskTransaction.Refusals()
      let result = try combiner.refusingCallsOfThisThread {
        try body(TaskTransaction(store: store, clock: clock, refusals: refusals))
      }
      if let error = refusals.failure { throw error }
      return Transacted(
        result: result, refusedAcknowledgements: refusals.acknowledgements,
        refusedRenewals: refusals.renewals)
    }
  }

  private func counted<R>(_ transacted: Transacted<R>) -> R {
    if transacted.refusedAcknowledgements > 0 {
      refusedAcknowledgements.add(transacted.refusedAcknowledgements, ordering: .relaxed)
    }
    if transacted.refusedRenewals > 0 {
      refusedRenewals.add(transacted.refusedRenewals, ordering: .relaxed)
    }
    return transacted.result
  }

  // MARK: Reading

  /// A task by its identity; nil if there is none.
  public func task(_ id: TaskID) throws -> QueueTask? { try read { try $0.task(id) } }

  /// A task by its identity; nil if there is none.
  public func task(_ id: TaskID) async throws -> QueueTask? { try await read { try $0.task(id) } }

  /// How many tasks have each status.
  public func counts() throws -> [TaskStatus: Int] { try read { try $0.counts() } }

  /// How many tasks have each status.
  public func counts() async throws -> [TaskStatus: Int] { try await read { try $0.counts() } }

  private func read<R: Sendable>(
    _ body: @escaping @Sendable (any QueueReader) throws -> R
  ) throws -> R {
    // Where there are no readers, at least without the write lock.
    try readers.read(body)
      ?? combiner.run(Call(withoutLock: { .some(try body($0)) }, body: { try body($0) }))
  }

  private func read<R: Sendable>(
    _ body: @escaping @Sendable (any QueueReader) throws -> R
  ) async throws -> R {
    try await withCheckedThrowingContinuation { continuation in
      readerThread.run {
        continuation.resume(with: Result { try self.read(body) })
      }
    }
  }
}

/// How the calls on a ``TaskQueue`` share its store.
public struct TaskQueueOptions: Sendable, Hashable {
  /// Whether calls that come together share a transaction and its commit.
  ///
  /// They do unless this is false; it costs a lone caller nothing, and many concurrent callers one wait
  /// for the disk instead of one each.
  public var writeCombining: Bool

  /// Options.
  public init(writeCombining: Bool = true) {
    self.writeCombining = writeCombining
  }
}

/// What a ``TaskQueue`` has counted since it was opened.
public struct QueueCounters: Sendable, Hashable {
  /// Completions, failures and releases under a fence that no longer held.
  public let refusedAcknowledgements: Int
  /// Renewals of leases that had been lost.
  public let refusedRenewals: Int
}
