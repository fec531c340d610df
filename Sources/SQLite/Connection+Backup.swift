internal import CSQLite

extension Connection {
  /// Copies the whole database into the file at `path` by SQLite's online backup, which waits for nobody: others
  /// go on reading and writing, and what they commit meanwhile is in the copy, too.
  ///
  /// What was in the file before is lost. Source: <https://sqlite.org/backup.html>.
  ///
  /// - Parameters:
  ///   - path: The file of the copy.
  ///   - pages: How many pages to copy under one read lock. A copy that is disturbed by a writer of another process
  ///     begins anew; all at once cannot be.
  /// - Throws: ``SQLiteError`` if the copy cannot be written, or the database cannot be read.
  public func backUp(to path: String, pages: Int32 = -1) throws(SQLiteError) {
    let target = try Connection(path: path, mode: .create, busyPolicy: .sqlite(timeoutMs: 5000))
    guard let backup = sqlite3_backup_init(target.handle, "main", handle, "main") else {
      throw SQLiteError(sqlite3_extended_errcode(target.handle), on: target.handle, sql: nil)
    }
    var code: Int32
    repeat {
      code = sqlite3_backup_step(backup, pages)
      if code == SQLITE_BUSY || code == SQLITE_LOCKED { sqlite3_sleep(10) }
    } while code == SQLITE_OK || code == SQLITE_BUSY || code == SQLITE_LOCKED
    let finished = sqlite3_backup_finish(backup)
    guard code == SQLITE_DONE, finished == SQLITE_OK else {
      throw SQLiteError(
        finished == SQLITE_OK ? code : finished, on: target.handle, sql: nil)
    }
  }
}
