/// How a write transaction begins.
public enum TransactionMode: String, Sendable, Codable, CaseIterable {
  /// Takes the write lock at once, so that waiting happens in one place, under the busy policy.
  case immediate
  /// Takes the write lock at the first write. An upgrade from reading to writing bypasses the busy
  /// handler and can fail with `SQLITE_BUSY_SNAPSHOT`; the whole transaction is then run again.
  case deferred
}
