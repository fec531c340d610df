internal import Platform
internal import SQLite
internal import Synchronization

/// Tasks that a transaction makes ready, for those who wait for them.
struct Arrivals {
  /// Beyond that it is cheaper to wake everybody than to find out whom.
  private static let mostLanes = 16

  /// How many in which lane; those of one lane mostly come together.
  private(set) var byLane: [(lane: Int64, count: Int)] = []
  /// Whether there is something whose lane is not known yet.
  private(set) var concernsEverybody = false

  var isEmpty: Bool { byLane.isEmpty && !concernsEverybody }

  @inline(__always)
  mutating func add(lane: Int64) {
    if let last = byLane.indices.last, byLane[last].lane == lane {
      byLane[last].count += 1
    } else if let place = byLane.firstIndex(where: { $0.lane == lane }) {
      byLane[place].count += 1
    } else if byLane.count < Self.mostLanes {
      byLane.append((lane, 1))
    } else {
      concernsEverybody = true
    }
  }

  mutating func addForEverybody() { concernsEverybody = true }

  mutating func removeAll() {
    byLane.removeAll(keepingCapacity: true)
    concernsEverybody = false
  }
}

/// A worker's seat on the board of a SQLite queue.
final class SQLiteWorkerSeat: WorkerSeat {
  private let seat: WakeBoard.Seat
  private let ticket = Mutex<WakeBoard.Seat.Ticket?>(nil)
  /// Whether the last wait was ended by somebody who rang, and no claim has been made since.
  private let hasRung = Atomic<Bool>(false)

  init(_ seat: WakeBoard.Seat) { self.seat = seat }

  /// A worker that was rung and leaves without having looked must not keep the others from it.
  deinit {
    if expectsTask { seat.ringOthers() }
  }

  var isShared: Bool { seat.isShared }

  func prepare(mask: UInt64, knownLane: Int64) {
    let drawn = seat.prepare(mask: mask, knownLane: knownLane)
    ticket.withLock { $0 = drawn }
  }

  func cancel() {
    seat.cancel()
    ticket.withLock { $0 = nil }
  }

  func wait(upToMs: Int64) -> Bool {
    // Without a ticket nobody could have rung: look again rather than sleep through it.
    guard let drawn = ticket.withLock({ $0.take() }) else { return true }
    // A day is as good as any longer time: the caller looks and waits again.
    let waitNs = UInt64(min(max(0, upToMs), 86_400_000)) * 1_000_000
    let deadlineNs = MonotonicClock.nowNs() + waitNs
    guard seat.wait(drawn, untilNs: deadlineNs) == .rung else { return false }
    hasRung.store(true, ordering: .relaxed)
    return true
  }

  /// Whether somebody has rung since the last claim: then a look before the claim would only take time.
  var expectsTask: Bool { hasRung.load(ordering: .relaxed) }

  /// To be called by the claim that follows.
  func forgetRing() { hasRung.store(false, ordering: .relaxed) }

  func poke() { seat.poke() }
}

extension SQLiteQueueStore {
  /// How long a worker waits at most before it looks for tasks of programs that wake nobody.
  static let sweepMs: Int64 = 1000
  /// The same for a worker whom no other process can wake.
  static let privateSweepMs: Int64 = 10

  public func makeSeat() throws -> any WorkerSeat {
    // Without a board of its own the store has one that nobody else rings.
    SQLiteWorkerSeat(try (board ?? WakeBoard(databasePath: nil)).takeSeat())
  }

  public func prepareToWait(
    as claimant: Claimant, on seat: any WorkerSeat, now: Timestamp
  ) throws -> Int64? {
    guard let seat = seat as? SQLiteWorkerSeat else {
      throw QueueError(
        code: .invalidArgument, message: "the seat was made by a store of another kind")
    }
    let plan = try plan(for: claimant)
    plan.update(from: lanes)
    plan.seat = seat
    seat.prepare(mask: plan.servedMask, knownLane: lanes.newestID)
    do {
      let nothingUntil = try plan.wasEmpty && !mayFindTask(plan, now: now) ? nextMoment() : nil
      // The lanes were read anew: what the seat says of them would be out of date.
      guard let nothingUntil, nothingUntil > now else {
        seat.cancel()
        return nil
      }
      let sweepMs = seat.isShared ? Self.sweepMs : Self.privateSweepMs
      guard nothingUntil < now.adding(milliseconds: sweepMs) else { return sweepMs }
      return nothingUntil.millisecondsSinceEpoch - now.millisecondsSinceEpoch
    } catch {
      seat.cancel()
      throw error
    }
  }

  /// Under the policy `deferred` this is when the log is moved.
  public func tidyUp() { connection.checkpointIfDue() }

  /// When the next delayed task becomes due or the next lease ends, whoever it concerns.
  private func nextMoment() throws -> Timestamp {
    do {
      let row = try connection.cached(ClaimStatements.nextMoments)
      defer { row.reset() }
      _ = try row.step()
      let moments = [row.text(0), row.text(1)].compactMap { $0.flatMap(Timestamp.init) }
      return moments.min() ?? Timestamp(millisecondsSinceEpoch: .max)
    } catch {
      throw QueueError(error)
    }
  }

  /// Notes a task that is ready from now on.
  @inline(__always)
  func noteArrival(lane: Int64) {
    if board != nil { arrivals.add(lane: lane) }
  }

  /// Notes a task that will be placed by the next claim once it is due, which may be before those who
  /// wait would look again.
  @inline(__always)
  func noteArrival(dueAt moment: Timestamp, now: Timestamp) {
    if board != nil, moment <= now.adding(milliseconds: Self.sweepMs) {
      arrivals.addForEverybody()
    }
  }

  /// Wakes who waits for what was committed.
  func ring() {
    guard let board else { return }
    if arrivals.concernsEverybody {
      board.ringAll()
    } else {
      for (lane, count) in arrivals.byLane { board.ring(lane: lane, count: count) }
    }
    arrivals.removeAll()
  }
}
