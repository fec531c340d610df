internal import TOMLKit

/// From TOML to nodes. TOMLKit reads the values and ``TOMLKeyLines`` finds the lines.
enum TOMLSource {
  /// The root of the document; nil after reporting what is wrong.
  static func root(of text: String, _ diagnostics: Diagnostics) -> ConfigurationNode? {
    // TOMLKit hands texts on as C strings, which would end there.
    let sourceLines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    for (index, line) in sourceLines.enumerated()
    where line.contains("\\u0000") || line.contains("\\U00000000") {
      diagnostics.report("a NUL in text is not allowed", at: "", line: index + 1)
      return nil
    }
    let lines = TOMLKeyLines(text)
    var sound = text
    if let trap = lines.trap {
      // TOMLKit gets to see what comes before only, where there may be an earlier error.
      sound = String(decoding: Array(text.utf8.prefix(trap.byteOffset)), as: UTF8.self)
    }
    do {
      let table = try TOMLTable(string: sound)
      guard let trap = lines.trap else {
        return ConfigurationNode(
          value: .map(entries(of: table, [], path: "", line: 1, lines)), path: "", line: 1)
      }
      report(trap, diagnostics)
    } catch let error as TOMLParseError {
      if let trap = lines.trap, error.description.contains("end-of-file") {
        report(trap, diagnostics)
      } else {
        diagnostics.report(
          "invalid TOML: \(error.description)", at: "", line: error.source.begin.line)
      }
    } catch {
      diagnostics.report("invalid TOML: \(error)", at: "", line: nil)
    }
    return nil
  }

  private static func report(_ trap: TOMLKeyLines.Trap, _ diagnostics: Diagnostics) {
    diagnostics.report("invalid TOML: expected \(trap.expected)", at: "", line: trap.line)
  }

  private static func node(
    _ value: any TOMLValueConvertible, _ keys: [String], path: String, line: Int,
    _ lines: TOMLKeyLines
  ) -> ConfigurationNode {
    ConfigurationNode(
      value: converted(value, keys, path: path, line: line, lines), path: path, line: line)
  }

  private static func converted(
    _ value: any TOMLValueConvertible, _ keys: [String], path: String, line: Int,
    _ lines: TOMLKeyLines
  ) -> ConfigurationNode.Value {
    switch value.type {
    case .string: return .text(value.string ?? "")
    case .bool: return .boolean(value.bool ?? false)
    case .int: return .number(String(value.int ?? 0))
    case .double: return .number(String(value.double ?? 0))
    case .date, .time, .dateTime: return .moment
    case .array:
      var items: [ConfigurationNode] = []
      if let array = value.array {
        for item in array {
          let itemKeys = keys + ["[\(items.count)]"]
          items.append(
            node(
              item, itemKeys, path: "\(path)[\(items.count)]", line: lines[itemKeys] ?? line,
              lines))
        }
      }
      return .list(items)
    case .table:
      guard let table = value.table else { return .map([]) }
      return .map(entries(of: table, keys, path: path, line: line, lines))
    }
  }

  /// The entries of a table in the order of their lines; TOMLKit sorts them by key.
  private static func entries(
    of table: TOMLTable, _ keys: [String], path: String, line: Int, _ lines: TOMLKeyLines
  ) -> [ConfigurationEntry] {
    var entries: [ConfigurationEntry] = []
    for (key, item) in table {
      let itemKeys = keys + [key]
      let itemLine = lines[itemKeys] ?? line
      entries.append(
        ConfigurationEntry(
          key: key, line: itemLine,
          value: node(
            item, itemKeys, path: ConfigurationNode.path(path, key: key), line: itemLine, lines)))
    }
    return entries.sorted { ($0.line ?? 0) < ($1.line ?? 0) }
  }
}
