internal import Wording

extension SettingReader {
  /// `closed`, a rate, or a map of times to rates.
  func rate(_ node: SourceNode) -> Arrivals? {
    let expected =
      "closed, a rate such as 1000/s or 1000/min, or a map of times to rates such as "
      + "{0s: 500/s, 1s: 2000/s}"
    if node.isMap { return profile(node, expected).map(Arrivals.open) }
    guard let text = node.text(expected, diagnostics) else { return nil }
    if text == "closed" { return .closed }
    return perSecond(text, at: node, expected, allowsZero: false)
      .map(Arrivals.open(ratePerSecond:))
  }

  private func profile(_ node: SourceNode, _ expected: String) -> RateProfile? {
    guard let entries = node.entries(expected, diagnostics) else { return nil }
    guard (1...64).contains(entries.count) else {
      diagnostics.report("must have 1 to 64 steps, not \(entries.count)", at: node)
      return nil
    }
    let errorsBefore = diagnostics.count
    var steps: [RateProfile.Step] = []
    for (index, entry) in entries.enumerated() {
      let startUs = self.startUs(entry, after: steps.last?.startUs, isFirst: index == 0)
      let expected = "a rate such as 1000/s or 1000/min"
      guard let text = entry.value.text(expected, diagnostics),
        let perSecond = perSecond(text, at: entry.value, expected, allowsZero: index > 0),
        let startUs
      else { continue }
      steps.append(RateProfile.Step(startUs: startUs, perSecond: perSecond))
    }
    return diagnostics.count == errorsBefore ? RateProfile(steps: steps) : nil
  }

  private func startUs(_ entry: SourceEntry, after last: Int?, isFirst: Bool) -> Int? {
    do {
      let us = try DurationText.microseconds(of: entry.key, minimumUs: 0, resolutionUs: 1)
      if isFirst, us != 0 {
        diagnostics.report(
          "the first step must begin at 0s, which is when the measurement begins", at: entry.path,
          line: entry.line)
        return nil
      }
      if let last, us <= last {
        diagnostics.report(
          "must be later than the step before it (\(DurationText.label(us: last)))",
          at: entry.path, line: entry.line)
        return nil
      }
      return us
    } catch {
      diagnostics.report("the time \(error.message)", at: entry.path, line: entry.line)
      return nil
    }
  }

  private func perSecond(
    _ text: String, at node: SourceNode, _ expected: String, allowsZero: Bool
  ) -> Double? {
    guard let quantity = Quantity(text), ["/s", "/min"].contains(quantity.unit) else {
      diagnostics.report("must be \(expected), not \(quoted(text))", at: node)
      return nil
    }
    let perSecond = quantity.unit == "/s" ? quantity.number : quantity.number / 60
    if perSecond == 0, allowsZero { return 0 }
    guard perSecond >= RateText.minimumPerSecond, perSecond <= RateText.maximumPerSecond else {
      diagnostics.report(
        allowsZero
          ? "must be 0/s, or from 0.001/min to 1000000/s"
          : "must be at least 0.001/min and at most 1000000/s", at: node)
      return nil
    }
    return perSecond
  }
}
