import Foundation
import Testing

@testable import Results

/// What a claim of three statements costs.
func sampleProfile() -> CostProfile {
  func costs(_ statements: [OperationCosts.Statement]) -> OperationCosts {
    OperationCosts(tasks: 200, walFrames: 612, fsyncs: 200, statements: statements)
  }
  let insert = OperationCosts.Statement(
    sql: "INSERT INTO task_queue VALUES (?1)", runs: 200, vmSteps: 21_000, plan: [])
  let take = OperationCosts.Statement(
    sql: "UPDATE task_queue SET status = 'processing' WHERE id = ?1", runs: 200, vmSteps: 17_700,
    plan: [
      "SEARCH task_queue USING INTEGER PRIMARY KEY (rowid=?)", "SCALAR SUBQUERY 1",
      "  SEARCH task_queue USING INDEX ix_ready (lane=?)",
    ])
  let done = OperationCosts.Statement(
    sql: "UPDATE task_queue SET status = 'completed' WHERE id = ?1", runs: 200, vmSteps: 18_000,
    plan: ["SEARCH task_queue USING INTEGER PRIMARY KEY (rowid=?)"])
  let begin = OperationCosts.Statement(sql: "BEGIN", runs: 200, vmSteps: 1000, plan: [])
  return CostProfile(
    settingsHash: "0123456789abcdef",
    sqlite: SQLiteBuild(
      version: "3.40.1", sourceID: "2022-12-28 abc",
      options: ["THREADSAFE=1", "COMPILER=gcc-12", "SECURE_DELETE"]),
    enqueue: costs([insert]), claim: costs([begin, take]), complete: costs([done]))
}

@Suite("Cost differences") struct CostDifferenceTests {
  private let baseline = sampleProfile()

  private func differences(_ change: (inout CostProfile) -> Void) -> [String] {
    var profile = baseline
    change(&profile)
    return profile.differences(from: baseline).map(\.description)
  }

  @Test func `equal profiles do not differ`() {
    #expect(differences { _ in } == [])
    #expect(baseline.sqlite.options == ["SECURE_DELETE", "THREADSAFE=1"])
  }

  @Test func `a single step more is worse, and the statement is named`() {
    #expect(
      differences { $0.claim.statements[1].vmSteps += 1 } == [
        "claim: VM steps worse: 93.5 → 93.505 per task (UPDATE task_queue SET status = "
          + "'processing' WHERE id = ?1: 88.5 → 88.505)"
      ])
    #expect(
      differences { $0.claim.statements[1].vmSteps -= 100 } == [
        "claim: VM steps better: 93.5 → 93 per task (UPDATE task_queue SET status = "
          + "'processing' WHERE id = ?1: 88.5 → 88)"
      ])
  }

  @Test func `one more statement per claim is found`() {
    let found = differences {
      $0.claim.statements.append(.init(sql: "SELECT 1", runs: 200, vmSteps: 800, plan: []))
    }
    #expect(
      found == [
        "claim: VM steps worse: 93.5 → 97.5 per task (SELECT 1: 0 → 4)",
        "claim: statements worse: 2 → 3 per task (SELECT 1: 0 → 1)",
      ])
  }

  @Test func `frames and syncs are compared`() {
    #expect(
      differences {
        $0.enqueue.walFrames += 2
        $0.complete.fsyncs = 0
      } == [
        "enqueue: WAL frames worse: 3.06 → 3.07 per task",
        "complete: fsyncs better: 1 → 0 per task",
      ])
  }

  @Test func `a changed plan is found without more steps, with its old and new line`() {
    var profile = baseline
    profile.claim.statements[1].plan[2] = "  SCAN task_queue"
    #expect(profile.planHash != baseline.planHash)
    let found = profile.differences(from: baseline)
    #expect(found.map(\.kind) == [.changed])
    #expect(found.first?.old == "SEARCH task_queue USING INDEX ix_ready (lane=?)")
    #expect(found.first?.new == "SCAN task_queue")
    #expect(
      found.first?.explanation
        == "UPDATE task_queue SET status = 'processing' WHERE id = ?1: - SEARCH task_queue USING "
        + "INDEX ix_ready (lane=?); + SCAN task_queue")
  }

  @Test func `a plan that only sorts in addition is a change`() {
    let found = differences { $0.claim.statements[1].plan.append("USE TEMP B-TREE FOR ORDER BY") }
    #expect(found.count == 1)
    #expect(found.first?.contains("nothing → USE TEMP B-TREE FOR ORDER BY") == true)
  }

  @Test func `other words with the same plan are no difference`() {
    var profile = baseline
    profile.claim.statements[1].sql = "UPDATE task_queue SET status='processing' WHERE id = ?1"
    #expect(profile.differences(from: baseline).isEmpty)
    #expect(profile.planHash == baseline.planHash)
  }

  @Test func `a rewritten statement is held against the one it was`() {
    let found = differences {
      $0.complete.statements[0].sql = "UPDATE task_queue SET status = 'completed'"
      $0.complete.statements[0].plan = ["SCAN task_queue"]
    }
    #expect(
      found == [
        "complete: query plan changed: SEARCH task_queue USING INTEGER PRIMARY KEY (rowid=?) → "
          + "SCAN task_queue (rewritten: UPDATE task_queue SET status = 'completed': - SEARCH "
          + "task_queue USING INTEGER PRIMARY KEY (rowid=?); + SCAN task_queue)"
      ])
  }

  @Test func `a statement with a plan that comes or goes is a change`() {
    let found = differences {
      $0.enqueue.statements[0].runs = 200
      $0.enqueue.statements.append(
        .init(sql: "SELECT id FROM lanes", runs: 0, vmSteps: 0, plan: ["SCAN lanes"]))
      $0.complete.statements = [.init(sql: "BEGIN", runs: 200, vmSteps: 18_000, plan: [])]
    }
    #expect(
      found.contains { $0.hasPrefix("enqueue: query plan changed: nothing → SCAN lanes (new") })
    #expect(found.contains { $0.contains("→ nothing (gone: UPDATE task_queue") })
  }

  @Test func `twice as many tasks at the same price are no difference`() {
    var profile = baseline
    profile.enqueue.tasks *= 2
    profile.enqueue.walFrames *= 2
    profile.enqueue.fsyncs *= 2
    profile.enqueue.statements[0].runs *= 2
    profile.enqueue.statements[0].vmSteps *= 2
    #expect(profile.differences(from: baseline).isEmpty)
  }

  @Test func `what cannot be compared says why`() {
    func obstacle(_ change: (inout CostProfile) -> Void) -> String? {
      var other = baseline
      change(&other)
      return baseline.obstacle(toComparisonWith: other)
    }
    #expect(obstacle { _ in } == nil)
    #expect(
      obstacle { $0.sqlite.version = "3.45.1" }?.hasPrefix(
        "measured with SQLite 3.45.1 (2022-12-28 abc), this is 3.40.1") == true)
    #expect(obstacle { $0.sqlite.options = [] }?.contains("compiled with other options") == true)
    #expect(obstacle { $0.settingsHash = "" } == "of other settings or another seed than these")
    #expect(obstacle { $0.method += 1 }?.contains("version 2 of the method") == true)
  }

  @Test func `the text names each statement with its plan`() {
    let text = baseline.text
    #expect(text.contains("\nclaim: 93.5 VM steps, 2 statements, 3.06 WAL frames, 1 fsyncs\n"))
    #expect(text.contains("    1 runs, 88.5 VM steps\n    SEARCH task_queue USING INTEGER"))
    #expect(baseline.plans.count == 2)
  }
}

@Suite("Cost baseline") struct CostBaselineTests {
  private func baseline() -> CostBaseline {
    var baseline = CostBaseline(scenario: "ci")
    var other = sampleProfile()
    other.claim.walFrames = 5
    baseline.replace(["batch=1": sampleProfile(), "batch=2": other], of: sampleProfile().sqlite)
    return baseline
  }

  @Test func `what is written is read again`() throws {
    try withTemporaryDirectory { directory in
      let path = "\(directory)/costs.json"
      #expect(!CostBaseline.exists(at: path))
      try baseline().write(to: path)
      #expect(try CostBaseline.read(from: path) == baseline())
      // Each statement once, and one value per line.
      let text = try contents(path)
      #expect(text.components(separatedBy: "SET status = 'completed'").count == 2)
      #expect(text.contains("\n            \"walFrames\" : 5\n"))
      try baseline().write(to: path)
      #expect(try contents(path) == text)
    }
  }

  @Test func `another SQLite is added, the same one replaced`() throws {
    try withTemporaryDirectory { directory in
      var two = baseline()
      var newer = sampleProfile()
      newer.sqlite.version = "3.45.1"
      newer.sqlite.sourceID = "2024-01-30 def"
      two.replace(["batch=1": newer], of: newer.sqlite)
      #expect(two.builds.count == 2)
      two.replace(["batch=1": sampleProfile()], of: sampleProfile().sqlite)
      #expect(two.builds.count == 2)
      #expect(two[sampleProfile().sqlite]?.count == 1)
      try two.write(to: "\(directory)/costs.json")
      #expect(try CostBaseline.read(from: "\(directory)/costs.json") == two)
    }
  }

  @Test(arguments: [
    ("\"format\"", "\"fromat\"", "costs.json: format: is missing"),
    ("queuebench costs 1", "queuebench costs 9", "costs.json: format: is \"queuebench costs 9\""),
    ("\"tasks\" : 200", "\"tasks\" : \"x\"", "builds.0.cells.batch=1.claim.tasks: "),
    ("\"tasks\" : 200", "\"tasks\" : 0", ".tasks: must be at least 1"),
    ("\"fsyncs\" : 200", "\"fsyncs\" : -1", ": counts are never negative"),
    ("\"runs\" : 200", "\"runs\" : -3", ": counts are never negative"),
    ("\"scenario\" : \"ci\"", "\"scenario\" : ci", "costs.json:"),
    ("\"tasks\" : 200", "\"tasks\" : 9000000000000000000", ": no count is that large"),
    ("\"fsyncs\" : 200", "\"fsyncs\" : 9000000000000000000", ": no count is that large"),
    ("\"vmSteps\" : 17700", "\"vmSteps\" : 9000000000000000000", ": no count is that large"),
    ("\"runs\" : 200", "\"runs\" : 9000000000000000000", ": no count is that large"),
  ])
  func `a damaged file is refused with its place`(
    original: String, damage: String, message: String
  ) throws {
    try withTemporaryDirectory { directory in
      let path = "\(directory)/costs.json"
      try baseline().write(to: path)
      let text = try contents(path)
      let place = try #require(text.range(of: original))
      try text.replacingCharacters(in: place, with: damage)
        .write(toFile: path, atomically: false, encoding: .utf8)
      let error = #expect(throws: ResultsError.self) { try CostBaseline.read(from: path) }
      #expect(error?.code == .malformed)
      #expect(error?.description.hasPrefix(directory) == true)
      #expect(error?.description.contains(message) == true, "\(error as Any)")
    }
  }

  @Test func `a syntax error has its line`() throws {
    try withTemporaryDirectory { directory in
      let path = "\(directory)/costs.json"
      try "{\n  \"format\" : oops\n}\n".write(toFile: path, atomically: true, encoding: .utf8)
      let error = #expect(throws: ResultsError.self) { try CostBaseline.read(from: path) }
      #expect(error?.line == 2)
      #expect(error?.description.contains("remove it and make it anew with --save") == true)
    }
  }

  @Test func `a statement that is missing is named`() throws {
    try withTemporaryDirectory { directory in
      let path = "\(directory)/costs.json"
      try baseline().write(to: path)
      let text = try contents(path)
      let name = try #require(text.firstMatch(of: /INSERT-[0-9a-f]{8}/)?.output)
      // Its last mention is that among the statements.
      let place = try #require(text.range(of: name, options: .backwards))
      try text.replacingCharacters(in: place, with: "INSERT-none")
        .write(toFile: path, atomically: false, encoding: .utf8)
      let error = #expect(throws: ResultsError.self) { try CostBaseline.read(from: path) }
      #expect(
        error?.description.contains(
          ".enqueue.statements.\(name): is not among the build's statements") == true)
    }
  }
}
