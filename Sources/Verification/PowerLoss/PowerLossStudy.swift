internal import Foundation
internal import Recording
package import SQLite

/// Cuts the power at many moments of a history, and has SQLite open what the disk may hold then.
///
/// What was acknowledged is known from marks in the log of writes: `kind` is an ``OperationKind``, `id` the task,
/// `detail` its attempt. A mark stands behind the operation's last write; so whatever stands before the cut had
/// been answered by then.
package struct PowerLossStudy {
  private let log: WriteLog
  private let initial: [DatabaseFile: [UInt8]]
  private let directory: String

  /// - Parameters:
  ///   - log: what processes did.
  ///   - initial: what the disk held durably before.
  ///   - directory: where databases are rebuilt; best in memory.
  package init(log: WriteLog, initial: [DatabaseFile: [UInt8]], directory: String) {
    self.log = log
    self.initial = initial
    self.directory = directory
  }

  /// Tries `cuts` of them; half at any moment, half where things are most delicate: beside syncs, truncations and
  /// deletions, and between the writes of checkpoints.
  ///
  /// Throws `CancellationError` once `isCancelled` says so, and what goes wrong with making files.
  package func run(
    cuts: Int, using random: inout some RandomNumberGenerator, isCancelled: () -> Bool = { false }
  ) throws -> PowerLoss {
    var loss = PowerLoss()
    typealias Placed = (place: Int, mark: WriteLog.Mark)
    let marks = log.entries.enumerated().compactMap { place, entry -> Placed? in
      guard case .mark(let mark) = entry.event, mark.id > 0, Self.judges(mark) else { return nil }
      return (place, mark)
    }
    loss.acknowledged = marks.count
    var disk = SimulatedDisk(initial, log: log)
    var applied = 0
    var answered = 0
    for place in moments(cuts, using: &random) {
      if isCancelled() { throw CancellationError() }
      while applied < place {
        disk.apply(log.entries[applied].event, at: applied)
        applied += 1
      }
      while answered < marks.count, marks[answered].place < place { answered += 1 }
      let fate = PowerCutFate.allCases[loss.cuts % PowerCutFate.allCases.count]
      let files = disk.afterPowerCut(fate, using: &random)
      let name = "cut \(loss.cuts + 1), before event \(place) (\(fate))"
      let atNs = place > 0 ? log.entries[place - 1].atNs : 0
      loss.cuts += 1
      // At most one of each process had begun and was not answered yet.
      let next = marks[answered...].prefix(Self.mostBegun).map(\.mark)
      let begun = next.filter { $0.startNs <= atNs }
      try judge(
        files, marks.prefix(answered).lazy.map(\.mark), begun, atNs: atNs, cut: name, in: &loss)
    }
    return loss
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
    _ files: [DatabaseFile: [UInt8]], _ marks: some Sequence<WriteLog.Mark>,
    _ begun: [WriteLog.Mark], atNs: UInt64, cut: String, in loss: inout PowerLoss
  ) throws {
    let path = "\(directory)/after-cut.db"
    try rebuild(files, at: path)
    let state: FinalState
    do {
      state = try FinalState.read(databasePath: path)
    } catch let error as SQLiteError {
      // Trouble of this machine says nothing about the database.
      guard Self.isDamage(error.code) else { throw error }
      loss.corrupt += 1
      if loss.firstCorruption == nil { loss.firstCorruption = "\(cut): \(Self.oneLine(error))" }
      // What cannot be read is gone, all of it.
      state = FinalState(statuses: [], integrity: ["ok"])
    }
    if state.integrity != ["ok"] {
      loss.corrupt += 1
      if loss.firstCorruption == nil {
        loss.firstCorruption = "\(cut): \(Self.oneLine(state.integrity.first ?? "no answer"))"
      }
    }
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

  /// What SQLite says of a file that is no sound database: damaged, cut off, or without its tables.
  private static func isDamage(_ code: ResultCode) -> Bool {
    [.corrupt, .notADatabase, .error].contains(code.primary) || code == .ioErrorShortRead
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

  /// SQL in an error has several lines, and becomes part of a row.
  private static func oneLine(_ message: some CustomStringConvertible) -> String {
    message.description.split(whereSeparator: \.isWhitespace).joined(separator: " ")
  }

  /// Whether the database knows of what was acknowledged; nil for what this says nothing about.
  private static func isKept(_ mark: WriteLog.Mark, in state: FinalState) -> Bool? {
    switch OperationKind(rawValue: UInt8(truncatingIfNeeded: mark.kind)) {
    case .enqueue: return state.status(of: mark.id) != .absent
    case .claim: return state.attempts(of: mark.id) >= Int(mark.detail)
    case .complete: return state.status(of: mark.id) == .completed
    default: return nil
    }
  }

  /// Makes the files as the disk would have them. There is no index of the log: SQLite makes that anew.
  private func rebuild(_ files: [DatabaseFile: [UInt8]], at path: String) throws {
    for suffix in DatabaseFile.allCases.map(\.suffix) + ["-shm"] {
      try? FileManager.default.removeItem(atPath: path + suffix)
    }
    for (file, content) in files {
      try Data(content).write(to: URL(fileURLWithPath: path + file.suffix))
    }
  }
}
