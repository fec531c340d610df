internal import Dispatch

/// A moment until which to wait.
struct Deadline {
  let time: DispatchTime

  init(inMs milliseconds: Int64) {
    // Beyond a year nobody waits.
    let longestMs: Int64 = 366 * 86_400_000
    time = .now() + .milliseconds(Int(min(max(0, milliseconds), longestMs)))
  }

  var isOver: Bool { DispatchTime.now() >= time }

  /// How long it is until then, in milliseconds; 0 if it is over.
  var remainingMs: Int64 {
    let nowNs = DispatchTime.now().uptimeNanoseconds
    guard time.uptimeNanoseconds > nowNs else { return 0 }
    return Int64((time.uptimeNanoseconds - nowNs) / 1_000_000)
  }
}
