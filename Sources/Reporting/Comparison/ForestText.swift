import Foundation
import Statistics

/// Ratios with their intervals as bars of characters, all on one logarithmic scale with 1 in the middle.
struct ForestText {
  /// How many characters a bar takes; odd, so that there is a middle.
  static let width = 25
  private static let middle = width / 2
  /// The ratio at the right end; the left end is its reciprocal.
  let limit: Double

  /// A scale that has room for `estimates`, but at most for four times and a quarter.
  init(for estimates: [Estimate]) {
    let ends = estimates.flatMap { estimate in
      [estimate.value, estimate.interval?.low, estimate.interval?.high].compactMap(\.self)
    }
    let furthest = ends.filter { $0 > 0 }.map { abs(log($0)) }.max() ?? 0
    // A little room, so that a bar that ends at the border is seen to end.
    limit = min(4, max(1.1, exp(furthest * 1.05)))
  }

  /// The ends and the middle of the scale, as a heading.
  var heading: String {
    let left = fixed(1 / limit, decimals: 2)
    let right = fixed(limit, decimals: 2)
    let before = String(repeating: " ", count: Self.middle - left.count)
    let behind = String(repeating: " ", count: Self.width - Self.middle - 1 - right.count)
    return left + before + "1" + behind + right
  }

  /// `     ├──●──┤   │         `: the interval, the estimate, and where 1 is; arrows lead beyond the scale.
  func bar(_ estimate: Estimate) -> String {
    var characters = [Character](repeating: " ", count: Self.width)
    characters[Self.middle] = "│"
    if let interval = estimate.interval {
      let (low, high) = (place(interval.low), place(interval.high))
      for index in 0..<Self.width where low <= index && index <= high {
        characters[index] = index == Self.middle ? "┼" : "─"
      }
      if low >= 0, low < Self.width { characters[low] = "├" }
      if high >= 0, high < Self.width { characters[high] = "┤" }
      if low < 0 { characters[0] = "◀" }
      if high >= Self.width { characters[Self.width - 1] = "▶" }
    }
    let point = place(estimate.value)
    if point < 0 {
      characters[0] = "◀"
    } else if point >= Self.width {
      characters[Self.width - 1] = "▶"
    } else {
      characters[point] = estimate.interval == nil ? "○" : "●"
    }
    return String(characters)
  }

  /// The character of a ratio; beyond the bar if it is beyond the scale.
  private func place(_ ratio: Double) -> Int {
    guard ratio > 0 else { return -1 }
    let share = log(ratio) / log(limit)
    guard share >= -1 else { return -1 }
    guard share <= 1 else { return Self.width }
    return Self.middle + Int((share * Double(Self.middle)).rounded())
  }
}
