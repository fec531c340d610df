import Foundation
import Results
import Statistics
import Testing
import Verification

@testable import Reporting

@Suite struct RunComparisonTests {
  private func slower(_ factor: Double, cells: [String] = ["c01", "c02"]) -> CheckedRun {
    CheckedRun(name: "b") { row in
      guard cells.contains(row.cell) else { return }
      row.claim.latency.p99Us = row.claim.latency.p99Us.map { $0 * factor }
    }
  }

  private func row(
    _ comparison: RunComparison, _ metric: String, _ cell: String?
  ) throws -> RunComparison.Row {
    try #require(comparison.rows.first { $0.metric.name == metric && $0.cell?.a.cell == cell })
  }

  @Test func whatIsSlowerIsWorseAndTheRestIsNot() throws {
    let comparison = try RunComparison(CheckedRun().stored(), slower(1.2, cells: ["c02"]).stored())
    let worse = try row(comparison, "claim.p99", "c02")
    #expect(worse.outcome == .worse && abs(worse.estimate.value - 1.2) < 0.02)
    let p = try #require(worse.adjustedP)
    #expect(p < 0.05 && p > 0.001)
    #expect(try row(comparison, "claim.p99", "c01").outcome == .unclear)
    #expect(try row(comparison, "throughput", "c02").outcome == .unclear)
    #expect(try row(comparison, "busy_error_rate", "c01").outcome == .same)
    let back = try RunComparison(slower(1.2, cells: ["c02"]).stored(), CheckedRun().stored())
    #expect(try row(back, "claim.p99", "c02").outcome == .better)
    #expect(abs(try row(back, "claim.p99", "c02").estimate.value - 1 / 1.2) < 0.02)
  }

  @Test func moreThroughputIsBetter() throws {
    let faster = CheckedRun(name: "b") {
      $0.throughputPerSecond = $0.throughputPerSecond.map { $0 * 1.3 }
    }
    let comparison = try RunComparison(CheckedRun().stored(), faster.stored())
    #expect(try row(comparison, "throughput", "c01").outcome == .better)
    #expect(try row(comparison, "throughput", nil).outcome == .better)
    #expect(comparison.text.contains("throughput, higher is better"))
  }

  @Test func fewRepeatsShowNothingInACellButMayInAll() throws {
    var (a, b) = (CheckedRun(repeats: 4), slower(1.2))
    b.repeats = 4
    let comparison = try RunComparison(a.stored(), b.stored())
    #expect(try row(comparison, "claim.p99", "c01").outcome == .unclear)
    #expect(try row(comparison, "claim.p99", nil).outcome == .worse)
    #expect(comparison.warnings.contains { $0.contains("can hardly show a difference") })
    (a.repeats, b.repeats) = (3, 3)
    let less = try RunComparison(a.stored(), b.stored())
    #expect(less.rows.allSatisfy { [.tooFew, .same].contains($0.outcome) })
    #expect(less.warnings.contains { $0.contains("fewer than 4 repeats") })
    #expect(!less.text.contains("worse\n"))
  }

  @Test func sharesAreComparedByTheirDifference() throws {
    let busy = CheckedRun(name: "b") { $0.busyErrorRate = 0.02 + Double($0.repeatNumber) / 1000 }
    let row = try row(RunComparison(CheckedRun().stored(), busy.stored()), "busy_error_rate", "c01")
    #expect(row.outcome == .worse)
    #expect(
      row.change == "+2.45 pp" && row.intervalText == "+2.20 to +2.70",
      "\(row.change) \(row.intervalText)")
  }

  @Test func cellsAreMatchedByTheirLabels() throws {
    let other = CheckedRun(name: "b", labels: ["FULL", "OFF"])
    let comparison = try RunComparison(CheckedRun().stored(), other.stored())
    #expect(Set(comparison.rows.compactMap { $0.cell?.a.cell }) == ["c02"])
    #expect(Set(comparison.rows.compactMap { $0.cell?.b.cell }) == ["c01"])
    #expect(comparison.text.contains("only in A: c01 synchronous=NORMAL\n"))
    #expect(comparison.text.contains("only in B: c02 synchronous=OFF\n"))
    #expect(comparison.warnings.contains("the scenario checked was changed between A and B"))
    let none = #expect(throws: ComparisonRefusal.self) {
      try RunComparison(CheckedRun().stored(), CheckedRun(labels: ["OFF"]).stored())
    }
    #expect(none?.description.contains("no cell with the same labels") == true)
  }

  @Test(arguments: [
    ("cpu", "Intel Xeon"), ("cores", "64"), ("filesystem", "tmpfs"), ("kernel", "Linux 5.4"),
    ("device", "/dev/nvme0n1"),
  ])
  func otherMachinesAreRefused(fact: String, value: String) throws {
    let other = slower(1).stored { $0.machine[fact] = value }
    let refusal = #expect(throws: ComparisonRefusal.self) {
      try RunComparison(CheckedRun().stored(), other)
    }
    #expect(refusal?.description.contains("different machines") == true)
    #expect(refusal?.description.contains("--across-machines") == true)
    let forced = try RunComparison(CheckedRun().stored(), other, acrossMachines: true)
    #expect(forced.warnings.first?.hasPrefix("the machines differ") == true)
    // The same kind of disk under another name is no other machine.
    #expect(throws: Never.self) {
      try RunComparison(
        CheckedRun().stored(), slower(1).stored { $0.machine["device"] = "/dev/vdb" })
    }
  }

  @Test func runsThatAreNotFinishedAreRefused() {
    for (a, b) in [(true, false), (false, true)] {
      let refusal = #expect(throws: ComparisonRefusal.self) {
        try RunComparison(
          CheckedRun().stored { if !a { $0.finishedAtUtc = nil } },
          slower(1).stored { if !b { $0.finishedAtUtc = nil } })
      }
      #expect(refusal?.description.contains("results/\(a ? "b" : "a"): is not finished") == true)
    }
  }

  @Test func whatElseDiffersIsSaid() throws {
    let other = slower(1).stored {
      ($0.sqliteVersion, $0.buildMode, $0.commit) = ("3.51.0", "debug", "371d9ce-dirty")
      $0.pragmasReadBack["c02"]?["cache_size"] = "-64000"
      $0.settings["c01"]?["batch"] = "8"
      $0.machine["swappiness"] = "10"
    }
    let warnings = try RunComparison(CheckedRun().stored(), other).warnings
    for expected in [
      "SQLite is 3.40.1 in A and 3.51.0 in B", "A is a release build and B a debug build",
      "B was built from changes that no commit has (371d9ce-dirty)",
      "PRAGMA cache_size is -2000 in A and -64000 in B (c02)",
      "the setting batch is 1 in A and 8 in B (c01)",
      "the machine is set up differently: swappiness unknown and 10",
    ] {
      #expect(warnings.contains(expected), "\(expected) not in \(warnings)")
    }
    #expect(try RunComparison(CheckedRun().stored(), slower(1).stored()).warnings.isEmpty)
    let options = slower(1).stored { $0.sqliteCompileOptions = ["ENABLE_X"] }
    #expect(
      try RunComparison(CheckedRun().stored(), options).warnings == [
        "SQLite was compiled with other options: ENABLE_X (B alone), THREADSAFE=1 (A alone)"
      ])
  }

  @Test func aSlowerProbeSaysThatTheMachineWasNotTheSame() throws {
    let slow = CheckedRun(name: "b") {
      $0.conditions.probeFsyncUs = $0.conditions.probeFsyncUs.map { $0 * 1.5 }
    }
    let warnings = try RunComparison(CheckedRun().stored(), slow.stored()).warnings
    #expect(warnings.count == 1)
    #expect(warnings.first?.hasPrefix("the machine was not the same: an fsync took") == true)
  }

  @Test func percentilesOfSomeRepeatsAreNotCompared() throws {
    let lacking = CheckedRun(name: "b") {
      if $0.key == RepeatKey(cell: "c01", repeatNumber: 3) { $0.claim.latency.p99Us = nil }
    }
    let comparison = try RunComparison(CheckedRun().stored(), lacking.stored())
    #expect(!comparison.rows.contains { $0.metric.name == "claim.p99" && $0.cell?.a.cell == "c01" })
    #expect(
      comparison.warnings.contains {
        $0.hasPrefix("claim.p99 has too few samples in some repeats of c01")
      })
  }

  @Test func aStandstillIsARow() throws {
    let still = CheckedRun(name: "b") { $0.throughputPerSecond = 0 }
    let comparison = try RunComparison(CheckedRun().stored(), still.stored())
    #expect(try row(comparison, "throughput", "c01").outcome == .worse)
    #expect(try row(comparison, "throughput", "c01").change == "×0.000")
    #expect(try row(comparison, "throughput", nil).outcome == .worse)
  }

  @Test func cellsWithoutUsableRepeatsAreNamed() throws {
    let dead = CheckedRun(name: "b") { row in
      if row.cell == "c02" { (row.status, row.verdict, row.detail) = (.failed, .unknown, "died") }
    }
    let warnings = try RunComparison(CheckedRun().stored(), dead.stored()).warnings
    #expect(warnings == ["c02 is not compared: B has no usable repeat of it (died)"])
  }

  @Test func changedPlansAreShown() throws {
    func run(_ name: String, _ hash: String) -> StoredRun {
      CheckedRun(name: name) { $0.planHash = $0.cell == "c01" ? hash : "same" }.stored()
    }
    let comparison = try RunComparison(run("a", "aa"), run("b", "bb"))
    #expect(comparison.summary.hasSuffix("query plans changed in 1 of 2 cells"))
    #expect(
      comparison.text.contains(
        "query plans changed: synchronous NORMAL: aa → bb; diff results/a/plans/c01.txt results/b/plans/c01.txt\n"
      ), "\(comparison.text)")
    #expect(
      comparison.markdown.contains("| query plans changed | synchronous NORMAL | `aa` | `bb` |"))
    #expect(comparison.markdown.hasPrefix("### ❔ "))
    #expect(comparison.json.contains("\"is_changed\" : true"))
  }

  @Test func nothingComparedIsNoSuccess() throws {
    let few = try RunComparison(
      CheckedRun(repeats: 3).stored(), CheckedRun(name: "b", repeats: 3).stored(),
      by: [#require(ComparedMetric.named("claim.p99"))])
    #expect(few.markdown.hasPrefix("### ❔ "))
    let same = try RunComparison(CheckedRun().stored(), slower(1).stored())
    #expect(same.markdown.hasPrefix("### ✅ "))
  }

  @Test func summariesAreEscapedForHTML() {
    #expect(
      MarkdownText.details("a_b <c> & [d]\n@e", "x").hasPrefix(
        "<details><summary>a_b &lt;c&gt; &amp; [d] &#64;e</summary>"))
  }

  @Test func tablesDegradeByWidth() throws {
    let comparison = try RunComparison(CheckedRun().stored(), slower(1.2).stored())
    let wide = comparison.text(width: 160)
    #expect(wide.contains("●") && wide.contains("95 % interval"))
    // First p goes, then the medians and the interval, and the picture last.
    for (width, hasForest) in [(60, true), (40, false)] {
      let lines = comparison.text(width: width).split(separator: "\n")
      let rows = lines.filter { $0.hasPrefix("synchronous") || $0.hasPrefix("cell") }
      #expect(!rows.isEmpty && rows.allSatisfy { $0.count <= width })
      #expect(!rows.contains { $0.contains("<0.001") || $0.contains("µs") })
      #expect(rows.contains { $0.contains("●") } == hasForest)
      #expect(rows.contains { $0.hasPrefix("synchronous FULL") && $0.contains("worse") })
    }
  }

  @Test func otherFormatsHoldTheSame() throws {
    let comparison = try RunComparison(CheckedRun().stored(), slower(1.2).stored())
    #expect(comparison.markdown.hasPrefix("### ❌ results/a → results/b: 3 worse, "))
    #expect(comparison.markdown.contains("| ❌ worse | `claim.p99` | all cells |"))
    #expect(
      comparison.markdown.components(separatedBy: "<details>").count
        == comparison.markdown.components(separatedBy: "</details>").count)
    let object = try JSONSerialization.jsonObject(with: Data(comparison.json.utf8))
    let document = try #require(object as? [String: Any])
    let rows = try #require(document["rows"] as? [[String: Any]])
    #expect(rows.count == comparison.rows.count)
    #expect(
      Set(rows.map { $0.keys.sorted().joined(separator: " ") }) == [
        "adjusted_p cell cell_a cell_b change change_is high low median_a median_b metric outcome repeats_a repeats_b unit"
      ])
    #expect(document["schema_version"] as? Int == 1)
  }

  @Test func theForestIsDrawn() throws {
    let comparison = try RunComparison(CheckedRun().stored(), slower(1.2).stored())
    let plot = try #require(comparison.forestPlot)
    #expect(plot.data.contains("# claim.p99 worse\n"))
    #expect(plot.data.contains("\"all cells\""))
    guard let gnuplot = try? Gnuplot() else { return }
    let directory = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
      .path
    defer { try? FileManager.default.removeItem(atPath: directory) }
    let pictures = try gnuplot.draw([plot], in: directory)
    #expect(
      try String(contentsOfFile: #require(pictures.first), encoding: .utf8).contains("</svg>"))
  }
}

@Suite struct ForestTextTests {
  private func estimate(_ value: Double, _ low: Double, _ high: Double) -> Estimate {
    Estimate(value: value, interval: Interval(low: low, high: high))
  }

  @Test func barsShareAScaleWithOneInTheMiddle() {
    let forest = ForestText(for: [estimate(1, 0.5, 2)])
    #expect(abs(forest.limit - exp(log(2) * 1.05)) < 1e-9)
    #expect(forest.heading.count == ForestText.width)
    #expect(forest.bar(estimate(1, 0.5, 2)) == " ├──────────●──────────┤ ")
    #expect(
      forest.bar(estimate(1.5, 1.2, 1.9)) == "            │  ├───●───┤ ",
      "\(forest.bar(estimate(1.5, 1.2, 1.9)))")
    #expect(forest.bar(Estimate(value: 1, interval: nil)) == "            ○            ")
  }

  @Test func whatIsBeyondTheScaleIsAnArrow() {
    let forest = ForestText(for: [estimate(30, 0.001, 1000)])
    #expect(forest.limit == 4)
    for bar in [
      estimate(30, 20, 40), estimate(0.01, 0.001, 0.02), estimate(1, 0.01, 100),
      estimate(0.1, 0, 1),
    ]
    .map(forest.bar) {
      #expect(bar.count == ForestText.width)
      #expect(bar.hasPrefix("◀") || bar.hasSuffix("▶"))
    }
  }
}
