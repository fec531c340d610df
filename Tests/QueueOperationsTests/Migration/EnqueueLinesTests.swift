import QueueEngine
import TestSupport
import Testing

@testable import QueueOperations

/// What of a file is enqueued depends on the mode alone, not on how it falls into batches.
@Suite(.temporaryDirectory)
struct EnqueueLinesTests {
  private func file(lines: Int, bad: Set<Int>) throws -> LineSource {
    let text = (1...lines).map {
      bad.contains($0) ? "{\"type\":}" : "{\"type\":\"t\",\"payload\":\($0)}"
    }
    return .file(try MigrationFixture.write(text.joined(separator: "\n")))
  }

  @Test(arguments: BadLineMode.allCases, [1, 2, 3, 250])
  func `A file without bad lines is enqueued as a whole`(
    mode: BadLineMode, batchSize: Int
  ) throws {
    let fixture = try MigrationFixture()
    let report = try JSONLines.enqueueLines(
      from: try file(lines: 10, bad: []), into: fixture.queue, mode: mode, batchSize: batchSize)
    #expect(report.added == 10)
    #expect(report.badCount == 0)
    #expect(try fixture.payloads() == (1...10).map(String.init))
  }

  @Test(arguments: [1, 2, 5, 10], [1, 2, 3, 250])
  func `Up to the first bad line means exactly the lines before it`(
    bad: Int, batchSize: Int
  ) throws {
    let fixture = try MigrationFixture()
    let source = try file(lines: 10, bad: [bad, 10])
    let error = try MigrationFixture.error {
      _ = try JSONLines.enqueueLines(
        from: source, into: fixture.queue, mode: .upToFirstBad, batchSize: batchSize)
    }
    #expect(error.line == bad)
    #expect(error.enqueuedCount == bad - 1)
    #expect(try fixture.payloads() == (1..<bad).map(String.init))
  }

  @Test(arguments: [1, 5, 10], [1, 3])
  func `All or nothing enqueues nothing`(bad: Int, batchSize: Int) throws {
    let fixture = try MigrationFixture()
    let source = try file(lines: 10, bad: [bad])
    let error = try MigrationFixture.error {
      _ = try JSONLines.enqueueLines(
        from: source, into: fixture.queue, mode: .allOrNothing, batchSize: batchSize)
    }
    #expect(error.line == bad)
    #expect(error.enqueuedCount == 0)
    #expect(try fixture.payloads().isEmpty)
  }

  @Test(arguments: [1, 3, 250])
  func `Skipping leaves out the bad lines and names them`(batchSize: Int) throws {
    let fixture = try MigrationFixture()
    let report = try JSONLines.enqueueLines(
      from: try file(lines: 10, bad: [1, 4, 10]), into: fixture.queue, mode: .skippingBad,
      batchSize: batchSize)
    #expect(report.added == 7)
    #expect(report.badCount == 3)
    #expect(report.problems.map(\.line) == [1, 4, 10])
    #expect(try fixture.payloads() == ["2", "3", "5", "6", "7", "8", "9"])
  }

  @Test func `Keys make it repeatable`() throws {
    let fixture = try MigrationFixture()
    let source = LineSource.file(
      try MigrationFixture.write(
        (1...5).map { "{\"type\":\"t\",\"idempotency_key\":\"k\($0)\"}" }.joined(separator: "\n")))
    for round in 0..<2 {
      let report = try JSONLines.enqueueLines(
        from: source, into: fixture.queue, mode: .allOrNothing, batchSize: 2)
      #expect(report.added == (round == 0 ? 5 : 0))
      #expect(report.alreadyThere == (round == 0 ? 0 : 5))
    }
  }

  @Test func `A file that is not there is named`() throws {
    let fixture = try MigrationFixture()
    let path = TemporaryDirectory.path("none")
    let error = try MigrationFixture.error {
      _ = try JSONLines.enqueueLines(
        from: .file(path), into: fixture.queue, mode: .upToFirstBad)
    }
    #expect(error.code == .file)
    #expect(error.path == path)
  }
}
