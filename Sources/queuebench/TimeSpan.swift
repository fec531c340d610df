internal import ArgumentParser

/// A length of time on a command line: `500ms`, `90s`, `5m` (or `5min`), `2h`.
struct TimeSpan: ExpressibleByArgument, Hashable, CustomStringConvertible {
  let ms: Int

  init(ms: Int) { self.ms = ms }

  init?(argument: String) {
    let units = [("ms", 1.0), ("min", 60_000), ("m", 60_000), ("s", 1000), ("h", 3_600_000)]
    guard let (unit, factor) = units.first(where: { argument.hasSuffix($0.0) }) else { return nil }
    let number = argument.dropLast(unit.count)
    // No signs, exponents or words that a Double would take.
    guard !number.isEmpty, number.allSatisfy({ ("0"..."9").contains($0) || $0 == "." }),
      let value = Double(number), value * factor <= 86_400_000,
      (value * factor).rounded() == value * factor
    else { return nil }
    ms = Int(value * factor)
  }

  /// `500ms`, `90s`, `5m`
  var description: String {
    if ms % 60_000 == 0, ms > 0 { return "\(ms / 60_000)m" }
    return ms % 1000 == 0 ? "\(ms / 1000)s" : "\(ms)ms"
  }

  var defaultValueDescription: String { description }
}
