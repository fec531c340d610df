internal import Platform

extension WakeBoard {
  /// The bytes of the file: a header, the bitmap, the seats.
  ///
  /// A cache line for each, as the header is only read, every sleeper and ringer writes the bitmap, and a
  /// seat is written by its owner and those who ring it.
  enum Layout {
    static let identity = 0
    static let futexProbe = 8
    static let lowSleepers = 64
    static let highSleepers = 72
    static let lastWoken = 80
    static let seatByteCount = 64
    static let byteCount = seat(seatCount)

    static func seat(_ number: Int) -> Int { 128 + number * seatByteCount }
  }

  /// What the file begins with: `qbwake` in ASCII, then the version of the layout.
  private static let identity: UInt64 = 0x7162_7761_6B65_0001
  /// The part that all versions have in common.
  private static let familyMask: UInt64 = 0xFFFF_FFFF_FFFF_0000
  /// The byte whose lock says who uses the file: shared by all users, exclusively by who sets it up.
  private static let usersByte = Layout.identity
  /// How long to wait for somebody else who sets the file up, which takes microseconds.
  private static let setUpNs: UInt64 = 1_000_000_000

  /// Why there is no shared board: the place, the cause and the remedy.
  struct Obstacle: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
  }

  /// Maps the file of a database, sets it up if nobody uses it, and checks that it can be used.
  ///
  /// A file that is not ours, by its size or its first bytes, is left alone. One of another version
  /// is made over if nobody uses it.
  static func openFile(databasePath: String?) throws(Obstacle) -> SharedMemory {
    guard let databasePath else {
      throw Obstacle("the database has no file that another process could open")
    }
    let path = databasePath + "-wake"
    let memory: SharedMemory
    let state: State
    do throws(SystemError) {
      memory = try SharedMemory(
        filePath: path, byteCount: Layout.byteCount,
        permissions: PrivateFile.permissions(of: databasePath), refusesOtherSizes: true)
      state = try join(memory)
    } catch {
      throw Obstacle(error.description)
    }
    switch state {
    case .usable: return memory
    case .foreign:
      throw Obstacle("\(path) is not a wake board, or is damaged; move it out of the way")
    case .otherVersion:
      throw Obstacle(
        "\(path) is in use by processes of another version of this program; restart those")
    case .beingSetUp:
      throw Obstacle("\(path) is being set up by a process that does not get done; end that one")
    case .withoutFutexes:
      throw Obstacle(
        "processes cannot wait for each other through \(path); use a local file system")
    }
  }

  /// What has been found in a file.
  private enum State {
    case usable
    case foreign
    case otherVersion
    case beingSetUp
    case withoutFutexes
  }

  private static func join(_ memory: SharedMemory) throws(SystemError) -> State {
    let word = try memory.word64(at: Layout.identity)
    let deadlineNs = MonotonicClock.nowNs() + setUpNs
    while true {
      if try memory.lock(.exclusive, byte: usersByte) {
        if word.load() == 0 || word.load() & familyMask == identity & familyMask {
          try setUp(memory)
        }
        // Turned into the shared one that is tried next; nobody can come in between.
      }
      if try memory.lock(.shared, byte: usersByte) { break }
      guard MonotonicClock.nowNs() < deadlineNs else { return .beingSetUp }
      MonotonicClock.sleep(untilNs: MonotonicClock.nowNs() + 1_000_000)
    }
    guard word.load() == identity else {
      return word.load() & familyMask == identity & familyMask ? .otherVersion : .foreign
    }
    // At a deadline that has passed a wait ends at once, unless there are no futexes in such memory: then
    // every wait would be a busy loop.
    let probe = try memory.word32(at: Layout.futexProbe)
    return probe.wait(whileEqualTo: probe.load(), untilNs: 0) == .deadline
      ? .usable : .withoutFutexes
  }

  /// Clears what was left behind and puts the identity in front; only under the exclusive lock.
  private static func setUp(_ memory: SharedMemory) throws(SystemError) {
    for offset in stride(from: Layout.futexProbe, to: Layout.byteCount, by: 8) {
      try memory.word64(at: offset).store(0)
    }
    try memory.word64(at: Layout.identity).store(identity)
  }
}
