/// The classes into which processing times are counted, so that their percentiles need no look at the
/// tasks.
///
/// A class holds the times that are longer than the bound before its own. There are six per factor of
/// ten: what is said of a percentile is off by a third at most, and mostly by much less.
package enum ProcessingTimeBounds {
  /// The greatest times of the classes in milliseconds, ascending; the last class has no limit.
  package static let all: [Int64] = {
    var bounds: [Int64] = [1, 2, 3, 5, 7]
    var decade: Int64 = 1
    for _ in 0..<9 {
      bounds += [10, 15, 20, 30, 50, 70].map { $0 * decade }
      decade *= 10
    }
    return bounds + [10 * decade, .max]
  }()

  /// The bound of the class that a time in milliseconds belongs to; times below zero, which clocks that
  /// were set back leave, belong to the first one.
  package static func bound(of milliseconds: Int64) -> Int64 {
    var low = 0
    var high = all.count - 1
    while low < high {
      let middle = (low + high) / 2
      if all[middle] < milliseconds { low = middle + 1 } else { high = middle }
    }
    return all[low]
  }

  /// The bound before one of ``all``; 0 before the first.
  package static func lowerBound(of bound: Int64) -> Int64 {
    all.last { $0 < bound } ?? 0
  }
}
