import Foundation

extension GateReport {
  /// The version of ``json``: it grows when a key changes its meaning or goes, not when one is added.
  static let jsonSchemaVersion = 1

  /// The report for programs: every key in every report, null where there is nothing, sorted.
  package var json: String {
    jsonText(
      Document(
        schema_version: Self.jsonSchemaVersion, title: title, outcome: outcome.rawValue,
        counts: Document.Counts(
          met: count(.met), missed: count(.missed), inconclusive: count(.inconclusive)),
        warnings: warnings,
        findings: findings.map { finding in
          Document.Finding(
            place: finding.place, expectation: finding.expectation, measured: finding.measured,
            outcome: finding.outcome.rawValue, explanation: finding.explanation,
            file: Nullable(finding.source?.file), line: Nullable(finding.source?.line),
            value: Nullable(finding.quantity?.value), low: Nullable(finding.quantity?.low),
            high: Nullable(finding.quantity?.high), unit: Nullable(finding.quantity?.unit))
        }))
  }

  // The names are those of the keys.
  // swift-format-ignore: AlwaysUseLowerCamelCase
  private struct Document: Encodable {
    let schema_version: Int
    let title: String
    let outcome: String
    let counts: Counts
    let warnings: [String]
    let findings: [Finding]

    struct Counts: Encodable {
      let met: Int
      let missed: Int
      let inconclusive: Int
    }

    struct Finding: Encodable {
      let place: String
      let expectation: String
      let measured: String
      let outcome: String
      let explanation: String
      let file: Nullable<String>
      let line: Nullable<Int>
      let value: Nullable<Double>
      let low: Nullable<Double>
      let high: Nullable<Double>
      let unit: Nullable<String>
    }
  }
}

/// A value of a JSON document that is null if there is none, instead of missing.
struct Nullable<Value: Encodable>: Encodable {
  let value: Value?

  init(_ value: Value?) { self.value = value }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(value)
  }
}

extension Nullable<Double> {
  /// JSON has no infinities; they become null too.
  init(_ value: Double?) { self.value = value.flatMap { $0.isFinite ? $0 : nil } }
}

/// A document as indented JSON with sorted keys and a line end.
func jsonText(_ document: some Encodable) -> String {
  let encoder = JSONEncoder()
  encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
  // Only numbers that are not finite can fail, and none is encoded.
  guard let data = try? encoder.encode(document) else { preconditionFailure("not JSON") }
  return String(decoding: data, as: UTF8.self) + "\n"
}
