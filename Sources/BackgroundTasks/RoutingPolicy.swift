/// Decides which runs go to the queue.
///
/// The decision depends on the policy and the run alone: the same run gets the same answer in every
/// process and in every release. Raising a percentage only adds runs to those that went to the
/// queue before.
public enum RoutingPolicy: Sendable, Hashable, Codable {
  /// All runs stay in memory.
  case memory
  /// All runs go to the queue.
  case queue
  /// That share of the runs goes to the queue, from 0 to 100.
  case percentage(Double)
  /// By type: the share in percent of each type's runs, and that of all others.
  case byType([String: Double], others: Double = 0)

  /// The runs of those types go to the queue, all others stay in memory.
  public static func types(_ types: Set<String>) -> RoutingPolicy {
    .byType(Dictionary(uniqueKeysWithValues: types.map { ($0, 100.0) }))
  }

  /// Where a run goes.
  public func place(of run: Run) -> RunPlace {
    switch self {
    case .memory: return .memory
    case .queue: return .queue
    case .percentage(let percent): return Self.isDrawn(run.id, percent: percent) ? .queue : .memory
    case .byType(let percents, let others):
      return Self.isDrawn(run.id, percent: percents[run.type] ?? others) ? .queue : .memory
    }
  }

  private static func isDrawn(_ id: String, percent: Double) -> Bool {
    RunHash.unit(id) * 100 < percent
  }
}

/// A hash that is the same in every process and release, unlike Swift's `Hasher`.
enum RunHash {
  /// 64-bit FNV-1a. Source: <http://www.isthe.com/chongo/tech/comp/fnv/>.
  static func fnv1a(_ text: String) -> UInt64 {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
    return hash
  }

  /// A number from 0 up to 1. Ids that differ in their last letter only have FNV hashes that lie
  /// close together; the finaliser of MurmurHash3 spreads them.
  static func unit(_ text: String) -> Double {
    var hash = fnv1a(text)
    hash = (hash ^ (hash >> 33)) &* 0xff51_afd7_ed55_8ccd
    hash = (hash ^ (hash >> 33)) &* 0xc4ce_b9fe_1a85_ec53
    hash ^= hash >> 33
    return Double(hash >> 11) * 0x1p-53
  }
}
