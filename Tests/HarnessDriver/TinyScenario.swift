/// A scenario with short phases, made to measure for a test.
package struct TinyScenario {
  /// The values of the axis `synchronous`: a cell each.
  package var cells = ["NORMAL", "OFF"]
  package var repeats = 1
  package var measureMs = 300
  package var drainMs = 200
  /// Lines of `settings`, beside two processes of each role and WAL.
  package var settings: [String] = []
  /// Lines of the top level.
  package var more: [String] = []

  package init() {}

  package var yaml: String {
    let fixed =
      ["journal_mode: WAL"]
      + (settings.contains { $0.hasPrefix("producers") } ? [] : ["producers: 2", "consumers: 2"])
    return """
      name: tiny
      question: Does it work?
      seed: 3
      repeats: \(repeats)
      warmup: 50ms
      measure: \(measureMs)ms
      drain: \(drainMs)ms
      settings:
      \((fixed + settings).map { "  \($0)" }.joined(separator: "\n"))
      axes:
        synchronous: [\(cells.joined(separator: ", "))]
      \(more.joined(separator: "\n"))

      """
  }

  /// Writes it into a directory and returns its path.
  package func write(to directory: TemporaryDirectory) throws -> String {
    try directory.write(yaml, to: "tiny.yaml")
  }
}
