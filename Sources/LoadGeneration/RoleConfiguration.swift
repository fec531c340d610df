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
  let seed: UInt64
  let databasePath: String
  /// The operation log of each caller.
  let logPaths: [String]
  /// The operation log for checkpoints of the process, whichever thread does them.
  let checkpointLogPath: String
  let reportPath: String
  /// How many records to make room for before the load begins.
  let expectedRecords: Int

  /// The descriptor under which a child finds the ``ControlBlock``.
  static let controlDescriptor: Int32 = 3
  /// The descriptor that a child rings when it is ready.
  static let doorbellDescriptor: Int32 = 4

  /// `producer 2`, counted from 1.
  var name: String { "\(role.rawValue) \(index + 1)" }

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
