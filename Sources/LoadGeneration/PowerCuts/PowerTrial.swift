package import Platform
internal import QueueEngine
internal import Results
package import SQLite
package import Scenarios
package import Verification

/// Finds out what power cuts cost with the settings of a cell.
///
/// A short load of the cell's own processes runs, all of which log what they do to the database's files and
/// when operations are acknowledged. Then the power is cut, on paper, at many moments: what the disk may hold is
/// worked out, SQLite opens it, and what it knows is held against what was acknowledged.
package struct PowerTrial {
  /// How long the load is measured at first: some thousand operations, where no commit waits for a disk.
  private static let measureMs = 800
  /// How long at most, where each of them does.
  private static let mostMeasureMs = 6000
  /// With so many acknowledged operations, no longer load is run.
  private static let wantedAcknowledged = 2000
  /// Of fewer, nothing is concluded.
  private static let leastAcknowledged = 20
  /// Checkpoints come after so many pages, so that there are some even where each commit waits for a disk.
  private static let mostPagesToCheckpoint = 200
  /// How many tasks lie in the queue beforehand, at most.
  private static let mostDepth = 2000

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
      executable: executable, directory: directory, times: Self.times(measureMs: Self.measureMs),
      seed: seed, interrupts: interrupts)
  }

  private static func times(measureMs: Int) -> PhaseTimes {
    PhaseTimes(warmupMs: 0, measureMs: measureMs, drainMs: 200)
  }

  /// What came of it.
  package struct Finding {
    package let loss: PowerLoss
    /// What the settings promise on the SQLite that the processes ran on.
    package let promised: DurabilityClass?
    /// Of the first cut that broke the promise; nil if none did, or none was to be kept.
    package let evidence: PowerEvidence?

    /// How a promise was broken, and where the evidence is; nil if it was not.
    package func complaint(about promised: DurabilityClass?) -> String? {
      loss.complaint(about: promised).map { complaint in
        ([complaint] + [evidence?.description].compactMap(\.self)).joined(separator: "; ")
      }
    }
  }

  /// Cuts the power so many times in a history of the cell.
  ///
  /// The first cut that breaks what the settings promise is kept in the directory `evidencePath`, which is made
  /// only for that; nil keeps none. Throws `CancellationError` when the user interrupts, and ``BlockRunner/Failure``
  /// if the cell cannot be run, or its history is too short to say anything.
  package func callAsFunction(
    _ settings: CellSettings, cuts: Int, evidencePath: String? = nil
  ) throws -> Finding {
    let first = try attempt(
      settings, cuts, evidencePath, measureMs: Self.measureMs, least: Self.wantedAcknowledged)
    guard case .tooLittle(let acknowledged, _) = first else { return try first.finding }
    let longerMs = Self.measureMs * Self.wantedAcknowledged / max(1, acknowledged)
    return try attempt(
      settings, cuts, evidencePath,
      measureMs: min(max(longerMs, 2 * Self.measureMs), Self.mostMeasureMs),
      least: Self.leastAcknowledged
    ).finding
  }

  private enum Attempt {
    case found(Finding)
    case tooLittle(acknowledged: Int, reason: String)

    var finding: Finding {
      get throws {
        switch self {
        case .found(let finding): return finding
        case .tooLittle(_, let reason): throw BlockRunner.Failure(description: reason)
        }
      }
    }
  }

  /// Runs the load, and studies its history if it has `least` acknowledged operations, and a checkpoint where the
  /// settings have any.
  private func attempt(
    _ settings: CellSettings, _ cuts: Int, _ evidencePath: String?, measureMs: Int, least: Int
  ) throws -> Attempt {
    let load = Self.adapted(settings)
    let options = load.storeOptions(createsFile: false)
    let needsCheckpoint =
      options.durabilitySettings.journalMode == "WAL" && options.effectiveCheckpointPolicy != .none
    var outcome: Attempt?
    _ = try blocks.run(
      load, block: 1, times: Self.times(measureMs: measureMs), logsWrites: true
    ) { findings, logDirectory in
      do {
        let history = try PowerHistory(in: logDirectory)
        let acknowledged = history.acknowledgedCount
        guard acknowledged >= least else {
          outcome = .tooLittle(
            acknowledged: acknowledged,
            reason: "only \(acknowledged) operations were acknowledged, which proves nothing")
          return
        }
        guard history.hasCheckpoint || !needsCheckpoint else {
          outcome = .tooLittle(
            acknowledged: acknowledged,
            reason:
              "the load was too slow to come to a checkpoint, where power cuts are most dangerous")
          return
        }
        let claim = PowerClaim(
          settings: settings, sqliteVersion: findings.result.sqliteVersion)
        let (loss, evidence) = try history.loss(
          cuts: cuts, seed: seed, claim: claim, evidencePath: evidencePath,
          isCancelled: { interrupts.isInterrupted })
        outcome = .found(Finding(loss: loss, promised: claim.promised, evidence: evidence))
      } catch let error as CancellationError {
        throw error
      } catch {
        // A full disk, a damaged log: it says nothing about the settings.
        throw BlockRunner.Failure(description: "\(error)")
      }
    }
    guard let outcome else { preconditionFailure("a block that was run was not looked at") }
    return outcome
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
    settings.finished = min(settings.finished, mostDepth)
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
