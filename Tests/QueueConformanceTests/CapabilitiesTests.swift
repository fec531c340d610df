import QueueEngine
import Testing

/// Which workers may take which tasks.
@Suite
struct CapabilitiesTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let owned: String
    let required: String
    let isMet: Bool
    init(_ owned: String, _ required: String, _ isMet: Bool) {
      self.owned = owned
      self.required = required
      self.isMet = isMet
    }
    var testDescription: String { "\(owned) \(isMet ? "meets" : "does not meet") \(required)" }
  }

  @Test(
    arguments: [
      Case("{}", "{}", true), Case("{}", " { } ", true), Case("{}", #"{"a":null}"#, true),
      Case("{}", #"{"a":1}"#, false), Case(#"{"a":null}"#, #"{"a":1}"#, false),
      Case(#"{"a":null}"#, #"{"a":null}"#, true),
      Case(#"{"region":"eu"}"#, "{}", true),
      Case(#"{"region":"eu"}"#, #"{"region":"eu"}"#, true),
      Case(#"{"region":"eu"}"#, #"{ "region" : "eu" }"#, true),
      Case(#"{"region":"eu"}"#, #"{"region":"us"}"#, false),
      Case(#"{"region":"eu"}"#, #"{"region":"EU"}"#, false),
      Case(#"{"region":"eu"}"#, #"{"Region":"eu"}"#, false),
      Case(#"{"region":["eu","us"]}"#, #"{"region":"us"}"#, true),
      Case(#"{"region":["eu","us"]}"#, #"{"region":"asia"}"#, false),
      Case(#"{"region":"eu"}"#, #"{"region":["eu","us"]}"#, true),
      Case(#"{"region":"asia"}"#, #"{"region":["eu","us"]}"#, false),
      Case(#"{"region":["asia","us"]}"#, #"{"region":["eu","us"]}"#, true),
      Case(#"{"region":"eu"}"#, #"{"region":[]}"#, false),
      Case(#"{"region":[]}"#, #"{"region":"eu"}"#, false),
      Case(#"{"gpu":true}"#, #"{"gpu":true}"#, true),
      Case(#"{"gpu":true}"#, #"{"gpu":false}"#, false),
      Case(#"{"gpu":false}"#, #"{"gpu":false}"#, true),
      Case(#"{"gpu":1}"#, #"{"gpu":true}"#, false), Case(#"{"gpu":true}"#, #"{"gpu":1}"#, false),
      Case(#"{"gpu":"true"}"#, #"{"gpu":true}"#, false),
      Case(#"{"memory":16}"#, #"{"memory":8}"#, true),
      Case(#"{"memory":8}"#, #"{"memory":8}"#, true),
      Case(#"{"memory":8}"#, #"{"memory":8.0}"#, true),
      Case(#"{"memory":7.99}"#, #"{"memory":8}"#, false),
      Case(#"{"memory":"16"}"#, #"{"memory":8}"#, false),
      Case(#"{"memory":[2,32]}"#, #"{"memory":8}"#, true),
      Case(#"{"memory":[2,4]}"#, #"{"memory":8}"#, false),
      Case(#"{"memory":4}"#, #"{"memory":[8,2]}"#, true),
      Case(#"{"memory":-1}"#, #"{"memory":-2}"#, true),
      Case(#"{"a":1,"b":2}"#, #"{"a":1,"b":2}"#, true),
      Case(#"{"a":1}"#, #"{"a":1,"b":2}"#, false),
      Case(#"{"a":1,"b":1}"#, #"{"a":1,"b":2}"#, false),
      Case(#"{"a":{"b":1}}"#, #"{"a":{"b":1}}"#, true),
      Case(#"{"a":{"b":2}}"#, #"{"a":{"b":1}}"#, false),
      Case(#"{"ä":"ü"}"#, #"{"\u00e4":"\u00fc"}"#, true),
      Case("{}", "", false), Case("{}", "[]", false), Case("{}", "null", false),
      Case("{}", "1", false), Case("{}", "{", false), Case("{}", #"{"a":}"#, false),
      Case(#"{"a":1}"#, #"{"a":1e999}"#, false), Case("{}", "nonsense", false),
    ])
  func `The table of matching`(row: Case) throws {
    #expect(try Capabilities(json: row.owned).meet(compatibility: row.required) == row.isMet)
  }

  @Test(arguments: ["", "[]", "null", "1", "\"x\"", "{", "{]", "{\"a\":1} x"])
  func `What is no JSON object is refused`(json: String) throws {
    let error = try queueError { _ = try Capabilities(json: json) }
    #expect(error.code == .invalidArgument)
    #expect(error.message.contains("JSON object"))
  }

  @Test func `None is an empty object`() throws {
    #expect(Capabilities().json == "{}")
    #expect(Capabilities() == (try Capabilities(json: "{}")))
    #expect(Capabilities().meet(compatibility: "{}"))
    #expect(!Capabilities().meet(compatibility: #"{"a":1}"#))
  }

  @Test func `Deep nesting is no crash`() {
    let deep = #"{"a":"# + String(repeating: "[", count: 100_000)
    #expect(!Capabilities().meet(compatibility: deep))
    #expect(throws: QueueError.self) { try Capabilities(json: deep) }
  }
}
