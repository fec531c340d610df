internal import Foundation
internal import QueueEngine
internal import SQLite
internal import Scenarios

/// Makes the fresh database of each repeat.
///
/// A database is built once per distinct content (file-level PRAGMAs, strategy, prefilled tasks) and
/// then copied: a million prefilled tasks take ten seconds to insert and a fraction of one to copy, and
/// every repeat starts from the same bytes.
final class DatabaseTemplates {
  private struct Content: Hashable {
    let pragmas: [PragmaSetting]
    let settings: CellSettings
  }

  private let directory: String
  private let seed: UInt64
  private let clock: () -> Timestamp
  private var paths: [Content: String] = [:]

  /// Templates live in `directory` until ``removeAll()``; `clock` tells when their tasks were enqueued.
  init(
    directory: String, seed: UInt64, clock: @escaping () -> Timestamp = { Timestamp.now() }
  ) {
    self.directory = directory
    self.seed = seed
    self.clock = clock
  }

  /// Puts a fresh database of a cell at `path`; throws `CancellationError` once `isCancelled` says so.
  func makeDatabase(
    for settings: CellSettings, at path: String, isCancelled: () -> Bool = { false }
  ) throws {
    let template = try template(for: settings, isCancelled)
    try copyDurably(template, to: path)
  }

  private func template(for settings: CellSettings, _ isCancelled: () -> Bool) throws -> String {
    let content = Content(
      pragmas: settings.pragmas.settings.filter { $0.pragma.scope == .file },
      settings: Self.relevant(settings))
    if let path = paths[content] { return path }
    let path = "\(directory)/template-\(paths.count + 1).db"
    // A leftover of a run that was killed, or of a full disk, would be filled a second time.
    Self.remove(path)
    do {
      try build(settings, pragmas: content.pragmas, at: path, isCancelled)
    } catch {
      Self.remove(path)
      throw error
    }
    paths[content] = path
    return path
  }

  /// Only what decides the content of the file.
  private static func relevant(_ settings: CellSettings) -> CellSettings {
    var relevant = CellSettings.standard
    relevant.strategy = settings.strategy
    relevant.depth = settings.depth
    relevant.finished = settings.finished
    if case .droppedIndex = settings.injectedFault {
      relevant.injectedFault = settings.injectedFault
    }
    if settings.depth + settings.finished > 0 {
      relevant.payloadBytes = settings.payloadBytes
      relevant.taskTypes = settings.taskTypes
      relevant.priorities = settings.priorities
    }
    return relevant
  }

  private func build(
    _ settings: CellSettings, pragmas: [PragmaSetting], at path: String, _ isCancelled: () -> Bool
  ) throws {
    // Nobody else is at the file: no need for what several processes share.
    var options = SQLiteStoreOptions(
      pragmas: pragmas, busyPolicy: .timeout(timeoutMs: 5000),
      checkpointPolicy: .auto(pages: 1000), strategies: [settings.strategy], wakesWorkers: false)
    // Nobody needs a half-built template, so nothing has to reach the disk before it is complete.
    if let off = PragmaSetting(.synchronous, "OFF") { options.pragmas.append(off) }
    let store = try SQLiteQueueStore(
      path: path, options: options, random: SeededGenerator(seed: seed))
    var mix = TaskMix(settings, seed: seed)
    // The oldest first, as a queue in operation has them.
    try FinishedTasks.insert(
      settings.finished, of: &mix, endedBefore: clock(), on: store.connection, isCancelled)
    var remaining = settings.depth
    while remaining > 0 {
      if isCancelled() { throw CancellationError() }
      let chunk = min(remaining, 10_000)
      _ = try store.enqueue((0..<chunk).map { _ in mix.next() }, now: clock())
      remaining -= chunk
    }
    if case .droppedIndex(let name) = settings.injectedFault {
      try store.connection.spoilIndex(name)
    }
    // Only the file is copied. Closing the last connection would empty the WAL into it as well, but
    // would keep silent about a disk that is too full for that.
    try store.connection.execute(script: "PRAGMA wal_checkpoint(TRUNCATE)")
  }

  /// Removes every template.
  func removeAll() {
    for path in paths.values { Self.remove(path) }
    paths.removeAll()
  }

  private static func remove(_ path: String) {
    for suffix in ["", "-wal", "-shm", "-journal"] {
      try? FileManager.default.removeItem(atPath: path + suffix)
    }
  }
}
