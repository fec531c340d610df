internal import CSQLite

/// Notices that statements which write to a table are compiled.
final class CompilationWatch {
  fileprivate let table: String
  fileprivate(set) var hasFired = false

  fileprivate init(table: String) { self.table = table }
}

extension Connection {
  /// Notices from now on when a statement is compiled that writes to a table: for the first time, or anew
  /// because somebody has changed the schema. Costs nothing when statements run.
  ///
  /// Every statement is compiled anew once. Takes the place of any other authorizer.
  /// Source: <https://sqlite.org/c3ref/set_authorizer.html>, which is asked about every compilation.
  public func watchCompilations(writingTo table: String) {
    let watch = CompilationWatch(table: table)
    compilationWatch = watch
    sqlite3_set_authorizer(
      handle,
      { context, action, table, _, _, _ in
        guard action == SQLITE_INSERT || action == SQLITE_UPDATE || action == SQLITE_DELETE,
          let context, let table
        else { return SQLITE_OK }
        let watch = Unmanaged<CompilationWatch>.fromOpaque(context).takeUnretainedValue()
        if String(cString: table) == watch.table { watch.hasFired = true }
        return SQLITE_OK
      }, Unmanaged.passUnretained(watch).toOpaque())
  }

  /// Ends ``watchCompilations(writingTo:)``.
  public func endCompilationWatch() {
    sqlite3_set_authorizer(handle, nil, nil)
    compilationWatch = nil
  }

  /// Whether such a statement was compiled since this was set to false; false while nothing is watched.
  @inline(__always)
  public var hasCompiledWrites: Bool {
    get { compilationWatch?.hasFired ?? false }
    set { compilationWatch?.hasFired = newValue }
  }
}
