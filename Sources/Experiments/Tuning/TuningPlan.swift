import Foundation

/// How a tuner shares its time among its stages.
///
/// Screening may take the first 35 % of the budget, the race goes on to 50 %, the confirmation to 80 %, and
/// what is left belongs to the ablation and the check of the simplified settings, or to more blocks of a
/// confirmation that could not tell the best from the standard. Time that a stage does not
/// need is left to the later ones; before the race ends, the time for the fewest blocks of a confirmation is
/// set aside.
package struct TuningPlan: Sendable {
  /// Everything, in seconds.
  package let budgetSeconds: Double
  /// What one run of one combination is expected to take until the first have been timed.
  package let secondsPerRun: Double
  /// The same of the screening, whose runs may be shorter.
  package let secondsPerScreeningRun: Double

  package init(
    budgetSeconds: Double, secondsPerRun: Double, secondsPerScreeningRun: Double? = nil
  ) {
    precondition(budgetSeconds > 0 && secondsPerRun > 0 && secondsPerScreeningRun ?? 1 > 0)
    self.budgetSeconds = budgetSeconds
    self.secondsPerRun = secondsPerRun
    self.secondsPerScreeningRun = secondsPerScreeningRun ?? secondsPerRun
  }

  /// How much of a run of full length one of the screening is.
  var screeningWeight: Double { secondsPerScreeningRun / secondsPerRun }

  var screeningEnds: Double { 0.35 * budgetSeconds }
  var raceEnds: Double { 0.5 * budgetSeconds }
  var confirmationEnds: Double { 0.8 * budgetSeconds }
  var ablationEnds: Double { 0.9 * budgetSeconds }

  /// Combinations that run in one block of the screening: with more, one disturbance would cost too much.
  static let screeningBlockSize = 12
  /// In how many blocks the screening runs so many combinations once, the standard in each of them.
  static func screeningBlocks(for count: Int) -> Int {
    max(1, (count - 1 + screeningBlockSize - 2) / (screeningBlockSize - 1))
  }
  /// Up to this many combinations the race needs no screening.
  static let fewestToScreen = 6
  /// Up to this many combinations, the standard included, the confirmation needs no race.
  static let fewestToRace = 4
  /// A race drops nobody before so many blocks.
  static let fewestRaceBlocks = 6
  static let mostRaceBlocks = 16
  /// The best that are confirmed, beside the standard.
  static let confirmedCount = 3
  static let fewestConfirmationBlocks = 8
  static let mostConfirmationBlocks = 24
  static let fewestAblationBlocks = 6
  static let mostAblationBlocks = 16
  /// How much worse the simplified settings may at most be, with the end of their interval.
  static let simplificationMargin = 0.02

  /// How many times the budget a search may take: a hair's breadth more, because times differ.
  static let overdraft = 1.02

  /// The least budget that can come to a conclusion about `space`, in seconds.
  package func leastSeconds(for space: SearchSpace) -> Double {
    var runs = Double(Self.fewestConfirmationBlocks * min(Self.confirmedCount + 1, space.count))
    if space.count > Self.fewestToRace {
      runs += Double(Self.fewestRaceBlocks * (Self.fewestToRace + 1))
    }
    if space.count > Self.fewestToScreen {
      // The first sample, and one more rung of half its size.
      let sample = min(space.count, 1 + space.oneFactorAtATime.count)
      runs += 1.5 * Double(sample + Self.screeningBlocks(for: sample)) * screeningWeight
    }
    return (runs * secondsPerRun).rounded(.up)
  }
}
