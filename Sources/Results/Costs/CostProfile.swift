/// What the queue's operations cost under one set of settings, counted and not timed.
///
/// The same settings on the same build of SQLite give the same numbers on any machine and under any load,
/// so that two profiles are compared exactly: no repeats, no intervals. Checkpoints are not in it.
package struct CostProfile: Codable, Equatable, Sendable {
  /// Profiles of another version went through other operations: they cannot be compared with this one's.
  package static let currentMethod = 1

  /// Which sequence of operations was counted; see ``currentMethod``.
  package var method: Int
  /// What decides the costs, in a hash: the settings of the database and of its tasks, and the seed.
  package var settingsHash: String
  /// The SQLite that ran: planner and virtual machine differ between versions, and between builds.
  package var sqlite: SQLiteBuild
  package var enqueue: OperationCosts
  package var claim: OperationCosts
  package var complete: OperationCosts

  package init(
    settingsHash: String, sqlite: SQLiteBuild, enqueue: OperationCosts, claim: OperationCosts,
    complete: OperationCosts
  ) {
    method = Self.currentMethod
    self.settingsHash = settingsHash
    self.sqlite = sqlite
    self.enqueue = enqueue
    self.claim = claim
    self.complete = complete
  }

  /// The costs of one kind of operation.
  package subscript(operation: MeasuredOperation) -> OperationCosts {
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

  /// A hash of the query plans of all statements that ran, by operation; not of their words, so that SQL may
  /// be written otherwise as long as SQLite does the same with it.
  package var planHash: String {
    let texts = MeasuredOperation.allCases.flatMap { operation in
      self[operation].statements.filter { !$0.plan.isEmpty }
        .map { "\(operation.rawValue)\n\($0.plan.joined(separator: "\n"))" }.sorted()
    }
    return scenarioFingerprint(of: texts.joined(separator: "\n\n"))
  }

  /// The plan of every statement that ran and has one, by its SQL.
  package var plans: [String: [String]] {
    var plans: [String: [String]] = [:]
    for operation in MeasuredOperation.allCases {
      for statement in self[operation].statements where !statement.plan.isEmpty {
        plans[statement.sql] = statement.plan
      }
    }
    return plans
  }
}

/// A build of SQLite, as far as it decides plans and steps.
package struct SQLiteBuild: Codable, Hashable, Sendable {
  /// Such as `3.40.1`.
  package var version: String
  /// Date and hash of its source.
  package var sourceID: String
  /// What it was compiled with, but for the compiler.
  package var options: [String]

  package init(version: String, sourceID: String, options: [String]) {
    self.version = version
    self.sourceID = sourceID
    self.options = options.filter { !$0.hasPrefix("COMPILER=") }.sorted()
  }
}

/// What a number of operations of one kind cost together.
package struct OperationCosts: Codable, Equatable, Sendable {
  /// What one statement did in them.
  package struct Statement: Codable, Equatable, Sendable {
    /// Its text on one line.
    package var sql: String
    package var runs: Int
    package var vmSteps: Int
    /// How SQLite executes it; empty if it reads no table.
    package var plan: [String]

    package init(sql: String, runs: Int, vmSteps: Int, plan: [String]) {
      self.sql = sql
      self.runs = runs
      self.vmSteps = vmSteps
      self.plan = plan
    }
  }

  /// The tasks that were enqueued, claimed or completed.
  package var tasks: Int
  /// Frames of the log that were written; pages of the database file where there is no log.
  package var walFrames: Int
  /// Waits for the disk.
  package var fsyncs: Int
  /// Every statement that ran, sorted by its text.
  package var statements: [Statement]

  package init(tasks: Int, walFrames: Int, fsyncs: Int, statements: [Statement]) {
    self.tasks = tasks
    self.walFrames = walFrames
    self.fsyncs = fsyncs
    self.statements = statements
  }

  /// Operations of SQLite's virtual machine, triggers included.
  package var vmSteps: Int { statements.reduce(0) { $0 + $1.vmSteps } }
  /// Statements that were run, BEGIN and COMMIT included.
  package var statementRuns: Int { statements.reduce(0) { $0 + $1.runs } }

  package var vmStepsPerTask: Double { perTask(vmSteps) }
  package var statementsPerTask: Double { perTask(statementRuns) }
  package var walFramesPerTask: Double { perTask(walFrames) }
  package var fsyncsPerTask: Double { perTask(fsyncs) }

  private func perTask(_ count: Int) -> Double { Double(count) / Double(max(1, tasks)) }
}
