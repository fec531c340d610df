import Foundation

extension Scenario {
  /// Parses and validates the text of a scenario file.
  ///
  /// Throws everything that is wrong with the text; `file` is its name in these errors.
  package static func parse(yaml: String, file: String) throws(ScenarioErrors) -> Scenario {
    let diagnostics = Diagnostics(file: file)
    guard let root = YAMLSource.root(of: yaml, diagnostics),
      let scenario = ScenarioParser(diagnostics: diagnostics).scenario(
        from: SourceNode(node: root, path: ""), sourceText: yaml)
    else { throw diagnostics.errors }
    return scenario
  }

  /// Reads, parses and validates a scenario file.
  ///
  /// Throws why the file cannot be read, or everything that is wrong with it.
  package static func load(path: String) throws(ScenarioErrors) -> Scenario {
    let diagnostics = Diagnostics(file: path)
    guard let bytes = read(path, diagnostics),
      let text = YAMLSource.text(of: bytes, diagnostics)
    else { throw diagnostics.errors }
    return try parse(yaml: text, file: path)
  }

  /// Up to one byte more than a scenario may have, so that `/dev/zero` ends too.
  static func read(_ path: String, _ diagnostics: Diagnostics) -> [UInt8]? {
    guard let stream = fopen(path, "r") else {
      diagnostics.report("cannot be opened: \(String(cString: strerror(errno)))", at: "", line: nil)
      return nil
    }
    defer { fclose(stream) }
    var bytes = [UInt8](repeating: 0, count: YAMLSource.maximumBytes + 1)
    errno = 0
    let count = fread(&bytes, 1, bytes.count, stream)
    guard ferror(stream) == 0 else {
      diagnostics.report("cannot be read: \(String(cString: strerror(errno)))", at: "", line: nil)
      return nil
    }
    return Array(bytes[..<count])
  }
}
