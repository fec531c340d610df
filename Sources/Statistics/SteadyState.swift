import Foundation

/// Whether a measurement has settled, and from when on.
package struct SteadyState: Equatable, Sendable {
  package enum Label: String, CaseIterable, Sendable {
    /// Nothing changes over the series.
    case flat
    /// The beginning is lower than the rest, which is steady: it may be left out.
    case warmUp = "warm-up"
    /// The values fall. Never trimmed: growth of the cost with the table is a finding.
    case slowdown
    /// The values still rise at the end, or rise so late that what is left says too little: measure
    /// longer.
    case none = "no-steady-state"
  }

  package let label: Label
  /// The first window of the steady part; 0 if the series is flat, nil if it does not settle.
  package let steadyFrom: Int?

  package init(label: Label, steadyFrom: Int?) {
    self.label = label
    self.steadyFrom = steadyFrom
  }
}

/// Where the throughput of consecutive windows of equal length has become steady.
///
/// 1. Of 100 windows or more, means of five take their place (what is left over at the end is not
///    looked at); of fewer, means of five would be too few to tell anything from.
/// 2. Is there a change? Either a step (the split that leaves the smallest sum of squares) or a trend
///    (Mann–Kendall), each measured against the noise around the better fitting of the two, and with the
///    autocorrelation of that noise: see ``change(in:)``. Changes of less than 5 % of the median are left
///    alone, however certain. No change: flat. Down: slowdown.
/// 3. Up: MSER tells how much to leave out: d* = argmin over d ≤ n/2 of Σ(Z_i − mean_d)² / (n−d)² over
///    the values Z_d… . If d* is 0 or n/2, or the rest still rises, there is no steady state; if the rest
///    falls, the series is a slowdown with a warm-up in front; else it is a warm-up of d* values.
///
/// The limits are set such that few flat series are called anything else: in simulations 1 in 50 if the
/// noise is independent, 1 in 30 if it is correlated by 0.3 from one value to the next, 1 in 17 if by 0.5,
/// and half of that or less with 100 windows or more. With 20 windows and a
/// standard deviation of 5 %, about nine in ten warm-ups that are 30 % lower for a fifth of the time are
/// found; more noise needs more windows. Returns nil for fewer than 10 windows.
///
/// Where less is better, give the negated values. Source: White, "An effective truncation heuristic for
/// bias reduction in simulation output", Simulation 69, 1997 (MSER-5).
///
/// - Precondition: all values are finite.
package func steadyState(of windows: [Double]) -> SteadyState? {
  guard windows.count >= 10 else { return nil }
  let batch = windows.count >= 100 ? 5 : 1
  let values = (0..<windows.count / batch).map { index in
    windows[index * batch..<(index + 1) * batch].reduce(0, +) / Double(batch)
  }
  let truncation = mserTruncation(of: values)
  let isSettled = truncation > 0 && truncation < values.count / 2
  lazy var rest = change(in: Array(values[truncation...]))
  switch change(in: values) {
  case .down: return SteadyState(label: .slowdown, steadyFrom: nil)
  case .none:
    // A rise at first can hide a fall after it from a look at the whole.
    if truncation > 0, rest == .down { return SteadyState(label: .slowdown, steadyFrom: nil) }
    return SteadyState(label: .flat, steadyFrom: 0)
  case .up:
    guard isSettled else { return SteadyState(label: .none, steadyFrom: nil) }
    switch rest {
    case .down: return SteadyState(label: .slowdown, steadyFrom: nil)
    case .up: return SteadyState(label: .none, steadyFrom: nil)
    case .none: return SteadyState(label: .warmUp, steadyFrom: truncation * batch)
    }
  }
}

/// How many values to leave out at the beginning according to MSER; of equals the fewest.
func mserTruncation(of values: [Double]) -> Int {
  guard let last = values.last else { return 0 }
  // From the end on, relative to the last value, so that the squares do not drown the differences.
  var sum = 0.0
  var squares = 0.0
  var best = (truncation: 0, statistic: Double.infinity)
  for index in values.indices.reversed() {
    let value = values[index] - last
    sum += value
    squares += value * value
    let count = Double(values.count - index)
    let statistic = max(0, squares - sum * sum / count) / (count * count)
    if index <= values.count / 2, statistic <= best.statistic { best = (index, statistic) }
  }
  return best.truncation
}

/// Which way a series changes.
enum Change {
  case up
  case down
  case none
}

/// Whether a series changes by a step or a trend that its noise does not explain.
///
/// Both limits are those of a level of about one in a hundred, for the largest of all steps, and are
/// raised for short series, whose noise is known badly; found by simulation. A fall must last for a tenth
/// of the series on either side, and three values: otherwise it is a stall. So must a rise at the end.
func change(in values: [Double]) -> Change {
  let count = Double(values.count)
  guard values.count >= 5, let centre = median(of: values) else { return .none }
  let minimumEffect = 0.05 * abs(centre)
  let caution = 1 + 5 / count

  let slope =
    theilSenSlope(x: values.indices.map(Double.init), y: values)?.value ?? 0
  let line = centred(values.enumerated().map { $1 - slope * Double($0) })
  var noise = Noise(residuals: line, parameters: 2)
  let step = bestStep(in: values)
  if let step {
    let flat = centred(Array(values[..<step])) + centred(Array(values[step...]))
    let other = Noise(residuals: flat, parameters: 3)
    if other.sumOfSquares < noise.sumOfSquares { noise = other }
  }

  if let step {
    let before = Double(step)
    let shift = mean(values[step...]) - mean(values[..<step])
    let deviation = (noise.longRunVariance * (1 / before + 1 / (count - before))).squareRoot()
    if abs(shift) > 3.3 * caution * deviation, abs(shift) >= minimumEffect {
      return shift > 0 ? .up : .down
    }
  }
  var pairs = 0.0
  for later in values.indices {
    for earlier in 0..<later {
      if values[later] > values[earlier] { pairs += 1 }
      if values[later] < values[earlier] { pairs -= 1 }
    }
  }
  let variance = kendallVariance(x: values.indices.map(Double.init), y: values) * noise.inflation
  if abs(pairs) - 1 > 2.4 * caution * variance.squareRoot(),
    abs(slope) * (count - 1) >= minimumEffect
  {
    return pairs > 0 ? .up : .down
  }
  return .none
}

/// Where to split a series such that the two parts scatter least around their own means; nil if it is too
/// short.
private func bestStep(in values: [Double]) -> Int? {
  let shortest = max(3, values.count / 10)
  let origin = values[0]
  let total = values.reduce(0) { $0 + ($1 - origin) }
  let count = Double(values.count)
  var sum = 0.0
  var best: (index: Int, gain: Double)?
  for index in 1..<values.count {
    sum += values[index - 1] - origin
    let before = Double(index)
    let after = count - before
    let isRise = (total - sum) / after > sum / before
    guard values.count - index >= shortest, isRise || index >= shortest else { continue }
    // What the sum of squares loses by the split.
    let gain = sum * sum / before + (total - sum) * (total - sum) / after
    if gain > best?.gain ?? -.infinity { best = (index, gain) }
  }
  return best?.index
}

/// What is left of a series without its change.
private struct Noise {
  let sumOfSquares: Double
  private let variance: Double
  /// By how much autocorrelation raises the variance of a mean: (1+ρ)/(1−ρ) for an AR(1) process.
  let inflation: Double

  /// The variance of a mean of n values is a n-th of this.
  var longRunVariance: Double { variance * inflation }

  /// `parameters` have been fitted to get the residuals.
  init(residuals: [Double], parameters: Double) {
    let count = Double(residuals.count)
    sumOfSquares = residuals.reduce(0) { $0 + $1 * $1 }
    variance = sumOfSquares / (count - parameters)
    let products = zip(residuals, residuals.dropFirst()).reduce(0) { $0 + $1.0 * $1.1 }
    let raw = sumOfSquares > 0 ? products / sumOfSquares : 0
    // The raw coefficient of a short series is too small, and more so the more was fitted.
    let corrected = raw + (parameters + 5 * max(0, raw)) / count
    let correlation = min(max(0, corrected), 0.8)
    inflation = (1 + correlation) / (1 - correlation)
  }
}

private func mean(_ values: ArraySlice<Double>) -> Double {
  values.reduce(0, +) / Double(values.count)
}

private func centred(_ values: [Double]) -> [Double] {
  let centre = mean(values[...])
  return values.map { $0 - centre }
}
