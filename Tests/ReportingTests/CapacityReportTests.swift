import Foundation
import Results
import Statistics
import Testing

@testable import Reporting

@Suite("Reports of a capacity")
struct CapacityReportTests {
  /// A capacity.json as a search leaves it behind.
  static func record() throws -> CapacityRecord {
    try JSONDecoder().decode(CapacityRecord.self, from: Data(CapacityFixture.json.utf8))
  }

  static func search(
    _ outcome: CapacitySearchRecord.Outcome, rate: Double? = 7640
  ) -> CapacitySearchRecord {
    var search = CapacitySearchRecord(number: 1, outcome: outcome)
    search.rate = rate
    (search.low, search.high) = (7400, 7900)
    (search.highestPassed, search.lowestFailed) = (6000, 12_000)
    (search.passedAt, search.trialsAt, search.failedAbove, search.trialsAbove) = (5, 5, 4, 5)
    search.rateAbove = 8400
    (search.probesPassedAt, search.probesFailedAt) = (20, 4)
    (search.probesPassedAbove, search.probesFailedAbove) = (7, 19)
    search.probes = 45
    return search
  }

  @Test func `an answer comes with its interval and its confirmations`() throws {
    let text = Self.search(.confirmed).text
    #expect(text.contains("sustainable: 7,640 tasks/s (95 % interval 7,400 to 7,900)"))
    #expect(
      text.contains(
        "5 of 5 confirmations pass at 7,640/s (20 of 24 probes), "
          + "4 of 5 fail at 8,400/s (19 of 26 probes)"
      ))
    // What earlier versions wrote has no such counts.
    let early = try #require(try Self.record().searches.first)
    #expect(
      early.text.contains("5 of 5 confirmations pass at 7,640/s, 5 of 5 fail at a tenth more"))
  }

  @Test func `other ends are said in words`() {
    #expect(Self.search(.unconfirmed).text.contains("not confirmed: about 7,640 tasks/s"))
    #expect(
      Self.search(.impossible, rate: 6).text.contains("not met even at 6 tasks/s, the lowest rate"))
    #expect(
      Self.search(.unlimited, rate: 90_000).text
        .contains("still met at 90,000 tasks/s, the highest rate"))
    var unfinished = Self.search(.unfinished, rate: nil)
    unfinished.reason = "the budget is used up"
    #expect(
      unfinished.text.contains(
        "inconclusive (the budget is used up): 6,000/s passes, 12,000/s fails"))
  }

  @Test func `the spread of searches is (max − min) / median`() throws {
    var record = CapacityRecord(
      scenario: "made-up", cell: "c01", objectives: ["claim.p99 < 10ms"], latency: .claim)
    #expect(record.spread == nil)
    record.searches = [7000, 7700, 7350].map { Self.search(.confirmed, rate: $0) }
    #expect(abs((record.spread ?? 0) - 700 / 7350) < 1e-12)
    #expect(
      record.text().contains(
        "λ* of 3 searches: 7,000, 7,700, 7,350 tasks/s; spread (max − min) / median 9.5 %"))
    // The ends of the range are no capacities.
    record.searches += [.impossible, .unlimited].map { Self.search($0, rate: 96_000) }
    #expect(abs((record.spread ?? 0) - 700 / 7350) < 1e-12)
    #expect(record.rate == 7350)
    #expect(record.text().contains("λ* of 5 searches: 7,000, 7,700, 7,350, –, – tasks/s"))
  }

  @Test(arguments: [
    (CapacityLimit.Kind.writeLock, "the write lock, which only one process can have"),
    (.fsync, "waiting for the disk while holding the write lock"),
    (.cpu, "the processors: 1.80 of 2.00 cores are busy"),
    (.checkpoint, "checkpoints: one is at work 31 %"),
    (.generator, "the load generator"), (.objective, "the objective itself: claim.p99 is exceeded"),
    (.unclear, "unclear"),
  ])
  func `the limit is said with its numbers`(kind: CapacityLimit.Kind, words: String) {
    var usage = CapacityUsage()
    (usage.lock, usage.lockHoldUs, usage.commitShareOfLock) = (0.66, 27, 0.4)
    (usage.checkpoint, usage.busyCores, usage.runQueue) = (0.31, 1.8, 0.2)
    (usage.tailPart, usage.tailShare, usage.producerCPU) = ("lock_wait", 0.81, 0.95)
    var limit = CapacityLimit(kind: kind, detail: "claim.p99", usage: usage)
    (limit.mostLock, limit.cores) = (0.7, 2)
    #expect(limit.words.contains(words), "\(limit.words)")
    #expect(limit.words.contains("lock held 66 % of the time, 27.0 µs at a time"))
    if kind == .objective {
      #expect(limit.words.contains("81 % of their time in waiting for the write lock"))
    }
  }

  @Test func `the law says what further processes cost`() {
    func scale(sigma: Double, kappa: Double, peak: Double) -> ScaleRecord {
      var scale = ScaleRecord(
        points: [2, 4, 8, 16].map { .init(processes: $0, throughputs: [7000, 7100]) })
      scale.lambda = .init(5000, nil)
      scale.sigma = .init(sigma, Interval(low: sigma / 2, high: sigma * 2))
      scale.kappa = .init(kappa, nil)
      scale.peakProcesses = .init(peak, Interval(low: peak, high: .infinity))
      return scale
    }
    #expect(
      scale(sigma: 0.3, kappa: 0.02, peak: 5.9).meaning
        .hasPrefix("Adding processes beyond N* = 5.90 costs throughput, because 30 %"))
    #expect(scale(sigma: 0.9, kappa: 0.2, peak: 1).meaning.hasPrefix("Processes beyond the fewest"))
    #expect(
      scale(sigma: 0.3, kappa: 0, peak: .infinity).meaning
        .hasPrefix("Up to 16 processes more of them do no harm"))
    #expect(
      scale(sigma: 0.001, kappa: 0, peak: .infinity).meaning
        .hasPrefix("Up to 16 processes throughput grows with their number"))
    #expect(
      scale(sigma: 0, kappa: 0.02, peak: 7).meaning
        .contains("costs throughput, because every further process makes"))
    let text = scale(sigma: 0.3, kappa: 0.02, peak: 5.9).text
    #expect(text.contains("σ 0.300 (0.150 to 0.600)"))
    #expect(text.contains("N* 5.90 (5.90 to ∞)"))
  }

  @Test func `the record of a search reads back and is reported`() throws {
    let record = try Self.record()
    let text = record.text(width: 100)
    #expect(text.contains("sustainable:"))
    #expect(text.contains("tasks/s  probes  achieved"))
    #expect(text.contains("Limit: the write lock"))
    #expect(text.contains("The objective held in every probe"))
    #expect(text.split(separator: "\n").contains { $0.hasSuffix("passes") })
    #expect(text.split(separator: "\n").contains { $0.hasSuffix("fails") })
  }

  @Test(arguments: PlotFormat.allCases)
  func `the picture shows limit, capacity and knee`(format: PlotFormat) throws {
    let capacity = try Self.record()
    var record = RunRecord(rows: [], manifest: nil)
    record.capacity = capacity
    let plots = CapacityPlots(record, format: format).plots
    #expect(plots.map(\.name) == ["latency-vs-rate"])
    let plot = try #require(plots.first)
    #expect(plot.script.contains("limit of p99: 10.0 ms"))
    #expect(plot.script.contains("λ* = "))
    #expect(plot.script.contains("knee, ") == (capacity.knee != nil))
    #expect(plot.data.contains("# interval of the capacity"))
    #expect(plot.script.contains("filledcurves"))
    // Each index of the script is a block of the data.
    let blocks = plot.data.components(separatedBy: "\n\n\n").count
    for match in plot.script.matches(of: /index (\d+)/) {
      #expect(Int(match.1).map { $0 < blocks } == true)
    }
    if let gnuplot = try? Gnuplot() {
      let directory = FileManager.default.temporaryDirectory
        .appendingPathComponent(UUID().uuidString).path
      defer { try? FileManager.default.removeItem(atPath: directory) }
      #expect(try gnuplot.draw(plots, in: directory).count == 1)
    }
  }

  @Test func `the targets are not held against probes beyond the capacity`() throws {
    var record = SampleRecord.rates.record
    #expect(RunSections(ReportSubject(record)).targets.contains("<table"))
    record.capacity = try Self.record()
    let section = RunSections(ReportSubject(record)).targets
    #expect(!section.contains("<table"))
    #expect(section.contains("Each of its probes was held against: claim.p99 &lt; 10ms"))
  }

  @Test func `a run without a capacity has no such picture`() {
    #expect(CapacityPlots(RunRecord(rows: [], manifest: nil)).plots.isEmpty)
  }
}
