/// One thing that is wrong with a configuration: where it stands, what it is and what helps.
public struct ConfigurationError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The file as the user named it, the environment variable, or the flag.
  public let source: String
  /// The line in that file, from 1; nil outside of files, and for a file that cannot be read.
  public let line: Int?
  /// The key with all keys around it, as in `retry.exponential.factor`; empty for a whole file, and
  /// for the whole value of a variable or a flag.
  public let key: String
  /// What is wrong and what would be right, in one line.
  public let message: String
  /// The word that the user probably meant.
  public let suggestion: String?

  /// An error from its parts.
  public init(
    source: String, line: Int?, key: String, message: String, suggestion: String? = nil
  ) {
    self.source = source
    self.line = line
    self.key = key
    self.message = message
    self.suggestion = suggestion
  }

  /// `worker.yaml:7: leese: unknown key, did you mean "lease"?`
  public var description: String {
    var text = source
    if let line { text += ":\(line)" }
    if !key.isEmpty { text += ": \(key)" }
    text += ": \(message)"
    if let suggestion { text += ", did you mean \"\(suggestion)\"?" }
    return text
  }
}

/// Everything that is wrong with a configuration: first the file by its lines, then the environment,
/// then the flags; never empty.
public struct ConfigurationErrors: Error, Hashable, Sendable, CustomStringConvertible {
  /// The single errors.
  public let errors: [ConfigurationError]

  /// One line per error.
  public var description: String { errors.map(\.description).joined(separator: "\n") }
}

/// Collects the errors of all layers, so that a user sees all of them at once.
final class Diagnostics {
  private var collected: [(layer: Int, error: ConfigurationError)] = []
  private var layer = 0
  /// What is being read.
  private(set) var source = ""
  private var hasLines = false

  /// How many errors there are so far.
  var count: Int { collected.count }

  /// From now on errors are those of a file.
  func begin(file: String) {
    layer += 1
    source = file
    hasLines = true
  }

  /// From now on errors are those of a variable or a flag.
  func begin(word: String) {
    layer += 1
    source = word
    hasLines = false
  }

  /// Nil if nothing is wrong.
  var errors: ConfigurationErrors? {
    // What an alias stands for is read once per use, and listed once.
    var seen: Set<ConfigurationError> = []
    let unique = collected.filter { seen.insert($0.error).inserted }
    guard !unique.isEmpty else { return nil }
    let sorted = unique.enumerated().sorted { left, right in
      (left.element.layer, left.element.error.line ?? 0, left.offset)
        < (right.element.layer, right.element.error.line ?? 0, right.offset)
    }
    return ConfigurationErrors(errors: sorted.map { $0.element.error })
  }

  func report(_ message: String, at key: String, line: Int?, suggestion: String? = nil) {
    let error = ConfigurationError(
      source: source, line: hasLines ? line : nil, key: key, message: message,
      suggestion: suggestion)
    collected.append((layer, error))
  }

  func report(_ message: String, at node: ConfigurationNode, suggestion: String? = nil) {
    report(message, at: node.path, line: node.line, suggestion: suggestion)
  }
}

/// Text from a configuration as it is shown in a message: quoted, on one line, and short.
func quoted(_ text: some StringProtocol) -> String {
  let limit = 40
  var shown = ""
  for scalar in text.unicodeScalars.prefix(limit) {
    let isPrintable = scalar.value >= 0x20 && scalar.value != 0x7F && scalar != "\u{FEFF}"
    shown.unicodeScalars.append(isPrintable && !scalar.properties.isWhitespace ? scalar : " ")
  }
  return "\"\(shown)\(text.unicodeScalars.count > limit ? "…" : "")\""
}
