/// What a person sees of a run while it goes on: a few lines that are drawn anew several times a second.
///
/// A pure value: whoever owns the terminal puts the lines there.
package struct LiveView: Sendable {
  /// What happened in the last moments.
  package struct Sample: Sendable {
    /// Completed tasks per second.
    package var tasksPerSecond: Double
    /// Percentiles of the claims' latency in µs; nil where there were too few.
    package var claimP50Us: Double?
    package var claimP95Us: Double?
    package var claimP99Us: Double?
    /// Share of the operations that met a busy database.
    package var busyRetryRate: Double?
    /// The largest lag behind the schedule; nil in a closed loop.
    package var lagMaxUs: Double?
    /// Operations that failed since the repeat began.
    package var failedCount: Int

    /// A sample.
    package init(
      tasksPerSecond: Double, claimP50Us: Double? = nil, claimP95Us: Double? = nil,
      claimP99Us: Double? = nil, busyRetryRate: Double? = nil, lagMaxUs: Double? = nil,
      failedCount: Int = 0
    ) {
      self.tasksPerSecond = tasksPerSecond
      self.claimP50Us = claimP50Us
      self.claimP95Us = claimP95Us
      self.claimP99Us = claimP99Us
      self.busyRetryRate = busyRetryRate
      self.lagMaxUs = lagMaxUs
      self.failedCount = failedCount
    }
  }

  /// How many samples a sparkline shows, where there is room.
  private static let courseLengths = [24, 16, 10, 6, 0]
  /// From this lag on, processes fall behind their schedule.
  private static let lagLimitUs = 1000.0

  private var title = ""
  private var stage = "setting up"
  private var place = (position: 0, total: 0, secondsLeft: 0.0)
  private var samples: [Sample] = []

  /// A view of nothing yet.
  package init() {}

  /// A repeat begins: number `position` of `total`, with the given time left for all of them.
  package mutating func begin(
    title: String, position: Int, total: Int, secondsLeft: Double
  ) {
    self.title = title
    place = (position, total, secondsLeft)
    stage = "setting up"
    samples = []
  }

  /// Something happened; `stage` says in which part of the repeat.
  package mutating func add(_ sample: Sample, stage: String) {
    self.stage = stage
    samples.append(sample)
    if samples.count > Self.courseLengths[0] { samples.removeFirst() }
  }

  /// The lines, none longer than `width` characters, and always as many of them.
  package func lines(width: Int) -> [String] {
    let width = max(20, width)
    return [progressLine(width), "\(title)  \(stage)", loadLine(width), troubleLine]
      .map { shortened(singleLine($0), to: width) }
  }

  private func progressLine(_ width: Int) -> String {
    let done = max(0, place.position - 1)
    let share = place.total > 0 ? Double(done) / Double(place.total) : 0
    let counter = "repeat \(place.position) of \(place.total)"
    let left = "\(durationText(place.secondsLeft)) left"
    let barWidth = min(30, width - counter.count - left.count - 6)
    guard barWidth >= 8 else { return "\(counter), \(left)" }
    let filled = Int((share * Double(barWidth)).rounded(.down))
    let bar =
      String(repeating: "━", count: filled) + String(repeating: "╌", count: barWidth - filled)
    return "\(counter)  \(bar)  \(left)"
  }

  private func loadLine(_ width: Int) -> String {
    guard let last = samples.last else { return "" }
    /// A quantity with its course over so many samples.
    func part(
      _ name: String, _ value: (Sample) -> Double?, _ text: (Double) -> String, course: Int
    ) -> String? {
      guard let current = value(last) else { return nil }
      let line = sparkline(samples.suffix(course).map { value($0) ?? 0 })
      return "\(name) \(text(current))\(line.isEmpty ? "" : " \(line)")"
    }
    var line = ""
    // The courses become shorter where there is less room.
    for course in Self.courseLengths {
      line = [
        part("tasks/s", { $0.tasksPerSecond.rounded() }, grouped, course: course),
        part("claim p50", \.claimP50Us, latencyText, course: course),
        part("p95", \.claimP95Us, latencyText, course: course),
        part("p99", \.claimP99Us, latencyText, course: course),
      ].compactMap { $0 }.joined(separator: "  ")
      if line.count <= width { break }
    }
    return line
  }

  private var troubleLine: String {
    guard let last = samples.last else { return "" }
    var parts: [String] = []
    if let rate = last.busyRetryRate { parts.append("BUSY \(fixed(rate * 100, decimals: 1)) %") }
    if let lagUs = last.lagMaxUs {
      let warning = lagUs > Self.lagLimitUs ? "⚠ behind its schedule: " : ""
      parts.append("\(warning)lag \(latencyText(us: lagUs))")
    }
    if last.failedCount > 0 { parts.append("⚠ \(last.failedCount) operations failed") }
    return parts.joined(separator: "  ")
  }
}

/// The course of a quantity in one line of text, from 0 to the largest value.
func sparkline(_ values: [Double]) -> String {
  let levels = Array("▁▂▃▄▅▆▇█")
  guard let largest = values.max(), largest > 0, largest.isFinite else {
    return String(repeating: levels[0], count: values.count)
  }
  return String(
    values.map { value in
      let level = Int((max(0, value) / largest * Double(levels.count - 1)).rounded())
      return levels[min(level, levels.count - 1)]
    })
}

/// A duration for people: `12 s`, `3 min 5 s`.
package func durationText(_ seconds: Double) -> String {
  guard seconds.isFinite, seconds < 1e9 else { return "?" }
  let whole = Int(seconds.rounded(.up))
  return whole < 60 ? "\(whole) s" : "\(whole / 60) min \(whole % 60) s"
}
