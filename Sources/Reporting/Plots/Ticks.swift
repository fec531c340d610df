import Foundation

/// A stretch of an axis with the places that are labelled on it.
struct Ticks: Equatable {
  let low: Double
  let high: Double
  /// Labelled places.
  let labelled: [Double]
  /// Places with a mark only.
  let plain: [Double]

  /// A logarithmic axis over `values`, which must be positive; nil for none.
  ///
  /// It ends at 1, 2 or 5 times a power of ten. Up to two decades all of these are labelled, beyond
  /// that the powers of ten alone.
  init?(logarithmicOver values: [Double]) {
    guard let smallest = values.min(), let largest = values.max(), smallest > 0 else { return nil }
    let decades = Int(log10(smallest).rounded(.down)) - 1...Int(log10(largest).rounded(.up)) + 1
    let steps = decades.flatMap { exponent in
      [1, 2, 5].map { (factor: $0, value: Double($0) * pow(10, Double(exponent))) }
    }
    // A little room, so that no point lies on the border.
    guard let low = steps.last(where: { $0.value <= smallest * 0.95 })?.value,
      let high = steps.first(where: { $0.value >= largest * 1.05 })?.value
    else { return nil }
    let inside = steps.filter { $0.value >= low && $0.value <= high }
    let labelsAll = log10(high / low) <= 2.01
    self.low = low
    self.high = high
    labelled = inside.filter { labelsAll || $0.factor == 1 }.map(\.value)
    plain = inside.filter { !labelsAll && $0.factor != 1 }.map(\.value)
  }

  /// A linear axis from 0 over `values`, with about `labels` of them at round numbers.
  init(linearOver values: [Double], labels: Int = 5) {
    let largest = max(values.max() ?? 0, 0)
    guard largest > 0, largest.isFinite else {
      self.low = 0
      self.high = 1
      labelled = [0, 1]
      plain = []
      return
    }
    let end = largest * 1.06
    let rough = end / Double(labels)
    let power = pow(10, log10(rough).rounded(.down))
    let step = ([1, 2, 2.5, 5].first { $0 * power >= rough * 0.999 } ?? 10) * power
    let count = Int((end / step).rounded(.down))
    self.low = 0
    self.high = end
    labelled = (0...count).map { Double($0) * step }
    plain = []
  }

  /// A logarithmic axis that is labelled at `places` themselves, if they are few; nil for none.
  init?(at places: [Double]) {
    let sorted = Set(places).sorted()
    guard let ticks = Ticks(logarithmicOver: sorted), let first = sorted.first,
      let last = sorted.last
    else { return nil }
    let areFar = zip(sorted, sorted.dropFirst()).allSatisfy { $1 / $0 > pow(last / first, 0.12) }
    guard sorted.count <= 6, areFar else {
      self = ticks
      return
    }
    let room = max(1.15, pow(last / first, 0.06))
    self.init(low: first / room, high: last * room, labelled: sorted, plain: [])
  }

  /// A logarithmic axis of ratios with 1 in its middle, which goes at least as far as `furthest` > 1.
  init(ratiosUpTo furthest: Double) {
    let steps = [1.05, 1.1, 1.2, 1.5, 2, 3, 5, 10, 20, 50, 100, 1000]
    // A little room, so that no point lies on the border.
    let end = furthest * 1.03
    // From the outside in, as far as labels have room beside each other and beside the 1.
    var kept: [Double] = []
    for step in steps.reversed() where step < end {
      let room = kept.last.map { log($0) - log(step) } ?? .infinity
      if min(room, log(step)) > 0.28 * log(end) { kept.append(step) }
    }
    self.init(
      low: 1 / end, high: end, labelled: kept.map { 1 / $0 } + [1] + kept.reversed(), plain: [])
  }

  /// The same with at most about `count` labels; the others become marks.
  func sparse(_ count: Int) -> Ticks {
    guard labelled.count > count + 1 else { return self }
    let step = (labelled.count + count - 1) / count
    let kept = labelled.enumerated().filter { $0.offset.isMultiple(of: step) }.map(\.element)
    return Ticks(
      low: low, high: high, labelled: kept, plain: plain + labelled.filter { !kept.contains($0) })
  }

  private init(low: Double, high: Double, labelled: [Double], plain: [Double]) {
    (self.low, self.high, self.labelled, self.plain) = (low, high, labelled, plain)
  }

  /// As the list that gnuplot's `set ytics` takes.
  func gnuplotList(_ text: (Double) -> String) -> String {
    let marks =
      labelled.map { "\(PlotPage.quotedTick(text($0))) \($0)" }
      + plain.map { "'' \($0) 1" }
    return "(" + marks.joined(separator: ", ") + ")"
  }
}
