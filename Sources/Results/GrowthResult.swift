/// How many times as much of something there was in the last quarter of a long measurement as in its second one;
/// nil in short ones. 1 is what does not leak.
package struct GrowthResult: Equatable, Sendable {
  /// Memory of their own that all processes keep.
  package var memory: Double?
  /// Descriptors that all processes have open.
  package var descriptors: Double?
  /// Bytes of the write-ahead log's file.
  package var wal: Double?
  /// Bytes of the database's file relative to all tasks that were ever in it.
  package var bytesPerTask: Double?

  package init() {}
}
