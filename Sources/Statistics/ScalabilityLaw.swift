/// Gunther's Universal Scalability Law: X(N) = λN / (1 + σ(N−1) + κN(N−1)).
///
/// Source: Gunther, "Guerrilla capacity planning", 2007, chapters 4 and 5.
package struct ScalabilityLaw: Equatable, Sendable {
  /// The throughput that N processes had, of one repeat.
  package struct Point: Hashable, Sendable {
    package let processes: Double
    package let throughput: Double

    package init(processes: Double, throughput: Double) {
      self.processes = processes
      self.throughput = throughput
    }
  }

  /// λ: the throughput of one process.
  package let lambda: Double
  /// σ: the share of the work that only one process at a time can do.
  package let sigma: Double
  /// κ: what every process costs every other one.
  package let kappa: Double

  package init(lambda: Double, sigma: Double, kappa: Double) {
    self.lambda = lambda
    self.sigma = sigma
    self.kappa = kappa
  }

  /// X(N).
  package func throughput(ofProcesses processes: Double) -> Double {
    let others = processes - 1
    return lambda * processes / (1 + sigma * others + kappa * processes * others)
  }

  /// N* = √((1−σ)/κ), with how many processes the throughput is largest; 1 if more than one only harm,
  /// and infinite if none does (κ = 0).
  package var peakProcesses: Double {
    guard sigma < 1 else { return 1 }
    return kappa > 0 ? max(1, ((1 - sigma) / kappa).squareRoot()) : .infinity
  }

  /// The law with the smallest sum of squared differences to the points, among those with λ > 0, σ ≥ 0
  /// and κ ≥ 0.
  ///
  /// Levenberg–Marquardt in a = 1/λ, b = σ/λ and c = κ/λ, in which N/X is linear: that linear fit is the
  /// start. The bounds are kept by fitting also without b, without c and without both, and taking the
  /// best fit within them. Returns nil with fewer than three different numbers of processes, where one of
  /// them is below 1, and where a throughput is not positive.
  package static func fitted(to points: [Point]) -> ScalabilityLaw? {
    guard Set(points.map(\.processes)).count >= 3,
      points.allSatisfy({
        $0.processes >= 1 && $0.processes.isFinite && $0.throughput > 0 && $0.throughput.isFinite
      })
    else { return nil }
    let fits = [[0, 1, 2], [0, 1], [0, 2], [0]].compactMap { free in
      ScalabilityFit(points: points, free: free)
    }
    let best = fits.filter { $0.parameters.allSatisfy { $0 >= 0 } }
      .min { $0.sumOfSquares < $1.sumOfSquares }
    guard let parameters = best?.parameters, parameters[0] > 0 else { return nil }
    return ScalabilityLaw(
      lambda: 1 / parameters[0], sigma: parameters[1] / parameters[0],
      kappa: parameters[2] / parameters[0])
  }
}

/// How well the parameters of a ``ScalabilityLaw`` are known.
package struct ScalabilityIntervals: Equatable, Sendable {
  package let lambda: Interval
  package let sigma: Interval
  package let kappa: Interval
  /// Its upper end is infinite if the points also go with a throughput that never falls.
  package let peakProcesses: Interval

  /// Percentile intervals of a bootstrap over repeats: for each number of processes as many of its points
  /// are drawn, with replacement, as it has, and the law is fitted again.
  ///
  /// The same for the same generator and order of points. Returns nil where no law can be fitted, and
  /// where a number of processes has fewer than two points, of which nothing is to be learnt. Two or three
  /// points for each give intervals that are too narrow. Source: Efron and Tibshirani, "An introduction to
  /// the bootstrap", 1993, chapter 13.
  package static func bootstrapped(
    _ points: [ScalabilityLaw.Point], resamples: Int = 1000, confidence: Double = 0.95,
    using generator: inout some RandomNumberGenerator
  ) -> ScalabilityIntervals? {
    let groups = Dictionary(grouping: points, by: \.processes).sorted { $0.key < $1.key }
      .map(\.value)
    guard resamples > 0, groups.allSatisfy({ $0.count >= 2 }) else { return nil }
    var laws: [ScalabilityLaw] = []
    for _ in 0..<resamples {
      var drawn: [ScalabilityLaw.Point] = []
      for group in groups {
        for _ in group { drawn.append(group[Int.random(in: 0..<group.count, using: &generator)]) }
      }
      guard let law = ScalabilityLaw.fitted(to: drawn) else { return nil }
      laws.append(law)
    }
    func interval(_ value: (ScalabilityLaw) -> Double) -> Interval {
      let sorted = laws.map(value).sorted()
      let rank = Int(Double(laws.count) * (1 - confidence) / 2)
      return Interval(low: sorted[rank], high: sorted[laws.count - 1 - rank])
    }
    return ScalabilityIntervals(
      lambda: interval(\.lambda), sigma: interval(\.sigma), kappa: interval(\.kappa),
      peakProcesses: interval(\.peakProcesses))
  }
}

/// A least-squares fit of X = N / (a + b(N−1) + cN(N−1)), in which only some parameters are free and the
/// others 0.
private struct ScalabilityFit {
  /// a, b and c.
  private(set) var parameters: [Double] = [0, 0, 0]
  private(set) var sumOfSquares = Double.infinity
  private let points: [ScalabilityLaw.Point]
  private let free: [Int]

  /// Nil if there is no start from which the throughputs are positive.
  init?(points: [ScalabilityLaw.Point], free: [Int]) {
    self.points = points
    self.free = free
    guard let start = linearFit(), let sum = sum(with: start) else { return nil }
    (parameters, sumOfSquares) = (start, sum)
    refine()
  }

  /// What the parameters are multiplied with to give N/X.
  private func basis(_ point: ScalabilityLaw.Point) -> [Double] {
    [1, point.processes - 1, point.processes * (point.processes - 1)]
  }

  private func ratio(_ point: ScalabilityLaw.Point, _ parameters: [Double]) -> Double {
    zip(basis(point), parameters).reduce(0) { $0 + $1.0 * $1.1 }
  }

  /// The sum of squares; nil if a throughput would not be positive.
  private func sum(with parameters: [Double]) -> Double? {
    var sum = 0.0
    for point in points {
      let ratio = ratio(point, parameters)
      guard ratio > 0 else { return nil }
      let difference = point.throughput - point.processes / ratio
      sum += difference * difference
    }
    return sum.isFinite ? sum : nil
  }

  /// Minimises the squares of N/X, weighted so that they stand for those of X.
  private func linearFit() -> [Double]? {
    var equations = NormalEquations(count: free.count)
    for point in points {
      let slope = point.throughput * point.throughput / point.processes
      equations.add(
        gradient: free.map { basis(point)[$0] * slope },
        residual: point.processes / point.throughput * slope)
    }
    guard let solution = equations.solution(damping: 0) else { return nil }
    return spread(solution)
  }

  private mutating func refine() {
    var damping = 1e-3
    for _ in 0..<200 {
      var equations = NormalEquations(count: free.count)
      for point in points {
        let ratio = ratio(point, parameters)
        let slope = -point.processes / (ratio * ratio)
        equations.add(
          gradient: free.map { basis(point)[$0] * slope },
          residual: point.throughput - point.processes / ratio)
      }
      guard let step = equations.solution(damping: damping) else { return }
      let candidate = zip(parameters, spread(step)).map { $0 + $1 }
      if let sum = sum(with: candidate), sum < sumOfSquares {
        let isDone = sumOfSquares - sum <= 1e-14 * sumOfSquares
        (parameters, sumOfSquares) = (candidate, sum)
        if isDone { return }
        damping /= 10
      } else {
        damping *= 10
        // A step this short changes nothing any more.
        if damping > 1e12 { return }
      }
    }
  }

  private func spread(_ values: [Double]) -> [Double] {
    var result = [0.0, 0, 0]
    for (index, value) in zip(free, values) { result[index] = value }
    return result
  }
}

/// JᵀJ·x = Jᵀr, collected row by row.
private struct NormalEquations {
  private var matrix: [[Double]]
  private var right: [Double]

  init(count: Int) {
    matrix = [[Double]](repeating: [Double](repeating: 0, count: count), count: count)
    right = [Double](repeating: 0, count: count)
  }

  mutating func add(gradient: [Double], residual: Double) {
    for row in gradient.indices {
      right[row] += gradient[row] * residual
      for column in gradient.indices { matrix[row][column] += gradient[row] * gradient[column] }
    }
  }

  /// The solution with the diagonal raised by that factor; nil if there is none. The matrix is positive
  /// definite, so that elimination needs no exchange of rows.
  func solution(damping: Double) -> [Double]? {
    var matrix = matrix
    var right = right
    for row in right.indices { matrix[row][row] *= 1 + damping }
    for pivot in right.indices {
      guard matrix[pivot][pivot] > 0 else { return nil }
      for row in right.indices where row > pivot {
        let factor = matrix[row][pivot] / matrix[pivot][pivot]
        for column in right.indices { matrix[row][column] -= factor * matrix[pivot][column] }
        right[row] -= factor * right[pivot]
      }
    }
    for row in right.indices.reversed() {
      for column in right.indices where column > row {
        right[row] -= matrix[row][column] * right[column]
      }
      right[row] /= matrix[row][row]
    }
    return right.allSatisfy(\.isFinite) ? right : nil
  }
}
