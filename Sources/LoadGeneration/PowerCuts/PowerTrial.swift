internal import Foundation
package import Platform
internal import QueueEngine
internal import Results
internal import SQLite
package import Scenarios
package import Verification

/// Finds out what power cuts cost with the settings of a cell.
///
/// A short load of the cell's own processes runs, all of which log what they do to the database's files and
/// when operations are acknowledged. Then the power is cut, on paper, at many moments: what the disk may hold is
/// worked out, SQLite opens it, and what it knows is held against what was acknowledged.
package struct PowerTrial {
  /// How long the load runs: some thousand operations.
  private static let times = PhaseTimes(warmupMs: 0, measureMs: 800, drainMs: 200)
  /// Checkpoints come after so many pages, so that there are some even where each commit waits for a disk.
  private static let mostPagesToCheckpoint = 200
  /// How many tasks lie in the queue beforehand, at most.
  private static let mostDepth = 2000
  /// Of fewer acknowledged operations nothing is concluded.
  private static let leastAcknowledged = 20

  private let blocks: BlockRunner
  private let seed: UInt64
  private let interrupts: InterruptMonitor

  /// - Parameters:
  ///   - executable: this program, which is spawned as every child.
  ///   - directory: for the databases; made, and removed at the end.
  ///   - seed: fixes the tasks, and where and how the power is cut.
  ///   - interrupts: ends a trial when it counts a signal.
  /// - Throws: `SystemError` if the directory cannot be made.
  package init(
    executable: String, directory: String, seed: UInt64, interrupts: InterruptMonitor
  ) throws {
    self.seed = seed
    self.interrupts = interrupts
    blocks = try BlockRunner(
      executable: executable, directory: directory, times: Self.times, seed: seed,
      interrupts: interrupts)
  }

  /// Cuts the power so many times in a history of the cell; with the version of the SQLite that it ran on.
  ///
  /// Throws `CancellationError` when the user interrupts, and ``BlockRunner/Failure`` if the cell cannot be run, or
  /// its history is too short to say anything.
  package func loss(
    of settings: CellSettings, cuts: Int
  ) throws -> (loss: PowerLoss, sqliteVersion: String) {
    let settings = Self.adapted(settings)
    let options = settings.storeOptions(createsFile: false)
    let needsCheckpoint =
      options.durabilitySettings.journalMode == "WAL" && options.effectiveCheckpointPolicy != .none
    var loss = PowerLoss()
    let findings = try blocks.run(settings, block: 1, logsWrites: true) { logDirectory in
      do {
        loss = try study(logDirectory, cuts: cuts, needsCheckpoint: needsCheckpoint)
      } catch let error as CancellationError {
        throw error
      } catch let failure as BlockRunner.Failure {
        throw failure
      } catch {
        // A full disk, a damaged log: it says nothing about the settings.
        throw BlockRunner.Failure(description: "\(error)")
      }
    }
    guard loss.acknowledged >= Self.leastAcknowledged else {
      throw BlockRunner.Failure(
        description: "only \(loss.acknowledged) operations were acknowledged, which proves nothing")
    }
    return (loss, findings.result.sqliteVersion)
  }

  /// The settings for a short load whose history is whole, and comes to checkpoints.
  private static func adapted(_ settings: CellSettings) -> CellSettings {
    var settings = settings
    // Acknowledgements are noted where operations are recorded.
    settings.instrumentation = true
    // Strangers and killed processes would leave holes in the log, which would accuse SQLite.
    settings.faults = .none
    settings.injectedFault = nil
    // Every cut makes the whole database anew.
    settings.depth = min(settings.depth, mostDepth)
    settings.checkpointPolicy = settings.checkpointPolicy.earlier(mostPagesToCheckpoint)
    let options = settings.storeOptions(createsFile: false)
    if options.durabilitySettings.journalMode == "WAL",
      case .auto(let pages) = options.effectiveCheckpointPolicy, pages > mostPagesToCheckpoint,
      let earlier = PragmaSetting(.walAutocheckpoint, String(mostPagesToCheckpoint))
    {
      // Asked for by a PRAGMA, or by a lock that leaves no other way.
      settings.pragmas = PragmaList(
        settings.pragmas.settings.filter { $0.pragma != .walAutocheckpoint } + [earlier])
    }
    return settings
  }

  private func study(
    _ logDirectory: String, cuts: Int, needsCheckpoint: Bool
  ) throws -> PowerLoss {
    let initial = try Data(
      contentsOf: URL(fileURLWithPath: RepeatRunner.initialDatabasePath(in: logDirectory)))
    let log = try WriteLog(path: RepeatRunner.writeLogPath(in: logDirectory))
    // The last process to end copies the log, too, when nobody waits for an answer any more.
    let lastMark = log.entries.lastIndex { entry in
      if case .mark = entry.event { return true }
      return false
    }
    let hasCheckpoint = log.entries.prefix(lastMark ?? 0).contains { entry in
      if case .write(.database, _, _) = entry.event { return true }
      return false
    }
    guard hasCheckpoint || !needsCheckpoint else {
      throw BlockRunner.Failure(
        description:
          "the load was too slow to come to a checkpoint, where power cuts are most dangerous")
    }
    var random = SeededGenerator(seed: seed)
    return try PowerLossStudy(
      log: log, initial: [.database: Array(initial)], directory: logDirectory
    ).run(cuts: cuts, using: &random, isCancelled: { interrupts.isInterrupted })
  }
}

extension CheckpointPolicy {
  /// The same policy after so many pages at most.
  fileprivate func earlier(_ most: Int) -> CheckpointPolicy {
    switch self {
    case .auto(let pages): return .auto(pages: min(pages, most))
    case .deferred(let pages): return .deferred(pages: min(pages, most))
    case .dedicated(let pages): return .dedicated(pages: min(pages, most))
    case .gated(let pages): return .gated(pages: min(pages, most))
    case .pinned(let pages): return .pinned(pages: min(pages, most))
    case .none: return .none
    }
  }
}
