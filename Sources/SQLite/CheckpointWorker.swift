internal import Platform

/// How one attempt at a checkpoint in the background has ended.
enum CheckpointOutcome: Hashable, Sendable {
  /// Nothing in the log waited to be copied, or there is no log.
  case nothingToDo
  /// The whole log is in the database file.
  case complete
  /// A reader of an older snapshot is in the way.
  case blockedByReader
  /// Somebody else held the write lock for too long, or does a checkpoint himself.
  case busy
  /// Another process has claimed the work.
  case electedElsewhere
  /// It has failed.
  case failed(SQLiteError)

  /// Whether to try again without being asked.
  var needsRetry: Bool {
    switch self {
    case .nothingToDo, .complete, .electedElsewhere: return false
    case .blockedByReader, .busy, .failed: return true
    }
  }
}

/// The background thread of a ``Checkpointer``: sleeps until a commit has made the log long enough.
///
/// One word says where it stands. Commits look at it only when the log is long, and change it only if
/// the thread is idle, so that one of them pays for a wake-up and the others for a comparison.
///
/// Sendable: constants, atomic words and locks. The connections live in the thread alone.
final class CheckpointWorker: Sendable {
  /// The values of ``state``.
  private enum State {
    static let idle: UInt32 = 0
    static let requested: UInt32 = 1
    /// At work, or pausing after it.
    static let atWork: UInt32 = 2
    static let stopping: UInt32 = 3
  }

  /// How long it waits for the write lock before it lets the others go on, and so the longest that a
  /// stop takes.
  static let longestGateWaitMs = 1_000
  /// The pauses between attempts: as long as the last one took, but within these limits, so that short
  /// ones follow each other at half of a CPU at most.
  private static let shortestPauseNs: UInt64 = 1_000_000
  private static let longestPauseNs: UInt64 = 20_000_000
  /// The first pause after an attempt that did not do all; doubles up to the last one.
  private static let firstRetryNs: UInt64 = 4_000_000
  private static let lastRetryNs: UInt64 = 1_000_000_000
  /// The pause while another process does the work.
  private static let electedElsewhereNs: UInt64 = 20_000_000

  private let settings: CheckpointSession.Settings
  private let observer: (@Sendable (CheckpointOutcome) -> Void)?
  private let state: SharedWord32
  private let thread = Locked<BackgroundThread?>(nil)
  private let store = Locked(CheckpointCounters())

  init(
    settings: CheckpointSession.Settings, observer: (@Sendable (CheckpointOutcome) -> Void)?
  ) throws(SystemError) {
    self.settings = settings
    self.observer = observer
    state = try SharedMemory(byteCount: 64).word32(at: 0)
  }

  var counters: CheckpointCounters { store.withLock { $0 } }

  func updateCounters(_ change: (inout CheckpointCounters) -> Void) {
    store.withLock { change(&$0) }
  }

  // MARK: Any thread

  /// Wakes the thread if it is idle, and starts it the first time.
  @inline(__always)
  func requestCheckpoint() {
    if state.loadRelaxed() == State.idle { wake() }
  }

  private func wake() {
    guard state.exchange(expected: State.idle, with: State.requested) else { return }
    let isRunning = thread.withLock { thread in
      guard state.load() != State.stopping else { return true }
      if thread == nil { thread = BackgroundThread { self.run() } }
      return thread != nil
    }
    guard isRunning else {
      store.withLock {
        $0.errors &+= 1
        $0.lastError = "\(settings.path): the system refuses a thread for checkpoints"
      }
      // The next commit tries again.
      state.exchange(expected: State.requested, with: State.idle)
      return
    }
    state.wakeAll()
  }

  /// Ends the thread and waits for its end.
  func stop() {
    thread.withLock { thread in
      state.storeAndWake(State.stopping)
      thread?.join()
      thread = nil
    }
  }

  // MARK: The thread

  private func run() {
    var session: CheckpointSession?
    let election = CheckpointElection(databasePath: settings.path)
    var retries = 0
    while waitForRequest() {
      var outcome: CheckpointOutcome
      repeat {
        let startNs = MonotonicClock.nowNs()
        outcome = attempt(&session, election)
        let tookNs = MonotonicClock.nowNs() - startNs
        retries = outcome.needsRetry ? retries + 1 : 0
        observer?(outcome)
        pause(forNs: Self.pauseNs(after: outcome, tookNs: tookNs, retries: retries))
      } while outcome.needsRetry && state.load() != State.stopping
      state.exchange(expected: State.atWork, with: State.idle)
    }
  }

  /// Sleeps until there is work; false when it is to end.
  private func waitForRequest() -> Bool {
    while true {
      switch state.load() {
      case State.idle: _ = state.wait(whileEqualTo: State.idle, untilNs: .max)
      case State.requested:
        if state.exchange(expected: State.requested, with: State.atWork) { return true }
      default: return false
      }
    }
  }

  /// Sleeps for that long, or until it is to end.
  private func pause(forNs durationNs: UInt64) {
    let deadlineNs = MonotonicClock.nowNs() + durationNs
    while state.load() == State.atWork,
      state.wait(whileEqualTo: State.atWork, untilNs: deadlineNs) == .interrupted
    {}
  }

  private static func pauseNs(
    after outcome: CheckpointOutcome, tookNs: UInt64, retries: Int
  ) -> UInt64 {
    if outcome == .electedElsewhere { return electedElsewhereNs }
    let retryNs =
      retries == 0 ? 0 : min(firstRetryNs << UInt64(min(retries - 1, 20)), lastRetryNs)
    return max(retryNs, shortestPauseNs, min(tookNs, longestPauseNs))
  }

  private func attempt(
    _ session: inout CheckpointSession?, _ election: CheckpointElection
  ) -> CheckpointOutcome {
    guard election.win() else { return .electedElsewhere }
    defer { election.resign() }
    let outcome = checkpoint(&session, election)
    store.withLock { counters in
      switch outcome {
      case .nothingToDo, .electedElsewhere: break
      case .complete: counters.completed &+= 1
      case .blockedByReader: counters.blockedByReader &+= 1
      case .busy: counters.busy &+= 1
      case .failed(let error):
        counters.errors &+= 1
        counters.lastError = error.description
      }
    }
    return outcome
  }

  private func checkpoint(
    _ session: inout CheckpointSession?, _ election: CheckpointElection
  ) -> CheckpointOutcome {
    do throws(SQLiteError) {
      let open: CheckpointSession
      if let session { open = session } else { open = try CheckpointSession(settings) }
      session = open
      let before = try open.index()
      if let before { store.withLock { $0.sawLog(ofFrames: before.frames) } }
      let outcome = try open.checkpoint {
        // Whether it is still ours matters to nobody: SQLite's own lock decides.
        _ = election.win()
        return state.load() == State.atWork
      }
      if let before, let after = try open.index() { note(before, after) }
      return outcome
    } catch {
      if error.code.isBusy { return .busy }
      // Whatever is wrong with the connections, new ones may be better.
      session = nil
      return .failed(error)
    }
  }

  /// Counts what was copied. If the log has begun anew since, all that was in it was copied.
  private func note(_ before: WALIndex, _ after: WALIndex) {
    let copied =
      before.generation == after.generation
      ? after.backfilledFrames - before.backfilledFrames : before.pendingFrames
    store.withLock {
      $0.sawLog(ofFrames: after.frames)
      $0.backfilledFrames &+= UInt64(max(0, copied))
    }
  }
}
