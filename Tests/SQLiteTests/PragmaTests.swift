import TestSupport
import Testing

@testable import SQLite

/// PRAGMAs are what was asked for, or an error says so.
@Suite(.temporaryDirectory)
struct PragmaTests {
  /// Every keyword of every keyword PRAGMA, and the ends and the middle of every range.
  static let settings: [PragmaSetting] = Pragma.all.flatMap { pragma -> [PragmaSetting] in
    let texts: [String]
    switch pragma.values {
    case .keywords(let keywords): texts = keywords.map(\.name)
    case .integer(let range):
      texts = [
        range.lowerBound, range.lowerBound + 1, max(range.lowerBound, 0), 1000, 65_536,
        range.upperBound,
      ].map(String.init)
    case .powerOfTwo: texts = (9...16).map { String(1 << $0) }
    }
    return texts.compactMap { PragmaSetting(pragma, $0) }
  }

  @Test(arguments: settings)
  func `Every setting reads back on a new file`(setting: PragmaSetting) throws {
    let connection = try open(wal: false)
    #expect(try connection.apply([setting]) == [setting])
    #expect(try connection.value(of: setting.pragma) == setting.value)
    let inForce = try connection.pragmasInForce()
    #expect(inForce.map(\.pragma) == Pragma.all)
    #expect(inForce.first { $0.pragma == setting.pragma }?.value == setting.value)
    // It also works under that setting.
    try connection.execute(script: "CREATE TABLE t (a); INSERT INTO t VALUES (1)")
    #expect(try connection.scalar("SELECT a FROM t") == "1")
    #expect(try connection.value(of: setting.pragma) == setting.value)
  }

  @Test(arguments: settings.filter { $0.pragma.scope == .file })
  func `Settings of the file are there for the next connection`(setting: PragmaSetting) throws {
    let connection = try open(wal: false)
    try connection.apply([setting])
    try connection.execute(script: "CREATE TABLE t (a)")
    let persists = setting.pragma != .journalMode || setting.value == "WAL"
    #expect(
      try open(wal: false).value(of: setting.pragma) == (persists ? setting.value : "DELETE"))
  }

  @Test func `All are applied in the order in which they take effect`() throws {
    let asked =
      [
        (.busyTimeout, "1234"), (.journalMode, "WAL"), (.synchronous, "FULL"),
        (.autoVacuum, "FULL"),
        (.pageSize, "8192"), (.secureDelete, "FAST"), (.foreignKeys, "ON"), (.tempStore, "MEMORY"),
        (.cacheSize, "-333"), (.mmapSize, "65536"), (.walAutocheckpoint, "7"),
        (.journalSizeLimit, "99999"), (.lockingMode, "EXCLUSIVE"),
      ].compactMap { PragmaSetting($0, $1) } as [PragmaSetting]
    #expect(asked.count == Pragma.all.count)
    let connection = try open(wal: false)
    let applied = try connection.apply(asked)
    #expect(applied.map(\.pragma) == Pragma.all)
    #expect(Set(applied) == Set(asked))
    try connection.execute(script: "CREATE TABLE t (a)")
    for setting in asked { #expect(try connection.value(of: setting.pragma) == setting.value) }
  }

  struct Impossible: Sendable {
    let name: String
    let preparation: String
    let setting: PragmaSetting
    let readBack: String
  }

  static let impossible = [
    Impossible(
      name: "page_size of a WAL file", preparation: "PRAGMA journal_mode = WAL; CREATE TABLE t (a)",
      setting: PragmaSetting(.pageSize, "8192")!, readBack: "4096"),
    Impossible(
      name: "auto_vacuum after the first table", preparation: "CREATE TABLE t (a)",
      setting: PragmaSetting(.autoVacuum, "FULL")!, readBack: "NONE"),
    Impossible(
      name: "foreign_keys within a transaction", preparation: "PRAGMA foreign_keys = OFF; BEGIN",
      setting: PragmaSetting(.foreignKeys, "ON")!, readBack: "OFF"),
  ]

  @Test(arguments: impossible)
  func `A setting that does not take is a mismatch`(_ impossible: Impossible) throws {
    let connection = try open(wal: false)
    try connection.execute(script: impossible.preparation)
    let mismatch = try #require(throws: PragmaMismatch.self) {
      try connection.apply([impossible.setting])
    }
    #expect(mismatch.asked == impossible.setting)
    #expect(mismatch.readBack == impossible.readBack)
    #expect(mismatch.description.contains(impossible.setting.pragma.name))
    #expect(mismatch.description.contains(impossible.readBack))
  }

  @Test func `WAL in memory is a mismatch`() throws {
    let connection = try Connection(path: ":memory:", busyPolicy: .timeout(timeoutMs: 0))
    let wal = try #require(PragmaSetting(.journalMode, "WAL"))
    let mismatch = try #require(throws: PragmaMismatch.self) { try connection.apply([wal]) }
    #expect(mismatch.readBack == "MEMORY")
  }

  @Test func `WAL against an active writer is busy, not silent`() throws {
    let writer = try open(wal: false)
    try writer.execute(script: "CREATE TABLE t (a); BEGIN IMMEDIATE; INSERT INTO t VALUES (1)")
    let error = try sqliteError { _ = try open() }
    #expect(error.code.isBusy)
    writer.rollBack()
    #expect(try open().value(of: .journalMode) == "WAL")
  }

  @Test func `Applying busy_timeout takes over as SQLite's schedule`() throws {
    let connection = try open(busyPolicy: .fixed(delayUs: 10, timeoutMs: 10))
    #expect(try connection.value(of: .busyTimeout) == "0")
    try connection.apply([try #require(PragmaSetting(.busyTimeout, "18"))])
    #expect(connection.busyPolicy == .sqlite(timeoutMs: 18))
    let holder = try open()
    try holder.begin(.immediate)
    #expect(try sqliteError { try connection.begin(.immediate) }.code == .busy)
    // 1 + 2 + 5 + 10 ms are all that fits; the fifth time it gives up.
    #expect(connection.busyCounters.callbacks == 5)
    #expect(connection.busyCounters.sleptNs >= 18_000_000)
  }

  struct Canonical: Sendable {
    let pragma: Pragma
    let text: String
    let expected: String?
    init(_ pragma: Pragma, _ text: String, _ expected: String?) {
      self.pragma = pragma
      self.text = text
      self.expected = expected
    }
  }

  @Test(
    arguments: [
      Canonical(.synchronous, "normal", "NORMAL"), Canonical(.synchronous, "1", "NORMAL"),
      Canonical(.synchronous, "3", "EXTRA"), Canonical(.synchronous, "4", nil),
      Canonical(.synchronous, "", nil), Canonical(.synchronous, "FULL ", nil),
      Canonical(.journalMode, "wal", "WAL"), Canonical(.journalMode, "Wal", "WAL"),
      Canonical(.journalMode, "WAL2", nil), Canonical(.journalMode, "0", nil),
      Canonical(.autoVacuum, "2", "INCREMENTAL"), Canonical(.autoVacuum, "ON", nil),
      Canonical(.tempStore, "default", "DEFAULT"), Canonical(.tempStore, "2", "MEMORY"),
      Canonical(.lockingMode, "exclusive", "EXCLUSIVE"), Canonical(.lockingMode, "shared", nil),
      Canonical(.foreignKeys, "0", "OFF"), Canonical(.foreignKeys, "yes", nil),
      Canonical(.secureDelete, "fast", "FAST"), Canonical(.secureDelete, "2", "FAST"),
      Canonical(.pageSize, "512", "512"), Canonical(.pageSize, "65536", "65536"),
      Canonical(.pageSize, "256", nil), Canonical(.pageSize, "131072", nil),
      Canonical(.pageSize, "4095", nil), Canonical(.pageSize, "0", nil),
      Canonical(.pageSize, "-4096", nil), Canonical(.pageSize, "04096", "4096"),
      Canonical(.cacheSize, "-20000", "-20000"), Canonical(.cacheSize, "+5", "5"),
      Canonical(.cacheSize, "5k", nil), Canonical(.cacheSize, "16777217", nil),
      Canonical(.cacheSize, "99999999999999999999", nil),
      Canonical(.busyTimeout, "-1", nil), Canonical(.busyTimeout, "3600000", "3600000"),
      Canonical(.busyTimeout, "3600001", nil), Canonical(.busyTimeout, "1e3", nil),
      Canonical(.mmapSize, "2147418112", "2147418112"), Canonical(.mmapSize, "2147418113", nil),
      Canonical(.walAutocheckpoint, "0", "0"), Canonical(.walAutocheckpoint, "-1", nil),
      Canonical(.journalSizeLimit, "-1", "-1"), Canonical(.journalSizeLimit, "-2", nil),
    ])
  func `Values have one canonical form`(_ row: Canonical) {
    #expect(row.pragma.canonicalValue(of: row.text) == row.expected)
    let setting = PragmaSetting(row.pragma, row.text)
    #expect(setting?.value == row.expected)
    if let expected = row.expected {
      #expect(row.pragma.canonicalValue(of: expected) == expected)
      #expect(setting?.description == "\(row.pragma.name)=\(expected)")
    }
  }

  @Test(arguments: Pragma.all)
  func `PRAGMAs are found by name in any case`(pragma: Pragma) {
    #expect(Pragma.named(pragma.name) == pragma)
    #expect(Pragma.named(pragma.name.uppercased()) == pragma)
    #expect(pragma.expectation.count > 5)
    #expect(Pragma.named(pragma.name + "x") == nil)
  }
}
