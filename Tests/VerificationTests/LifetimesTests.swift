import Recording
import Testing

@testable import Verification

/// Lifetimes by a window from 100 to 200 ms after the beginning; leases of 100 ms.
@Suite struct LifetimesTests {
  private static let window: Range<UInt64> = 1_100_000_000..<1_200_000_000

  @Test func aTaskIsFollowedFromProcessToProcess() throws {
    var history = TimedHistory()
    history.enqueue(1, 110...112, intendedMs: 105)
    history.claim(1, 120...123)
    history.complete(1, 130...134)
    let lifetimes = history.checker.lifetimes(in: Self.window)
    #expect(lifetimes.enqueued == 1 && lifetimes.neverCompleted == 0)
    #expect(lifetimes.endToEnd.maxNs == 29_000_000 && lifetimes.endToEnd.count == 1)
    #expect(lifetimes.queued.maxNs == 11_000_000 && lifetimes.queued.count == 1)
    #expect(lifetimes.reclaim.count == 0)
    #expect(lifetimes.timeInWindowNs == 29e6)
  }

  @Test func theWindowIsOfIntendedEnqueuesAndOfEndsOfCompletions() {
    var history = TimedHistory()
    // Meant for before the window, completed in it; and the other way round.
    history.enqueue(1, 110...112, intendedMs: 99)
    history.claim(1, 120...123)
    history.complete(1, 130...132)
    history.enqueue(2, 190...192)
    history.claim(2, 300...301)
    history.complete(2, 310...312)
    // Never claimed, never completed, and after the window.
    history.enqueue(3, 190...191)
    history.enqueue(4, 190...191)
    history.claim(4, 300...305)
    history.enqueue(5, 200...201)
    let lifetimes = history.checker.lifetimes(in: Self.window)
    #expect(lifetimes.enqueued == 3 && lifetimes.neverCompleted == 2)
    #expect(lifetimes.endToEnd.count == 1 && lifetimes.endToEnd.maxNs == 122_000_000)
    #expect(lifetimes.queued.count == 2 && lifetimes.queued.maxNs == 114_000_000)
    #expect(lifetimes.neverClaimed == 1)
    #expect(lifetimes.timeInWindowNs == 32e6 + 3 * 10e6)
  }

  @Test func theFirstClaimAndTheAcceptedCompletionCount() {
    var history = TimedHistory()
    history.enqueue(1, 100...101)
    history.claim(1, 102...103)
    history.claim(1, attempt: 2, 205...207)
    history.record(.complete, .refused, 1, 210...211)
    history.complete(1, attempt: 2, 212...213)
    // Repeated, and answered alike.
    history.complete(1, attempt: 2, 220...221)
    let lifetimes = history.checker.lifetimes(in: Self.window)
    #expect(lifetimes.queued.maxNs == 2_000_000)
    #expect(lifetimes.endToEnd.maxNs == 113_000_000)
    #expect(lifetimes.timeInWindowNs == 100e6)
  }

  @Test func whatTheDatabaseKnowsToBeCompletedIsFinished() {
    var history = History()
    history.enqueue(1)
    history.claim(1)
    history.statuses[1] = .completed
    history.enqueue(2)
    let lifetimes = history.checker.lifetimes(in: 0..<UInt64.max, state: history.finalState)
    #expect(lifetimes.neverCompleted == 2 && lifetimes.unfinished == 1)
  }

  @Test func aReclaimIsMeasuredFromTheEndOfTheLease() {
    var history = TimedHistory()
    history.enqueue(1, 0...1)
    history.claim(1, 10...12)
    history.claim(1, attempt: 2, 150...151)
    // After the window, where what was lost within it is taken over.
    history.claim(1, attempt: 3, 260...261)
    // An extension moves the end.
    history.enqueue(2, 0...1)
    history.claim(2, 10...12)
    history.record(.extend, 2, 40...41)
    history.claim(2, attempt: 2, 150...151)
    // Given back, or of an attempt that nobody recorded: no lease ran out, as far as is known.
    history.enqueue(3, 0...1)
    history.claim(3, 10...12)
    history.record(.release, 3, 20...21)
    history.claim(3, attempt: 2, 150...151)
    history.enqueue(4, 0...1)
    history.claim(4, 10...12)
    history.claim(4, attempt: 3, 180...181)
    let reclaim = history.checker.lifetimes(in: Self.window).reclaim
    #expect(reclaim.count == 3)
    #expect(reclaim.maxNs == 41_000_000)
    #expect(abs(reclaim.meanNs - 21_000_000) < 1000)
  }

  @Test func prefilledTasksAreNotOfTheWindow() {
    var history = TimedHistory()
    history.prefilledCount = 1
    history.claim(1, 110...111)
    history.complete(1, 120...121)
    let lifetimes = history.checker.lifetimes(in: Self.window)
    #expect(lifetimes.enqueued == 0 && lifetimes.timeInWindowNs == 21e6)
  }

  /// Little's law, on a simulated queue: the number in the system over time is the time of all tasks.
  @Test(arguments: 1...5 as ClosedRange<UInt64>)
  func littlesLawHolds(seed: UInt64) throws {
    var load = SimulatedLoad(records: 30_000, order: .fifo)
    load.backlog = 50
    load.prefilledCount = 30
    load.delayedPerMille = 0
    let history = SimulatedHistory(load, seed: seed)
    var changes: [(ns: UInt64, change: Int)] = []
    let records = history.logs.joined().filter { $0.outcome == .ok }.sorted { $0.endNs < $1.endNs }
    var present = Set((0..<load.prefilledCount).map { Int64($0 + 1) })
    for record in records where record.kind == .enqueue {
      present.insert(record.taskID)
      changes.append((record.intendedStartNs, 1))
    }
    // A completion that is repeated is answered alike; tasks whose enqueue got no answer are left out.
    for record in records where record.kind == .complete {
      if present.remove(record.taskID) != nil { changes.append((record.endNs, -1)) }
    }
    changes.sort { $0.ns < $1.ns }
    let window = changes[changes.count / 5].ns..<changes[changes.count * 4 / 5].ns
    var count = load.prefilledCount
    var area = 0.0
    var fromNs: UInt64 = 0
    for (ns, change) in changes {
      let (low, high) = (max(fromNs, window.lowerBound), min(ns, window.upperBound))
      if low < high { area += Double(count) * Double(high - low) }
      count += change
      fromNs = ns
    }
    let timeNs = history.checker().lifetimes(in: window).timeInWindowNs
    #expect(abs(timeNs / area - 1) < 0.01, "seed \(seed): \(timeNs) for \(area)")
  }
}
