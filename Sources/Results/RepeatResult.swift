package import Statistics
package import Verification

/// One axis of the matrix and the label of the value that a cell has on it.
package struct AxisValue: Hashable, Sendable {
  /// The axis, as the scenario names it (`synchronous`).
  package let name: String
  /// The value, as tables show it (`NORMAL`).
  package let label: String

  /// The value `label` on the axis `name`.
  package init(name: String, label: String) {
    self.name = name
    self.label = label
  }
}

/// How far a repeat came, from best to worst.
package enum RepeatStatus: String, CaseIterable, Comparable, Sendable {
  /// It ran to its end.
  case measured
  /// The combination of settings is not possible; SQLite would have run something else.
  case refused
  /// It could not run, or broke off.
  case failed

  /// Better is less.
  package static func < (left: RepeatStatus, right: RepeatStatus) -> Bool {
    left.severity < right.severity
  }

  private var severity: Int {
    switch self {
    case .measured: return 0
    case .refused: return 1
    case .failed: return 2
    }
  }
}

/// What names a repeat within a run.
package struct RepeatKey: Hashable, Sendable {
  /// The cell (`c01`).
  package let cell: String
  /// Which repeat of it, from 1.
  package let repeatNumber: Int

  /// The repeat `repeatNumber` of `cell`.
  package init(cell: String, repeatNumber: Int) {
    self.cell = cell
    self.repeatNumber = repeatNumber
  }
}

/// Everything that one repeat of one cell yields: a row of `cells.csv`.
///
/// A new value has measured nothing; whoever measures fills in what there is. What stays nil is an
/// empty field in the file.
package struct RepeatResult: Equatable, Sendable {
  /// The run's name.
  package var run: String
  /// The cell's name (`c01`).
  package var cell: String
  /// Which repeat of the cell, from 1.
  package var repeatNumber: Int
  /// The cell's value on each axis, in the order of the scenario.
  package var axes: [AxisValue]
  /// Producer processes.
  package var producers: Int
  /// Consumer processes.
  package var consumers: Int
  /// How far the repeat came.
  package var status: RepeatStatus
  /// What the correctness check says.
  package var verdict: Verdict
  /// Free text: the finding behind the verdict, or why the repeat was refused or failed.
  package var detail: String

  /// Length of the measured time.
  package var measuredSeconds: Double?
  /// Tasks enqueued in it.
  package var enqueued = 0
  /// Tasks claimed in it.
  package var claimed = 0
  /// Tasks completed in it.
  package var completed = 0
  /// Claims that found no task.
  package var emptyClaims = 0
  /// Completed tasks per measured second.
  package var throughputPerSecond: Double?
  /// How the load that was asked for came about.
  package var load = LoadResult()

  /// What was measured of enqueuing.
  package var enqueue = OperationResult()
  /// What was measured of claiming.
  package var claim = OperationResult()
  /// What was measured of completing.
  package var complete = OperationResult()

  /// Share of all operations that met a busy database at least once, from 0 to 1.
  package var busyRetryRate: Double?
  /// Share of all operations that ended in an error of the SQLITE_BUSY family, from 0 to 1.
  package var busyErrorRate: Double?
  /// Share of the processes' time that went into waiting in the busy handler, from 0 to 1.
  package var busyWaitShare: Double?
  /// How often operations ended in each extended result code, as `claim/SQLITE_BUSY`.
  package var busyCodes: [String: Int] = [:]
  /// Jain's index of the tasks that each consumer got.
  package var fairnessJain: Double?
  /// Share of the tasks that the slowest consumer got, relative to an equal share.
  package var slowestWorkerShare: Double?
  /// How many times as many tasks as the slowest the fastest consumer completed; nil if the slowest
  /// completed none.
  package var workerSpread: Double?
  /// The longest time that one operation waited in the busy handler, in microseconds.
  package var longestWaitUs: Double?
  /// The largest size of the write-ahead log that was seen, in bytes; nil without one.
  package var walPeakBytes: Double?
  /// What became of tasks across processes.
  package var flow = FlowResult()
  /// How the write lock and the parts of operations were used.
  package var lock = LockResult()
  /// Completed tasks of each consumer process, in their order.
  package var consumerTasks: [Int] = []
  /// How throughput went over the measured time; nil if there was too little of it.
  package var steadyState: SteadyState.Label?
  /// From when on throughput was steady, in seconds since the measurement began.
  package var steadyFromSeconds: Double?
  /// What the machine did meanwhile.
  package var conditions = ConditionsResult()
  /// What a reader must know about the numbers, in whole phrases.
  package var warnings: [String] = []
  /// What the orchestrator itself took: all but warm-up, measured time and drain.
  package var orchestratorMs: Double?
  /// Whether the consumers emptied the queue in the end; nil where nothing was to be drained.
  package var drained: Bool?

  /// What grew in the course of it.
  package var growth = GrowthResult()
  /// What was done to it on purpose, in events; nil where the scenario asks for nothing.
  package var faults: Int?
  /// What its settings promise to keep, and what a power cut costs.
  package var power = PowerResult()

  /// The version of the SQLite that ran.
  package var sqliteVersion = ""
  /// Hash of the PRAGMAs read back from every process.
  package var pragmaHash = ""
  /// Hash of the query plans of the statements that the operations run.
  package var planHash = ""
  /// The commit that was measured.
  package var commit = ""

  /// A repeat of which nothing has been measured so far.
  package init(
    run: String, cell: String, repeatNumber: Int, axes: [AxisValue], producers: Int,
    consumers: Int, status: RepeatStatus, verdict: Verdict, detail: String
  ) {
    self.run = run
    self.cell = cell
    self.repeatNumber = repeatNumber
    self.axes = axes
    self.producers = producers
    self.consumers = consumers
    self.status = status
    self.verdict = verdict
    self.detail = detail
  }

  /// What names the repeat within its run.
  package var key: RepeatKey { RepeatKey(cell: cell, repeatNumber: repeatNumber) }

  /// Why the repeat was refused or failed; nil for a measured one.
  package var reason: String? { status == .measured ? nil : detail }

  /// Whether its numbers may enter a median.
  package var isUsable: Bool { status == .measured && verdict != .invalid }

  /// What was measured of one kind of operation.
  package subscript(operation: MeasuredOperation) -> OperationResult {
    get {
      switch operation {
      case .enqueue: return enqueue
      case .claim: return claim
      case .complete: return complete
      }
    }
    set {
      switch operation {
      case .enqueue: enqueue = newValue
      case .claim: claim = newValue
      case .complete: complete = newValue
      }
    }
  }
}

extension [RepeatResult] {
  /// One result for each cell and repeat, in the order of their first appearance.
  ///
  /// A resumed run repeats what failed, and a repeat on a disturbed machine runs again, so a file may
  /// hold a repeat twice; the later one counts.
  package func latestPerRepeat() -> [RepeatResult] { latest(self, by: \.key) }
}

/// One row for each key, the last of its rows, at the place of the first.
func latest<Row>(_ rows: [Row], by key: (Row) -> some Hashable) -> [Row] {
  func places<Key: Hashable>(_ key: (Row) -> Key) -> [Row] {
    var places: [Key: Int] = [:]
    var latest: [Row] = []
    for row in rows {
      if let place = places.updateValue(latest.count, forKey: key(row)) {
        places[key(row)] = place
        latest[place] = row
      } else {
        latest.append(row)
      }
    }
    return latest
  }
  return places(key)
}
