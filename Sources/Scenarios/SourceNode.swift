import Yams

/// A YAML node together with its place, read lazily so that aliases are never expanded as a whole.
struct SourceNode {
  let node: Node
  /// Where it stands in the document, as in `axes.synchronous[1]`.
  let path: String

  /// The line of its first character, from 1.
  var line: Int? { node.mark?.line }

  /// What it is, for an error message.
  var kind: String {
    switch node {
    case .scalar(let scalar): return isNothing ? "nothing" : quoted(scalar.string)
    case .mapping: return "a map"
    case .sequence: return "a list"
    case .alias: return "an alias"
    }
  }

  /// Whether it is the empty plain scalar of a key without a value, or one of YAML's nulls.
  var isNothing: Bool {
    guard case .scalar(let scalar) = node, scalar.style == .plain else { return false }
    return ["", "~", "null", "Null", "NULL"].contains(scalar.string)
  }

  /// Whether it is a map.
  var isMap: Bool {
    if case .mapping = node { return true }
    return false
  }

  /// The text of a scalar that is not empty; nil after reporting what was expected instead.
  func text(_ expected: String, _ diagnostics: Diagnostics) -> String? {
    guard case .scalar(let scalar) = node, !isNothing else {
      diagnostics.report("must be \(expected), not \(kind)", at: self)
      return nil
    }
    return scalar.string
  }

  /// The elements of a list; nil after reporting what was expected instead.
  func items(_ expected: String, _ diagnostics: Diagnostics) -> [SourceNode]? {
    guard case .sequence(let sequence) = node else {
      diagnostics.report("must be \(expected), not \(kind)", at: self)
      return nil
    }
    return sequence.enumerated().map { SourceNode(node: $1, path: "\(path)[\($0)]") }
  }

  /// The entries of a map in the order of the file, each key once; nil after reporting what was
  /// expected instead. Repeated and composite keys are reported and left out.
  func entries(_ expected: String, _ diagnostics: Diagnostics) -> [SourceEntry]? {
    guard case .mapping(let mapping) = node else {
      diagnostics.report("must be \(expected), not \(kind)", at: self)
      return nil
    }
    var firstLines: [String: Int] = [:]
    var entries: [SourceEntry] = []
    for (keyNode, valueNode) in mapping {
      guard case .scalar(let scalar) = keyNode else {
        diagnostics.report("a key must be a word", at: path, line: keyNode.mark?.line)
        continue
      }
      let key = YAMLSource.withoutRepeatMarks(scalar.string)
      let keyPath = path.isEmpty ? shown(key) : "\(path).\(shown(key))"
      let line = keyNode.mark?.line
      if let first = firstLines[key] {
        diagnostics.report("duplicate key, first on line \(first)", at: keyPath, line: line)
        continue
      }
      firstLines[key] = line ?? 0
      entries.append(
        SourceEntry(key: key, line: line, value: SourceNode(node: valueNode, path: keyPath)))
    }
    return entries
  }

  /// A key as a path shows it: as it is if it is a plain word, else quoted and shortened.
  private func shown(_ key: String) -> String {
    let isWord =
      !key.isEmpty && key.utf8.count <= 40
      && key.allSatisfy { ($0.isLetter || $0.isNumber || "_-./".contains($0)) }
    return isWord ? key : quoted(key)
  }
}

/// A key with its line and its value.
struct SourceEntry {
  let key: String
  let line: Int?
  let value: SourceNode

  /// The place of the key, which is also that of its value.
  var path: String { value.path }
}

extension Diagnostics {
  /// Where in its line the character of that number, from 1, of a scalar stands; nil where the file does not
  /// have the text as it is on one line, because it is folded or has escapes.
  func column(of character: Int, in text: String, at node: SourceNode) -> Int? {
    guard let mark = node.node.mark else { return nil }
    let lines = sourceText.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    guard lines.indices.contains(mark.line - 1) else { return nil }
    let rest = lines[mark.line - 1].unicodeScalars.dropFirst(mark.column - 1)
    let quotes = rest.first == "\"" || rest.first == "'" ? 1 : 0
    guard rest.dropFirst(quotes).starts(with: text.unicodeScalars) else { return nil }
    return mark.column + quotes + text.prefix(character - 1).unicodeScalars.count
      + max(0, character - 1 - text.count)
  }
}
