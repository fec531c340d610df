/// The statements that begin and end transactions, compiled at their first use.
struct TransactionStatements {
  fileprivate var beginImmediate: Statement?
  fileprivate var beginDeferred: Statement?
  fileprivate var commit: Statement?
  fileprivate var rollback: Statement?
}

extension Connection {
  /// Begins a transaction; waits for the write lock under the busy policy if `mode` takes it.
  @inline(__always)
  public func begin(_ mode: TransactionMode) throws(SQLiteError) {
    busyHandler.yield()
    switch mode {
    case .immediate: try run("BEGIN IMMEDIATE", \.beginImmediate)
    case .deferred: try run("BEGIN DEFERRED", \.beginDeferred)
    }
  }

  /// Commits. If it throws, the transaction may still be open: ``rollBack()`` ends it.
  @inline(__always)
  public func commit() throws(SQLiteError) {
    try run("COMMIT", \.commit)
    busyHandler.handoff?.lockReleased()
  }

  /// Runs statements that are each a transaction of their own, and lets the next waiter know.
  ///
  /// Under any policy but `handoff` this is the same as running them without it.
  @inline(__always)
  public func autocommit<R>(_ body: () throws(SQLiteError) -> R) throws(SQLiteError) -> R {
    guard let handoff = busyHandler.handoff else { return try body() }
    busyHandler.yield()
    do {
      let result = try body()
      handoff.lockReleased()
      return result
    } catch {
      handoff.lockReleased()
      throw error
    }
  }

  /// Ends the transaction without effect.
  ///
  /// Does nothing if none is open: SQLite ends it by itself after some errors, such as a full disk.
  public func rollBack() {
    guard isInTransaction else { return }
    // What could fail here (I/O) leaves a hot journal or an uncommitted WAL tail, which the next
    // reader ignores; the error that led here is the one to report.
    try? run("ROLLBACK", \.rollback)
    busyHandler.handoff?.lockReleased()
  }

  @inline(__always)
  private func run(
    _ sql: String, _ keyPath: WritableKeyPath<TransactionStatements, Statement?>
  ) throws(SQLiteError) {
    if let statement = transactionStatements[keyPath: keyPath] {
      return try statement.run()
    }
    let statement = try prepare(sql)
    transactionStatements[keyPath: keyPath] = statement
    try statement.run()
  }

  /// Runs `body` in one transaction: commits what it did, or rolls back and throws.
  ///
  /// A deferred transaction whose upgrade met `SQLITE_BUSY_SNAPSHOT` or a busy lock is run again
  /// from the start, because SQLite's busy handler is not asked in that case; it gives up once the
  /// busy policy's time is over. `body` must therefore be free of effects outside the database.
  public func transaction<R>(
    _ mode: TransactionMode, _ body: () throws(SQLiteError) -> R
  ) throws(SQLiteError) -> R {
    var restarts = 0
    let startNs = mode == .deferred ? BusyHandler.monotonicNs() : 0
    while true {
      // Outside of `do`: if this fails, an open transaction is somebody else's.
      try begin(mode)
      busyHandler.hasGivenUp = false
      do {
        let result = try body()
        try commit()
        return result
      } catch {
        rollBack()
        // Where the handler was asked and gave up, the time is over already.
        guard mode == .deferred, error.code.isBusy, !busyHandler.hasGivenUp,
          busyHandler.shouldRestart(after: restarts, sinceNs: startNs)
        else {
          throw error
        }
        restarts += 1
      }
    }
  }
}
