internal import Foundation
internal import SQLite
internal import Scenarios
internal import Verification

/// What the processes of a load did to the files of their database, and what was acknowledged to them.
struct PowerHistory {
  private let logDirectory: String
  private let log: WriteLog
  private let study: PowerLossStudy

  /// Reads what a repeat that logged its writes has left in its log directory.
  ///
  /// Throws `WriteLog.Damage`, and what Foundation throws for files that cannot be read.
  init(in logDirectory: String) throws {
    self.logDirectory = logDirectory
    let initial = try Data(
      contentsOf: URL(fileURLWithPath: RepeatRunner.initialDatabasePath(in: logDirectory)))
    log = try WriteLog(path: RepeatRunner.writeLogPath(in: logDirectory))
    study = PowerLossStudy(
      log: log, initial: [.database: Array(initial)], directory: logDirectory)
  }

  /// How many operations were acknowledged that a power cut can undo.
  var acknowledgedCount: Int { study.acknowledgedCount }

  /// Whether anything was copied from the log into the database while operations were acknowledged.
  var hasCheckpoint: Bool {
    // The last process to end copies the log, too, when nobody waits for an answer any more.
    let lastMark = log.entries.lastIndex { entry in
      if case .mark = entry.event { return true }
      return false
    }
    return log.entries.prefix(lastMark ?? 0).contains { entry in
      if case .write(.database, _, _) = entry.event { return true }
      return false
    }
  }

  /// Cuts the power so many times, where and how `seed` says, and keeps the evidence of the first cut that breaks
  /// what is claimed in the directory `evidencePath`, which is made only for that; nil keeps none.
  func loss(
    cuts: Int, seed: UInt64, claim: PowerClaim, evidencePath: String?, isCancelled: () -> Bool
  ) throws -> (loss: PowerLoss, evidence: PowerEvidence?) {
    var evidence: PowerEvidence?
    var random = SeededGenerator(seed: seed)
    let loss = try study.run(
      cuts: cuts, using: &random, isCancelled: isCancelled, promised: claim.promised
    ) { cut, complaint in
      guard let evidencePath else { return }
      evidence = PowerEvidence.keep(
        cut, of: cuts, seed: seed, complaint: complaint, claim: claim, logDirectory: logDirectory,
        in: evidencePath)
    }
    return (loss, evidence)
  }
}
