import Results
import Testing

@Suite("Tuning record")
struct TuningRecordTests {
  private func record() -> TuningRecord {
    TuningRecord(
      run: "tune-a", scenarioName: "a", scenarioFile: "a.yaml", sqliteVersion: "3.40.1",
      durability: "power", promise: "nothing is lost", objective: .p99, seed: .max,
      budgetSeconds: 12.5, axisNames: ["page_size"], untuned: [],
      configurations: (1...5).map {
        .init(
          cell: "c0\($0)", settings: [.init(name: "page_size", value: "\($0)")], pragmas: [],
          checkpointPolicy: "none", checkpointPages: nil, durability: "power")
      }, forbidden: [], duplicateCount: 0, notes: ["\"quoted\", with\nbreaks"])
  }

  @Test func `what is written is read again`() throws {
    var record = record()
    record.blocks = [.init(number: 3, stage: "race", cells: ["c01"], disturbance: "fsync")]
    record.recommendation = .init(
      cell: "c02", isConfirmed: true, stage: "check", blocks: 9,
      throughputRatio: .init(value: 1.1, low: 1, high: 1.2), p99Ratio: nil, simplifies: "c03")
    let again = try TuningRecord(jsonBytes: record.jsonBytes(), path: "tune.json")
    #expect(again == record)
  }

  @Test func `anything else is an error that names the file`() {
    for text in ["", "{}", "[1]", "{\"run\": 1}"] {
      let error = #expect(throws: ResultsError.self) {
        _ = try TuningRecord(jsonBytes: Array(text.utf8), path: "results/a/tune.json")
      }
      #expect(error?.description.hasPrefix("results/a/tune.json: ") == true)
    }
  }

  @Test func `the Pareto set holds what nothing beats in both, if it ran often enough`() {
    var record = record()
    let points: [(Double, Double, Int)] = [
      (100, 50, 6), (90, 40, 6), (95, 60, 9), (90, 40, 20), (500, 1, 5),
    ]
    for (index, point) in points.enumerated() {
      record.configurations[index].throughputPerSecond = point.0
      record.configurations[index].p99Us = point.1
      record.configurations[index].fullRuns = point.2
    }
    // Equal ones stay both; c03 is worse than c01 in both; c05 ran too seldom.
    #expect(record.paretoSet.map(\.cell) == ["c01", "c02", "c04"])
  }
}
