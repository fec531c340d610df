import HarnessDriver
import QueueEngine
import SQLite
import Scenarios
import Testing

@testable import LoadGeneration

@Suite struct InjectedFaultTests {
  private let directory = TemporaryDirectory()

  private func columns(_ settings: CellSettings, _ name: String) throws -> String? {
    let path = "\(directory.path)/\(name)"
    try DatabaseTemplates(directory: directory.path, seed: 1).makeDatabase(for: settings, at: path)
    let connection = try Connection(
      path: path, mode: .readWrite, busyPolicy: .timeout(timeoutMs: 0))
    let statement = try connection.prepare(
      "SELECT group_concat(name) FROM pragma_index_info(?1)")
    try statement.bind(settings.strategy.readyIndexName, at: 1)
    defer { statement.reset() }
    return try statement.step() ? statement.text(0) : nil
  }

  @Test(arguments: ClaimStrategy.allCases)
  func aDroppedIndexIsThereAndOfNoUse(strategy: ClaimStrategy) throws {
    var settings = CellSettings.standard
    settings.strategy = strategy
    #expect(try columns(settings, "sound.db")?.hasPrefix("lane,") == true)
    settings.injectedFault = .droppedIndex(name: strategy.readyIndexName)
    #expect(try columns(settings, "spoilt.db") == "id")
  }

  @Test func oneTemplateOfEach() throws {
    let templates = DatabaseTemplates(directory: directory.path, seed: 1)
    var settings = CellSettings.standard
    try templates.makeDatabase(for: settings, at: "\(directory.path)/a.db")
    // It changes what consumers do, not what they find.
    settings.injectedFault = .slowClaim(percent: 10)
    try templates.makeDatabase(for: settings, at: "\(directory.path)/b.db")
    settings.injectedFault = .droppedIndex(name: settings.strategy.readyIndexName)
    try templates.makeDatabase(for: settings, at: "\(directory.path)/c.db")
    func plan(_ name: String) throws -> Int64? {
      try Connection(
        path: "\(directory.path)/\(name)", mode: .readWrite, busyPolicy: .timeout(timeoutMs: 0)
      ).integer("SELECT COUNT(*) FROM pragma_index_info('ix_task_status_prio_time')")
    }
    #expect(try plan("a.db") == 3 && plan("b.db") == 3 && plan("c.db") == 1)
  }

  @Test func anIndexThatIsNotThereIsAnError() {
    var settings = CellSettings.standard
    settings.injectedFault = .droppedIndex(name: "ix_nothing")
    #expect(throws: NoSuchIndex.self) { try columns(settings, "q.db") }
  }

  @Test func noRowWithAFaultPassesForAMeasurement() {
    var settings = CellSettings.standard
    #expect(settings.described["injected_fault"] == nil)
    settings.injectedFault = .slowClaim(percent: 10)
    #expect(settings.described["injected_fault"] == "slow_claim(10%)")
    settings.injectedFault = .slowLock(microseconds: 10)
    #expect(settings.described["injected_fault"] == "slow_lock(10us)")
    settings.injectedFault = .droppedIndex(name: "ix_a")
    #expect(settings.described["injected_fault"] == "dropped_index(ix_a)")
  }
}
