import Foundation
import Results
import Scenarios
import Statistics

/// The Universal Scalability Law that goes with a line of throughput over processes.
struct ScalabilityCurve {
  /// The cells of the line.
  let cells: [String]
  /// The law and its parameters in words.
  let text: String
  private let law: ScalabilityLaw

  private static let resamples = 200

  /// What the parameters mean, in lines that have room in a footer.
  static let explanation = [
    "Universal Scalability Law X(N) = λN / (1 + σ(N−1) + κN(N−1)): λ what one process does, σ the share that "
      + "only one can do at a time,",
    "κ what processes cost each other, N* the number beyond which more do harm.",
  ]

  /// The law of the cells of one line; nil if there are too few numbers of processes to fit one.
  init?(_ line: [CellSummary], caption: String, hasIntervals: Bool) {
    let points = line.flatMap { cell in
      cell.usable.compactMap { result in
        result.throughputPerSecond.map {
          ScalabilityLaw.Point(
            processes: Double(cell.producers + cell.consumers), throughput: $0)
        }
      }
    }
    guard let law = ScalabilityLaw.fitted(to: points) else { return nil }
    self.law = law
    cells = line.map(\.cell)
    // Always the same one: a report that is written again must say the same.
    var generator = SeededGenerator(seed: 1)
    let intervals =
      hasIntervals && line.allSatisfy { $0.usable.count >= 6 }
      ? ScalabilityIntervals.bootstrapped(points, resamples: Self.resamples, using: &generator)
      : nil
    func text(_ value: Double, _ interval: Interval?, _ number: (Double) -> String) -> String {
      guard let interval else { return number(value) }
      return "\(number(value)) (\(number(interval.low)) to \(number(interval.high)))"
    }
    func small(_ value: Double) -> String { fixed(value, decimals: value < 0.01 ? 4 : 3) }
    func count(_ value: Double) -> String { value.isFinite ? threeDigits(value) : "∞" }
    self.text =
      "\(caption): λ \(text(law.lambda, intervals?.lambda, threeDigits))/s, "
      + "σ \(text(law.sigma, intervals?.sigma, small)), "
      + "κ \(text(law.kappa, intervals?.kappa, small)), "
      + "N* \(text(law.peakProcesses, intervals?.peakProcesses, count))"
      + (intervals == nil ? "" : "; 95 % bootstrap intervals")
  }

  /// The law between two numbers of processes, as rows of a data file.
  func rows(from first: Int, to last: Int) -> [[String]] {
    let steps = 40
    return (0...steps).map { step in
      let processes =
        Double(first) * pow(Double(last) / Double(first), Double(step) / Double(steps))
      return [
        PlotData.number(processes), PlotData.number(law.throughput(ofProcesses: processes)), "NaN",
        "NaN", "law",
      ]
    }
  }
}

/// A law for each line of throughput that has enough numbers of processes.
func scalabilityLaws(
  _ quantity: ProcessesQuantity, panels: Panels, subject: PlotSubject
) -> [ScalabilityCurve] {
  guard quantity.isThroughput else { return [] }
  return panels.panels.flatMap { panel in
    Panels.grouped(panel.cells, by: panels.lineAxes).compactMap { group in
      guard let first = group.cells.first else { return nil }
      let line = PlotSubject.caption(of: first, on: panels.lineAxes)
      let words = [panel.title, panels.lineAxes.isEmpty ? "" : line].filter { !$0.isEmpty }
      return ScalabilityCurve(
        group.cells, caption: words.isEmpty ? "all cells" : words.joined(separator: ", "),
        // The page takes its words from the wide picture.
        hasIntervals: subject.format != .phone)
    }
  }
}
