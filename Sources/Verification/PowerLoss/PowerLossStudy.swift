internal import Recording
package import SQLite

/// A power cut, and what the disk holds after it.
package struct PowerCut {
  /// Which of all cuts it is, from 1.
  package let number: Int
  /// Before which event of the log the power is cut.
  package let place: Int
  package let fate: PowerCutFate
  package let files: [DatabaseFile: [UInt8]]

  /// Which cut it is, in words.
  package var name: String { "cut \(number), before event \(place) (\(fate))" }
}

/// Cuts the power at many moments of a history, and has SQLite open what the disk may hold then.
///
/// What was acknowledged is known from marks in the log of writes: `kind` is an ``OperationKind``, `id` the task,
/// `detail` its attempt. A mark stands behind the operation's last write; so whatever stands before the cut had
/// been answered by then.
package struct PowerLossStudy {
  private let log: WriteLog
  private let initial: [DatabaseFile: [UInt8]]
  private let directory: String
  /// What was acknowledged and a cut can undo, and where in the log that stands.
  private let marks: [(place: Int, mark: WriteLog.Mark)]

  /// - Parameters:
  ///   - log: what processes did.
  ///   - initial: what the disk held durably before.
  ///   - directory: where databases are rebuilt; best in memory.
  package init(log: WriteLog, initial: [DatabaseFile: [UInt8]], directory: String) {
    self.log = log
    self.initial = initial
    self.directory = directory
    marks = log.entries.enumerated().compactMap { place, entry in
      guard case .mark(let mark) = entry.event, mark.id > 0, Self.judges(mark) else { return nil }
      return (place, mark)
    }
  }

  /// How many operations had been acknowledged when the history ended.
  package var acknowledgedCount: Int { marks.count }

  /// Tries `cuts` of them; half at any moment, half where things are most delicate: beside syncs, truncations and
  /// deletions, and between the writes of checkpoints.
  ///
  /// `onBreach` is told of the first of them that breaks the promise. Throws `CancellationError` once `isCancelled`
  /// says so, what goes wrong with making files, and what `onBreach` throws.
  package func run(
    cuts: Int, using random: inout some RandomNumberGenerator, isCancelled: () -> Bool = { false },
    promised: DurabilityClass? = nil,
    onBreach: (_ cut: PowerCut, _ complaint: String) throws -> Void = { _, _ in }
  ) throws -> PowerLoss {
    var loss = PowerLoss()
    loss.acknowledged = marks.count
    var rebuilt = RebuiltDatabase(directory: directory)
    defer { rebuilt.remove() }
    var answered = 0
    var isBroken = false
    try forEachCut(of: cuts, using: &random) { cut in
      if isCancelled() { throw CancellationError() }
      while answered < marks.count, marks[answered].place < cut.place { answered += 1 }
      let atNs = cut.place > 0 ? log.entries[cut.place - 1].atNs : 0
      loss.cuts += 1
      // At most one of each process had begun and was not answered yet.
      let next = marks[answered...].prefix(Self.mostBegun).map(\.mark)
      let begun = next.filter { $0.startNs <= atNs }
      let finding = try rebuilt.examine(cut.files)
      if let damage = finding.damage {
        loss.corrupt += 1
        if loss.firstCorruption == nil { loss.firstCorruption = "\(cut.name): \(damage)" }
      }
      judge(
        finding.state, marks.prefix(answered).lazy.map(\.mark), begun, atNs: atNs, cut: cut.name,
        in: &loss)
      if !isBroken, let complaint = loss.complaint(about: promised) {
        isBroken = true
        try onBreach(cut, complaint)
      }
      return true
    }
    return loss
  }

  /// One of `cuts` cuts, as ``run(cuts:using:isCancelled:promised:onBreach:)`` makes it with the same random
  /// numbers; nil if there is no such number.
  package func cut(
    _ number: Int, of cuts: Int, using random: inout some RandomNumberGenerator
  ) -> PowerCut? {
    var found: PowerCut?
    forEachCut(of: cuts, using: &random) { cut in
      if cut.number == number { found = cut }
      return cut.number < number
    }
    return found
  }

  /// Goes through cuts in the order of their moments, until `body` returns false.
  private func forEachCut(
    of cuts: Int, using random: inout some RandomNumberGenerator,
    _ body: (PowerCut) throws -> Bool
  ) rethrows {
    var disk = SimulatedDisk(initial, log: log)
    var applied = 0
    for (index, place) in moments(cuts, using: &random).enumerated() {
      while applied < place {
        disk.apply(log.entries[applied].event, at: applied)
        applied += 1
      }
      let fate = PowerCutFate.allCases[index % PowerCutFate.allCases.count]
      let files = disk.afterPowerCut(fate, using: &random)
      guard try body(PowerCut(number: index + 1, place: place, fate: fate, files: files)) else {
        return
      }
    }
  }

  /// Before which events the power is cut, in order.
  private func moments(_ count: Int, using random: inout some RandomNumberGenerator) -> [Int] {
    let delicate = log.entries.indices.filter { place in
      switch log.entries[place].event {
      case .syncBegan, .syncEnded, .truncate, .delete, .write(.database, _, _): return true
      case .write, .mark: return false
      }
    }
    return (0..<count).map { number in
      if number % 2 == 0 || delicate.isEmpty {
        return Int.random(in: 0...log.entries.count, using: &random)
      }
      return delicate[Int.random(in: delicate.indices, using: &random)]
        + Int.random(in: 0...1, using: &random)
    }.sorted()
  }

  // MARK: One cut

  private func judge(
    _ state: FinalState, _ marks: some Sequence<WriteLog.Mark>, _ begun: [WriteLog.Mark],
    atNs: UInt64, cut: String, in loss: inout PowerLoss
  ) {
    var lost = PowerLoss.Lost()
    var firstLost: WriteLog.Mark?
    var lastKept: WriteLog.Mark?
    for mark in marks {
      guard let isKept = Self.isKept(mark, in: state) else { continue }
      if isKept {
        if mark.startNs > lastKept?.startNs ?? 0 { lastKept = mark }
        continue
      }
      switch OperationKind(rawValue: UInt8(truncatingIfNeeded: mark.kind)) {
      case .enqueue: lost.enqueues += 1
      case .claim: lost.claims += 1
      default: lost.completions += 1
      }
      if mark.endNs < firstLost?.endNs ?? .max { firstLost = mark }
    }
    guard let firstLost else { return }
    // What was about to be answered may be kept, too; not in place of what came before it.
    for mark in begun where Self.isKept(mark, in: state) == true {
      if mark.startNs > lastKept?.startNs ?? 0 { lastKept = mark }
    }
    loss.losing += 1
    if lost.count > loss.mostLost.count { loss.mostLost = lost }
    loss.oldestLostNs = max(loss.oldestLostNs, atNs > firstLost.endNs ? atNs - firstLost.endNs : 0)
    if let lastKept, lastKept.startNs > firstLost.endNs {
      loss.reordered += 1
      if loss.firstReordering == nil {
        loss.firstReordering =
          "\(cut): #\(firstLost.id) was lost, #\(lastKept.id) after it was not"
      }
    }
  }

  /// Whether a cut can undo the operation as far as ``isKept(_:in:)`` can tell.
  private static func judges(_ mark: WriteLog.Mark) -> Bool {
    switch OperationKind(rawValue: UInt8(truncatingIfNeeded: mark.kind)) {
    case .enqueue, .claim, .complete: return true
    default: return false
    }
  }

  /// Of so many that were answered next, some may have begun before a cut.
  private static let mostBegun = 64

  /// Whether the database knows of what was acknowledged; nil for what this says nothing about.
  private static func isKept(_ mark: WriteLog.Mark, in state: FinalState) -> Bool? {
    switch OperationKind(rawValue: UInt8(truncatingIfNeeded: mark.kind)) {
    case .enqueue: return state.status(of: mark.id) != .absent
    case .claim: return state.attempts(of: mark.id) >= Int(mark.detail)
    case .complete: return state.status(of: mark.id) == .completed
    default: return nil
    }
  }
}
