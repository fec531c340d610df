import Foundation
import HarnessDriver
import QueueEngine
import Recording
import Scenarios
import Testing
import Verification

@testable import LoadGeneration
@testable import SQLite

/// What is kept of a power cut that breaks a promise.
///
/// Each runs in a process of its own, since a process logs the writes of one database only.
@Suite struct PowerEvidenceTests {
  /// A directory with the logs of a load whose commits never waited for the disk.
  private static func unsyncedLoad() throws -> TemporaryDirectory {
    let directory = TemporaryDirectory()
    let path = "\(directory.path)/queue.db"
    let settings = try [
      #require(PragmaSetting(.journalMode, "WAL")), #require(PragmaSetting(.synchronous, "OFF")),
    ]
    let options = SQLiteStoreOptions(
      pragmas: settings, checkpointPolicy: .auto(pages: 40), strategies: [.fifo],
      wakesWorkers: false)
    do {
      let store = try SQLiteQueueStore(path: path, options: options)
      _ = try store.connection.execute(script: "PRAGMA wal_checkpoint(TRUNCATE)")
    }
    try FileManager.default.copyItem(
      atPath: path, toPath: RepeatRunner.initialDatabasePath(in: directory.path))
    try WriteLog.record(appendingTo: RepeatRunner.writeLogPath(in: directory.path))
    let queue = TaskQueue(store: try SQLiteQueueStore(path: path, options: options))
    for _ in 0..<40 {
      let startNs = DispatchTime.now().uptimeNanoseconds
      let id = try queue.enqueue(NewTask(type: "t", payload: "{}")).id.rawValue
      WriteLog.mark(
        kind: UInt32(OperationKind.enqueue.rawValue), id: id, detail: 0, startNs: startNs)
    }
    WriteLog.stopRecording()
    return directory
  }

  /// Settings of a cell that did not run so: the way to a broken promise.
  private static func claim(synchronous: String) throws -> PowerClaim {
    var settings = CellSettings.standard
    settings.pragmas = try PragmaList([
      #require(PragmaSetting(.journalMode, "WAL")),
      #require(PragmaSetting(.synchronous, synchronous)),
    ])
    return PowerClaim(settings: settings, sqliteVersion: SQLiteLibrary.version)
  }

  @Test func `the first cut that breaks the promise is kept, and comes about again`() async {
    await #expect(processExitsWith: .success) {
      let load = try Self.unsyncedLoad()
      let claim = try Self.claim(synchronous: "FULL")
      #expect(claim.promised == .power)
      let path = "\(load.path)/results/evidence/c01-power"
      let history = try PowerHistory(in: load.path)
      #expect(history.acknowledgedCount == 40)
      let (loss, evidence) = try history.loss(
        cuts: 60, seed: 5, claim: claim, evidencePath: path, isCancelled: { false })
      #expect(loss.cuts == 60 && loss.complaint(about: .power) != nil)
      #expect(evidence == PowerEvidence(path: path, trouble: nil))
      #expect(evidence?.description == "evidence in \(path)")

      let json = try Data(contentsOf: URL(fileURLWithPath: "\(path)/cut.json"))
      let record = try JSONDecoder().decode(PowerEvidence.Record.self, from: json)
      #expect(record.seed == 5 && record.cuts == 60 && record.promised == "power")
      #expect(record.settings["synchronous"] == nil || record.settings["synchronous"] == "FULL")
      // One broke it, and none before.
      #expect(record.complaint.hasPrefix("1 of \(record.cut) power cuts"), "\(record)")

      // From what was kept alone.
      let study = try PowerLossStudy(
        log: WriteLog(path: "\(path)/writes.log"),
        initial: [.database: Array(Data(contentsOf: URL(fileURLWithPath: "\(path)/initial.db")))],
        directory: load.path)
      var random = SeededGenerator(seed: record.seed)
      let cut = try #require(study.cut(record.cut, of: record.cuts, using: &random))
      #expect(cut.place == record.beforeEvent && "\(cut.fate)" == record.fate)
      for file in DatabaseFile.allCases {
        let kept = FileManager.default.contents(atPath: "\(path)/after-cut.db\(file.suffix)")
        #expect(kept.map { Array($0) } == cut.files[file], "\(file)")
      }
      let attributes = try FileManager.default.attributesOfItem(atPath: path)
      #expect(attributes[.posixPermissions] as? Int == 0o700)
    }
  }

  @Test func `nothing is kept where nothing was promised`() async {
    await #expect(processExitsWith: .success) {
      let load = try Self.unsyncedLoad()
      let path = "\(load.path)/evidence"
      let (loss, evidence) = try PowerHistory(in: load.path).loss(
        cuts: 60, seed: 5, claim: Self.claim(synchronous: "OFF"), evidencePath: path,
        isCancelled: { false })
      #expect(loss.losing > 0 && evidence == nil)
      #expect(!FileManager.default.fileExists(atPath: path))
    }
  }

  @Test func `trouble with the evidence changes nothing in what was found`() async {
    await #expect(processExitsWith: .success) {
      let load = try Self.unsyncedLoad()
      let claim = try Self.claim(synchronous: "FULL")
      let history = try PowerHistory(in: load.path)
      // A file is no directory.
      let path = "\(load.path)/queue.db/evidence"
      let (loss, evidence) = try history.loss(
        cuts: 60, seed: 5, claim: claim, evidencePath: path, isCancelled: { false })
      #expect(evidence?.trouble != nil && evidence?.description.contains(path) == true)
      let (same, none) = try history.loss(
        cuts: 60, seed: 5, claim: claim, evidencePath: nil, isCancelled: { false })
      #expect(loss == same && none == nil)
    }
  }
}
