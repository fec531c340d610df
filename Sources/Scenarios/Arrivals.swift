/// When producers offer tasks.
package enum Arrivals: Hashable, Sendable, Codable {
  /// Each producer enqueues again as soon as it has finished (and has thought).
  case closed
  /// At a rate over all producers together, whatever the queue does.
  case open(RateProfile)

  /// At a rate that never changes, in tasks per second.
  package static func open(ratePerSecond: Double) -> Arrivals {
    .open(RateProfile(steps: [.init(startUs: 0, perSecond: ratePerSecond)]))
  }
}

/// How arrivals at a rate follow each other.
package enum ArrivalProcess: String, CaseIterable, Hashable, Sendable, Codable {
  /// Evenly spaced.
  case fixed
  /// Independent of each other, as those of many users are.
  case poisson
}

/// A rate that changes in steps.
package struct RateProfile: Hashable, Sendable, Codable {
  /// A rate that holds until the next step begins.
  package struct Step: Hashable, Sendable, Codable {
    /// When it begins, after the start of the measurement.
    package let startUs: Int
    /// Tasks per second over all producers; 0 means that nothing is offered.
    package let perSecond: Double

    package init(startUs: Int, perSecond: Double) {
      self.startUs = startUs
      self.perSecond = perSecond
    }
  }

  /// The steps in the order of time. The first begins at 0, and holds during the warm-up too.
  package let steps: [Step]

  /// - Precondition: the first step begins at 0, and the others follow in time.
  package init(steps: [Step]) {
    precondition(steps.first?.startUs == 0, "the first step begins at 0")
    precondition(zip(steps, steps.dropFirst()).allSatisfy { $0.startUs < $1.startUs })
    self.steps = steps
  }

  /// The mean rate over the first so many seconds of the measurement, which must be positive.
  package func meanPerSecond(overSeconds seconds: Double) -> Double {
    var tasks = 0.0
    for (index, step) in steps.enumerated() {
      let end = index + 1 < steps.count ? Double(steps[index + 1].startUs) / 1e6 : seconds
      tasks += step.perSecond * max(0, min(end, seconds) - Double(step.startUs) / 1e6)
    }
    return tasks / seconds
  }
}
