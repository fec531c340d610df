internal import ArgumentParser
internal import Experiments
internal import LoadGeneration

/// How sure a comparison has to be, and how long its blocks are.
struct ComparisonOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "What may be worse without being a failure, unless a metric has its own.",
      discussion: "Of what more is better, such as throughput, 25% allow 1/1.25 of it: 20 % less."))
  var margin = Percentage(share: 0.05)

  @Option(help: "The chance of a false alarm, all metrics and cells together.")
  var falseAlarmRate = Percentage(share: 0.01)

  @Option(help: "The chance that something worse than the margin passes.")
  var missRate = Percentage(share: 0.05)

  @Option(
    help: ArgumentHelp(
      "What is compared, separated by commas; claim.p99:50% has a margin of its own.",
      discussion: "Columns of cells.csv, or shorter: claim.mean, throughput. "
        + "(default: service_p10 of enqueue, claim and complete, throughput:30%, claim.p50:25%, enqueue.max:100% "
        + "and claim.max:100%; nothing of consumers where there are none)",
      valueName: "names"))
  var metrics: String?

  @Option(help: "How long each side is measured in a block.")
  var block = TimeSpan(ms: 150)

  @Option(help: "The load before that.")
  var warmUp = TimeSpan(ms: 50)

  func validate() throws {
    for (option, rate) in [("--false-alarm-rate", falseAlarmRate), ("--miss-rate", missRate)]
    where !(rate.share > 0 && rate.share < 1) {
      throw ValidationError("\(option) must lie between 0% and 100%.")
    }
    guard block.ms >= 20 else { throw ValidationError("--block must be at least 20ms.") }
    _ = try comparedMetrics()
  }

  /// Makes a plan one with these options.
  func adapt(_ plan: inout Comparison.Plan) throws {
    plan.metrics = try comparedMetrics()
    plan.rules.margin = margin.share
    plan.rules.falseAlarmRate = falseAlarmRate.share
    plan.rules.missRate = missRate.share
    plan.times = PhaseTimes(warmupMs: warmUp.ms, measureMs: block.ms, drainMs: 0)
  }

  /// Nil for the standard ones.
  private func comparedMetrics() throws -> [ComparedMetric]? {
    guard let metrics else { return nil }
    let names = metrics.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    var compared: [ComparedMetric] = []
    for text in names {
      let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
      let name = String(parts[0])
      let margin = parts.count > 1 ? Percentage(argument: String(parts[1])) : nil
      guard parts.count == 1 || margin != nil else {
        throw ValidationError("--metrics: \"\(text)\": a margin is a share such as 25%.")
      }
      guard let metric = ComparedMetric(named: name, margin: margin?.share) else {
        throw ValidationError(
          "--metrics: there is no metric \"\(name)\"; give columns of cells.csv such as claim_p99_us, or "
            + "claim.p99, enqueue.mean, throughput.")
      }
      guard metric.hasWorseSide else {
        throw ValidationError(
          "--metrics: neither more nor less of \(metric.name) is worse: nothing can be compared by it."
        )
      }
      guard !compared.contains(where: { $0.metric == metric.metric }) else {
        throw ValidationError("--metrics: \(metric.name) is there twice.")
      }
      compared.append(metric)
    }
    return compared
  }
}

/// A share on a command line: `5%`. Without the sign it would be anybody's guess whether 5 means five times as much.
struct Percentage: ExpressibleByArgument {
  /// 0.05 for 5 %.
  let share: Double

  init(share: Double) { self.share = share }

  /// Nil without the sign, and for what is negative.
  init?(argument: String) {
    guard argument.hasSuffix("%"), let percent = Double(argument.dropLast()), percent.isFinite,
      percent >= 0
    else { return nil }
    share = percent / 100
  }

  var defaultValueDescription: String {
    let percent = (share * 1_000_000).rounded() / 10_000
    return percent == percent.rounded() ? "\(Int(percent))%" : "\(percent)%"
  }
}
