internal import ArgumentParser
internal import Experiments
internal import LoadGeneration

/// How sure a comparison has to be, and how long its blocks are.
struct ComparisonOptions: ParsableArguments {
  @Option(help: "What may be worse without being a failure.")
  var margin = Percentage(share: 0.05)

  @Option(help: "The chance of a false alarm, all metrics and cells together.")
  var falseAlarmRate = Percentage(share: 0.01)

  @Option(help: "The chance that something worse than the margin passes.")
  var missRate = Percentage(share: 0.05)

  @Option(
    help: ArgumentHelp(
      "What is compared, separated by commas: columns of cells.csv, also as claim.mean or throughput.",
      discussion: "Means are less noisy than percentiles by far. (default: throughput,claim.mean,enqueue.mean)",
      valueName: "names"))
  var metrics: String?

  @Option(help: "How long each side is measured in a block.")
  var block = TimeSpan(ms: 300)

  @Option(help: "The load before that.")
  var warmUp = TimeSpan(ms: 100)

  func validate() throws {
    guard margin.share >= 0, falseAlarmRate.share > 0, falseAlarmRate.share < 1,
      missRate.share > 0, missRate.share < 1
    else {
      throw ValidationError(
        "--margin must not be negative, --false-alarm-rate and --miss-rate must lie between 0 % and 100 %.")
    }
    guard block.ms >= 20 else { throw ValidationError("--block must be at least 20ms.") }
    _ = try comparedMetrics()
  }

  var rules: ComparisonGates.Rules {
    var rules = ComparisonGates.Rules()
    rules.margin = margin.share
    rules.falseAlarmRate = falseAlarmRate.share
    rules.missRate = missRate.share
    return rules
  }

  var times: PhaseTimes { PhaseTimes(warmupMs: warmUp.ms, measureMs: block.ms, drainMs: 0) }

  func comparedMetrics() throws -> [ComparedMetric] {
    guard let metrics else { return ComparedMetric.standard }
    let names = metrics.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    var compared: [ComparedMetric] = []
    for name in names {
      guard let metric = ComparedMetric(named: name) else {
        throw ValidationError(
          "--metrics: there is no metric \"\(name)\"; give columns of cells.csv such as claim_p99_us, or "
            + "claim.p99, enqueue.mean, throughput.")
      }
      guard !compared.contains(metric) else {
        throw ValidationError("--metrics: \(metric.name) is there twice.")
      }
      compared.append(metric)
    }
    return compared
  }
}

/// A share on a command line: `5%`, or `0.05`.
struct Percentage: ExpressibleByArgument {
  let share: Double

  init(share: Double) { self.share = share }

  init?(argument: String) {
    let hasSign = argument.hasSuffix("%")
    let number = hasSign ? argument.dropLast() : argument[...]
    guard let value = Double(number), value.isFinite else { return nil }
    share = hasSign ? value / 100 : value
  }

  var defaultValueDescription: String {
    let percent = (share * 1_000_000).rounded() / 10_000
    return percent == percent.rounded() ? "\(Int(percent))%" : "\(percent)%"
  }
}
