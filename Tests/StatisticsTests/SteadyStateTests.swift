import Testing

@testable import Statistics

@Suite("Steady state")
struct SteadyStateTests {
  typealias Label = SteadyState.Label

  /// How often each label is given to series that `change` has been applied to.
  private func labels(
    _ runs: Int = 100, windows: Int, deviation: Double, correlation: Double = 0, seed: UInt64,
    _ change: (inout [Double]) -> Void = { _ in }
  ) throws -> [Label: Int] {
    var noise = NormalGenerator(seed: seed)
    var counts: [Label: Int] = [:]
    for _ in 0..<runs {
      var series = noise.series(windows, deviation: deviation, correlation: correlation)
      change(&series)
      counts[try #require(steadyState(of: series)).label, default: 0] += 1
    }
    return counts
  }

  @Test(arguments: [16, 20, 40, 100, 200], [0, 0.3, 0.5])
  func `flat series are called flat`(windows: Int, correlation: Double) throws {
    let counts = try labels(
      150, windows: windows, deviation: 0.1, correlation: correlation,
      seed: UInt64(windows) + UInt64(correlation * 1000))
    // The highest rate that was seen in long simulations is 6 %; two standard deviations more.
    #expect(150 - counts[.flat, default: 0] <= 15, "\(counts)")
  }

  @Test(arguments: [20, 40, 100, 300])
  func `a slow beginning is a warm-up, and only that is trimmed`(windows: Int) throws {
    var noise = NormalGenerator(seed: 5)
    var found = 0
    for _ in 0..<200 {
      var series = noise.series(windows, deviation: 0.05)
      for index in 0..<windows / 5 { series[index] *= 0.7 }
      let state = try #require(steadyState(of: series))
      #expect(state.label != .slowdown || windows < 100)
      guard state.label == .warmUp, let from = state.steadyFrom else { continue }
      found += 1
      // All of it goes, up to a batch; and never more than half.
      #expect(from >= windows / 5 - 5)
      #expect(from <= windows / 2)
    }
    #expect(found >= 176, "\(found) of 200")
  }

  @Test func `the first window alone can be a warm-up`() {
    var series = [Double](repeating: 1000, count: 30)
    for index in series.indices where index.isMultiple(of: 3) { series[index] = 1020 }
    series[0] = 300
    #expect(steadyState(of: series) == SteadyState(label: .warmUp, steadyFrom: 1))
  }

  @Test(arguments: [40, 100, 300])
  func `falling throughput is a slowdown`(windows: Int) throws {
    let counts = try labels(windows: windows, deviation: 0.05, correlation: 0.3, seed: 3) {
      series in
      for index in series.indices {
        series[index] *= 1 - 0.2 * Double(index) / Double(windows - 1)
      }
    }
    #expect(counts[.slowdown, default: 0] >= 95, "\(counts)")
  }

  @Test(arguments: [40, 100, 300])
  func `a late fall is a slowdown`(windows: Int) throws {
    let counts = try labels(windows: windows, deviation: 0.05, seed: 4) { series in
      for index in windows * 7 / 10..<windows { series[index] *= 0.7 }
    }
    #expect(counts[.slowdown, default: 0] >= 98, "\(counts)")
  }

  @Test func `a high beginning is never trimmed`() throws {
    let counts = try labels(windows: 100, deviation: 0.05, seed: 5) { series in
      for index in 0..<20 { series[index] *= 1.4 }
    }
    #expect(counts[.slowdown, default: 0] >= 98, "\(counts)")
    #expect(counts[.warmUp] == nil)
  }

  @Test func `a fall after a warm-up is a slowdown`() throws {
    let counts = try labels(windows: 300, deviation: 0.05, seed: 6) { series in
      for index in series.indices {
        series[index] *= index < 30 ? 0.6 : 1 - 0.3 * Double(index - 30) / 270
      }
    }
    #expect(counts[.slowdown, default: 0] >= 95, "\(counts)")
  }

  @Test func `what still rises has no steady state`() throws {
    let counts = try labels(windows: 300, deviation: 0.05, seed: 7) { series in
      for index in series.indices { series[index] *= 0.7 + 0.3 * Double(index) / 299 }
    }
    #expect(counts[.none, default: 0] >= 95, "\(counts)")
    var late = [Double](repeating: 500, count: 40)
    for index in 25..<40 { late[index] = 1000 + Double(index % 2) }
    #expect(steadyState(of: late) == SteadyState(label: .none, steadyFrom: nil))
  }

  @Test func `stalls are noise`() throws {
    let counts = try labels(windows: 100, deviation: 0.05, seed: 8) { series in
      // Every 13th window is lost to a checkpoint, the last one among them.
      for index in series.indices where index % 13 == 8 { series[index] *= 0.3 }
    }
    #expect(counts[.flat, default: 0] >= 95, "\(counts)")
    var lastIsLow = (0..<30).map { 1000 + Double($0 % 5) }
    lastIsLow[29] = 100
    #expect(steadyState(of: lastIsLow)?.label == .flat)
    var firstIsHigh = (0..<30).map { 1000 + Double($0 % 5) }
    firstIsHigh[0] = 3000
    #expect(steadyState(of: firstIsHigh)?.label == .flat)
  }

  @Test func `small changes are left alone, however certain`() {
    let rise = (0..<200).map { 1000 + 0.2 * Double($0) }
    #expect(steadyState(of: rise) == SteadyState(label: .flat, steadyFrom: 0))
    let more = (0..<200).map { 1000 + Double($0) }
    #expect(steadyState(of: more) == SteadyState(label: .none, steadyFrom: nil))
    #expect(steadyState(of: more.map { -$0 })?.label == .slowdown)
  }

  @Test func `too few windows say nothing, and equal ones are flat`() {
    #expect(steadyState(of: [Double](repeating: 7, count: 9)) == nil)
    for count in [10, 99, 100, 104] {
      for value in [0, 7, 1e-300, 1e300] {
        #expect(
          steadyState(of: [Double](repeating: value, count: count))
            == SteadyState(label: .flat, steadyFrom: 0))
      }
    }
  }

  @Test func `MSER leaves out what is unlike the rest`() {
    #expect(mserTruncation(of: []) == 0)
    #expect(mserTruncation(of: [5]) == 0)
    #expect(mserTruncation(of: [4, 4, 4, 4]) == 0)
    // By hand, d = 0: 75/4² = 4.69; d = 1: 0/3² = 0.
    #expect(mserTruncation(of: [0, 10, 10, 10]) == 1)
    // d = 0: 46.8/25; d = 1: 2/16; d = 2: 2/9, all by hand.
    #expect(mserTruncation(of: [1, 8, 9, 8, 9]) == 1)
    // A line is steadiest in its second half.
    #expect(mserTruncation(of: (0..<20).map(Double.init)) == 10)
    #expect(mserTruncation(of: [0, 10, 10, 10].map { $0 + 1e9 }) == 1)
  }
}
