import Foundation
import Results

/// The pictures of a report, each laid out for a wide page and for a telephone.
struct Figures {
  private let record: RunRecord

  init(_ record: RunRecord) { self.record = record }

  /// The pictures, and a word on each that there is not.
  func html(gnuplot: Gnuplot?) -> String {
    let wide = PlotSet(record, format: .page)
    guard !wide.plots.isEmpty else { return skipped(wide.skipped) }
    guard let gnuplot else {
      return paragraph(
        "gnuplot is not installed, so there are no pictures here; install it, then write the page again with "
          + "queuebench report.") + skipped(wide.skipped)
    }
    let narrow = PlotSet(record, format: .phone)
    let drawings = (wide: gnuplot.drawn(wide.plots), narrow: gnuplot.drawn(narrow.plots))
    var html = ""
    for (index, plot) in wide.plots.enumerated() {
      let pictures = [
        (drawings.wide[plot.name], "wide", "w\(index)"),
        (drawings.narrow[plot.name], "narrow", "n\(index)"),
      ].map { drawing, cssClass, prefix in
        Self.markup(of: drawing, of: plot, cssClass: cssClass, prefix: prefix)
      }
      let caption = [Self.advice(on: plot), plot.subtitle].filter { !$0.isEmpty }
        .map { Self.sentence($0) }.joined(separator: " ")
      html += element(
        "figure",
        element("h3", escapedHTML(plot.title)) + pictures.joined(separator: "\n")
          + element(
            "figcaption",
            ([caption] + plot.notes).map { element("p", escapedHTML($0)) }.joined()),
        "id=\"plot-\(plot.name)\"")
    }
    return html + skipped(wide.skipped)
  }

  /// A picture as an element, or why there is none.
  private static func markup(
    of drawing: Result<String, Gnuplot.Failure>?, of plot: Plot, cssClass: String, prefix: String
  ) -> String {
    switch drawing {
    case .success(let svg):
      let picture = InlinePicture(svg: svg, prefix: prefix, label: plot.title, cssClass: cssClass)
      return picture?.markup ?? paragraph("gnuplot left something that is no picture.")
    case .failure(let failure): return paragraph("This picture could not be drawn: \(failure)")
    case nil: return ""
    }
  }

  private func skipped(_ plots: [SkippedPlot]) -> String {
    guard !plots.isEmpty else { return "" }
    let items = plots.map { element("li", escapedHTML("\($0.name): \($0.reason)")) }
    return details(
      "Plots that this run does not give (\(plots.count))",
      "<ul class=\"plain\">\n\(items.joined())</ul>\n")
  }

  private static func sentence(_ text: String) -> String {
    text.prefix(1).uppercased() + text.dropFirst() + (text.last == "." ? "" : ".")
  }

  /// How to read a picture.
  private static func advice(on plot: Plot) -> String {
    switch plot.name {
    case "pareto":
      return
        "Each point is a configuration. Crosses ran in the screening only: with so few runs, the luckiest "
        + "look better than they are."
    case "matrix":
      return
        "Each box is a cell: its value, and the median ratio to the baseline over repeats with the "
        + "same number. Hatching marks ratios whose interval contains 1, so that noise could explain "
        + "them."
    case "latency-claim", "latency-enqueue", "latency-complete":
      return
        "Each line is a cell; the further to the right, the rarer the case. A line that turns up "
        + "steeply has a tail that the median hides. Latency counts from the moment an operation was due."
    case "latency-vs-rate":
      return
        "Where lines bend upwards the queue nears its limit; beyond it what was achieved falls below 1."
    case "throughput-vs-processes" where plot.isOfBars, "busy-vs-processes" where plot.isOfBars,
      "busy-wait-vs-processes" where plot.isOfBars:
      return "Each bar is a cell; all have the same number of processes."
    case "throughput-vs-processes":
      return
        "A line that flattens is limited by what only one process can do at a time: the write lock."
    case "phases":
      return
        "Bars show where the time of ordinary operations goes, and of slow ones: what grows from "
        + "left to right is what makes the tail."
    case "busy-vs-processes":
      return "How many operations found somebody else writing."
    case "busy-wait-vs-processes":
      return "How much of their time the processes slept because somebody else wrote."
    case "timeline":
      return
        "Each column is a repeat. Work lies between the shaded stretches; drops of the upper line at "
        + "the bars below are checkpoints."
    case "latency-over-time":
      return
        "Each box holds the claims of one moment and one latency; the darker, the more. Stripes "
        + "upwards are moments in which all claims were slow."
    case "fairness":
      return "A line far below the diagonal means that some consumers get most of the tasks."
    case "lease":
      return
        "A lease shorter than the work makes others take the task over while it is still worked on."
    default: return ""
    }
  }
}

extension Gnuplot {
  /// Draws plots in a directory of their own, which is gone afterwards, and returns the SVG by name.
  ///
  /// One that cannot be drawn does not take the others with it.
  func drawn(_ plots: [Plot]) -> [String: Result<String, Failure>] {
    let directory = FileManager.default.temporaryDirectory
      .appendingPathComponent("queuebench-report-\(UUID().uuidString)").path
    defer { try? FileManager.default.removeItem(atPath: directory) }
    var pictures: [String: Result<String, Failure>] = [:]
    for plot in plots {
      pictures[plot.name] = Result { () throws(Failure) -> String in
        let path = try draw([plot], in: directory)[0]
        do {
          return try String(contentsOfFile: path, encoding: .utf8)
        } catch {
          throw .system(path: path, message: "cannot be read: \(error.localizedDescription)")
        }
      }
    }
    return pictures
  }
}
