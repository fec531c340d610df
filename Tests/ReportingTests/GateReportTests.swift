import Foundation
import Testing

#if canImport(FoundationXML)
  import FoundationXML
#endif

@testable import Reporting

@Suite struct GateReportTests {
  private static let nasty = "a|b <c> & \"d\" 'e' 100%: x,y\r\nnext\u{1}\t`f` @team"

  private static let report = GateReport(
    title: "check \(nasty)", warnings: ["few repeats: \(nasty)"],
    findings: [
      GateReport.Finding(
        place: "c01 synchronous=FULL", expectation: "claim.p95 < 10ms", measured: "4.2 ms",
        outcome: .met, source: GateReport.SourcePlace(file: "/repo/targets.yaml", line: 3),
        quantity: GateReport.Quantity(value: 4200, low: 4000, high: 4400, unit: "us")),
      GateReport.Finding(
        place: nasty, expectation: "lost == 0 \(nasty)", measured: "3", outcome: .missed,
        explanation: "why \(nasty)",
        source: GateReport.SourcePlace(file: "/repo/a,b:c.yaml", line: 4)),
      GateReport.Finding(
        place: "c02", expectation: "claim.p99 < 10ms", measured: "", outcome: .inconclusive,
        explanation: "too few samples"),
    ])

  /// A parser of its own turns what is wrong into an error.
  private final class Events: NSObject, XMLParserDelegate {
    var tags: [(name: String, attributes: [String: String])] = []
    var text = ""

    func parser(
      _ parser: XMLParser, didStartElement name: String, namespaceURI: String?,
      qualifiedName: String?, attributes: [String: String]
    ) { tags.append((name, attributes)) }

    func parser(_ parser: XMLParser, foundCharacters string: String) { text += string }
  }

  @Test func junitIsXMLThatHoldsEveryText() throws {
    let parser = XMLParser(data: Data(Self.report.junit.utf8))
    let events = Events()
    parser.delegate = events
    try #require(parser.parse(), "\(String(describing: parser.parserError))")
    // XML cannot hold U+0001 in any way.
    let nasty = Self.nasty.replacing("\u{1}", with: "\u{FFFD}")
    let cases = events.tags.filter { $0.name == "testcase" }
    #expect(cases.map { $0.attributes["classname"] } == ["c01 synchronous=FULL", nasty, "c02"])
    #expect(cases[1].attributes["name"] == "lost == 0 \(nasty)")
    #expect(cases[0].attributes["file"] == "/repo/targets.yaml")
    #expect(cases[0].attributes["line"] == "3")
    #expect(cases[2].attributes["file"] == nil)
    let suite = try #require(events.tags.first { $0.name == "testsuite" })
    #expect(suite.attributes["tests"] == "3" && suite.attributes["failures"] == "1")
    #expect(suite.attributes["skipped"] == "1" && suite.attributes["name"] == "check \(nasty)")
    #expect(
      events.tags.filter { $0.name == "failure" }.map { $0.attributes["message"] } == [
        "why \(nasty)"
      ])
    #expect(events.tags.filter { $0.name == "skipped" }.count == 1)
    #expect(events.text.contains("few repeats: \(nasty)"))
  }

  @Test func workflowCommandsAreEscapedAsGitHubDoes() {
    let lines = Self.report.workflowCommands(workspace: "/repo").split(separator: "\n")
    #expect(lines.count == 3)
    let data = "a|b <c> & \"d\" 'e' 100%25: x,y%0D%0Anext\u{1}\t`f` @team"
    let property = "a|b <c> & \"d\" 'e' 100%25%3A x%2Cy%0D%0Anext\u{1}\t`f` @team"
    #expect(lines[0] == "::warning title=check \(property)::few repeats: \(data)")
    #expect(
      lines[1] == "::error file=a%2Cb%3Ac.yaml,line=4,title=missed%3A lost == 0 \(property)::"
        + "\(data): measured 3; why \(data)")
    #expect(lines[2] == "::warning title=inconclusive%3A claim.p99 < 10ms::c02; too few samples")
  }

  @Test(arguments: [
    (nil, "/repo/a.yaml"), ("", "/repo/a.yaml"), ("/repo", "a.yaml"), ("/repo/", "a.yaml"),
    ("/rep", "/repo/a.yaml"),
  ])
  func pathsAreRelativeToTheWorkspace(workspace: String?, path: String) {
    let report = GateReport(
      title: "t",
      findings: [
        GateReport.Finding(
          place: "p", expectation: "e", measured: "m", outcome: .missed,
          source: GateReport.SourcePlace(file: "/repo/a.yaml", line: nil))
      ])
    #expect(report.workflowCommands(workspace: workspace).hasPrefix("::error file=\(path),title="))
  }

  @Test func markdownKeepsEveryRowOnALineWithItsColumns() throws {
    let lines = Self.report.markdown.split(separator: "\n").map(String.init)
    #expect(lines[0].hasPrefix("### ❌ check a\\|b &lt;c&gt; &amp;"))
    #expect(lines[0].hasSuffix("1 missed, 1 inconclusive, 1 met"))
    let rows = lines.filter { $0.hasPrefix("|") }
    // Bars that are escaped do not separate.
    let columns = rows.map { $0.replacing("\\|", with: "").split(separator: "|").count }
    #expect(columns == [5, 5, 5, 5, 4, 4, 4])
    #expect(rows[2].contains("`` lost == 0 a\\|b <c> & \"d\" 'e' 100%: x,y next `f` @team ``"))
    #expect(rows[2].contains("&#64;team"))
    #expect(lines.contains("<details><summary>1 met</summary>"))
    #expect(!Self.report.markdown.contains("\u{1}"))
  }

  @Test func jsonHasTheseKeys() throws {
    let object = try JSONSerialization.jsonObject(with: Data(Self.report.json.utf8))
    let document = try #require(object as? [String: Any])
    #expect(
      document.keys.sorted() == [
        "counts", "findings", "outcome", "schema_version", "title", "warnings",
      ])
    #expect(document["schema_version"] as? Int == 1 && document["outcome"] as? String == "missed")
    let findings = try #require(document["findings"] as? [[String: Any]])
    let keys = [
      "expectation", "explanation", "file", "high", "line", "low", "measured", "outcome", "place",
      "unit", "value",
    ]
    for finding in findings { #expect(finding.keys.sorted() == keys) }
    #expect(findings[0]["value"] as? Double == 4200 && findings[0]["unit"] as? String == "us")
    #expect(findings[1]["place"] as? String == Self.nasty)
    #expect(findings[2]["file"] is NSNull && findings[2]["value"] is NSNull)
  }

  @Test func textSaysWhatHasToBeDone() {
    let lines = Self.report.text.split(separator: "\n")
    #expect(lines[0].hasPrefix("⚠ few repeats"))
    #expect(lines.contains { $0.hasPrefix("claim.p95 < 10ms") && $0.hasSuffix("met") })
    #expect(lines.contains { $0.contains("MISSED") })
    #expect(lines.contains("c02: claim.p99 < 10ms: too few samples"))
    #expect(lines.last == "1 missed, 1 inconclusive, 1 met")
    let narrow = Self.report.text(width: 60).split(separator: "\n")
    #expect(narrow.filter { $0.contains("4.2 ms") }.allSatisfy { $0.count <= 60 })
  }

  @Test func whereNothingWasJudgedNothingIsMet() {
    let report = GateReport(title: "t", findings: [])
    #expect(report.text == "nothing was judged\n")
    #expect(report.markdown.hasPrefix("### ❔ t: nothing was judged"))
  }

  @Test(arguments: [
    ([GateReport.Outcome](), GateReport.Outcome.inconclusive),
    ([.met, .inconclusive], .inconclusive),
    ([.inconclusive, .missed, .met], .missed), ([.met], .met),
  ])
  func theWorstFindingDecides(outcomes: [GateReport.Outcome], expected: GateReport.Outcome) {
    let report = GateReport(
      title: "t",
      findings: outcomes.map {
        GateReport.Finding(place: "p", expectation: "e", measured: "m", outcome: $0)
      })
    #expect(report.outcome == expected)
    for format in GateFormat.allCases {
      #expect(report.rendered(as: format).hasSuffix("\n") || format == .github)
    }
  }
}
