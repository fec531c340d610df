#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// How much of a busy processor this program asks for.
package enum ProcessPriority {
  /// Leaves the processors to others when they want them: for what takes long and nobody waits for.
  ///
  /// On Linux it concerns the calling thread and those that it makes. Not for whoever holds locks that others
  /// wait for: they would wait for all who go first, too. It cannot be taken back. Best effort: who may not, goes on as
  /// before.
  package static func lower() {
    #if canImport(Darwin)
      _ = setpriority(PRIO_PROCESS, 0, 10)
    #else
      _ = setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, 10)
    #endif
  }
}
