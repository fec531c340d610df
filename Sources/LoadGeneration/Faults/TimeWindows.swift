/// Stretches of time, for finding out quickly whether another one overlaps any of them.
struct TimeWindows: Sendable {
  /// Disjoint, in order.
  private let windows: [Range<UInt64>]

  /// Any windows, in any order; those that touch become one.
  init(_ windows: [Range<UInt64>]) {
    var merged: [Range<UInt64>] = []
    for window in windows.sorted(by: { $0.lowerBound < $1.lowerBound }) where !window.isEmpty {
      if let last = merged.last, window.lowerBound <= last.upperBound {
        merged[merged.count - 1] = last.lowerBound..<max(last.upperBound, window.upperBound)
      } else {
        merged.append(window)
      }
    }
    self.windows = merged
  }

  /// Whether any part of the time from `fromNs` to `toNs`, both included, lies in a window.
  @inline(__always)
  func overlap(from fromNs: UInt64, to toNs: UInt64) -> Bool {
    guard !windows.isEmpty else { return false }
    // The first that ends behind the beginning.
    var low = 0
    var high = windows.count
    while low < high {
      let middle = (low + high) / 2
      if windows[middle].upperBound > fromNs { high = middle } else { low = middle + 1 }
    }
    return low < windows.count && windows[low].lowerBound <= toNs
  }
}
