internal import Platform

/// A condition that did not come true in time.
package struct TimedOut: Error, CustomStringConvertible {
  package let what: String

  package init(what: String) { self.what = what }

  package var description: String { "waited in vain for \(what)" }
}

/// Waits until `condition` gives a value, and fails after half a minute.
///
/// For what gives no signal of its own: the state of other processes' files and of /proc.
package func waitUntil<Value>(
  _ what: String, _ condition: () throws -> Value?
) throws -> Value {
  let deadlineNs = MonotonicClock.nowNs() + 30_000_000_000
  while true {
    if let value = try condition() { return value }
    guard MonotonicClock.nowNs() < deadlineNs else { throw TimedOut(what: what) }
    MonotonicClock.sleep(untilNs: MonotonicClock.nowNs() + 2_000_000)
  }
}

/// Waits until `condition` is true, and fails after half a minute.
package func waitUntil(_ what: String, _ condition: () throws -> Bool) throws {
  try waitUntil(what) { try condition() ? () : nil }
}
