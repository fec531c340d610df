import Foundation
import Results
import Testing

@testable import Reporting

private let isGnuplotInstalled = (try? Gnuplot()) != nil

@Suite("Drawing with gnuplot")
struct GnuplotTests {
  /// Draws the plots of a run and hands over the directory.
  ///
  /// With QUEUEBENCH_KEEP_PLOTS=<directory> the pictures stay there, to be looked at.
  private func withDrawn(
    _ run: SampleRun, manifest: Manifest?, _ body: (PlotSet, String) throws -> Void
  ) throws {
    let plots = PlotSet(RunRecord(rows: run.rows, manifest: manifest))
    if let kept = ProcessInfo.processInfo.environment["QUEUEBENCH_KEEP_PLOTS"] {
      _ = try Gnuplot().draw(plots.plots, in: "\(kept)/\(run.rawValue)")
    }
    try withTemporaryDirectory { directory in
      let pictures = try Gnuplot().draw(plots.plots, in: "\(directory)/plots")
      #expect(pictures.count == plots.plots.count)
      try body(plots, "\(directory)/plots")
    }
  }

  @Test(.enabled(if: isGnuplotInstalled, "gnuplot is not installed"), arguments: SampleRun.allCases)
  func `every run gives pictures with title, origin and cells`(run: SampleRun) throws {
    try withDrawn(run, manifest: run.manifest) { plots, directory in
      for plot in plots.plots {
        let picture = try String(
          contentsOfFile: "\(directory)/\(plot.name).svg", encoding: .utf8)
        #expect(picture.contains("</svg>"))
        #expect(picture.contains("commit 371d9ce · SQLite 3.40.1"))
        #expect(picture.contains("AMD EPYC 7763 · 2 cores · ext4"))
        #expect(picture.contains("seed 20261121"))
      }
      let claim = try String(contentsOfFile: "\(directory)/latency-claim.svg", encoding: .utf8)
      #expect(claim.contains("Claim latency by percentile"))
      #expect(claim.contains(">99.9<"))
      let names = plots.plots.map(\.name) + plots.skipped.map(\.name)
      #expect(
        names.sorted() == [
          "busy-vs-processes", "busy-wait-vs-processes", "fairness", "latency-claim",
          "latency-complete", "latency-enqueue", "latency-over-time", "latency-vs-rate", "lease",
          "matrix", "phases",
          "throughput-vs-processes", "timeline",
        ])
    }
  }

  @Test(.enabled(if: isGnuplotInstalled, "gnuplot is not installed"))
  func `labels appear as they are, whatever gnuplot would make of their characters`() throws {
    try withDrawn(.longLabels, manifest: nil) { _, directory in
      let picture = try String(
        contentsOfFile: "\(directory)/latency-claim.svg", encoding: .utf8)
      #expect(picture.contains("backoff(initial=100us,max=20000us,timeout=5000ms)"))
      let escaped = ["it's 100% \"quoted\", under_scored &amp; {braced}\\n"]
      #expect(escaped.contains { picture.contains($0) })
    }
  }

  @Test(.enabled(if: isGnuplotInstalled, "gnuplot is not installed"))
  func `what is invalid or refused stands in the pictures`() throws {
    try withDrawn(.troubled, manifest: nil) { plots, directory in
      var pictures: [String: String] = [:]
      for plot in plots.plots {
        pictures[plot.name] = try String(
          contentsOfFile: "\(directory)/\(plot.name).svg", encoding: .utf8)
      }
      #expect(pictures.values.allSatisfy { $0.contains("c07 refused") })
      #expect(pictures["matrix"]?.contains(">INVALID<") == true)
      #expect(pictures["latency-claim"]?.contains("✗ c02, c05 INVALID") == true)
      #expect(pictures["throughput-vs-processes"]?.contains("INVALID repeat") == true)
    }
  }

  @Test(.enabled(if: isGnuplotInstalled, "gnuplot is not installed"))
  func `a script that fails is an error with gnuplot's reason`() throws {
    try withTemporaryDirectory { directory in
      let plots = [
        Plot(name: "bad", script: "plot 'nowhere.dat'\n", data: "# x\n"),
        Plot(name: "later", script: "plot x\n", data: "# y\n"),
      ]
      let error = #expect(throws: Gnuplot.Failure.self) {
        try Gnuplot().draw(plots, in: directory)
      }
      #expect(error?.description.hasPrefix("\(directory)/bad.gp: gnuplot failed: ") == true)
      #expect(error?.description.contains("nowhere.dat") == true)
      // Everything that does not need gnuplot is there, also of the plots behind the bad one.
      #expect(FileManager.default.fileExists(atPath: "\(directory)/later.dat"))
    }
  }

  @Test func `a missing gnuplot is an error that says what to install`() {
    let error = #expect(throws: Gnuplot.Failure.self) { try Gnuplot(searchPath: "/nowhere:") }
    #expect(error == .notInstalled)
    #expect(error?.description.contains("apt-get install gnuplot-nox") == true)
  }

  @Test func `a directory that cannot be made is an error with its path`() throws {
    try withTemporaryDirectory { directory in
      try Data().write(to: URL(fileURLWithPath: "\(directory)/file"))
      let plots = PlotSet(RunRecord(rows: SampleRun.noAxes.rows, manifest: nil)).plots
      let error = #expect(throws: Gnuplot.Failure.self) {
        try Gnuplot.write(plots, to: "\(directory)/file/plots")
      }
      #expect(error?.description.hasPrefix("\(directory)/file/plots: ") == true)
    }
  }
}

@Suite("Texts in pictures")
struct PictureTextTests {
  private static let records =
    SampleRun.allCases.map { ($0.rawValue, RunRecord(rows: $0.rows, manifest: $0.manifest)) }
    + SampleRecord.allCases.map { ($0.rawValue, $0.record) }

  /// A text with the stretch that it takes at least, as narrow fonts have it.
  private struct Text {
    let content: String
    let from: Double
    let to: Double

    /// The text that stands behind a group's head: `<g transform="translate(x,y)" …><text>…`.
    init?(_ group: Substring) {
      func value(_ name: String) -> Substring? {
        group.range(of: "\(name)=\"").map { group[$0.upperBound...].prefix { $0 != "\"" } }
      }
      guard let start = group.range(of: "<text>"), let end = group.range(of: "</text>"),
        let x = value("transform").flatMap({ $0.dropFirst(10).split(separator: ",").first }),
        let place = Double(x), value("transform")?.contains("rotate") == false,
        let size = value("font-size").flatMap({ Double($0) })
      else { return nil }
      var content = ""
      var isInTag = false
      for character in group[start.upperBound..<end.lowerBound] {
        if character == "<" { isInTag = true }
        if !isInTag { content.append(character) }
        if character == ">" { isInTag = false }
      }
      for (entity, character) in [("&amp;", "&"), ("&lt;", "<"), ("&gt;", ">"), ("&quot;", "'")] {
        content = content.replacing(entity, with: character)
      }
      self.content = content.trimmingCharacters(in: .whitespacesAndNewlines)
      let width = Double(self.content.count) * size * 0.47
      switch value("text-anchor") {
      case "end": (from, to) = (place - width, place)
      case "middle": (from, to) = (place - width / 2, place + width / 2)
      default: (from, to) = (place, place + width)
      }
    }
  }

  @Test(
    .enabled(if: isGnuplotInstalled, "gnuplot is not installed"), arguments: PlotFormat.allCases)
  func `no text is cut off at the sides`(format: PlotFormat) throws {
    for (name, record) in Self.records {
      let plots = PlotSet(record, format: format).plots
      for (plot, picture) in try Gnuplot().drawn(plots) {
        let groups = try picture.get().components(separatedBy: "<g ").dropFirst()
        let texts = groups.compactMap { Text(Substring($0)) }
        #expect(!texts.isEmpty)
        for text in texts {
          #expect(
            text.from >= -2 && text.to <= Double(format.width) + 2,
            "\(name), \(plot): \(text.content) from \(text.from) to \(text.to)")
        }
      }
    }
  }
}

/// Runs `body` with a fresh directory that is gone afterwards.
func withTemporaryDirectory(_ body: (String) throws -> Void) throws {
  let directory = FileManager.default.temporaryDirectory
    .appendingPathComponent("queuebench-\(UUID().uuidString)").path
  try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(atPath: directory) }
  try body(directory)
}
