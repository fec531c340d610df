#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// Exact weighted-random order in O(log n).
///
/// Each lane has a position `V`, and a task that becomes ready in it gets the key `V − ln(u) / weight`,
/// where `u` is uniform in (0, 1]. A claim takes the task with the smallest distance `key − V` over the
/// lanes that the worker serves, and moves all of these lanes on by that distance. The distances of the
/// waiting tasks are then always exponential with their weights as rates, whenever the tasks arrived,
/// because the exponential distribution has no memory: so each pick is proportional to weight among what
/// the worker could have taken. Since `V` only grows, newcomers pass a waiting task only for a bounded
/// time.
///
/// Source: Efraimidis and Spirakis, "Weighted random sampling with a reservoir" (2006).
public enum Lottery {
  /// The weight of a priority: `1 / (1 + priority)`, and 1 for negative priorities. From a million on it
  /// falls no further.
  ///
  /// A task that is alone moves its lanes on by about the reciprocal of its weight, for good. One step of
  /// 10^18 would leave no digits in their positions for tasks of ordinary weight, which would be
  /// taken in the order of their ids from then on.
  public static func weight(ofPriority priority: Int) -> Double {
    1 / (1 + Double(min(max(0, priority), lightestPriority)))
  }

  private static let lightestPriority = 1_000_000

  /// How far behind the position of its lane a task's key lies.
  static func distance(priority: Int, using random: inout some RandomNumberGenerator) -> Double {
    // 53 random bits, shifted into (0, 1]: the logarithm of 0 must not occur.
    let unit = (Double(random.next() >> 11) + 1) * 0x1p-53
    return -log(unit) / weight(ofPriority: priority)
  }
}
