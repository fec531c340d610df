#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// Exact weighted-random order in O(log n).
///
/// A ready task gets the key `V − ln(u) / weight`, where `u` is uniform in (0, 1] and `V` is the key
/// of the task that was claimed last; a claim takes the smallest key. The remainders `key − V` of all
/// waiting tasks are then exponential with their weights as rates, whenever the tasks arrived,
/// because the exponential distribution has no memory. So each pick is proportional to weight, and
/// since `V` only grows, a waiting task is passed by newcomers only for a bounded time.
/// Source: Efraimidis and Spirakis, "Weighted random sampling with a reservoir" (2006).
public enum Lottery {
  /// The weight of a priority: `1 / (1 + priority)`, and 1 for negative priorities.
  public static func weight(ofPriority priority: Int) -> Double {
    1 / (1 + Double(max(0, priority)))
  }

  /// How far behind the current position a task's key lies.
  static func distance(priority: Int, using random: inout some RandomNumberGenerator) -> Double {
    // 53 random bits, shifted into (0, 1]: the logarithm of 0 must not occur.
    let unit = (Double(random.next() >> 11) + 1) * 0x1p-53
    return -log(unit) / weight(ofPriority: priority)
  }
}
