/// What the checkpoints of one ``Checkpointer`` have done and met since it was made.
///
/// SQLite's own checkpoints (``CheckpointPolicy/auto(pages:)``) are not seen.
public struct CheckpointCounters: Hashable, Sendable {
  /// Checkpoints after which the whole log was in the database file.
  public var completed: UInt64 = 0
  /// Frames of the log that those and incomplete checkpoints have dealt with.
  public var backfilledFrames: UInt64 = 0
  /// Checkpoints that a reader of an older snapshot has stopped short: the log grows until he ends.
  public var blockedByReader: UInt64 = 0
  /// Attempts that met somebody else's checkpoint, or did not get the write lock in time.
  public var busy: UInt64 = 0
  /// Frames in the log at the last look.
  public var walFrames = 0
  /// The largest number of frames seen in the log. Looked at when a checkpoint begins and ends.
  public var largestWALFrames = 0
  /// Attempts that failed for another reason, such as a full disk.
  public var errors: UInt64 = 0
  /// The text of the last such error.
  public var lastError: String?

  mutating func sawLog(ofFrames frames: Int) {
    walFrames = frames
    largestWALFrames = max(largestWALFrames, frames)
  }
}
