internal import CSQLite

extension Connection {
  /// Has the SQL function `random()` return the same sequence wherever the same seed is given; for
  /// measuring. Statements compiled before are compiled anew.
  ///
  /// SQLite's own generator is one for all connections of a process and seeded by the system.
  package func makeRandomRepeatable(seed: UInt64) throws(SQLiteError) {
    let state = Unmanaged.passRetained(RandomState(seed)).toOpaque()
    let code = sqlite3_create_function_v2(
      handle, "random", 0, SQLITE_UTF8, state,
      { context, _, _ in
        guard let data = sqlite3_user_data(context) else { return }
        let state = Unmanaged<RandomState>.fromOpaque(data).takeUnretainedValue()
        sqlite3_result_int64(context, state.next())
      }, nil, nil, { $0.map { Unmanaged<RandomState>.fromOpaque($0).release() } })
    // SQLite has called the destructor if it failed.
    guard code == SQLITE_OK else { throw SQLiteError(code, on: handle, sql: "random()") }
  }
}

/// SplitMix64, <https://prng.di.unimi.it/splitmix64.c>.
private final class RandomState {
  private var state: UInt64

  init(_ seed: UInt64) { state = seed }

  func next() -> Int64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var bits = state
    bits = (bits ^ (bits >> 30)) &* 0xBF58_476D_1CE4_E5B9
    bits = (bits ^ (bits >> 27)) &* 0x94D0_49BB_1331_11EB
    return Int64(bitPattern: bits ^ (bits >> 31))
  }
}
