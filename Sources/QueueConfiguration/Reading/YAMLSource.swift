internal import Yams

/// From YAML to nodes, with every failure as an error of a line.
enum YAMLSource {
  /// How many nodes there may be: aliases of aliases would otherwise grow without bound.
  private static let nodeLimit = 20_000
  /// How deeply they may be nested.
  private static let depthLimit = 64

  /// The root of the only document in `text`, an empty map where there is none; nil after reporting
  /// what is wrong.
  static func root(of text: String, _ diagnostics: Diagnostics) -> ConfigurationNode? {
    // Yams keeps a pointer to the text's storage, which is sound only for a string on the heap: a
    // string of up to 15 bytes would live on its stack. Spaces at the end mean nothing.
    var source = text.utf8.count < 64 ? text + String(repeating: " ", count: 64) : text
    source.makeContiguousUTF8()
    do {
      // No resolver rules: what is a number and what a word is decided here, not by YAML 1.1 (`off`
      // would be a Boolean).
      guard let node = try Yams.compose(yaml: source, .basic, .default, .utf8) else {
        return ConfigurationNode(value: .map([]), path: "", line: 1)
      }
      var converter = YAMLConverter(nodesLeft: nodeLimit, depthLimit: depthLimit)
      do {
        return try converter.convert(node, path: "", line: node.mark?.line, depth: 0)
      } catch {
        diagnostics.report(error.message, at: error.path, line: error.line)
        return nil
      }
    } catch let error as YamlError {
      report(error, in: text, diagnostics)
    } catch {
      diagnostics.report("invalid YAML: \(error)", at: "", line: nil)
    }
    return nil
  }

  private static func report(_ error: YamlError, in text: String, _ diagnostics: Diagnostics) {
    switch error {
    case .scanner(let context, let problem, let mark, _),
      .parser(let context, let problem, let mark, _),
      .composer(let context, let problem, let mark, _):
      // What is missing at the end is missed on the line after it, which no editor can show.
      let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).count
      let line = min(mark.line, max(1, text.last?.isNewline == true ? lines - 1 : lines))
      guard let context else {
        diagnostics.report("invalid YAML: \(problem)", at: "", line: line)
        return
      }
      let start = context.mark.line < line ? " from line \(context.mark.line)" : ""
      diagnostics.report("invalid YAML: \(context.text)\(start), \(problem)", at: "", line: line)
    case .duplicatedKeysInMapping(let keys, let context):
      // Yams tells the line of the first of them.
      diagnostics.report(
        "duplicate key, here and further down", at: keys.first ?? "", line: context.mark.line)
    case .reader(let problem, _, _, _), .writer(let problem), .emitter(let problem),
      .representer(let problem):
      diagnostics.report("invalid YAML: \(problem)", at: "", line: nil)
    case .no, .memory, .dataCouldNotBeDecoded:
      diagnostics.report("invalid YAML", at: "", line: nil)
    }
  }
}

/// What is YAML, but no configuration.
private struct YAMLRefusal: Error {
  let message: String
  let path: String
  let line: Int?
}

/// Turns the nodes of Yams into ours.
private struct YAMLConverter {
  var nodesLeft: Int
  let depthLimit: Int

  mutating func convert(
    _ node: Node, path: String, line: Int?, depth: Int
  ) throws(YAMLRefusal) -> ConfigurationNode {
    nodesLeft -= 1
    guard nodesLeft > 0 else {
      throw YAMLRefusal(message: "too many values, perhaps by aliases", path: path, line: line)
    }
    guard depth < depthLimit else {
      throw YAMLRefusal(
        message: "nested more than \(depthLimit) levels deep", path: path, line: line)
    }
    let value: ConfigurationNode.Value
    switch node {
    case .scalar(let scalar):
      value =
        scalar.style == .plain ? PlainScalar.value(of: scalar.string) : .text(scalar.string)
    case .sequence(let sequence):
      var items: [ConfigurationNode] = []
      for (index, item) in sequence.enumerated() {
        items.append(
          try convert(
            item, path: "\(path)[\(index)]", line: item.mark?.line ?? line, depth: depth + 1))
      }
      value = .list(items)
    case .mapping(let mapping):
      var entries: [ConfigurationEntry] = []
      for (keyNode, valueNode) in mapping {
        let keyLine = keyNode.mark?.line ?? line
        guard case .scalar(let scalar) = keyNode else {
          throw YAMLRefusal(message: "a key must be a word", path: path, line: keyLine)
        }
        let keyPath = ConfigurationNode.path(path, key: scalar.string)
        entries.append(
          ConfigurationEntry(
            key: scalar.string, line: keyLine,
            value: try convert(valueNode, path: keyPath, line: keyLine, depth: depth + 1)))
      }
      value = .map(entries)
    case .alias:
      throw YAMLRefusal(message: "an alias without a value", path: path, line: line)
    }
    return ConfigurationNode(value: value, path: path, line: line)
  }
}
