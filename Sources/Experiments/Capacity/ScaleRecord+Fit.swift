internal import Results
internal import Scenarios
internal import Statistics

extension ScaleRecord {
  private static let resamples = 1000

  /// The law of what was measured with each number of processes; `seed` decides what the bootstrap draws.
  ///
  /// Without at least three numbers of processes there is no law, and without two repeats of each no interval.
  init(_ results: [Int: [RepeatResult]], seed: UInt64) {
    self.init(
      points: results.sorted { $0.key < $1.key }.map { processes, results in
        var point = Point(
          processes: processes, throughputs: results.compactMap(\.throughputPerSecond))
        point.lockBound = median(
          of: results.compactMap { result in
            guard let throughput = result.throughputPerSecond, let lock = result.lock.utilisation,
              lock > 0
            else { return nil }
            return throughput / lock
          })
        point.lockHoldUs = median(of: results.compactMap(\.lock.holdMeanUs))
        point.lock = median(of: results.compactMap(\.lock.utilisation))
        return point
      })
    let points = self.points.flatMap { point in
      point.throughputs.map {
        ScalabilityLaw.Point(processes: Double(point.processes), throughput: $0)
      }
    }
    guard let law = ScalabilityLaw.fitted(to: points) else { return }
    var generator = SeededGenerator(seed: seed)
    let intervals = ScalabilityIntervals.bootstrapped(
      points, resamples: Self.resamples, using: &generator)
    lambda = Parameter(law.lambda, intervals?.lambda)
    sigma = Parameter(law.sigma, intervals?.sigma)
    kappa = Parameter(law.kappa, intervals?.kappa)
    peakProcesses = Parameter(law.peakProcesses, intervals?.peakProcesses)
  }
}
