import SQLite
import Testing

@Suite("Durability classes")
struct DurabilityClassTests {
  typealias Settings = DurabilityClass.Settings

  static let affected = SQLiteLibrary.knownBugs(ofVersion: 3_040_001)
  static let fixed = SQLiteLibrary.knownBugs(ofVersion: 3_051_003)

  private func settings(
    _ journalMode: String, _ synchronous: String, mmapSize: Int = 0,
    _ policy: CheckpointPolicy = .pinned(pages: 2000)
  ) -> Settings {
    Settings(
      journalMode: journalMode, synchronous: synchronous, mmapSize: mmapSize,
      checkpointPolicy: policy)
  }

  @Test(arguments: [
    ("WAL", "NORMAL", DurabilityClass.process), ("WAL", "FULL", .power), ("WAL", "EXTRA", .power),
    ("WAL", "OFF", nil), ("DELETE", "NORMAL", nil), ("DELETE", "FULL", .process),
    ("DELETE", "EXTRA", .power), ("TRUNCATE", "NORMAL", nil), ("TRUNCATE", "FULL", .power),
    ("PERSIST", "FULL", .power), ("PERSIST", "OFF", nil), ("MEMORY", "EXTRA", nil),
    ("OFF", "EXTRA", nil),
  ])
  func `each journal mode and synchronous has a strongest class`(
    journalMode: String, synchronous: String, expected: DurabilityClass?
  ) {
    for bugs in [Self.affected, Self.fixed] {
      let settings = settings(journalMode, synchronous)
      #expect(DurabilityClass.strongest(for: settings, bugs: bugs) == expected)
    }
  }

  @Test func `what survives a power cut survives a crash`() {
    for journalMode in ["WAL", "DELETE", "TRUNCATE", "PERSIST", "MEMORY", "OFF"] {
      for synchronous in ["OFF", "NORMAL", "FULL", "EXTRA"] {
        for mmapSize in [0, 1 << 20] {
          for policy in [CheckpointPolicy.auto(pages: 1000), .gated(pages: 1), .none] {
            for bugs in [Self.affected, Self.fixed] {
              let settings = settings(journalMode, synchronous, mmapSize: mmapSize, policy)
              let isSafe = DurabilityClass.power.allows(settings, bugs: bugs)
              #expect(!isSafe || DurabilityClass.process.allows(settings, bugs: bugs))
            }
          }
        }
      }
    }
  }

  @Test(arguments: [
    (CheckpointPolicy.auto(pages: 1000), false), (.deferred(pages: 1000), false),
    (.dedicated(pages: 1000), false), (.gated(pages: 1000), true), (.pinned(pages: 1000), true),
    (.none, true),
  ])
  func `a policy that the WAL-reset bug may meet is out where there is the bug`(
    policy: CheckpointPolicy, isImmune: Bool
  ) throws {
    let settings = settings("WAL", "FULL", policy)
    for durability in DurabilityClass.allCases {
      #expect(durability.allows(settings, bugs: Self.affected) == isImmune)
      #expect(durability.allows(settings, bugs: Self.fixed))
    }
    if !isImmune {
      let objection = try #require(
        DurabilityClass.power.objection(to: settings, bugs: Self.affected))
      #expect(objection.contains("WAL-reset"))
    }
    // Without a log there is nothing to reset.
    let rollback = self.settings("TRUNCATE", "FULL", policy)
    #expect(DurabilityClass.power.allows(rollback, bugs: Self.affected))
  }

  @Test func `mapping the file is out where there is the WAL-reset bug`() {
    let settings = settings("WAL", "FULL", mmapSize: 1)
    #expect(!DurabilityClass.process.allows(settings, bugs: Self.affected))
    #expect(DurabilityClass.process.allows(settings, bugs: Self.fixed))
  }
}
