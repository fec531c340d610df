/// A PRAGMA that reads back otherwise than it was set.
public struct PragmaMismatch: Error, Hashable, Sendable, CustomStringConvertible {
  /// The PRAGMA with the value that was asked for.
  public let asked: PragmaSetting
  /// What SQLite says it is.
  public let readBack: String

  /// A mismatch from its parts.
  public init(asked: PragmaSetting, readBack: String) {
    self.asked = asked
    self.readBack = readBack
  }

  /// `PRAGMA journal_mode: asked for WAL, reads back as DELETE`
  public var description: String {
    "PRAGMA \(asked.pragma.name): asked for \(asked.value), reads back as \(readBack)"
  }
}

extension Connection {
  /// Sets PRAGMAs in the order in which they take effect, and reads each back.
  ///
  /// `busy_timeout` is set and read back like the others, but then our own handler takes over with
  /// SQLite's schedule (``BusyPolicy/sqlite(timeoutMs:)``), because only so can waiting be counted.
  /// `wal_autocheckpoint` above 0 takes the place of the connection's ``Checkpointer``, because SQLite
  /// has one place for both.
  ///
  /// - Returns: each PRAGMA with the value read back, in canonical form.
  /// - Throws: ``SQLiteError`` or ``PragmaMismatch``.
  @discardableResult
  public func apply(_ settings: [PragmaSetting]) throws -> [PragmaSetting] {
    let order = Dictionary(
      uniqueKeysWithValues: Pragma.all.enumerated().map { ($0.element, $0.offset) })
    let sorted = settings.sorted { order[$0.pragma, default: 0] < order[$1.pragma, default: 0] }
    for setting in sorted {
      try set(setting)
      let readBack = try query(setting.pragma)
      guard readBack == setting.value else {
        throw PragmaMismatch(asked: setting, readBack: readBack)
      }
      if setting.pragma == .busyTimeout, let timeoutMs = Int(setting.value) {
        busyPolicy = .sqlite(timeoutMs: timeoutMs)
      }
      if setting.pragma == .walAutocheckpoint, let pages = Int(setting.value) {
        automaticCheckpointsWereSet(everyPages: pages)
      }
    }
    return sorted
  }

  /// Sets one PRAGMA.
  ///
  /// SQLite does not ask the busy handler when a file is to become WAL while somebody else uses it, as
  /// when several processes open a new file at once; so the policy is applied here.
  private func set(_ setting: PragmaSetting) throws(SQLiteError) {
    let startNs = BusyHandler.monotonicNs()
    var attempts = 0
    while true {
      do {
        return try prepare("PRAGMA \(setting.pragma.name) = \(setting.value)").run()
      } catch {
        guard error.code.isBusy,
          busyHandler.shouldRestart(after: attempts, sinceNs: startNs)
        else { throw error }
        attempts += 1
      }
    }
  }

  /// The value that is in force, in canonical form.
  public func value(of pragma: Pragma) throws(SQLiteError) -> String {
    // Our busy handler displaces SQLite's own, which then reads back as 0.
    if pragma == .busyTimeout, case .sqlite(let timeoutMs) = busyPolicy {
      return String(timeoutMs)
    }
    return try query(pragma)
  }

  private func query(_ pragma: Pragma) throws(SQLiteError) -> String {
    let statement = try prepare("PRAGMA \(pragma.name)")
    defer { statement.reset() }
    guard try statement.step(), let text = statement.text(0) else { return "" }
    return pragma.canonicalValue(of: text) ?? text
  }

  /// Every PRAGMA that may be varied, as it is in force on this connection.
  public func pragmasInForce() throws(SQLiteError) -> [(pragma: Pragma, value: String)] {
    var result: [(pragma: Pragma, value: String)] = []
    for pragma in Pragma.all { result.append((pragma, try value(of: pragma))) }
    return result
  }
}
