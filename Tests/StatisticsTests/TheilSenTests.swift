import Testing

@testable import Statistics

@Suite("Theil–Sen slope")
struct TheilSenTests {
  @Test func `agrees with the example of Sen`() throws {
    // Sen 1968, with the interval of scipy.stats.theilslopes 1.17.
    let estimate = try #require(
      theilSenSlope(x: [1, 2, 3, 4, 10, 12, 18], y: [9, 15, 19, 20, 45, 55, 78]))
    #expect(estimate.value == 4)
    let interval = try #require(estimate.interval)
    #expect(abs(interval.low - 26.0 / 7) < 1e-12)
    #expect(abs(interval.high - 4.375) < 1e-12)
  }

  @Test func `agrees with scipy on ties`() throws {
    let estimate = try #require(
      theilSenSlope(
        x: [1, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 10], y: [3, 4, 4, 5, 4, 7, 8, 8, 9, 9, 12, 10]))
    #expect(abs(estimate.value - 0.8) < 1e-12)
    #expect(abs(try #require(estimate.interval).low - 2.0 / 3) < 1e-12)
    #expect(abs(try #require(estimate.interval).high - 1) < 1e-12)
  }

  @Test func `is exact on a line and ignores an outlier`() throws {
    let x = (0..<20).map(Double.init)
    var y = x.map { 3 - 2 * $0 }
    #expect(
      theilSenSlope(x: x, y: y) == Estimate(value: -2, interval: Interval(low: -2, high: -2)))
    y[7] = 1e9
    #expect(try #require(theilSenSlope(x: x, y: y)).value == -2)
  }

  @Test func `needs two places, and a few points for an interval`() {
    #expect(theilSenSlope(x: [], y: []) == nil)
    #expect(theilSenSlope(x: [1], y: [1]) == nil)
    #expect(theilSenSlope(x: [1, 1], y: [1, 2]) == nil)
    #expect(theilSenSlope(x: [1, 2], y: [1, 3]) == Estimate(value: 2, interval: nil))
    #expect(theilSenSlope(x: [1, 2, 3, 4], y: [1, 3, 5, 7])?.interval == nil)
    #expect(theilSenSlope(x: [1, 2, 3, 4, 5], y: [1, 3, 5, 7, 9])?.interval != nil)
  }

  @Test func `holds the true slope in 95 of 100 intervals`() throws {
    var noise = NormalGenerator(seed: 11)
    let x = (0..<25).map(Double.init)
    var hits = 0
    for _ in 0..<2000 {
      let y = x.map { 7 + 0.3 * $0 + noise.next() }
      let interval = try #require(theilSenSlope(x: x, y: y)?.interval)
      if interval.low <= 0.3, 0.3 <= interval.high { hits += 1 }
    }
    // 95 % ± 3 standard deviations, and half a percent because ranks are whole numbers.
    #expect((1861...1949).contains(hits), "\(hits) of 2000")
  }
}

@Suite("Normal quantile")
struct NormalQuantileTests {
  @Test(
    arguments: [
      (0.5, 0), (0.975, 1.959963984540054), (0.995, 2.5758293035489004),
      (0.025, -1.959963984540054), (1e-10, -6.361340902404056),
    ] as [(Double, Double)])
  func `is the tabulated one`(probability: Double, quantile: Double) {
    #expect(abs(normalQuantile(probability) - quantile) < 1e-9)
  }
}
