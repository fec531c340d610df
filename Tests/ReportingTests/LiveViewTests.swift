import Testing

@testable import Reporting

@Suite struct LiveViewTests {
  private static func view(_ samples: [LiveView.Sample]) -> LiveView {
    var view = LiveView()
    view.begin(title: "c03 r2  rate=1000/s", position: 4, total: 12, secondsLeft: 95)
    for sample in samples { view.add(sample, stage: "measuring, 0.5 of 2.0 s") }
    return view
  }

  private static let samples = (1...40).map {
    LiveView.Sample(
      tasksPerSecond: Double($0) * 100, claimP50Us: 20, claimP95Us: 1500, claimP99Us: nil,
      busyRetryRate: 0.125, lagMaxUs: Double($0) * 100, failedCount: $0 / 40)
  }

  @Test(arguments: [1, 20, 40, 79, 119, 200])
  func noLineIsWiderThanTheTerminal(width: Int) {
    for view in [LiveView(), Self.view([]), Self.view(Self.samples)] {
      let lines = view.lines(width: width)
      #expect(lines.count == 4)
      #expect(lines.allSatisfy { $0.count <= max(20, width) && !$0.contains("\n") })
    }
  }

  @Test func everythingIsSaidWhereThereIsRoom() {
    let lines = Self.view(Self.samples).lines(width: 119)
    #expect(lines[0].hasPrefix("repeat 4 of 12  ━━━━━━━╌"))
    #expect(lines[0].hasSuffix("1 min 35 s left"))
    #expect(lines[1] == "c03 r2  rate=1000/s  measuring, 0.5 of 2.0 s")
    #expect(lines[2].hasPrefix("tasks/s 4,000 ▅"))
    #expect(lines[2].contains("claim p50 20.0 µs █") && lines[2].contains("p95 1.50 ms █"))
    #expect(!lines[2].contains("p99"))
    #expect(
      lines[3] == "BUSY 12.5 %  ⚠ behind its schedule: lag 4.00 ms  ⚠ 1 operations failed")
  }

  @Test func coursesGiveWayToNumbers() {
    let narrow = Self.view(Self.samples).lines(width: 60)[2]
    #expect(narrow == "tasks/s 4,000  claim p50 20.0 µs  p95 1.50 ms")
  }

  @Test(
    arguments: [
      ([], ""), ([0, 0], "▁▁"), ([0, 7], "▁█"), ([1, 2, 3, 4, 5, 6, 7], "▂▃▄▅▆▇█"),
      ([-1, 1], "▁█"), ([.infinity, 1], "▁▁"),
    ] as [([Double], String)])
  func aSparklineGoesFromZeroToTheLargest(values: [Double], line: String) {
    #expect(sparkline(values) == line)
  }

  @Test(arguments: [
    (0.0, "0 s"), (0.2, "1 s"), (59, "59 s"), (60, "1 min 0 s"), (3725, "62 min 5 s"), (.nan, "?"),
  ])
  func durationsAreForPeople(seconds: Double, text: String) {
    #expect(durationText(seconds) == text)
  }
}
