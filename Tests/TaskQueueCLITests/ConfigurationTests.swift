import Foundation
import HarnessDriver
import Testing

/// Which configuration is in force, and what is wrong with one.
@Suite struct ConfigurationTests {
  @Test func `Every layer wins over those before it, and is named`() throws {
    let cli = try CommandLineUnderTest(makesQueue: false)
    let file = try cli.directory.write(
      "lease: 45s\nconcurrency: 3\npragmas:\n  synchronous: FULL\n", to: "worker.yaml")
    let result = try cli.run(
      "config", "show", "--json", "--config", file, "--pragma", "cache_size=-1000",
      environment: ["TASKQUEUE_CONCURRENCY": "5"])
    result.expectSuccess()
    let json = try JSONDecoder().decode(JSONNode.self, from: Data(result.output.utf8))
    let settings = try #require(json["settings"])
    func expect(_ key: String, _ value: JSONNode, _ origin: String) {
      #expect(settings[key]?["value"] == value, "\(key)")
      #expect(settings[key]?["origin"]?.text == origin, "\(key)")
    }
    expect("lease", "45s", "\(file):1")
    expect("concurrency", 5, "TASKQUEUE_CONCURRENCY")
    expect("pragmas.synchronous", "FULL", "\(file):4")
    expect("pragmas.cache_size", -1000, "--pragma cache_size")
    expect("strategy", "priority", "default")
    expect("database", .string(cli.database), "TASKQUEUE_DB")
    let shown = try cli.run("config", "--config", file)
    shown.expectSuccess()
    #expect(shown.output.contains("45s"))
    #expect(shown.output.contains("\(file):1"))
  }

  @Test(
    arguments: [
      (
        "worker.yaml", "concurrency: 2\nleese: 30s\n",
        ":2: leese: unknown key, did you mean \"lease\"?"
      ),
      ("worker.toml", "concurrency = 2\nlease = 30\n", ":2: lease: "),
      ("worker.json", "{\n  \"concurrency\": \"two\"\n}\n", ":2: concurrency: "),
      ("worker.yaml", "concurrency: 2\nlease: [30s\n", ":2: "),
      ("worker.yaml", "pragmas:\n  sychronous: FULL\n", ":2: pragmas.sychronous: "),
      ("worker.txt", "", "must end in"),
    ])
  func `A bad configuration names file, line and key`(
    name: String, content: String, text: String
  ) throws {
    let cli = try CommandLineUnderTest()
    let file = try cli.directory.write(content, to: name)
    for command in [["config", "show"], ["stats"], ["enqueue", "--type", "t"]] {
      let result = try cli.run(command + ["--config", file])
      result.expectFailure(78, file)
      #expect(result.errors.contains(text), "\(result)")
    }
    #expect(try cli.taskCount() == 0)
  }

  @Test func `Bad variables and flags are named`() throws {
    let cli = try CommandLineUnderTest()
    try cli.run("stats", environment: ["TASKQUEUE_LEESE": "1s"])
      .expectFailure(78, "TASKQUEUE_LEESE: unknown variable, did you mean \"TASKQUEUE_LEASE\"?")
    try cli.run("stats", environment: ["TASKQUEUE_LEASE": "soon"])
      .expectFailure(78, "TASKQUEUE_LEASE")
    try cli.run("config", "show", "--pragma", "nope=1").expectFailure(64, "--pragma")
    try cli.run("stats", "--config", cli.path("none.yaml")).expectFailure(78, "no such file")
    // What a file's pages are is settled when it is made.
    try cli.run("stats", environment: ["TASKQUEUE_PRAGMA_PAGE_SIZE": "8192"])
      .expectFailure(78, "page_size")
  }

  @Test(
    arguments: [["stats"], ["list"], ["enqueue", "--type", "t"], ["config", "show"]] as [[String]])
  func `Unsafe settings are warned of, once`(command: [String]) throws {
    let cli = try CommandLineUnderTest()
    let result = try cli.run(command, environment: ["TASKQUEUE_PRAGMA_SYNCHRONOUS": "OFF"])
    #expect(result.exitCode == 0, "\(result)")
    #expect(result.errorLines.count == 1, "\(result)")
    let warning = "taskqueue: warning: these settings are unsafe: synchronous OFF"
    #expect(result.errors.hasPrefix(warning), "\(result)")
  }
}
