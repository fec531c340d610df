internal import Foundation
internal import QueueEngine
internal import SQLite
internal import Scenarios

/// What a child process does.
enum Role: String, Codable {
  case producer
  case consumer
}

/// Everything that a child process is told: written by the orchestrator to a file, whose path is the
/// child's argument.
struct RoleConfiguration: Codable {
  let role: Role
  /// Which of the processes of its role it is, from 0.
  let index: Int
  /// How many processes have its role.
  let count: Int
  /// Which of all processes of the repeat it is, from 0.
  let processIndex: Int
  let parentPid: Int32
  let settings: CellSettings
  /// Fixes what is random about the process.
  private(set) var seed: UInt64
  let databasePath: String
  /// The operation log of each caller.
  private(set) var logPaths: [String]
  /// The operation log for checkpoints of the process, whichever thread does them.
  private(set) var checkpointLogPath: String
  private(set) var reportPath: String
  /// How many records to make room for before the load begins.
  private(set) var expectedRecords: Int
  /// Where everything is logged that processes do to the database's files; nil for nowhere.
  var writeLogPath: String?
  /// How many processes had this place before it and were killed.
  private(set) var generation = 0
  /// When the last of them was killed, in monotonic ns; 0 for the first.
  private(set) var predecessorDiedNs: UInt64 = 0
  /// What it does to the database instead of playing a role.
  var intrusion: Intrusion?

  /// The descriptor under which a child finds the ``ControlBlock``.
  static let controlDescriptor: Int32 = 3
  /// The descriptor that a child rings when it is ready.
  static let doorbellDescriptor: Int32 = 4

  /// `producer 2`, counted from 1.
  var name: String {
    intrusion.map { "\($0.kind.rawValue) fault" } ?? "\(role.rawValue) \(index + 1)"
  }

  /// What the file is called that holds it, without its ending; `number` tells apart what has no place of its own.
  func fileName(number: Int) -> String {
    if let intrusion { return "\(intrusion.kind.rawValue)-\(number)" }
    // Whoever had the place before may not have read his yet.
    return "\(role.rawValue)-\(index + 1)" + (generation > 0 ? ".g\(generation)" : "")
  }

  /// The configuration of the process that takes this one's place when it was killed: with logs of its own, and
  /// other tasks.
  func successor(diedNs: UInt64) -> RoleConfiguration {
    var successor = self
    successor.predecessorDiedNs = diedNs
    successor.generation += 1
    successor.seed = Seeds.ofSuccessor(of: seed)
    func renamed(_ path: String) -> String {
      // The first of each name has no number.
      let stem = generation == 0 ? path : String(path.dropLast(".g\(generation)".count))
      return "\(stem).g\(successor.generation)"
    }
    successor.logPaths = logPaths.map(renamed)
    successor.checkpointLogPath = renamed(checkpointLogPath)
    successor.reportPath = renamed(reportPath)
    // There may be thousands, each for a moment, and their logs lie in memory.
    successor.expectedRecords = 256
    return successor
  }

  func write(to path: String) throws {
    try JSONEncoder().encode(self).write(to: URL(fileURLWithPath: path))
  }

  static func read(from path: String) throws -> RoleConfiguration {
    try JSONDecoder().decode(Self.self, from: Data(contentsOf: URL(fileURLWithPath: path)))
  }
}

/// What a child tells the orchestrator when it is ready, or why it is not or did not go on.
struct RoleReport: Codable {
  /// Every PRAGMA that may be varied, as this process reads it back.
  var pragmas: [String: String] = [:]
  var sqliteVersion = ""
  var sqliteSourceID = ""
  /// The file that SQLite was loaded from; nil if that cannot be told.
  var sqlitePath: String?
  /// A PRAGMA that reads back otherwise than it was set: the cell cannot be run as asked.
  var refusal: String?
  /// Any other reason to end.
  var failure: String?
  /// Whether SQLite found the file damaged.
  var foundCorruption = false

  func write(to path: String) throws {
    // Replaced as a whole: the orchestrator may look at any time.
    try JSONEncoder().encode(self).write(to: URL(fileURLWithPath: path), options: .atomic)
  }

  static func read(from path: String) -> RoleReport? {
    guard let data = try? Data(contentsOf: URL(fileURLWithPath: path)) else { return nil }
    return try? JSONDecoder().decode(Self.self, from: data)
  }
}

extension CellSettings {
  /// How every process of the cell opens the database.
  func storeOptions(createsFile: Bool) -> SQLiteStoreOptions {
    SQLiteStoreOptions(
      pragmas: pragmas.settings, busyPolicy: busyPolicy, checkpointPolicy: checkpointPolicy,
      transactionMode: transactionMode, strategies: [strategy], createsFile: createsFile)
  }
}
