internal import Wording

/// The parts of a target's expression.
struct TargetExpression: Equatable {
  let metric: TargetMetric
  let comparison: Target.Comparison
  let value: Double

  /// What is wrong with an expression, and at which of its characters, from 1.
  struct Problem: Error, Equatable {
    let column: Int
    let message: String
    var suggestion: String?
  }

  /// Parses `metric comparison number-with-unit`, with or without spaces between them.
  init(_ text: some StringProtocol) throws(Problem) {
    let characters = Array(text)
    var position = 0
    func skipSpaces() {
      while position < characters.count, characters[position].isWhitespace { position += 1 }
    }
    func take(while isPart: (Character) -> Bool) -> (word: String, column: Int) {
      skipSpaces()
      let start = position
      while position < characters.count, isPart(characters[position]) { position += 1 }
      return (String(characters[start..<position]), start + 1)
    }

    let (name, nameColumn) = take { $0.isLetter || $0.isNumber || $0 == "_" || $0 == "." }
    guard let metric = TargetMetric.all.first(where: { $0.name == name }) else {
      throw Problem(
        column: nameColumn,
        message: name.isEmpty
          ? "expected a metric such as claim.p95" : "unknown metric \(quoted(name))",
        suggestion: Suggestion.nearest(to: name, among: TargetMetric.all.map(\.name)))
    }
    let (symbol, symbolColumn) = take { "<>=!~".contains($0) }
    let allowed = metric.dimension.comparisons
    guard let comparison = Target.Comparison(rawValue: symbol), allowed.contains(comparison) else {
      throw Problem(
        column: symbolColumn, message: "expected \(SettingReader.list(allowed.map(\.rawValue)))")
    }

    let (limit, limitColumn) = take { !$0.isWhitespace && $0 != "," }
    value = try Self.limit(limit, of: metric, column: limitColumn)
    skipSpaces()
    guard position == characters.count else {
      let isList = characters[position] == ","
      throw Problem(
        column: position + 1,
        message: isList
          ? "one expression at a time: another one is another target"
          : "unexpected text after the limit")
    }
    self.metric = metric
    self.comparison = comparison
  }

  private static func limit(
    _ text: String, of metric: TargetMetric, column: Int
  ) throws(Problem) -> Double {
    let units = metric.dimension.units
    let needsUnit = metric.dimension != .count
    let unit = units.first { $0.key == "ms" }?.key ?? units[0].key
    guard let quantity = Quantity(text), quantity.number >= 0 else {
      throw Problem(
        column: column,
        message: "expected a number\(needsUnit ? " with a unit" : ""), as in 10\(unit)")
    }
    guard let factor = units.first(where: { $0.key == quantity.unit })?.value else {
      throw Problem(
        column: column + text.count - quantity.unit.count,
        message: needsUnit
          ? "expected the unit \(SettingReader.list(units.map(\.key))) for \(metric.name)"
          : "\(metric.name) is a count, which has no unit")
    }
    return quantity.number * factor
  }
}
