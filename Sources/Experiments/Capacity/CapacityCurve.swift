internal import Foundation
package import Results
internal import Statistics

/// Latency against rate: the points between which the knee lies.
package enum CapacityCurve {
  /// Rates of the curve, relative to the capacity.
  private static let ladder = [0.125, 0.25, 0.5, 0.7, 0.85, 1, 1.1, 1.25, 1.5]
  /// Probes whose rates are within this factor are of one point.
  private static let nearness = 1.03

  /// The rates of the ladder around `capacity` that `probes` do not contain, in the order of rates.
  package static func missingRates(
    around capacity: Double, atMost limit: Double, probes: [CapacityProbe]
  ) -> [Double] {
    ladder.map { roundedRate($0 * capacity) }.filter { rate in
      rate <= limit && !probes.contains { isNear($0.rate, rate) }
    }
  }

  private static func isNear(_ rate: Double, _ other: Double) -> Bool {
    max(rate, other) / min(rate, other) <= nearness
  }

  /// Probes of about the same rate, together: medians, in the order of rates.
  package static func points(_ probes: [CapacityProbe]) -> [CapacityCurvePoint] {
    var groups: [[CapacityProbe]] = []
    for probe in probes.sorted(by: { $0.rate < $1.rate }) {
      if let first = groups.last?.first, isNear(first.rate, probe.rate) {
        groups[groups.count - 1].append(probe)
      } else {
        groups.append([probe])
      }
    }
    return groups.map { group in
      var point = CapacityCurvePoint(
        rate: median(of: group.map(\.rate)) ?? 0, probes: group.count,
        passed: group.count { $0.passed }, achieved: median(of: group.map(\.achieved)) ?? 0)
      point.p50Us = median(of: group.compactMap(\.p50Us))
      point.p99Us = median(of: group.compactMap(\.p99Us))
      point.p999Us = median(of: group.compactMap(\.p999Us))
      point.lock = median(of: group.compactMap(\.usage.lock))
      return point
    }
  }

  /// The knee by Kneedle: of the points up to the first rate that most probes fail, the one that lies farthest
  /// below the straight line from the first to the last, p99 against rate.
  ///
  /// Nil for fewer than four points, and where none lies below that line by a tenth of its height. Source:
  /// Satopää et al., "Finding a 'kneedle' in a haystack", ICDCS Workshops 2011.
  package static func knee(of points: [CapacityCurvePoint]) -> Double? {
    var known = points.filter { $0.p99Us != nil }
    if let failed = known.firstIndex(where: { $0.passed * 2 < $0.probes }) {
      known = Array(known[...failed])
    }
    guard known.count >= 4, let first = known.first, let last = known.last,
      let low = first.p99Us, let high = last.p99Us, high > low
    else { return nil }
    let depths = known.map { point in
      (point.rate - first.rate) / (last.rate - first.rate) - ((point.p99Us ?? 0) - low)
        / (high - low)
    }
    guard let deepest = depths.indices.max(by: { depths[$0] < depths[$1] }),
      depths[deepest] >= 0.1
    else { return nil }
    return known[deepest].rate
  }
}
