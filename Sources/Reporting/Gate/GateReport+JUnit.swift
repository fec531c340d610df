extension GateReport {
  /// The report as JUnit XML: a test case for each finding, those that cannot be judged skipped.
  ///
  /// Source: the schema that Jenkins reads,
  /// <https://github.com/jenkinsci/xunit-plugin/blob/master/src/main/resources/org/jenkinsci/plugins/xunit/types/model/xsd/junit-10.xsd>.
  package var junit: String {
    let counts =
      "tests=\"\(findings.count)\" failures=\"\(count(.missed))\" errors=\"0\" "
      + "skipped=\"\(count(.inconclusive))\""
    var lines = [
      #"<?xml version="1.0" encoding="UTF-8"?>"#,
      #"<testsuites name="queuebench" \#(counts) time="0">"#,
      #"  <testsuite name="\#(Self.attribute(title))" \#(counts) time="0">"#,
    ]
    for finding in findings { lines += Self.testCase(finding) }
    if !warnings.isEmpty {
      lines.append("    <system-err>\(Self.content(warnings.joined(separator: "\n")))</system-err>")
    }
    lines += ["  </testsuite>", "</testsuites>"]
    return lines.map { $0 + "\n" }.joined()
  }

  private static func testCase(_ finding: Finding) -> [String] {
    var tag =
      "<testcase classname=\"\(attribute(finding.place))\" "
      + "name=\"\(attribute(finding.expectation))\" time=\"0\""
    if let source = finding.source {
      tag += " file=\"\(attribute(source.file))\""
      if let line = source.line { tag += " line=\"\(line)\"" }
    }
    let measured = finding.measured.isEmpty ? "nothing was measured" : finding.measured
    let message = finding.explanation.isEmpty ? measured : finding.explanation
    switch finding.outcome {
    case .met:
      return [
        "    \(tag)>", "      <system-out>\(content(measured))</system-out>", "    </testcase>",
      ]
    case .missed:
      return [
        "    \(tag)>",
        "      <failure type=\"missed\" message=\"\(attribute(message))\">"
          + "\(content("expected \(finding.expectation), measured \(measured)"))</failure>",
        "    </testcase>",
      ]
    case .inconclusive:
      return [
        "    \(tag)>", "      <skipped message=\"\(attribute("inconclusive: \(message)"))\"/>",
        "    </testcase>",
      ]
    }
  }

  /// A text within an attribute's double quotes.
  private static func attribute(_ text: String) -> String {
    escaped(text) { scalar in
      switch scalar {
      case "\"": return "&quot;"
      // A parser turns line breaks into blanks unless they are escaped.
      case "\t": return "&#9;"
      case "\n": return "&#10;"
      default: return reference(scalar)
      }
    }
  }

  /// A text between tags.
  private static func content(_ text: String) -> String { escaped(text, reference) }

  /// What stands for a character in XML 1.0; what that cannot hold at all becomes a replacement character.
  private static func reference(_ scalar: Unicode.Scalar) -> String? {
    switch scalar.value {
    case 0x26: return "&amp;"
    case 0x3C: return "&lt;"
    case 0x3E: return "&gt;"
    case 0x0D: return "&#13;"
    case 0x09, 0x0A, 0x20...0xD7FF, 0xE000...0xFFFD, 0x10000...0x10FFFF: return nil
    default: return "\u{FFFD}"
    }
  }
}
