import Foundation

/// Decides block by block whether something has become worse by more than a margin, so that one may look
/// after every block and stop at any of them.
///
/// Each block gives a difference d = ln(head / base), turned so that more is worse. Against "the median of d
/// is at most δ = ln(1 + margin)" a bettor stakes the shares 0.2, 0.4, 0.6 and 0.8 of a quarter of his
/// fortune each on every d > δ; if there is nothing to be won, his fortune E exceeds m/α ever with a
/// probability of at most α/m (Ville's inequality), which leaves α for m metrics together. Only signs count,
/// so that no outlier and no distribution matters.
///
/// The mirrored bet, against "the median of d is at least δ", passes at 1/β: the chance that something worse
/// than the margin ever passes is at most β. All metrics must pass, so that β needs no division.
///
/// Source: Waudby-Smith and Ramdas, "Estimating means of bounded random variables by betting", Journal of
/// the Royal Statistical Society B 86, 2024; Ville, "Étude critique de la notion de collectif", 1939.
package struct SequentialGate: Sendable {
  /// What is known so far.
  package enum Decision: Sendable, Equatable {
    /// Worse than the margin.
    case failed
    /// Not worse than the margin.
    case passed
    /// Neither can be said.
    case undecided
  }

  /// What may be worse without being a failure, as a share: 0.05 for 5 %.
  package let margin: Double
  /// The chance of a false alarm that the metrics share.
  package let falseAlarmRate: Double
  /// The chance that something worse passes.
  package let missRate: Double
  /// How many metrics share the chance of a false alarm.
  package let metricCount: Int

  private static let stakes = [0.2, 0.4, 0.6, 0.8]
  private var worseFortunes = stakes.map { _ in 1.0 }
  private var fineFortunes = stakes.map { _ in 1.0 }
  /// How many differences have been added.
  package private(set) var count = 0
  /// What was decided first; later differences do not change it.
  package private(set) var decision = Decision.undecided

  /// - Precondition: margin ≥ 0, both rates between 0 and 1, at least one metric.
  package init(
    margin: Double, falseAlarmRate: Double = 0.01, missRate: Double = 0.05, metricCount: Int = 1
  ) {
    precondition(margin >= 0 && metricCount > 0)
    precondition(falseAlarmRate > 0 && falseAlarmRate < 1 && missRate > 0 && missRate < 1)
    self.margin = margin
    self.falseAlarmRate = falseAlarmRate
    self.missRate = missRate
    self.metricCount = metricCount
  }

  /// The bettor's fortune against "not worse", which had to be 1 in the mean if that is true.
  package var evidenceOfWorse: Double { worseFortunes.reduce(0, +) / Double(Self.stakes.count) }
  /// The fortune against "worse".
  package var evidenceOfFine: Double { fineFortunes.reduce(0, +) / Double(Self.stakes.count) }

  /// Adds the difference of a block, ln(head / base) turned so that more is worse.
  package mutating func add(_ difference: Double) {
    count += 1
    let limit = log1p(margin)
    for (index, stake) in Self.stakes.enumerated() {
      worseFortunes[index] *= difference > limit ? 1 + stake : 1 - stake
      fineFortunes[index] *= difference < limit ? 1 + stake : 1 - stake
    }
    guard decision == .undecided else { return }
    if evidenceOfWorse >= failingFortune {
      decision = .failed
    } else if evidenceOfFine >= passingFortune {
      decision = .passed
    }
  }

  /// The fortune that fails.
  package var failingFortune: Double { Double(metricCount) / falseAlarmRate }
  private var passingFortune: Double { 1 / missRate }

  /// How many blocks it takes at least to fail; fewer can never fail.
  package var fewestBlocksToFail: Int { Self.fewestBlocks(toReach: failingFortune) }
  /// How many blocks it takes at least to pass.
  package var fewestBlocksToPass: Int { Self.fewestBlocks(toReach: passingFortune) }

  private static func fewestBlocks(toReach fortune: Double) -> Int {
    var count = 0
    while stakes.reduce(0, { $0 + pow(1 + $1, Double(count)) }) / Double(stakes.count) < fortune {
      count += 1
    }
    return count
  }
}
