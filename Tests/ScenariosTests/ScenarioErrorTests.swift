import Foundation
import Testing

@testable import Scenarios

/// Every way in which a scenario can be wrong, with the exact message.
@Suite struct ScenarioErrorTests {
  /// The text from line 3 of a file, and its errors without `x.yaml:`.
  struct Case: CustomTestStringConvertible, Sendable {
    let body: String
    let expected: [String]
    var testDescription: String { body }

    init(_ body: String, _ expected: String...) {
      self.body = body
      self.expected = expected
    }
  }

  @Test(arguments: [
    // Keys
    Case(
      "axes:\n  sychronous: [FULL]",
      "4: axes.sychronous: unknown axis, did you mean \"synchronous\"?"),
    Case(
      "settings: {produecrs: 1}",
      "3: settings.produecrs: unknown setting, did you mean \"producers\"?"),
    Case("settings: {xyzzy: 1}", "3: settings.xyzzy: unknown setting"),
    Case("repaets: 3", "3: repaets: unknown key, did you mean \"repeats\"?"),
    Case("strategy: fifo", "3: strategy: unknown key; a setting belongs under settings or axes"),
    Case("seed: 1\nseed: 2", "4: seed: duplicate key, first on line 3"),
    Case(
      "seed: 1\n\"seed\": 2\nseed: 3",
      "4: seed: duplicate key, first on line 3", "5: seed: duplicate key, first on line 3"),
    Case(
      "axes:\n  depth: [1]\n  batch: [1]\n  depth: [2]",
      "6: axes.depth: duplicate key, first on line 4"),
    Case("settings: {depth: 1, depth: 1}", "3: settings.depth: duplicate key, first on line 3"),
    Case("[1, 2]: 3", "3: a key must be a word"),
    Case(
      "name2: x\nnæme: y", "3: name2: unknown key, did you mean \"name\"?",
      "4: næme: unknown key, did you mean \"name\"?"),
    // Settings and axes
    Case(
      "settings: {depth: 1}\naxes: {depth: [1, 2]}",
      "4: axes.depth: already fixed under settings on line 3"),
    Case(
      "settings: {producers: 1}\naxes: {processes: [2]}",
      "3: settings.producers: cannot be combined with processes, which sets producers and consumers"
    ),
    Case("axes: {depth: []}", "3: axes.depth: empty axis: give at least one value"),
    Case(
      "axes: {depth: 5}",
      "3: axes.depth: must be a list of values (a single value belongs under settings), not \"5\""),
    Case(
      "axes:\n  depth:\n",
      "4: axes.depth: must be a list of values (a single value belongs under settings), not nothing"
    ),
    Case("axes: [depth]", "3: axes: must be a map of settings to lists of values, not a list"),
    Case("settings: 5", "3: settings: must be a map of settings to values, not \"5\""),
    Case("axes: {depth: [1, 2, 1]}", "3: axes.depth[2]: duplicate value 1"),
    Case("axes:\n  lease:\n    - 1s\n    - 1000ms", "6: axes.lease[1]: duplicate value 1s"),
    Case("axes: {synchronous: [NORMAL, 1]}", "3: axes.synchronous[1]: duplicate value NORMAL"),
    Case(
      "axes: {synchronous: [LOUD]}",
      "3: axes.synchronous[0]: must be OFF, NORMAL, FULL or EXTRA, not \"LOUD\""),
    Case(
      "settings: {page_size: 1000}",
      "3: settings.page_size: must be a power of two from 512 to 65536, not \"1000\""),
    Case(
      "settings: {mmap_size: [1]}",
      "3: settings.mmap_size: must be an integer from 0 to 2147418112, not a list"),
    Case(
      "settings: {strategy: ffio}",
      "3: settings.strategy: must be fifo, lifo, priority, weighted_random or order_by_random, not \"ffio\", "
        + "did you mean \"fifo\"?"),
    Case(
      "settings: {transaction: exclusive}",
      "3: settings.transaction: must be immediate or deferred, not \"exclusive\""),
    Case(
      "settings: {producers: 257}",
      "3: settings.producers: must be an integer from 0 to 256, not \"257\""),
    Case(
      "settings: {consumers: many}",
      "3: settings.consumers: must be an integer from 0 to 256, not \"many\""),
    Case(
      "settings: {depth: -1}",
      "3: settings.depth: must be an integer from 0 to 100000000, not \"-1\""),
    Case(
      "settings: {depth: 99999999999999999999}",
      "3: settings.depth: must be an integer from 0 to 100000000, not \"99999999999999999999\""),
    Case(
      "settings: {batch: 1.5}",
      "3: settings.batch: must be an integer from 1 to 10000, not \"1.5\""),
    Case(
      "settings: {payload_bytes: 1}",
      "3: settings.payload_bytes: must be an integer from 2 to 1048576, not \"1\""),
    Case(
      "settings: {processes: 1}",
      "3: settings.processes: must be an integer from 2 to 512, not \"1\""),
    Case(
      "settings: {processes: 5}",
      "3: settings.processes: must be even (half producers, half consumers), not 5; "
        + "use producers and consumers for other shares"),
    // Durations
    Case("measure: 0s", "3: measure: must be longer than zero"),
    Case("measure: 0", "3: measure: must be longer than zero"),
    Case("measure: -1s", "3: measure: must not be negative"),
    Case("measure: 500", "3: measure: needs a unit (us, ms, s or min), as in 500ms"),
    Case("measure: 5h", "3: measure: unknown unit \"h\", use us, ms, s or min"),
    Case("measure: soon", "3: measure: must be a duration such as 500ms, not \"soon\""),
    Case("measure: [1s]", "3: measure: must be a duration such as 500ms, not a list"),
    Case("measure:", "3: measure: must be a duration such as 500ms, not nothing"),
    Case("measure: 1us", "3: measure: must be a whole number of ms"),
    Case("measure: 1441min", "3: measure: must be at most 1440min"),
    Case("warmup: -0.5ms", "3: warmup: must not be negative"),
    Case("settings: {lease: 0s}", "3: settings.lease: must be longer than zero"),
    Case("settings: {work_time: 0.5us}", "3: settings.work_time: must be a whole number of us"),
    // Rates, busy policies, mixes
    Case(
      "settings: {rate: 1000}",
      "3: settings.rate: must be closed, a rate such as 1000/s or 1000/min, or a map of times to "
        + "rates such as {0s: 500/s, 1s: 2000/s}, not \"1000\""),
    Case(
      "settings: {rate: 0/s}",
      "3: settings.rate: must be at least 0.001/min and at most 1000000/s"),
    Case(
      "settings: {rate: -5/s}",
      "3: settings.rate: must be at least 0.001/min and at most 1000000/s"),
    Case("settings: {rate: {}}", "3: settings.rate: must have 1 to 64 steps, not 0"),
    Case(
      "settings:\n  rate:\n    100ms: 5/s",
      "5: settings.rate.100ms: the first step must begin at 0s, which is when the measurement begins"
    ),
    Case(
      "settings: {rate: {0s: 5/s, 1s: 6/s, 1000ms: 7/s}}",
      "3: settings.rate.1000ms: must be later than the step before it (1s)"),
    Case(
      "settings: {rate: {0s: 5/s, soon: 6/s}}",
      "3: settings.rate.soon: the time must be a duration such as 500ms, not \"soon\""),
    Case(
      "settings: {rate: {0s: 5/s, 2: 6/s}}",
      "3: settings.rate.2: the time needs a unit (us, ms, s or min), as in 2ms"),
    Case(
      "settings: {rate: {0s: 0/s}}",
      "3: settings.rate.0s: must be at least 0.001/min and at most 1000000/s"),
    Case(
      "settings: {rate: {0s: 5/s, 1s: -1/s}}",
      "3: settings.rate.1s: must be 0/s, or from 0.001/min to 1000000/s"),
    Case(
      "settings: {rate: {0s: closed}}",
      "3: settings.rate.0s: must be a rate such as 1000/s or 1000/min, not \"closed\""),
    Case(
      "settings: {arrivals: possion}",
      "3: settings.arrivals: must be fixed or poisson, not \"possion\", did you mean \"poisson\"?"),
    Case(
      "settings: {burst: 0}", "3: settings.burst: must be an integer from 1 to 10000, not \"0\""),
    Case(
      "settings: {instrumentation: no}",
      "3: settings.instrumentation: must be on or off, not \"no\", did you mean \"on\"?"),
    Case(
      "settings: {busy_policy: bakcoff}",
      "3: settings.busy_policy: must be sqlite, timeout, fixed, backoff or handoff, not \"bakcoff\", "
        + "did you mean \"backoff\"?"),
    Case(
      "settings:\n  busy_policy:\n    fxied: {}",
      "5: settings.busy_policy.fxied: must be sqlite, timeout, fixed, backoff or handoff, not \"fxied\", "
        + "did you mean \"fixed\"?"),
    Case(
      "settings: {busy_policy: {fixed: {}, sqlite: {}}}",
      "3: settings.busy_policy: must name exactly one policy"),
    Case(
      "settings: {busy_policy: {fixed: {dealy: 1ms}}}",
      "3: settings.busy_policy.fixed.dealy: unknown parameter, did you mean \"delay\"?"),
    Case(
      "settings: {busy_policy: {sqlite: {timeout: 0s}}}",
      "3: settings.busy_policy.sqlite.timeout: must be longer than zero"),
    Case(
      "settings: {busy_policy: {backoff: {initial: 1s}}}",
      "3: settings.busy_policy.backoff: initial (1s) must not be longer than max (20ms)"),
    Case(
      "settings: {busy_policy: [fixed]}",
      "3: settings.busy_policy: must be sqlite, timeout, fixed, backoff or handoff, or a map of one of "
        + "them to its parameters, not a list"),
    Case(
      "settings: {task_types: {video: 0}}",
      "3: settings.task_types.video: must be an integer from 1 to 1000000, not \"0\""),
    Case("settings: {task_types: {}}", "3: settings.task_types: must have 1 to 64 entries, not 0"),
    Case(
      "settings: {task_types: {\"a,b\": 1}}",
      "3: settings.task_types.\"a,b\": a task type must be 1 to 64 letters, digits, '_', '-' or '.'"
    ),
    Case(
      "settings: {task_types: video}",
      "3: settings.task_types: must be a map of task types to weights, such as "
        + "{video: 3, email: 1}, not \"video\""),
    Case(
      "settings: {priorities: {high: 1}}",
      "3: settings.priorities.high: a priority must be an integer from -1000000 to 1000000"),
    // Scalars of the top level
    Case("repeats: 0", "3: repeats: must be an integer from 1 to 1000, not \"0\""),
    Case("seed: -1", "3: seed: must be an integer from 0 to 18446744073709551615, not \"-1\""),
    Case(
      "seed: {}", "3: seed: must be an integer from 0 to 18446744073709551615, not a map"),
    // Matrix
    Case(
      "max_cells: 3\naxes:\n  depth: [1, 2]\n  batch: [1, 2]",
      "4: axes: 4 cells are more than max_cells (3): shorten axes, exclude some or raise max_cells"),
    Case(
      "max_cells: 1\ninclude: [{depth: 1}, {depth: 2}]",
      "4: include: 2 cells are more than max_cells (1): shorten axes, exclude some or raise "
        + "max_cells"),
    Case(
      "axes: {depth: [1, 2]}\nexclude:\n  - {depth: 1}\n  - {depth: 2}",
      "4: exclude: removes all 2 cells"),
    Case(
      "axes: {depth: [1, 2]}\nexclude:\n  - {depth: 1}\n  - {depth: 3}",
      "6: exclude[1]: matches no cell"),
    Case(
      "axes: {depth: [1]}\nexclude: [{batch: 1}]",
      "4: exclude[0].batch: not an axis of this scenario"),
    Case(
      "axes: {depth: [1]}\nexclude: [{dpeth: 1}]",
      "4: exclude[0].dpeth: unknown axis, did you mean \"depth\"?"),
    Case("axes: {depth: [1]}\nexclude: [{}]", "4: exclude[0]: names no axis"),
    Case(
      "axes: {depth: [1]}\nexclude: {depth: 1}", "4: exclude: must be a list of maps, not a map"),
    Case(
      "axes: {depth: [1]}\nexclude: [depth]",
      "4: exclude[0]: must be a map of settings to values, not \"depth\""),
    Case(
      "axes: {depth: [1]}\ninclude:\n  - bathc: 1",
      "5: include[0].bathc: unknown axis, did you mean \"batch\"?"),
    Case(
      "axes: {depth: [1]}\ninclude:\n  - {batch: x}",
      "5: include[0].batch: must be an integer from 1 to 10000, not \"x\""),
    Case(
      "axes: {depth: [1]}\ninclude:\n  - {depth: 2}\n  - {depth: 2}",
      "6: include[1]: creates a cell that is there already"),
    Case(
      "axes: {processes: [2]}\ninclude:\n  - {consumers: 3}",
      "5: include[0].consumers: cannot be combined with processes, which sets producers and "
        + "consumers"),
    Case("axes: {depth: [1]}\nbaseline: {depth: 2}", "4: baseline: matches no cell"),
    Case(
      "axes: {depth: [1]}\nbaseline: {bacth: 2}",
      "4: baseline.bacth: unknown axis, did you mean \"batch\"?"),
    Case("baseline: {depth: 0}", "3: baseline.depth: not an axis of this scenario"),
    Case("baseline: first", "3: baseline: must be a map of settings to values, not \"first\""),
    // Targets
    Case(
      "targets: claim.p95 < 1ms", "3: targets: must be a list of targets, not \"claim.p95 < 1ms\""),
    Case(
      "targets: [[]]", "3: targets[0]: must be an expression such as claim.p95 < 10ms, not a list"),
    Case(
      "targets:\n  - claim.p59 < 1ms",
      "4:5: targets[0]: unknown metric \"claim.p59\", did you mean \"claim.p50\"?"),
    Case("targets:\n  - claim.p95 ! 10ms", "4:15: targets[0]: expected <, <=, > or >="),
    Case(
      "targets:\n  - 'claim.p95 < 10'",
      "4:20: targets[0]: expected the unit us, ms or s for claim.p95"),
    Case(
      "targets:\n  - claim.p95 <\n    10",
      "4: targets[0]: column 15: expected the unit us, ms or s for claim.p95"),
    Case("targets: [lost ==]", "3:18: targets[0]: expected a number, as in 10"),
    Case(
      "targets:\n  - {expect: claim.p95 < 1ms, cell: {}}",
      "4: targets[0].cell: unknown key, did you mean \"cells\"?"),
    Case("targets:\n  - {cells: {}}", "4: targets[0].expect: missing"),
    Case(
      "axes: {depth: [1]}\ntargets:\n  - {expect: claim.p95 < 1ms, cells: {depth: 2}}",
      "5: targets[0].cells: matches no cell"),
    Case(
      "targets:\n  - {expect: claim.p95 < 1ms, cells: {depth: 2}}",
      "4: targets[0].cells.depth: not an axis of this scenario"),
    // YAML itself
    Case(
      "axes: [1, 2",
      "3: invalid YAML: while parsing a flow sequence, did not find expected ',' or ']'"),
    Case(
      "seed: [\n", "3: invalid YAML: while parsing a flow node, did not find expected node content"),
    Case(
      "axes: {\n  depth: [1]\nseed: 1",
      "5: invalid YAML: while parsing a flow mapping from line 3, did not find expected ',' or '}'"),
    Case(
      "\tx: 1",
      "3: invalid YAML: while scanning a plain scalar from line 2, found a tab character that "
        + "violates indentation"),
    Case("settings: {depth: *nobody}", "3: invalid YAML: found undefined alias"),
    Case("seed: 1\u{0}", "3: control character U+0000 is not allowed"),
    Case("seed: 1\u{1B}", "3: control character U+001B is not allowed"),
    Case(
      "---\nname: other",
      "3: invalid YAML: expected a single document in the stream from line 1, but found another "
        + "document"),
  ])
  func isReported(_ example: Case) {
    #expect(
      errorLines(scenarioText(example.body)) == example.expected.map { "x.yaml:\($0)" })
  }

  @Test(arguments: [
    ("", "x.yaml:1: the file is empty"), ("# only a comment\n", "x.yaml:1: the file is empty"),
    ("- a\n- b\n", "x.yaml:1: must be a map with name, question, settings, axes, …, not a list"),
    ("a", "x.yaml:1: must be a map with name, question, settings, axes, …, not \"a\""),
    ("\n\nname: x\n", "x.yaml:3: question: missing"),
    ("question: x\n", "x.yaml:1: name: missing"),
    (
      "name: Über\nquestion: x\n",
      "x.yaml:1: name: must be 1 to 64 of a-z, 0-9 and '-', not \"Über\""
    ),
    (
      "name: ../../etc\nquestion: x\n",
      "x.yaml:1: name: must be 1 to 64 of a-z, 0-9 and '-', not \"../../etc\""
    ),
    ("name: x\nquestion: \n", "x.yaml:2: question: must be one sentence, not nothing"),
    (
      "name: x\nquestion: \"a\\nb\"\n",
      "x.yaml:2: question: must be one sentence on one line, at most 300 characters"
    ),
  ])
  func wholeFileIsReported(text: String, expected: String) {
    #expect(errorLines(text) == [expected])
  }

  @Test func allErrorsAreReportedInTheOrderOfTheirLines() {
    let text = """
      name: x
      repeats: 0
      axes:
        sychronous: [FULL]
        depth: [-1, x]
      targets: [nonsense]
      seed: a
      seed: b
      """
    #expect(
      errorLines(text) == [
        "x.yaml:1: question: missing",
        "x.yaml:2: repeats: must be an integer from 1 to 1000, not \"0\"",
        "x.yaml:4: axes.sychronous: unknown axis, did you mean \"synchronous\"?",
        "x.yaml:5: axes.depth[0]: must be an integer from 0 to 100000000, not \"-1\"",
        "x.yaml:5: axes.depth[1]: must be an integer from 0 to 100000000, not \"x\"",
        "x.yaml:6:11: targets[0]: unknown metric \"nonsense\"",
        "x.yaml:7: seed: must be an integer from 0 to 18446744073709551615, not \"a\"",
        "x.yaml:8: seed: duplicate key, first on line 7",
      ])
  }

  @Test func hugeProductsAreRefusedUnbuilt() {
    let axis = "[" + (1...1_000).map(String.init).joined(separator: ",") + "]"
    let names = ["depth", "batch", "wal_autocheckpoint", "cache_size", "mmap_size", "busy_timeout"]
    let axes = names.map { "  \($0): \(axis)\n" }.joined()
    #expect(
      errorLines(scenarioText("axes:\n" + axes))
        == ["x.yaml:3: axes: more than 100000 combinations before exclude"])
    #expect(
      errorLines(scenarioText("axes:\n" + axes + "  payload_bytes: [2, 3]\n"))
        == ["x.yaml:3: axes: more than 100000 combinations before exclude"])
  }

  @Test func messagesStayOnOneShortLine() {
    let word = String(repeating: "é\u{2028}", count: 5_000)
    for line in errorLines(scenarioText("seed: \"a\\nb\\tc\(word)\"\n\"x\\ny\": 1")) {
      #expect(line.split(whereSeparator: \.isNewline).count == 1)
      #expect(line.count < 200)
    }
  }

  @Test func fileErrorsNameTheFile() throws {
    let directory = FileManager.default.temporaryDirectory.path
    #expect(
      loadError("no/such.yaml") == "no/such.yaml: cannot be opened: No such file or directory")
    #expect(loadError(directory) == "\(directory): cannot be read: Is a directory")
    #expect(loadError("/dev/zero") == "/dev/zero: larger than 1048576 bytes")
  }

  @Test(
    arguments: [
      ([UInt8("a".utf8.first!), 0x0A, 0xFF, 0xFE], "2: not UTF-8 text"),
      ([0xFF, 0xFE, 0x6E, 0x00], "1: not UTF-8 text"), ([0x0A, 0x0A, 0xC3], "3: not UTF-8 text"),
    ] as [([UInt8], String)])
  func bytesThatAreNoTextAreReported(bytes: [UInt8], expected: String) throws {
    let file = FileManager.default.temporaryDirectory
      .appendingPathComponent("scenario-\(UUID().uuidString).yaml")
    try Data(bytes).write(to: file)
    defer { try? FileManager.default.removeItem(at: file) }
    #expect(loadError(file.path) == "\(file.path):\(expected)")
  }

  private func loadError(_ path: String) -> String? {
    do {
      _ = try Scenario.load(path: path)
      return nil
    } catch {
      return error.description
    }
  }
}
