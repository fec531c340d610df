package import Platform

/// What a worker process tells the one that wakes it: when each handler was entered.
///
/// The words of one memory region: how many samples there are so far, and their moments in monotonic ns,
/// which is the same clock for all processes.
package struct WakeUpBoard: Sendable {
  /// The memory, to be inherited by the worker.
  package let memory: SharedMemory
  private let noted: SharedWord32
  private let moments: [SharedWord64]

  /// A board for that many samples.
  package init(samples: Int) throws(SystemError) {
    try self.init(memory: SharedMemory(byteCount: Self.byteCount(samples)), samples: samples)
  }

  /// The board whose descriptor this process has inherited.
  package init(inheriting descriptor: Int32, samples: Int) throws(SystemError) {
    try self.init(
      memory: SharedMemory(inheriting: descriptor, byteCount: Self.byteCount(samples)),
      samples: samples)
  }

  private init(memory: SharedMemory, samples: Int) throws(SystemError) {
    self.memory = memory
    noted = try memory.word32(at: 0)
    var moments: [SharedWord64] = []
    for sample in 0..<samples { moments.append(try memory.word64(at: 64 + 8 * sample)) }
    self.moments = moments
  }

  private static func byteCount(_ samples: Int) -> Int { 64 + 8 * max(0, samples) }

  /// Notes when the handler of a sample was entered, and wakes who waits for it.
  package func note(enteredNs: UInt64, sample: Int) {
    moments[sample].store(enteredNs)
    noted.add(1)
    noted.wakeAll()
  }

  /// Waits until that many samples are noted; nil at the deadline.
  package func wait(forSamples count: Int, untilNs deadlineNs: UInt64) -> Void? {
    while true {
      let current = noted.load()
      if Int(current) >= count { return () }
      if noted.wait(whileEqualTo: current, untilNs: deadlineNs) == .deadline { return nil }
    }
  }

  /// When the handler of a noted sample was entered.
  package func enteredNs(sample: Int) -> UInt64 { moments[sample].load() }
}
