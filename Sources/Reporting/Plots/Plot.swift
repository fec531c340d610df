package import Results

/// A picture of a run: a gnuplot script and the data that it reads.
package struct Plot: Equatable, Sendable {
  /// The name of its files, without what follows the dot.
  package let name: String
  /// The content of `<name>.gp`, which reads `<name>.dat` and writes `<name>.svg` beside itself.
  package let script: String
  /// The content of `<name>.dat`.
  package let data: String
}

/// A picture that a run does not give, and why.
package struct SkippedPlot: Equatable, Sendable {
  /// The name that it would have had.
  package let name: String
  /// Why there is none.
  package let reason: String
}

/// All pictures of a run, from the rows of `cells.csv` alone; a manifest only adds to the footers.
package struct PlotSet: Equatable, Sendable {
  /// The pictures.
  package private(set) var plots: [Plot] = []
  /// The pictures that the run does not give.
  package private(set) var skipped: [SkippedPlot] = []

  /// The pictures of the run that `rows` hold.
  package init(rows: [RepeatResult], manifest: Manifest?) {
    let subject = PlotSubject(rows: rows, manifest: manifest)
    for operation in MeasuredOperation.allCases {
      add(latencyPlot(of: operation, subject: subject))
    }
    add(processesPlot(.busyRetries, subject: subject))
    add(processesPlot(.throughput, subject: subject))
    add(matrixPlot(subject: subject))
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
