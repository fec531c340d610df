import Foundation

/// What combinations of levels are probably worth, guessed from some that were measured.
///
/// A combination's value is taken for a sum of what each of its levels adds, what each pair of them adds, and
/// what is its own, all of them normally distributed, plus noise: a Gaussian process over the factors. So a
/// combination that was measured once also profits from others with the same levels, and one that never was
/// gets a guess. How large the parts and the noise are is chosen by the likelihood of the data. Source:
/// Rasmussen and Williams, "Gaussian processes for machine learning", 2006, algorithm 2.1.
package struct LevelModel: Sendable {
  /// The mean of some measurements of one combination.
  package struct Sample: Sendable {
    /// The level on each factor.
    package let levels: [Int]
    /// The mean of the measured values.
    package let value: Double
    /// How many there were.
    package let count: Int

    package init(levels: [Int], value: Double, count: Int) {
      self.levels = levels
      self.value = value
      self.count = count
    }
  }

  /// A guess.
  package struct Prediction: Sendable, Equatable {
    package let mean: Double
    /// How far the guess may be off: a standard deviation.
    package let deviation: Double
  }

  /// How the variance of true values is divided; the rest is a combination's own.
  private struct Shares {
    let single: Double
    let pair: Double
    /// Relative to the variance of true values.
    let noise: Double

    static let candidates = [(0.8, 0.15), (0.5, 0.35)].flatMap { single, pair in
      [0.002, 0.01, 0.05, 0.2, 0.8].map { Shares(single: single, pair: pair, noise: $0) }
    }

    /// How alike two combinations are that share `same` of `count` levels.
    func likeness(same: Int, of count: Int) -> Double {
      if same == count { return 1 }
      let pairs = count > 1 ? Double(same * (same - 1)) / Double(count * (count - 1)) : 0
      return single * Double(same) / Double(max(1, count)) + pair * pairs
    }
  }

  private let samples: [Sample]
  private let shares: Shares
  private let mean: Double
  private let variance: Double
  private let factor: Cholesky
  private let weights: [Double]

  /// A model of `samples`; nil for none.
  ///
  /// - Precondition: all have as many levels, finite values and a count of at least 1.
  package init?(_ samples: [Sample]) {
    guard let first = samples.first else { return nil }
    precondition(samples.allSatisfy { $0.levels.count == first.levels.count && $0.count >= 1 })
    let mean = samples.reduce(0) { $0 + $1.value } / Double(samples.count)
    let residuals = samples.map { $0.value - mean }
    // Values all alike leave nothing to divide; then every guess is their mean.
    let variance = max(1e-12, residuals.reduce(0) { $0 + $1 * $1 } / Double(samples.count))
    let same = samples.map { left in samples.map { Self.same(left.levels, $0.levels) } }
    var best: (likelihood: Double, shares: Shares, factor: Cholesky, weights: [Double])?
    for shares in Shares.candidates {
      let matrix = samples.indices.flatMap { row in
        (0...row).map { column in
          shares.likeness(same: same[row][column], of: first.levels.count)
            + (row == column ? shares.noise / Double(samples[row].count) + 1e-9 : 0)
        }
      }
      guard let factor = Cholesky(lowerTriangle: matrix, size: samples.count) else { continue }
      let weights = factor.solve(residuals)
      let fit = zip(weights, residuals).reduce(0) { $0 + $1.0 * $1.1 } / variance
      let likelihood = -0.5 * fit - factor.halfLogDeterminant
      if likelihood > best?.likelihood ?? -.infinity {
        best = (likelihood, shares, factor, weights)
      }
    }
    guard let best else { return nil }
    self.samples = samples
    self.mean = mean
    self.variance = variance
    (shares, factor, weights) = (best.shares, best.factor, best.weights)
  }

  private static func same(_ left: [Int], _ right: [Int]) -> Int {
    var count = 0
    for index in left.indices where left[index] == right[index] { count += 1 }
    return count
  }

  /// The guess for a combination.
  package func prediction(for levels: [Int]) -> Prediction {
    let likeness = samples.map {
      shares.likeness(same: Self.same($0.levels, levels), of: levels.count)
    }
    let guess = zip(likeness, weights).reduce(0) { $0 + $1.0 * $1.1 }
    let explained = factor.forward(likeness).reduce(0) { $0 + $1 * $1 }
    return Prediction(
      mean: mean + guess, deviation: (variance * max(0, 1 - explained)).squareRoot())
  }
}

/// The lower triangle L of a symmetric matrix A = L·Lᵀ, row by row.
private struct Cholesky: Sendable {
  private let rows: [Double]
  private let size: Int

  /// Nil if the matrix is not positive definite.
  init?(lowerTriangle: [Double], size: Int) {
    var rows = lowerTriangle
    let isPositive = rows.withUnsafeMutableBufferPointer { rows in
      for row in 0..<size {
        let rowStart = row * (row + 1) / 2
        for column in 0...row {
          let columnStart = column * (column + 1) / 2
          var sum = rows[rowStart + column]
          for index in 0..<column { sum -= rows[rowStart + index] * rows[columnStart + index] }
          if row == column {
            guard sum > 0 else { return false }
            rows[rowStart + column] = sum.squareRoot()
          } else {
            rows[rowStart + column] = sum / rows[columnStart + column]
          }
        }
      }
      return true
    }
    guard isPositive else { return nil }
    self.rows = rows
    self.size = size
  }

  /// Half the logarithm of the matrix' determinant.
  var halfLogDeterminant: Double {
    (0..<size).reduce(0) { $0 + log(rows[$1 * ($1 + 1) / 2 + $1]) }
  }

  /// The x with L·x = b.
  func forward(_ b: [Double]) -> [Double] {
    var x = b
    for row in 0..<size {
      let start = row * (row + 1) / 2
      var sum = x[row]
      for index in 0..<row { sum -= rows[start + index] * x[index] }
      x[row] = sum / rows[start + row]
    }
    return x
  }

  /// The x with A·x = b.
  func solve(_ b: [Double]) -> [Double] {
    var x = forward(b)
    for row in (0..<size).reversed() {
      var sum = x[row]
      for index in row + 1..<max(row + 1, size) {
        sum -= rows[index * (index + 1) / 2 + row] * x[index]
      }
      x[row] = sum / rows[row * (row + 1) / 2 + row]
    }
    return x
  }
}
