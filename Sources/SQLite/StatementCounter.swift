internal import CSQLite

/// How often a statement has run on a connection, and how much work that was.
public struct StatementUse: Hashable, Sendable {
  /// The statement's text, parameters unbound.
  public let sql: String
  /// How often it ran to its end or was reset.
  public let runs: Int
  /// Virtual-machine operations of all these runs.
  public let vmSteps: Int64

  /// A use from its parts.
  public init(sql: String, runs: Int, vmSteps: Int64) {
    self.sql = sql
    self.runs = runs
    self.vmSteps = vmSteps
  }
}

/// Adds up what the statements of one connection do.
///
/// It hears of every statement that ends, also of one that is compiled for a single use and finalised
/// before anybody could ask it.
final class StatementCounter {
  private var uses: [String: (runs: Int, vmSteps: Int64)] = [:]

  fileprivate func record(_ statement: OpaquePointer) {
    guard let text = sqlite3_sql(statement) else { return }
    let steps = Int64(sqlite3_stmt_status(statement, SQLITE_STMTSTATUS_VM_STEP, 1))
    let use = uses[String(cString: text)] ?? (0, 0)
    uses[String(cString: text)] = (use.runs + 1, use.vmSteps + steps)
  }

  fileprivate func take() -> [StatementUse] {
    defer { uses.removeAll(keepingCapacity: true) }
    return uses.sorted { $0.key < $1.key }
      .map { StatementUse(sql: $0.key, runs: $0.value.runs, vmSteps: $0.value.vmSteps) }
  }
}

extension Connection {
  /// Begins to count what every statement does, or ends it; for measuring, not for normal use.
  ///
  /// A count has no noise: the same statements on the same rows take the same steps, whatever else the
  /// machine does. Steps of triggers and of foreign-key actions belong to the statement that sets them off,
  /// because they run as its subprograms; what functions in C do within one step (`json_each`, `strftime`)
  /// is not counted, nor are the steps of checkpoints, which have none.
  ///
  /// Takes the place of any other trace callback, and takes the steps that
  /// ``Statement/takeVMSteps()`` would.
  /// Source: `SQLITE_TRACE_PROFILE`, <https://sqlite.org/c3ref/c_trace.html>, and
  /// `SQLITE_STMTSTATUS_VM_STEP`, <https://sqlite.org/c3ref/c_stmtstatus_counter.html>.
  public func setStatementCounting(_ isOn: Bool) {
    guard isOn else {
      sqlite3_trace_v2(handle, 0, nil, nil)
      statementCounter = nil
      return
    }
    // What they did before is nobody's.
    var statement = sqlite3_next_stmt(handle, nil)
    while let current = statement {
      sqlite3_stmt_status(current, SQLITE_STMTSTATUS_VM_STEP, 1)
      statement = sqlite3_next_stmt(handle, current)
    }
    let counter = StatementCounter()
    statementCounter = counter
    sqlite3_trace_v2(
      handle, UInt32(SQLITE_TRACE_PROFILE),
      { _, context, statement, _ in
        if let context, let statement {
          Unmanaged<StatementCounter>.fromOpaque(context).takeUnretainedValue()
            .record(OpaquePointer(statement))
        }
        return 0
      }, Unmanaged.passUnretained(counter).toOpaque())
  }

  /// What statements have done since counting began or this was last called, sorted by their texts; empty
  /// while nothing is counted.
  ///
  /// A statement counts when it has come to its end or is reset, so take it between operations.
  public func takeStatementUses() -> [StatementUse] { statementCounter?.take() ?? [] }
}
