public import QueueEngine

/// A worker as it stands in the table `workers`.
public struct RegisteredWorker: Sendable, Hashable, Identifiable {
  /// Its id, which is in the `locked_by` of the tasks that it holds.
  public let id: String
  /// What it is capable of: a JSON object.
  public let capabilities: String
  /// When it last said that it lives; nil if another program has written a time that cannot be
  /// read.
  public let lastHeartbeat: Timestamp?
}

/// Whether a worker lives, as far as its heartbeats tell.
public enum WorkerLiveness: String, Sendable, Hashable, CaseIterable {
  /// Has sent one of late.
  case active
  /// Has missed some, but not so many that it is given up.
  case late
  /// Is given up: its tasks may be taken from it.
  case stale
  /// Nobody knows: the time of its heartbeat cannot be read.
  case unknown
}

/// How long a worker may be silent.
public struct WorkerThresholds: Sendable, Hashable {
  /// A worker whose last heartbeat is at most that old is active.
  public var activeWithin: Duration
  /// A worker whose last heartbeat is older than that is stale.
  public var staleAfter: Duration

  /// Thresholds; the defaults are the documented ones.
  public init(activeWithin: Duration = .seconds(60), staleAfter: Duration = .seconds(300)) {
    self.activeWithin = activeWithin
    self.staleAfter = staleAfter
  }
}

/// A worker, how it is, and what it holds.
public struct WorkerSummary: Sendable, Hashable, Identifiable {
  /// The worker.
  public let worker: RegisteredWorker
  /// How long ago its last heartbeat is, in milliseconds; negative if its clock is ahead, nil if
  /// the time cannot be read.
  public let silenceMs: Int64?
  /// What follows from that.
  public let liveness: WorkerLiveness
  /// How many tasks it holds under leases.
  public let heldTasks: Int

  /// The worker's id.
  public var id: String { worker.id }
}

/// What a worker has done of late.
public struct WorkerStats: Sendable, Hashable {
  /// The worker's id.
  public let workerID: String
  /// Its last heartbeat; nil if it is not registered or the time cannot be read.
  public let lastHeartbeat: Timestamp?
  /// How many tasks it holds under leases now.
  public let heldTasks: Int
  /// How many tasks it has completed in the window.
  public let completed: Int
  /// How many tasks have ended with it in the window as `failed` or `dead_letter`.
  public let failed: Int
  /// How many of its attempts in the window have failed and had others to follow. A task does not
  /// say who has tried it before, so this is what the task log says: 0 where retries are not
  /// logged.
  public let retried: Int
}

/// What became of the tasks of stale workers.
public struct ReclaimResult: Sendable, Hashable {
  /// Tasks that wait for another worker now.
  public var requeued = 0
  /// Tasks that had no attempt left and went to `dead_letter`.
  public var deadLettered = 0

  /// Nothing yet.
  public init() {}

  /// Tasks that were taken from stale workers.
  public var total: Int { requeued + deadLettered }
}

/// What a clean-up of the table of workers has done.
public struct WorkerCleanupResult: Sendable, Hashable {
  /// Workers that are in the table no more.
  public let forgotten: Int
  /// What became of the tasks that were taken from stale workers before.
  public let reclaimed: ReclaimResult
}
