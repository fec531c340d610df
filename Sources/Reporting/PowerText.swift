internal import Foundation
package import SQLite
package import Verification

/// What power cuts cost, in words.
package enum PowerText {
  /// Lines about one cell; `promised` is what its settings claim.
  package static func lines(_ loss: PowerLoss, promised: DurabilityClass?) -> [String] {
    var lines = [
      "promised: \(name(promised)); shown by \(loss.cuts) power cuts among \(loss.acknowledged) "
        + "acknowledged operations: \(name(loss.shown))"
    ]
    if loss.losing > 0 {
      lines.append(
        "lost: \(loss.losing) cuts undid acknowledged operations, at most \(loss.mostLost.count) "
          + "(\(loss.mostLost.enqueues) enqueues, \(loss.mostLost.claims) claims, "
          + "\(loss.mostLost.completions) completions), back to "
          + String(format: "%.1f ms before the cut", Double(loss.oldestLostNs) / 1e6))
      if loss.reordered == 0 { lines.append("order: only the latest were lost, in every cut") }
    } else if loss.corrupt < loss.cuts {
      lines.append("lost: nothing that was acknowledged")
    }
    if loss.reordered > 0 {
      lines.append(
        "order: \(loss.reordered) cuts lost an operation and kept a later one "
          + "(\(loss.firstReordering ?? ""))")
    }
    lines.append(
      loss.corrupt == 0
        ? "file: sound after every cut"
        : "file: damaged after \(loss.corrupt) cuts (\(loss.firstCorruption ?? ""))")
    if let complaint = loss.complaint(about: promised) {
      lines.append("BROKEN PROMISE: \(complaint)")
    }
    return lines
  }

  private static func name(_ durability: DurabilityClass?) -> String {
    durability?.rawValue ?? "none"
  }
}
