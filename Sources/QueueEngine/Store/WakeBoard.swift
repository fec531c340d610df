internal import Platform
internal import Synchronization

/// Lets those who add tasks wake idle workers, in whatever process they sleep.
///
/// The processes share a small file beside the database (`<database>-wake`). Each idle worker has a
/// ``Seat`` in it: a futex word to sleep on and the lanes that it serves. A bitmap says who sleeps, so
/// that after a commit the common case, nobody, costs a fence and two loads. A worker announces its
/// sleep *before* it looks at the queue for the last time, and ringers read the bitmap *after* their
/// commit: either the worker sees the task, or the ringer sees the worker.
///
/// Correctness never depends on the board. Every sleep has a deadline at which the worker looks for
/// itself, and a few wakes can be lost: that of a process killed between its commit and its ring, that
/// given to a worker which is killed or stopped before it has looked, and all across processes that have
/// opened different files, because somebody has removed the file in between. What others write into the
/// file can cause useless or missing wakes and nothing else. Cutting it off while it is in use,
/// however, is fatal, as it is for SQLite's own shared memory.
///
/// Where the file cannot be used the board is private: it serves this object's users only, and whoever
/// sleeps on it should look at the queue more often. For the same reason the connections of one process
/// should share one board.
final class WakeBoard: Sendable {
  /// How many can sleep at the same time and be rung.
  static let seatCount = 128

  /// Why other processes cannot ring, and what to do about it; nil if they can.
  let obstacle: String?
  /// Whether commits of other processes can ring.
  var isShared: Bool { obstacle == nil }

  private let memory: SharedMemory
  private let places: [Place]
  /// Bit by seat: whether somebody sleeps or is about to. Set by the sleeper; whoever clears it, the
  /// sleeper on its return or a ringer, alone has the say over that sleep.
  private let lowSleepers: SharedWord64
  private let highSleepers: SharedWord64
  /// The seat that was woken last.
  private let lastWoken: SharedWord32
  /// Bit by seat: those taken through this object. Other ones find their locks taken.
  private let taken = Mutex<UInt128>(0)

  /// What ringers need of a seat: a cache line of its own.
  ///
  /// A class because a ringer that goes over many of them would otherwise retain each word's region.
  final class Place: Sendable {
    /// Changed by every ring; slept on.
    let rings: SharedWord32
    /// The lanes that the sleeper serves, as ``WakeBoard/laneBit(_:)``.
    let mask: SharedWord64
    /// The newest lane that the sleeper has judged: about later ones its mask says nothing.
    let knownLane: SharedWord64

    init(in memory: SharedMemory, at offset: Int) throws(SystemError) {
      rings = try memory.word32(at: offset)
      mask = try memory.word64(at: offset + 8)
      knownLane = try memory.word64(at: offset + 16)
    }
  }

  /// Opens the board of a database, and makes its file if it is missing.
  ///
  /// The path is to be the same for all processes, free of symbolic links; nil stands for a database
  /// that no other process can open. Falls back to a private board where the file cannot be used;
  /// throws only where there is no memory or descriptor for that either.
  init(databasePath: String?) throws(SystemError) {
    do throws(Obstacle) {
      memory = try Self.openFile(databasePath: databasePath)
      obstacle = nil
    } catch {
      memory = try SharedMemory(byteCount: Layout.byteCount)
      obstacle = error.description
    }
    lowSleepers = try memory.word64(at: Layout.lowSleepers)
    highSleepers = try memory.word64(at: Layout.highSleepers)
    lastWoken = try memory.word32(at: Layout.lastWoken)
    var places: [Place] = []
    for seat in 0..<Self.seatCount {
      places.append(try Place(in: memory, at: Layout.seat(seat)))
    }
    self.places = places
  }

  // MARK: Seats

  /// A seat for one worker thread, for as long as it holds on to it.
  ///
  /// When all are taken, one that nobody rings: its worker relies on its deadlines, as
  /// ``Seat/isShared`` tells. Seats of processes that have ended are free again, whatever ended them.
  func takeSeat() throws(SystemError) -> Seat {
    let number = taken.withLock { taken in
      let free = (0..<Self.seatCount).first { taken & (1 << $0) == 0 && canOccupy($0) }
      if let free { taken |= 1 << free }
      return free
    }
    guard let number else {
      let memory = try SharedMemory(byteCount: Layout.seatByteCount)
      return Seat(board: self, number: nil, place: try Place(in: memory, at: 0))
    }
    // What somebody who died asleep has left behind.
    withdraw(seat: number)
    return Seat(board: self, number: number, place: places[number])
  }

  /// Locks a seat against other boards on the file; on a private board there are none.
  private func canOccupy(_ seat: Int) -> Bool {
    guard isShared else { return true }
    // Where a lock cannot be had for another reason, as for want of kernel memory, the seat cannot either.
    return (try? memory.lock(.exclusive, byte: Layout.seat(seat))) ?? false
  }

  fileprivate func giveBack(seat: Int) {
    taken.withLock { taken in
      withdraw(seat: seat)
      if isShared { memory.unlock(byte: Layout.seat(seat)) }
      taken &= ~(1 << seat)
    }
  }

  // MARK: Sleepers

  /// How many sleep or are about to, those included who died in their sleep and were not rung since.
  var sleeperCount: Int { sleepers.nonzeroBitCount }

  private var sleepers: UInt128 {
    UInt128(highSleepers.load()) << 64 | UInt128(lowSleepers.load())
  }

  fileprivate func announce(seat: Int) {
    word(of: seat).setBits(1 << UInt64(seat % 64))
    // The bit must be out before the caller looks at the queue: see `ring`.
    SharedMemory.fullFence()
  }

  /// Clears the bit of a sleeper; whether it was set.
  @discardableResult
  fileprivate func withdraw(seat: Int) -> Bool {
    let bit: UInt64 = 1 << UInt64(seat % 64)
    return word(of: seat).clearBits(bit) & bit != 0
  }

  private func word(of seat: Int) -> SharedWord64 { seat < 64 ? lowSleepers : highSleepers }

  // MARK: Ringing

  /// Wakes as many sleepers as there are new tasks in a lane; to be called after the commit.
  ///
  /// Only those who serve the lane, and beyond the count those of whom that is not certain: who have not
  /// judged the lane yet, or whose mask has the same bit for another one. A sleeper who turns out
  /// to be awake already, or dead, does not count. Sleepers take turns, so that under light load each
  /// worker gets its share. Waking the last one to fall asleep would keep its caches warm, but there is
  /// little to keep: SQLite drops a connection's page cache whenever another one has written.
  ///
  /// Returns how many were woken that certainly serve the lane.
  @inline(__always) @discardableResult
  func ring(lane: Int64, count: Int) -> Int {
    // The commit must be out before the bitmap is read. SQLite's own barriers lie before its last store.
    SharedMemory.fullFence()
    if lowSleepers.loadRelaxed() | highSleepers.loadRelaxed() == 0 { return 0 }
    return wake(lane: lane, count: count)
  }

  /// Wakes every sleeper, after a commit that can concern any of them.
  func ringAll() {
    SharedMemory.fullFence()
    if lowSleepers.loadRelaxed() | highSleepers.loadRelaxed() == 0 { return }
    var left = UInt128(highSleepers.clearBits(.max)) << 64 | UInt128(lowSleepers.clearBits(.max))
    while left != 0 {
      let place = places[left.trailingZeroBitCount]
      left &= left - 1
      place.rings.add(1)
      place.rings.wakeOne()
    }
  }

  @inline(never)
  private func wake(lane: Int64, count: Int) -> Int {
    let first = (Int(lastWoken.loadRelaxed() % UInt32(Self.seatCount)) + 1) % Self.seatCount
    let sleepers = sleepers
    // Bit i stands for the seat i places after the first, round the board.
    var left =
      first == 0
      ? sleepers : sleepers >> UInt128(first) | sleepers << UInt128(Self.seatCount - first)
    var served = 0
    while left != 0 && served < count {
      let seat = (first + left.trailingZeroBitCount) % Self.seatCount
      left &= left - 1
      let place = places[seat]
      // Others may be ringing too: only one of them spends its wake on this sleeper.
      guard place.interest(in: lane) != .none, withdraw(seat: seat) else { continue }
      // Again, because the seat may have changed hands since. Whoever has it now must be rung either way:
      // its bit is gone.
      let isServed = place.interest(in: lane) == .certain
      place.rings.add(1)
      guard place.rings.wakeOne() > 0 else { continue }
      lastWoken.store(UInt32(seat))
      if isServed { served += 1 }
    }
    return served
  }

  /// The bit that stands for a lane in the mask of a seat; lanes that differ by 64 share one.
  static func laneBit(_ lane: Int64) -> UInt64 { 1 << (UInt64(bitPattern: lane) % 64) }
}

extension WakeBoard.Place {
  /// Whether a sleeper serves a lane, as far as its seat tells.
  enum Interest {
    case none
    case possible
    case certain
  }

  func interest(in lane: Int64) -> Interest {
    let knownLane = Int64(bitPattern: knownLane.load())
    if lane > knownLane { return .possible }
    guard mask.load() & WakeBoard.laneBit(lane) != 0 else { return .none }
    // Lanes are numbered from 1, and the mask was made of those up to `knownLane`: no other one of them
    // has this bit.
    return (0..<64).contains(lane) && knownLane - lane < 64 ? .certain : .possible
  }
}

extension WakeBoard {
  /// Where one worker thread sleeps.
  ///
  /// ```swift
  /// let ticket = seat.prepare(mask: mask, knownLane: newestLane)
  /// if let task = try claim() {
  ///   seat.cancel()
  /// } else {
  ///   seat.wait(ticket, untilNs: nextDueNs)
  /// }
  /// ```
  ///
  /// One thread at a time prepares and waits; ``poke()`` is for any thread of the process. Who was
  /// rung and then does not look at the queue, because it shuts down, should ring on: the wake was
  /// counted as spent.
  final class Seat: Sendable {
    /// How a sleep has ended.
    enum Awakening {
      /// Somebody rang or poked; also if that was before the wait, but after the ticket was drawn.
      case rung
      /// The deadline has been reached.
      case deadline
    }

    /// What a sleeper has seen of its bell before it looked at the queue.
    struct Ticket: Sendable {
      fileprivate let rings: UInt32
    }

    private let board: WakeBoard
    /// nil without a place on the board.
    private let number: Int?
    private let place: Place

    fileprivate init(board: WakeBoard, number: Int?, place: Place) {
      self.board = board
      self.number = number
      self.place = place
    }

    deinit {
      if let number { board.giveBack(seat: number) }
    }

    /// Whether commits of other processes ring here.
    var isShared: Bool { number != nil && board.isShared }

    /// Announces a sleep; to be followed by a last look at the queue, in a fresh snapshot, and then by
    /// ``wait(_:untilNs:)`` or ``cancel()``.
    ///
    /// From here on every ring that concerns the lanes in `mask`, or a lane newer than `knownLane`, ends the
    /// wait, even if it comes first.
    func prepare(mask: UInt64, knownLane: Int64) -> Ticket {
      let ticket = Ticket(rings: place.rings.load())
      place.mask.store(mask)
      place.knownLane.store(UInt64(bitPattern: knownLane))
      if let number { board.announce(seat: number) }
      return ticket
    }

    /// Takes the announcement back: there is work.
    func cancel() {
      if let number { board.withdraw(seat: number) }
    }

    /// Sleeps until somebody rings or pokes, or until the monotonic deadline.
    @discardableResult
    func wait(_ ticket: Ticket, untilNs deadlineNs: UInt64) -> Awakening {
      var result = SharedWord32.WaitResult.interrupted
      while result == .interrupted {
        result = place.rings.wait(whileEqualTo: ticket.rings, untilNs: deadlineNs)
      }
      // A ringer that has cleared the bit is about to ring.
      let wasClaimed = number.map { !board.withdraw(seat: $0) } ?? false
      return result == .changed || wasClaimed ? .rung : .deadline
    }

    /// Passes a ring on that this worker has no use for.
    func ringOthers() { board.ringAll() }

    /// Ends the present or prepared wait from another thread of this process.
    ///
    /// It is remembered no longer than that: set what the thread is to see first, and have it look
    /// there between ``prepare(mask:knownLane:)`` and ``wait(_:untilNs:)``.
    func poke() {
      place.rings.add(1)
      place.rings.wakeAll()
    }
  }
}
