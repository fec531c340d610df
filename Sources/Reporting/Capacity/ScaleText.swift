package import Results
internal import Statistics

extension ScaleRecord {
  /// A table, the law, and what it means.
  package var text: String {
    let table = TextTable(
      columns: [
        .init("processes", alignment: .right), .init("tasks/s", alignment: .right),
        .init("min–max"), .init("lock", alignment: .right), .init("held", alignment: .right),
        .init("lock bound tasks/s", alignment: .right),
      ],
      rows: points.map { point in
        [
          .init("\(point.processes)"),
          .init(median(of: point.throughputs).map { grouped($0) } ?? "–"),
          .init(
            "\(grouped(point.throughputs.min() ?? 0))–\(grouped(point.throughputs.max() ?? 0))"),
          .init(point.lock.map { "\(fixed($0 * 100, decimals: 0)) %" } ?? "–"),
          .init(point.lockHoldUs.map { latencyText(us: $0) } ?? "–"),
          .init(point.lockBound.map { grouped($0) } ?? "–"),
        ]
      }
    ).text()
    guard let sigma, let kappa, let lambda, let peakProcesses else {
      return table + "\ntoo few numbers of processes for a scalability law (3 are needed)\n"
    }
    func small(_ value: Double) -> String { fixed(value, decimals: abs(value) < 0.01 ? 4 : 3) }
    let law =
      "Universal Scalability Law: λ \(words(lambda, threeDigits))/s, σ \(words(sigma, small)), "
      + "κ \(words(kappa, small)), N* \(words(peakProcesses, threeDigits))"
      + (lambda.low == nil ? "" : "; 95 % bootstrap intervals")
    return table + "\n" + law + "\n" + meaning + "\n"
  }

  private func words(_ parameter: Parameter, _ number: (Double) -> String) -> String {
    let value = parameter.value.map(number) ?? "∞"
    guard parameter.low != nil || parameter.high != nil else { return value }
    return
      "\(value) (\(parameter.low.map(number) ?? "∞") to \(parameter.high.map(number) ?? "∞"))"
  }

  /// What the law says to somebody who wonders whether to add processes.
  var meaning: String {
    guard let sigma = sigma?.value, let kappa = kappa?.value else { return "" }
    let most = points.map(\.processes).max() ?? 0
    let fewest = points.map(\.processes).min() ?? 0
    let share = "\(fixed(sigma * 100, decimals: 0)) %"
    // What would be shown as 0 % explains nothing.
    let isSerial = sigma >= 0.005
    guard let peak = peakProcesses?.value, peak <= Double(most) else {
      guard isSerial else {
        return "Up to \(most) processes throughput grows with their number: nothing shows that "
          + "they wait for each other (σ about 0)."
      }
      return "Up to \(most) processes more of them do no harm, but \(share) of the work is done by "
        + "one at a time (σ), so that throughput levels off."
    }
    if peak <= Double(fewest) {
      return
        "Processes beyond the fewest that were measured (\(fewest)) cost throughput: all writes "
        + "pass through one lock\(sigma > 0.5 ? " (σ: \(share) of the work is done by one at a time)" : "")"
        + ", and passing it on costs the more the more processes wait (κ \(threeDigits(kappa)))."
    }
    return
      "Adding processes beyond N* = \(threeDigits(peak)) costs throughput, because "
      + (isSerial ? "\(share) of the work is done by one at a time (σ) and " : "")
      + "every further process makes all others slower (κ): "
      + "the write lock is passed between more of them, and they wait for fewer processors."
  }
}
