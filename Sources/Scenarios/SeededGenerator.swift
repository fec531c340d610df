/// SplitMix64: a small generator whose output depends on nothing but its seed.
///
/// The standard library's generator is seeded by the system, and its `shuffle` may change its
/// algorithm between releases; a run order has to be the same byte for byte wherever the same seed
/// is given. Not for secrets. Source: Steele, Lea and Flood, "Fast Splittable Pseudorandom Number
/// Generators", OOPSLA 2014; constants as in <https://prng.di.unimi.it/splitmix64.c>.
package struct SeededGenerator: RandomNumberGenerator, Sendable {
  private var state: UInt64

  /// A generator that starts at `seed`; every value is a good seed, 0 included.
  package init(seed: UInt64) {
    state = seed
  }

  /// The next 64 uniform bits.
  package mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  /// A uniform index in `0..<bound`, by rejection, so that no index is favoured.
  ///
  /// - Precondition: `bound` is positive.
  package mutating func index(below bound: Int) -> Int {
    precondition(bound > 0, "an index needs a positive bound")
    let bound = UInt64(bound)
    // The first 2^64 mod bound values are dropped; the rest is a multiple of bound.
    let rejected = (0 &- bound) % bound
    var bits = next()
    while bits < rejected { bits = next() }
    return Int(bits % bound)
  }

  /// The indices `0..<count` in random order, by Fisher–Yates from the end.
  package mutating func permutation(of count: Int) -> [Int] {
    var order = Array(0..<count)
    for last in order.indices.reversed() where last > 0 {
      order.swapAt(last, index(below: last + 1))
    }
    return order
  }
}
