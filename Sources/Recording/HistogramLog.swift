internal import Foundation

/// Histograms of consecutive intervals, in the text format of the HdrHistogram tools (`.hlog`).
///
/// ```
/// #[Histogram log format version 1.3]
/// #[StartTime: 1795262400.000 (seconds since epoch), 2026-11-21T12:00:00Z]
/// "StartTimestamp","Interval_Length","Interval_Max","Interval_Compressed_Histogram"
/// Tag=claim,0.000,0.100,1.573,HISTFAAAAEV42pNpmSz…
/// ```
///
/// Times are in seconds after the start time, latencies in nanoseconds. The third number is the largest
/// latency in units of 10⁶ ns, which is the milliseconds that the tools show when they are told nothing
/// else. Source: the Java implementation's `HistogramLogWriter` and `HistogramLogReader`, version 2.2.2,
/// <https://github.com/HdrHistogram/HdrHistogram>.
package struct HistogramLog: Sendable {
  /// The histogram of an interval.
  package struct Interval: Sendable {
    /// What was measured; nil for a log of one thing only.
    package let tag: String?
    /// When the interval began, after the start of the log.
    package let startMs: Int
    package let lengthMs: Int
    package let histogram: LatencyHistogram

    /// - Precondition: a tag is not empty and has no commas, white space or control characters, and no
    ///   time is negative.
    package init(tag: String?, startMs: Int, lengthMs: Int, histogram: LatencyHistogram) {
      precondition(tag.map(HistogramLog.isTag) ?? true, "a tag ends at a comma or a space")
      precondition(startMs >= 0 && lengthMs >= 0, "a log goes forward")
      self.tag = tag
      self.startMs = startMs
      self.lengthMs = lengthMs
      self.histogram = histogram
    }
  }

  /// When the log began, in milliseconds since 1970 (UTC).
  package var startMsSinceEpoch: Int
  /// In the order of the file: by time, and of one time in any order of tags.
  package var intervals: [Interval]

  package init(startMsSinceEpoch: Int, intervals: [Interval]) {
    self.startMsSinceEpoch = startMsSinceEpoch
    self.intervals = intervals
  }

  /// What the file says.
  package var text: String {
    let start = Date(timeIntervalSince1970: Double(startMsSinceEpoch) / 1000)
    var text = """
      #[Histogram log format version 1.3]
      #[StartTime: \(Self.seconds(startMsSinceEpoch)) (seconds since epoch), \(start.ISO8601Format())]
      "StartTimestamp","Interval_Length","Interval_Max","Interval_Compressed_Histogram"

      """
    for interval in intervals {
      if let tag = interval.tag { text += "Tag=\(tag)," }
      let maxUs = Int(interval.histogram.maxNs / 1000)
      let encoded = Data(HistogramEncoding.compressed(interval.histogram)).base64EncodedString()
      text += Self.seconds(interval.startMs) + "," + Self.seconds(interval.lengthMs)
      text += ",\(Self.seconds(maxUs)),\(encoded)\n"
    }
    return text
  }

  /// Reads a file's text; throws what is wrong with its first bad line.
  ///
  /// Takes what other implementations write too: other precisions, absolute times, times without a
  /// start, unknown comments.
  package init(text: String) throws(HistogramLogError) {
    var parser = LineParser()
    let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    for (index, line) in lines.enumerated() {
      do throws(HistogramLogError.Problem) {
        try parser.read(line)
      } catch {
        throw HistogramLogError(line: index + 1, problem: error)
      }
    }
    startMsSinceEpoch = parser.startMs ?? 0
    intervals = parser.intervals
  }

  /// A thousandth of the number, with three decimals.
  private static func seconds(_ thousandths: Int) -> String {
    let digits = String(thousandths.magnitude % 1000 + 1000).dropFirst()
    return "\(thousandths < 0 ? "-" : "")\(thousandths.magnitude / 1000).\(digits)"
  }

  fileprivate static func isTag(_ text: some StringProtocol) -> Bool {
    !text.isEmpty
      && text.unicodeScalars.allSatisfy {
        $0 != "," && !$0.properties.isWhitespace && $0.properties.generalCategory != .control
      }
  }
}

/// Reads a log line by line.
private struct LineParser {
  var startMs: Int?
  var baseMs: Int?
  var intervals: [HistogramLog.Interval] = []

  mutating func read(_ line: Substring) throws(HistogramLogError.Problem) {
    if line.hasPrefix("#[StartTime:") {
      startMs = try timeOfComment(line)
    } else if line.hasPrefix("#[BaseTime:") {
      baseMs = try timeOfComment(line)
    } else if !line.isEmpty, !line.hasPrefix("#"), !line.hasPrefix("\"") {
      try readInterval(line)
    }
  }

  private mutating func readInterval(_ line: Substring) throws(HistogramLogError.Problem) {
    var fields = line.split(separator: ",", omittingEmptySubsequences: false)
    var tag: String?
    if let first = fields.first, first.hasPrefix("Tag=") {
      tag = String(first.dropFirst(4))
      guard HistogramLog.isTag(first.dropFirst(4)) else { throw .badTag }
      fields.removeFirst()
    }
    guard fields.count == 4 else { throw .notAnInterval }
    let timeMs = try milliseconds(fields[0])
    let lengthMs = try milliseconds(fields[1])
    // The largest value is said again by the histogram.
    guard Double(fields[2])?.isFinite == true else { throw .notAnInterval }
    guard let data = Data(base64Encoded: String(fields[3])) else { throw .notBase64 }
    let histogram = try HistogramEncoding.histogram(compressed: Array(data))

    let startMs = startMs ?? timeMs
    self.startMs = startMs
    // Without a base, times of long before the start count from there: the rule of the Java reader.
    let yearMs = 365 * 86_400_000
    let baseMs = baseMs ?? (timeMs < startMs - yearMs ? startMs : 0)
    let (relativeMs, overflow) = timeMs.addingReportingOverflow(baseMs - startMs)
    guard !overflow, relativeMs >= 0, lengthMs >= 0 else { throw .badTime }
    intervals.append(
      HistogramLog.Interval(
        tag: tag, startMs: relativeMs, lengthMs: lengthMs, histogram: histogram))
  }

  private func timeOfComment(_ line: Substring) throws(HistogramLogError.Problem) -> Int {
    let value = line.drop { $0 != ":" }.dropFirst().drop { $0 == " " }
    return try milliseconds(value.prefix { $0 != " " && $0 != "]" })
  }

  /// Seconds as milliseconds; 200,000 years are enough.
  private func milliseconds(_ text: Substring) throws(HistogramLogError.Problem) -> Int {
    guard let seconds = Double(text), abs(seconds) < 6e12 else { throw .badTime }
    return Int((seconds * 1000).rounded())
  }
}

/// Why a histogram log cannot be read.
package struct HistogramLogError: Error, Equatable, Sendable, CustomStringConvertible {
  package enum Problem: Error, Equatable, Sendable {
    /// A line that is neither a comment nor an interval.
    case notAnInterval
    case badTag
    case badTime
    case notBase64
    /// Not the V2 encoding with compression, the only one that any present tool writes.
    case unknownEncoding(cookie: UInt32)
    /// Less, or more, than its header says.
    case badLength
    /// The compressed data is damaged.
    case notZlib
    /// A histogram of fractions, of shifted values or of an impossible precision.
    case unsupportedSettings
    /// Counts that are negative, or of values beyond 2^63.
    case badCounts
  }

  /// The line, counted from 1.
  package let line: Int
  package let problem: Problem

  package var description: String {
    switch problem {
    case .notAnInterval: "line \(line): neither a comment nor an interval with four fields"
    case .badTag: "line \(line): a tag must not be empty nor contain white space"
    case .badTime: "line \(line): not a time in seconds, or before the start of the log"
    case .notBase64: "line \(line): the histogram is not base64"
    case .unknownEncoding(let cookie):
      "line \(line): unknown encoding 0x\(String(cookie, radix: 16)); only compressed V2 is read"
    case .badLength: "line \(line): the histogram is cut off or too long"
    case .notZlib: "line \(line): the compressed histogram is damaged"
    case .unsupportedSettings:
      "line \(line): a histogram of fractions, shifted values or unknown precision"
    case .badCounts: "line \(line): impossible counts"
    }
  }
}
