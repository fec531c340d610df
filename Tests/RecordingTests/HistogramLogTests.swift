import Foundation
import TestSupport
import Testing

@testable import Recording

@Suite struct HistogramLogTests {
  /// k²·(index+1) ns, so many times, for each k up to the limit.
  private func squares(_ limit: Int, index: Int, times: (Int) -> Int = { _ in 1 })
    -> LatencyHistogram
  {
    var histogram = LatencyHistogram()
    for k in 1..<limit + 1 {
      for _ in 0..<times(k) { histogram.record(UInt64(k * k * (index + 1))) }
    }
    return histogram
  }

  private func random(_ count: Int, seed: UInt64) -> LatencyHistogram {
    var generator = SeededGenerator(seed: seed)
    var histogram = LatencyHistogram()
    for _ in 0..<count {
      // From 1 ns to 100 s, evenly over the orders of magnitude.
      histogram.record(UInt64(pow(10, Double.random(in: 0...11, using: &generator))))
    }
    return histogram
  }

  private func log(_ histograms: [LatencyHistogram], tags: [String?] = [nil]) -> HistogramLog {
    HistogramLog(
      startMsSinceEpoch: 1_795_262_400_250,
      intervals: histograms.enumerated().map { index, histogram in
        HistogramLog.Interval(
          tag: tags[index % tags.count], startMs: index / tags.count * 100, lengthMs: 100,
          histogram: histogram)
      })
  }

  private func expectEqual(_ log: HistogramLog, _ expected: HistogramLog) throws {
    #expect(log.startMsSinceEpoch == expected.startMsSinceEpoch)
    try #require(log.intervals.count == expected.intervals.count)
    for (interval, other) in zip(log.intervals, expected.intervals) {
      #expect(interval.tag == other.tag)
      #expect(interval.startMs == other.startMs)
      #expect(interval.lengthMs == other.lengthMs)
      #expect(interval.histogram.buckets == other.histogram.buckets)
      #expect(interval.histogram.count == other.histogram.count)
      let meanNs = other.histogram.meanNs
      #expect(abs(interval.histogram.meanNs - meanNs) <= meanNs / 1000)
    }
  }

  // MARK: Other implementations

  @Test func aLogMadeByPythonIsRead() throws {
    let made = log([1500, 3, 40].enumerated().map { squares($1, index: $0) })
    try expectEqual(HistogramLog(text: HistogramLogFixtures.python), made)
  }

  @Test func aLogMadeByJavaIsRead() throws {
    var made = log([200, 3, 0].enumerated().map { squares($1, index: $0) { $0 } }).intervals
    for (index, tag) in ["claim", "enqueue"].enumerated() {
      made[index] = .init(
        tag: tag, startMs: index * 100, lengthMs: 100, histogram: made[index].histogram)
    }
    let expected = HistogramLog(startMsSinceEpoch: 1_795_262_400_250, intervals: made)
    try expectEqual(HistogramLog(text: HistogramLogFixtures.java), expected)
  }

  /// Python's and Java's readers have found in this text what was put into it.
  @Test func whatOthersHaveReadIsWrittenAgain() {
    #expect(
      log([squares(3, index: 1), LatencyHistogram()], tags: ["claim", "complete"]).text == """
        #[Histogram log format version 1.3]
        #[StartTime: 1795262400.250 (seconds since epoch), 2026-11-21T12:00:00Z]
        "StartTimestamp","Interval_Length","Interval_Max","Interval_Compressed_Histogram"
        Tag=claim,0.000,0.100,0.000,HISTFAAAACd4AZNpmSzMwMDABsQgwAzEIMAIxCAgZP8BSAIBMxMnkyATAEtXArU=
        Tag=complete,0.000,0.100,0.000,HISTFAAAAB14AZNpmSzMgADMQAwCjEAMAkz2H4AkEAAAOisCfA==

        """)
  }

  // MARK: There and back

  @Test(arguments: [0, 1, 2, 50, 5000])
  func whatIsWrittenIsRead(count: Int) throws {
    let histograms = (0..<3).map { random(count, seed: UInt64(count * 10 + $0)) }
    let written = log(histograms, tags: ["enqueue", nil, "claim"])
    try expectEqual(HistogramLog(text: written.text), written)
    // The mean of a histogram that was read is that of its buckets, and so stays.
    let again = try HistogramLog(text: written.text)
    #expect(
      try HistogramLog(text: again.text).intervals.map(\.histogram.meanNs)
        == again.intervals.map(\.histogram.meanNs))
  }

  @Test(arguments: [1, 2047, 2048, 4095, 4096, 1 << 40, UInt64(Int64.max)] as [UInt64])
  func valuesAtTheEdgesOfBuckets(value: UInt64) throws {
    var histogram = LatencyHistogram()
    histogram.record(value)
    try expectEqual(HistogramLog(text: log([histogram]).text), log([histogram]))
  }

  @Test func largeCountsAreKept() throws {
    var histogram = LatencyHistogram()
    for shift in [0, 6, 7, 13, 14, 31, 32, 46, 47] as [UInt64] {
      histogram.record(.init(highestNs: 0, count: 1 << shift))
      histogram.record(.init(highestNs: shift, count: 1))
    }
    try expectEqual(HistogramLog(text: log([histogram]).text), log([histogram]))
    #expect(histogram.hgrmText().contains("1.000000000000"))
  }

  @Test func timesAreInMillisecondsAndLatenciesInNanoseconds() throws {
    var histogram = LatencyHistogram()
    histogram.record(1_573_000)
    let text = HistogramLog(
      startMsSinceEpoch: 5,
      intervals: [
        .init(tag: nil, startMs: 12_034, lengthMs: 7, histogram: histogram)
      ]
    ).text
    #expect(text.contains("#[StartTime: 0.005 (seconds since epoch), 1970-01-01T00:00:00Z]\n"))
    #expect(text.contains("\n12.034,0.007,1.573,HISTF"))
  }

  @Test func absoluteTimesAreUnderstood() throws {
    let histogram = log([squares(3, index: 0)]).text.split(separator: ",").last!.trimmingPrefix(
      "\n")
    func start(_ head: String, _ time: String) throws -> [Int] {
      let log = try HistogramLog(text: "\(head)\n\(time),0.1,1,\(histogram)")
      return [log.startMsSinceEpoch, log.intervals[0].startMs]
    }
    let startTime = "#[StartTime: 1795262400.250 (seconds since epoch), whenever]"
    #expect(try start(startTime, "1.5") == [1_795_262_400_250, 1500])
    #expect(try start(startTime, "1795262402.5") == [1_795_262_400_250, 2250])
    #expect(
      try start(startTime + "\n#[BaseTime: 1795262400.000 (seconds since epoch)]", "1.5")
        == [1_795_262_400_250, 1250])
    #expect(try start("", "77.25") == [77_250, 0])
  }

  // MARK: Damage

  @Test(
    arguments: [
      ("nonsense", .notAnInterval), ("1,2,3", .notAnInterval), ("1,2,3,4,5", .notAnInterval),
      ("Tag=,1,2,3,HISTF", .badTag), ("Tag=a b,1,2,3,HISTF", .badTag), ("x,2,3,HISTF", .badTime),
      ("nan,2,3,HISTF", .badTime), ("1e300,2,3,HISTF", .badTime), ("1,2,3,HIS*", .notBase64),
      ("1,2,3,", .badLength), ("1,2,3,HISTFAA", .notBase64), ("1,2,x,HISTFAAA", .notAnInterval),
      ("1,2,3,HISTFAAB", .badLength), ("1,2,3,HISTFAAA", .badLength),
      ("1,2,3,AAAAAAAA", .unknownEncoding(cookie: 0)),
      ("#[StartTime: soon]", .badTime),
    ] as [(String, HistogramLogError.Problem)])
  func aBadLineIsNamed(line: String, problem: HistogramLogError.Problem) {
    let error = #expect(throws: HistogramLogError.self) {
      try HistogramLog(text: "#[Histogram log format version 1.3]\n\n" + line)
    }
    #expect(error == HistogramLogError(line: 3, problem: problem))
    #expect(error?.description.hasPrefix("line 3: ") == true)
  }

  @Test func anIntervalBeforeTheStartIsRefused() {
    let line = log([squares(3, index: 0)]).text.split(separator: "\n").last!
    let error = #expect(throws: HistogramLogError.self) {
      try HistogramLog(text: "#[StartTime: 7.000 (…)]\n#[BaseTime: 6.000 (…)]\n" + line)
    }
    #expect(error == HistogramLogError(line: 3, problem: .badTime))
  }

  /// The encoding inside the stream, with some of its bytes replaced.
  private func decoded(_ patch: (inout [UInt8]) -> Void) throws -> LatencyHistogram {
    let stream = HistogramEncoding.compressed(squares(3, index: 0)).dropFirst(8)
    var plain = try #require(Zlib.decompressed(stream, byteCountLimit: 1000))
    patch(&plain)
    let compressed = Zlib.compressed(plain)
    var bytes: [UInt8] = [0x1c, 0x84, 0x93, 0x14]
    bytes.append(bigEndian: UInt32(compressed.count))
    return try HistogramEncoding.histogram(compressed: bytes + compressed)
  }

  @Test func settingsAreChecked() throws {
    typealias Problem = HistogramLogError.Problem
    #expect(try decoded { _ in }.count == 3)
    #expect(throws: Problem.unknownEncoding(cookie: 0x1c84_9313 ^ 0xFF00_0000)) {
      try decoded { $0[0] ^= 0xFF }
    }
    #expect(throws: Problem.badLength) { try decoded { $0[7] += 1 } }
    #expect(throws: Problem.badLength) { try decoded { $0.removeLast(20) } }
    #expect(throws: Problem.unsupportedSettings) { try decoded { $0[11] = 1 } }
    #expect(throws: Problem.unsupportedSettings) { try decoded { $0[15] = 6 } }
    #expect(throws: Problem.unsupportedSettings) { try decoded { $0[23] = 0 } }
    #expect(throws: Problem.unsupportedSettings) { try decoded { $0[16] = 0xFF } }
    #expect(throws: Problem.unsupportedSettings) { try decoded { $0[32] = 0x40 } }
    // A run of zeros that leads beyond the values, and a count that no sum can hold.
    for counts in [
      [0xFF, 0xFF, 0x0F, 2], [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF],
      [0, 0xFE, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF],
      // 2^48 + 1 values of 0.
      [0x82, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x01],
    ] as [[UInt8]] {
      #expect(throws: Problem.badCounts) {
        try decoded {
          $0.replaceSubrange(40..., with: counts); $0[7] = UInt8(counts.count)
        }
      }
    }
  }

  @Test(arguments: 0..<10 as Range<UInt64>)
  func damageIsAnErrorAndNoCrash(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let texts = [
      HistogramLogFixtures.python, HistogramLogFixtures.java,
      log([random(200, seed: seed)]).text,
    ]
    for _ in 0..<200 {
      var bytes = Array(texts.randomElement(using: &generator)!.utf8)
      for _ in 0...Int.random(in: 0..<3, using: &generator) {
        bytes[Int.random(in: 0..<bytes.count, using: &generator)] = .random(
          in: 32..<127, using: &generator)
      }
      if Bool.random(using: &generator) {
        bytes.removeLast(Int.random(in: 0..<bytes.count, using: &generator))
      }
      // Whether it is still a log is not known; it must only be found out.
      _ = try? HistogramLog(text: String(decoding: bytes, as: UTF8.self))
    }
  }

  @Test func everyChangedBitOfAStreamIsFound() {
    let stream = HistogramEncoding.compressed(random(100, seed: 1)).dropFirst(8)
    let plain = Zlib.decompressed(stream, byteCountLimit: 100_000)
    #expect(plain != nil)
    for bit in 0..<stream.count * 8 {
      var damaged = Array(stream)
      damaged[bit / 8] ^= 1 << (bit % 8)
      let read = Zlib.decompressed(damaged[...], byteCountLimit: 100_000)
      #expect(read == nil || read == plain, "bit \(bit)")
    }
    for count in 0..<stream.count {
      #expect(Zlib.decompressed(stream.prefix(count), byteCountLimit: 100_000) == nil)
    }
    #expect(Zlib.decompressed(stream + [0], byteCountLimit: 100_000) == nil)
  }

  // MARK: zlib

  @Test(
    arguments: [
      // zlib 1.2.13: stored, fixed and dynamic.
      ("7801010300fcff616263024d0127", "abc"), ("789c4b4c84010014e103cb", "aaaaaaaaaa"),
      (
        """
        78da8d8d411683200c44af3207f0f5023d0dd4a854244840c5d337b069975d4ee6ff495e087b71af1536f1193\
        0f18577d9a2800f4ac85a7b73578c3c3f7bfa1b8e46b9adc22a74babc60720769755380777be1a4ee2c8faea9\
        01f14451869edb722a41930963bf341626517bbdea84addf7f3fcb2a927c0044454ce6
        """,
        """
        the quick brown fox jumps over the lazy dog; the quick brown fox jumps over the lazy dog; \
        pack my box with five dozen liquor jugs. the dog sleeps, the fox runs, and the jugs are \
        broken by the lazy five dozen foxes
        """
      ),
    ])
  func knownStreamsAreRead(hex: String, text: String) {
    let digits = Array(hex)
    let bytes = stride(from: 0, to: digits.count, by: 2).map {
      UInt8(String(digits[$0...$0 + 1]), radix: 16)!
    }
    #expect(
      Zlib.decompressed(bytes[...], byteCountLimit: 1000).map {
        String(decoding: $0, as: UTF8.self)
      }
        == text)
    #expect(Zlib.decompressed(bytes[...], byteCountLimit: text.utf8.count - 1) == nil)
  }

  @Test(arguments: 0..<6 as Range<UInt64>)
  func whatIsCompressedIsDecompressed(seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    for count in [0, 1, 2, 3, 257, 258, 259, 1000, 70_000] {
      // Few different bytes give long matches, many of them none.
      let bytes = (0..<count).map { _ in
        UInt8.random(in: 0...[0, 1, 3, 255][Int(seed) % 4], using: &generator)
      }
      let stream = Zlib.compressed(bytes)
      #expect(
        Zlib.decompressed(stream[...], byteCountLimit: count) == bytes, "\(count), seed \(seed)")
      if seed % 4 == 0, count > 258 { #expect(stream.count < count / 20 + 20) }
    }
  }
}
