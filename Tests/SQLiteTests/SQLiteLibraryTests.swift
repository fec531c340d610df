import Testing

@testable import SQLite

/// What the library says of itself.
@Suite
struct SQLiteLibraryTests {
  @Test(
    arguments: [
      (3_006_023, false), (3_006_999, false), (3_007_000, true), (3_040_001, true),
      (3_044_005, true), (3_044_006, false), (3_044_007, false), (3_044_999, false),
      (3_045_000, true), (3_046_001, true), (3_050_000, true), (3_050_006, true),
      (3_050_007, false), (3_050_008, false), (3_051_000, true), (3_051_002, true),
      (3_051_003, false), (3_052_000, false), (3_053_004, false), (4_000_000, false),
    ])
  func `The WAL-reset bug is known by version`(version: Int, hasBug: Bool) {
    let bugs = SQLiteLibrary.knownBugs(ofVersion: version)
    #expect(bugs.map(\.name) == (hasBug ? ["WAL-reset"] : []))
    for bug in bugs { #expect(bug.advice.contains("mmap_size")) }
  }

  @Test(
    arguments: [
      ("3.40.1", true), ("3.51.2", true), ("3.51.3", false), ("3.44.6", false), ("3.45", true),
      ("3.50.7.1", false), ("", false), ("3", false), ("three", false), ("3.x.1", false),
      ("-3.40.1", false), ("99999999999999999999.1.1", false), ("3.40.1000", false),
    ])
  func `Versions are read as they are written`(version: String, hasBug: Bool) {
    #expect(SQLiteLibrary.knownBugs(ofVersion: version).isEmpty == !hasBug)
  }

  @Test func `Version, source and options are told`() throws {
    let parts = SQLiteLibrary.version.split(separator: ".").compactMap { Int($0) }
    try #require(parts.count == 3)
    let number = parts[0] * 1_000_000 + parts[1] * 1000 + parts[2]
    #expect(SQLiteLibrary.knownBugs == SQLiteLibrary.knownBugs(ofVersion: number))
    #expect(SQLiteLibrary.sourceID.count > 20)
    #expect(SQLiteLibrary.compileOptions.contains { $0.hasPrefix("THREADSAFE=") })
    #expect(Set(SQLiteLibrary.compileOptions).count == SQLiteLibrary.compileOptions.count)
  }
}
