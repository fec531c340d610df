package import QueueEngine
package import SQLite

/// Everything that a run of one cell needs to know: the settings of the database and of the load.
///
/// Travels to the child processes and into the manifest, hence `Codable`.
package struct CellSettings: Hashable, Sendable, Codable {
  /// The PRAGMAs that the scenario sets, in the order in which they must be applied. What is not
  /// listed is left to the safe defaults of the SQLite layer.
  package var pragmas: PragmaList
  /// How long a claimed task belongs to its consumer.
  package var leaseDurationMs: Int
  /// Which ready task a claim takes.
  package var strategy: ClaimStrategy
  /// How write transactions begin.
  package var transactionMode: TransactionMode
  /// What a connection does when another one holds the lock.
  package var busyPolicy: BusyPolicy
  /// Who moves the write-ahead log back into the database.
  package var checkpointPolicy: CheckpointPolicy
  /// Producer processes.
  package var producers: Int
  /// Consumer processes.
  package var consumers: Int
  /// Threads per process that make the process's calls, all on one queue object.
  package var callers: Int
  /// Whether calls of one process that come together share a transaction.
  package var writeCombining: Bool
  /// Tasks that lie in the queue before the load begins.
  package var depth: Int
  /// Size of a task's JSON payload.
  package var payloadBytes: Int
  /// Tasks per enqueue or claim.
  package var batchSize: Int
  /// How long a consumer holds a task before it completes it.
  package var workTimeUs: Int
  /// How long a producer of the closed loop pauses between two operations.
  package var thinkTimeUs: Int
  /// When tasks arrive.
  package var arrivals: Arrivals
  /// How arrivals at a rate follow each other.
  package var arrivalProcess: ArrivalProcess
  /// How many operations of the open loop are due at one instant.
  package var burst: Int
  /// The mix of task types.
  package var taskTypes: [WeightedName]
  /// The mix of priorities; a lower number goes first.
  package var priorities: [WeightedPriority]
  /// Whether the processes measure more of an operation than when it began and ended.
  package var instrumentation: Bool
  /// Tasks that lie in the queue's file from before and have ended long ago.
  package var finished = 0
  /// How often a consumer that is still at work renews its leases, in ms; 0 for never.
  package var renewalMs = 0
  /// What is done to the processes, the disk and the clock meanwhile.
  package var faults = FaultPlan.none
  /// The SQLite that the processes run on; nil for the system's.
  package var sqliteLibraryPath: String?
  /// What is made worse on purpose; nil in every scenario.
  package var injectedFault: InjectedFault? = nil

  /// What a cell gets where a scenario says nothing.
  package static let standard = CellSettings(
    pragmas: PragmaList([]), leaseDurationMs: 30_000, strategy: .priority,
    transactionMode: .immediate, busyPolicy: .standard,
    checkpointPolicy: SQLiteStoreOptions.safeCheckpointPolicy, producers: 4, consumers: 4,
    callers: 1, writeCombining: true, depth: 0, payloadBytes: 256, batchSize: 1, workTimeUs: 0,
    thinkTimeUs: 0, arrivals: .closed, arrivalProcess: .fixed, burst: 1,
    taskTypes: [WeightedName(name: "task", weight: 1)],
    priorities: [WeightedPriority(priority: 100, weight: 1)], instrumentation: true)
}

/// A task type and its share in the mix, relative to the other weights.
package struct WeightedName: Hashable, Sendable, Codable {
  /// The task type.
  package let name: String
  /// Its weight, at least 1.
  package let weight: Int

  package init(name: String, weight: Int) {
    self.name = name
    self.weight = weight
  }
}

/// A priority and its share in the mix, relative to the other weights.
package struct WeightedPriority: Hashable, Sendable, Codable {
  /// The priority; a lower number goes first.
  package let priority: Int
  /// Its weight, at least 1.
  package let weight: Int

  package init(priority: Int, weight: Int) {
    self.priority = priority
    self.weight = weight
  }
}

/// PRAGMAs in the order in which they must be applied; coded as `["synchronous=NORMAL", …]`.
package struct PragmaList: Hashable, Sendable, Codable {
  /// The settings, in the order of `Pragma.all`.
  package let settings: [PragmaSetting]

  /// The given settings in the right order; of two for the same PRAGMA the later one counts.
  package init(_ settings: [PragmaSetting]) {
    self.settings = Pragma.all.compactMap { pragma in settings.last { $0.pragma == pragma } }
  }

  /// The canonical value that the list gives to `pragma`; nil if it leaves it alone.
  package subscript(pragma: Pragma) -> String? {
    settings.first { $0.pragma == pragma }?.value
  }

  /// Fails with a decoding error on anything that is not a setting of a known PRAGMA.
  package init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    self.init(
      try container.decode([String].self).map { text in
        let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
        guard parts.count == 2, let pragma = Pragma.named(parts[0]),
          let setting = PragmaSetting(pragma, parts[1])
        else {
          throw DecodingError.dataCorruptedError(
            in: container, debugDescription: "\(quoted(text)) is not a PRAGMA setting")
        }
        return setting
      })
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(settings.map(\.description))
  }
}
