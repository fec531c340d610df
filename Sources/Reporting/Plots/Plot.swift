import Results

/// A picture of a run: a gnuplot script and the data that it reads.
package struct Plot: Equatable, Sendable {
  /// The name of its files, without what follows the dot.
  package let name: String
  /// The content of `<name>.gp`, which reads `<name>.dat` and writes `<name>.svg` beside itself.
  package let script: String
  /// The content of `<name>.dat`.
  package let data: String
  /// What is shown.
  package let title: String
  /// What one must know to read it.
  package let subtitle: String
  /// What was computed from it, in sentences.
  package let notes: [String]

  /// Whether it shows cells as bars instead of lines over the number of processes.
  var isOfBars: Bool { script.contains("boxxyerror") }

  /// A picture that `script` draws from `data`.
  package init(
    name: String, script: String, data: String, title: String = "", subtitle: String = "",
    notes: [String] = []
  ) {
    self.name = name
    self.script = script
    self.data = data
    self.title = title
    self.subtitle = subtitle
    self.notes = notes
  }
}

/// What stands above a picture.
struct PlotHeading {
  let name: String
  let title: String
  let subtitle: String
  let notes: [String]
}

extension Plot {
  /// The picture that a page and its data make.
  init(_ page: PlotPage, data: PlotData) {
    self.init(
      name: page.heading.name, script: page.script, data: data.text, title: page.heading.title,
      subtitle: page.heading.subtitle, notes: page.heading.notes)
  }
}

/// A picture that a run does not give, and why.
package struct SkippedPlot: Equatable, Sendable {
  /// The name that it would have had.
  package let name: String
  /// Why there is none.
  package let reason: String
}

/// All pictures of a run that its files suffice for; a manifest only adds to the footers.
package struct PlotSet: Equatable, Sendable {
  /// The pictures.
  package private(set) var plots: [Plot] = []
  /// The pictures that the run does not give.
  package private(set) var skipped: [SkippedPlot] = []

  /// The pictures of a run, in the order in which one reads them.
  package init(_ record: RunRecord, format: PlotFormat = .file) {
    let subject = PlotSubject(record, format: format)
    if let tuning = record.tuning { add(paretoPlot(tuning, subject: subject)) }
    add(matrixPlot(subject: subject))
    for operation in [MeasuredOperation.claim, .enqueue, .complete] {
      add(latencyPlot(of: operation, subject: subject))
    }
    add(ratePlot(subject: subject))
    add(processesPlot(.throughput, subject: subject))
    add(phasesPlot(subject: subject))
    add(processesPlot(.busyRetries, subject: subject))
    add(processesPlot(.busyWait, subject: subject))
    add(timelinePlot(subject: subject))
    add(heatPlot(subject: subject))
    add(fairnessPlot(subject: subject))
    add(leasePlot(subject: subject))
  }

  private mutating func add(_ outcome: PlotOutcome) {
    switch outcome {
    case .plot(let plot): plots.append(plot)
    case .skipped(let plot): skipped.append(plot)
    }
  }
}

/// A picture, or why there is none.
enum PlotOutcome {
  case plot(Plot)
  case skipped(SkippedPlot)

  static func skipped(_ name: String, _ reason: String) -> PlotOutcome {
    .skipped(SkippedPlot(name: name, reason: reason))
  }
}
