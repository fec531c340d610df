import Foundation
import HarnessDriver
import SQLite
import Testing

/// Moving tasks between queues and files.
@Suite struct TransferTests {
  @Test(arguments: ["jsonl", "tsv"])
  func `What is exported can be imported, once, and taken back`(format: String) throws {
    let cli = try CommandLineUnderTest()
    try cli.enqueue(300)
    try cli.run("cancel", "1", "2").expectSuccess()
    let file = cli.path("tasks.\(format)")
    let exported = try cli.run("export", file)
    #expect(exported.exitCode == 0, "\(exported)")
    #expect(exported.output == "exported 300 tasks to \(file)\n")
    // The TSV file has no room for some columns.
    #expect(exported.errors.contains("is lost") == (format == "tsv"), "\(exported)")
    try cli.run("export", file).expectFailure(73, "is there already")

    let other = ["--db", cli.path("other.db")]
    try cli.run(["init"] + other).expectSuccess()
    let imported = try cli.run(["import", file] + other)
    imported.expectSuccess()
    #expect(imported.output.contains("counts agree"), "\(imported)")
    #expect(imported.output.contains("cancelled"))
    let again = try cli.run(["import", file] + other)
    #expect(again.output.contains("added 0, 300 there before"), "\(again)")
    #expect(try cli.run(["list", "--count"] + other).output == "300\n")
    let list = try cli.run(["import", "list"] + other)
    #expect(list.output.contains(file), "\(list)")
    let back = try cli.run(["import", "rollback", "1"] + other)
    #expect(back.output == "removed 300 tasks\n", "\(back)")
    try cli.run(["import", "rollback", "9"] + other).expectFailure(1, "no import 9")
  }

  @Test(arguments: [["export"], ["maintain", "vacuum", "--into"]] as [[String]])
  func `What is to be written needs a directory`(command: [String]) throws {
    let cli = try CommandLineUnderTest()
    try cli.run(command + [cli.path("a b/file")]).expectFailure(73, "mkdir -p '\(cli.path("a b"))'")
  }

  @Test func `An export can go to a pipe`() throws {
    let cli = try CommandLineUnderTest()
    try cli.enqueue(3)
    let result = try cli.run("export", "-")
    result.expectSuccess()
    let lines = result.output.split(separator: "\n")
    #expect(lines.count == 5)
    #expect(lines.last == #"{"taskqueue_export_end":3}"#)
    #expect(try cli.run("export", "-", "--format", "tsv").output.hasPrefix("id\ttype\t"))
  }

  @Test func `A bad record is named, and nothing is imported`() throws {
    let cli = try CommandLineUnderTest()
    try cli.enqueue(3)
    try cli.run("export", cli.path("good.jsonl")).expectSuccess()
    var lines = try String(contentsOfFile: cli.path("good.jsonl"), encoding: .utf8)
      .split(separator: "\n").map(String.init)
    lines[2] = lines[2].replacingOccurrences(of: "\"queued\"", with: "\"qeued\"")
    let file = try cli.directory.write(lines.joined(separator: "\n") + "\n", to: "bad.jsonl")
    let other = ["--db", cli.path("other.db")]
    // To check a file no queue is needed, and none is made.
    try cli.run(["import", "--dry-run", file] + other).expectFailure(65, "\(file):3: ")
    let checked = try cli.run(["import", "--dry-run", "--skip-bad", "--json", file] + other)
    let found = try JSONDecoder().decode(JSONNode.self, from: Data(checked.output.utf8))
    #expect(found["in_file"]?["queued"] == 2 && found["left_out"] == 1, "\(checked)")
    #expect(!FileManager.default.fileExists(atPath: cli.path("other.db")))
    try cli.run(["init"] + other).expectSuccess()
    let refused = try cli.run(["import", file] + other)
    refused.expectFailure(65, "\(file):3: ")
    #expect(refused.errors.contains("nothing was imported"))
    #expect(try cli.run(["list", "--count"] + other).output == "0\n")
    let skipped = try cli.run(["import", file, "--skip-bad", "--json"] + other)
    #expect(skipped.exitCode == 0, "\(skipped)")
    let json = try JSONDecoder().decode(JSONNode.self, from: Data(skipped.output.utf8))
    #expect(json["added"] == 2)
    #expect(json["bad"] == 1)
    #expect(json["is_verified"] == true)

    let half = try cli.directory.write(lines.prefix(2).joined(separator: "\n"), to: "half.jsonl")
    try cli.run(["import", half] + other).expectFailure(65, "cut off")
    try cli.run(["import", cli.path("none")] + other).expectFailure(66, "no such file")
    let text = try cli.directory.write("hello\n", to: "text")
    try cli.run(["import", text] + other).expectFailure(65, "neither")
  }
}
