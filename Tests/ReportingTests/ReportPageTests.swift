import Foundation
import Results
import Testing
import Verification

@testable import Reporting

/// With QUEUEBENCH_KEEP_PLOTS=<directory>, pages and pictures stay there, to be looked at.
private let kept = ProcessInfo.processInfo.environment["QUEUEBENCH_KEEP_PLOTS"]

@Suite("Report page")
struct ReportPageTests {
  private static let gnuplot = try? Gnuplot()

  private func page(of record: RunRecord, keptAs name: String) throws -> String {
    let html = ReportPage(record).html(gnuplot: Self.gnuplot)
    if let kept {
      try FileManager.default.createDirectory(atPath: kept, withIntermediateDirectories: true)
      try Data(html.utf8).write(to: URL(fileURLWithPath: "\(kept)/\(name).html"))
      if let gnuplot = Self.gnuplot {
        _ = try gnuplot.draw(PlotSet(record).plots, in: "\(kept)/\(name)")
      }
    }
    return html
  }

  @Test(arguments: SampleRecord.allCases)
  func `a page names every cell`(sample: SampleRecord) throws {
    let record = sample.record
    let html = try page(of: record, keptAs: sample.rawValue)
    for cell in Set(record.rows.map(\.cell)) { #expect(html.contains(">\(cell)<")) }
  }
}
