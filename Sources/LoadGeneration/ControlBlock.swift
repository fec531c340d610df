internal import Platform

/// The words that the orchestrator and the children of one repeat share.
///
/// Each word lies in a cache line of its own, because children look at ``phase`` in their hot loops.
struct ControlBlock {
  /// The phases of a repeat, as the value of ``phase``.
  enum Phase: UInt32 {
    /// Children set themselves up.
    case gathering = 0
    /// The instants are set and the load runs.
    case running = 1
  }

  /// How many processes a repeat may have.
  static let processLimit = 512
  private static let taskCountsOffset = 4096
  private static let cacheLineByteCount = 64
  static let byteCount = taskCountsOffset + processLimit * cacheLineByteCount

  let memory: SharedMemory
  /// The current ``Phase``; waited on.
  let phase: SharedWord32
  /// How many children are ready.
  let readyCount: SharedWord32
  /// How many producers have offered all that they had to offer.
  let finishedProducers: SharedWord32
  /// The instants of the repeat, monotonic ns: valid once the phase is `running`.
  let startNs: SharedWord64
  let measureStartNs: SharedWord64
  let measureEndNs: SharedWord64
  let drainEndNs: SharedWord64
  /// Not 0 while processes are to measure nothing, where that changes within a repeat.
  let isMeasuringPaused: SharedWord32
  /// What the disk does to all processes; see ``IOFault``.
  let ioFault: SharedWord32
  /// By how many ms, as an `Int64`, the wall clock of all processes is ahead.
  let clockOffsetMs: SharedWord64
  /// What each process has finished, in tasks: completed by consumers, enqueued by producers. Counted apart
  /// from the operation logs, which these counts are held against.
  let taskCounts: [SharedWord64]

  /// Lays the words out in a region of at least ``byteCount`` bytes.
  init(memory: SharedMemory) throws(SystemError) {
    self.memory = memory
    phase = try memory.word32(at: 0)
    readyCount = try memory.word32(at: 64)
    finishedProducers = try memory.word32(at: 128)
    startNs = try memory.word64(at: 192)
    measureStartNs = try memory.word64(at: 200)
    measureEndNs = try memory.word64(at: 208)
    drainEndNs = try memory.word64(at: 216)
    isMeasuringPaused = try memory.word32(at: 256)
    ioFault = try memory.word32(at: 320)
    clockOffsetMs = try memory.word64(at: 384)
    var taskCounts: [SharedWord64] = []
    for process in 0..<Self.processLimit {
      taskCounts.append(
        try memory.word64(at: Self.taskCountsOffset + process * Self.cacheLineByteCount))
    }
    self.taskCounts = taskCounts
  }

  /// Sets the instants and releases everybody who waits.
  func release(startNs start: UInt64, scenarioTimes times: PhaseTimes) {
    startNs.store(start)
    measureStartNs.store(start + times.warmupNs)
    measureEndNs.store(start + times.warmupNs + times.measureNs)
    drainEndNs.store(start + times.warmupNs + times.measureNs + times.drainNs)
    phase.storeAndWake(Phase.running.rawValue)
  }
}

/// How long the phases of a repeat take.
package struct PhaseTimes: Sendable, Hashable {
  /// Load before the measurement.
  package let warmupNs: UInt64
  /// The measurement.
  package let measureNs: UInt64
  /// At most this long, consumers empty the queue.
  package let drainNs: UInt64

  /// Phases of so many milliseconds.
  package init(warmupMs: Int, measureMs: Int, drainMs: Int) {
    warmupNs = UInt64(warmupMs) * 1_000_000
    measureNs = UInt64(measureMs) * 1_000_000
    drainNs = UInt64(drainMs) * 1_000_000
  }
}
