import TestSupport
import Testing

@testable import Statistics

@Suite("Scalability law")
struct ScalabilityLawTests {
  typealias Point = ScalabilityLaw.Point

  private func points(_ processes: [Double], _ throughputs: [Double]) -> [Point] {
    zip(processes, throughputs).map { Point(processes: $0, throughput: $1) }
  }

  private func isClose(_ a: Double, _ b: Double, _ tolerance: Double = 1e-6) -> Bool {
    a == b || abs(a - b) <= tolerance * max(abs(a), abs(b))
  }

  @Test func `agrees with the published fit of SPEC SDM91`() throws {
    // The numbers of the R package usl (gamma, alpha, beta, peak); more digits by scipy 1.17.
    let law = try #require(
      ScalabilityLaw.fitted(
        to: points(
          [1, 18, 36, 72, 108, 144, 216],
          [64.9, 995.9, 1652.4, 1853.2, 1828.9, 1775.0, 1702.2])))
    #expect(isClose(law.lambda, 89.9951923))
    #expect(isClose(law.sigma, 0.0277284198, 1e-5))
    #expect(isClose(law.kappa, 1.04365767e-4, 1e-5))
    #expect(isClose(law.peakProcesses, 96.52, 1e-4))
  }

  /// Where the best fit lies on a bound; by scipy's bounded least squares.
  @Test(
    arguments: [
      (
        [1, 4, 8, 12, 16, 20, 24, 28, 32, 48, 64],
        [20, 78, 130, 170, 190, 200, 210, 230, 260, 280, 310], [21.848843, 0.05777078, 0]
      ),
      ([1, 2, 4, 8], [10, 20.5, 41, 83], [10.3411765, 0, 0]),
      ([1, 2, 4, 8], [100, 99, 101, 100], [99.7031662, 0.994419151, 0]),
      ([2, 4, 8, 16], [1000, 800, 500, 300], [949.369266, 0.536249509, 0.180458445]),
    ] as [([Double], [Double], [Double])])
  func `keeps its bounds`(processes: [Double], throughputs: [Double], expected: [Double]) throws {
    let law = try #require(ScalabilityLaw.fitted(to: points(processes, throughputs)))
    #expect(isClose(law.lambda, expected[0]))
    #expect(isClose(law.sigma, expected[1]))
    #expect(isClose(law.kappa, expected[2]))
  }

  @Test(arguments: [
    ScalabilityLaw(lambda: 1000, sigma: 0.1, kappa: 0.002),
    ScalabilityLaw(lambda: 3, sigma: 0, kappa: 0.01),
    ScalabilityLaw(lambda: 1e6, sigma: 0.9, kappa: 0),
    ScalabilityLaw(lambda: 1e-3, sigma: 1.5, kappa: 0.5),
  ])
  func `finds the law that made the points`(law: ScalabilityLaw) throws {
    let processes = [1.0, 2, 4, 8, 16, 32]
    let fitted = try #require(
      ScalabilityLaw.fitted(to: points(processes, processes.map(law.throughput(ofProcesses:)))))
    #expect(isClose(fitted.lambda, law.lambda))
    #expect(abs(fitted.sigma - law.sigma) < 1e-6)
    #expect(abs(fitted.kappa - law.kappa) < 1e-6)
  }

  @Test(
    arguments: [
      (0, 0, .infinity), (0.5, 0, .infinity), (1, 0, 1), (1.5, 0.1, 1), (0.5, 0.005, 10),
      (0.5, 2, 1),
    ] as [(Double, Double, Double)])
  func `peaks where more processes begin to harm`(sigma: Double, kappa: Double, peak: Double) {
    let law = ScalabilityLaw(lambda: 10, sigma: sigma, kappa: kappa)
    #expect(law.peakProcesses == peak)
    guard peak.isFinite else { return }
    #expect(law.throughput(ofProcesses: peak) >= law.throughput(ofProcesses: peak + 0.1))
    if peak > 1 {
      #expect(law.throughput(ofProcesses: peak) > law.throughput(ofProcesses: peak - 0.1))
    }
  }

  @Test(
    arguments: [
      ([], []), ([1, 2], [1, 2]), ([1, 2, 2, 1], [1, 2, 3, 4]), ([1, 2, 4], [1, 0, 2]),
      ([1, 2, 4], [1, -1, 2]), ([0.5, 2, 4], [1, 1, 2]), ([1, 2, 4], [1, .nan, 2]),
      ([1, .infinity, 4], [1, 1, 2]),
    ] as [([Double], [Double])])
  func `has no fit to too little`(processes: [Double], throughputs: [Double]) {
    #expect(ScalabilityLaw.fitted(to: points(processes, throughputs)) == nil)
  }

  @Test func `intervals hold the truth and depend on nothing but the seed`() throws {
    let law = ScalabilityLaw(lambda: 1000, sigma: 0.1, kappa: 0.01)
    var noise = NormalGenerator(seed: 21)
    var hits = [0, 0, 0, 0]
    for run in 0..<40 as Range<UInt64> {
      let points = [1.0, 2, 4, 8, 16].flatMap { processes in
        (0..<8).map { _ in
          Point(
            processes: processes,
            throughput: law.throughput(ofProcesses: processes) * (1 + 0.05 * noise.next()))
        }
      }
      var generator = SeededGenerator(seed: run)
      let intervals = try #require(
        ScalabilityIntervals.bootstrapped(points, resamples: 100, using: &generator))
      let truths: [(Interval, Double)] = [
        (intervals.lambda, law.lambda), (intervals.sigma, law.sigma),
        (intervals.kappa, law.kappa), (intervals.peakProcesses, law.peakProcesses),
      ]
      for (index, (interval, truth)) in truths.enumerated()
      where interval.low <= truth && truth <= interval.high {
        hits[index] += 1
      }
      if run == 0 {
        var same = SeededGenerator(seed: run)
        var other = SeededGenerator(seed: run + 1)
        #expect(
          ScalabilityIntervals.bootstrapped(points, resamples: 100, using: &same) == intervals)
        #expect(
          ScalabilityIntervals.bootstrapped(points, resamples: 100, using: &other) != intervals)
      }
    }
    // Nominally 95 %; of 8 repeats a bootstrap promises a little too much.
    for count in hits { #expect(count >= 32, "\(hits) of 40") }
  }

  @Test func `one repeat tells nothing of its spread`() {
    var generator = SeededGenerator(seed: 1)
    let once = points([1, 2, 4], [10, 18, 30])
    #expect(ScalabilityIntervals.bootstrapped(once, using: &generator) == nil)
    #expect(ScalabilityIntervals.bootstrapped(once + once, resamples: 10, using: &generator) != nil)
    #expect(
      ScalabilityIntervals.bootstrapped(
        points([1, 1, 2, 2], [1, 1, 2, 2]), resamples: 10, using: &generator) == nil)
  }
}
