internal import QueueEngine
internal import Wording

/// The members of one line's object, read one by one.
struct TaskFields {
  private let members: [(key: String, value: String)]

  /// Takes a line's object apart, and refuses keys that are not among those that are known.
  init(_ bytes: [UInt8], known keys: [String]) throws(LineFault) {
    members = try JSONObjectText.members(of: bytes)
    for member in members where !keys.contains(member.key) {
      throw LineFault(
        "the key \"\(member.key.prefix(64))\" is unknown"
          + Suggestion.question(for: member.key, among: keys))
    }
  }

  /// Whether there is a member of that name.
  func has(_ key: String) -> Bool { members.contains { $0.key == key } }

  /// A value as the text that it is written in; nil if there is none.
  func json(_ key: String) -> String? { members.first { $0.key == key }?.value }

  /// A string; nil if it is missing or null.
  func text(_ key: String, allowsNUL: Bool = false) throws(LineFault) -> String? {
    guard let json = json(key), json != "null" else { return nil }
    guard let text = try JSONObjectText.string(json) else {
      throw LineFault("\"\(key)\" must be a string, not \(json.prefix(40))")
    }
    if !allowsNUL, text.utf8.contains(0) { throw LineFault("\"\(key)\" holds a NUL character") }
    return text
  }

  /// A whole number; nil if it is missing or null.
  func integer(_ key: String) throws(LineFault) -> Int? {
    guard let json = json(key), json != "null" else { return nil }
    guard let number = Int(json) else {
      throw LineFault("\"\(key)\" must be a whole number, not \(json.prefix(40))")
    }
    return number
  }

  /// A moment; nil if it is missing or null.
  func time(_ key: String) throws(LineFault) -> Timestamp? {
    guard let text = try text(key) else { return nil }
    guard let time = Timestamp(text) else {
      throw LineFault(
        """
        "\(key)" must be a time in UTC such as "2026-11-21 12:00:00" or \
        "2026-11-21T12:00:00Z", not "\(text.prefix(40))"
        """)
    }
    return time
  }
}

/// The checks of the queue, made line by line before anything is written.
enum TaskCheck {
  static func name(_ text: String, _ key: String) throws(LineFault) {
    if text.isEmpty { throw LineFault("\"\(key)\" must not be empty") }
    if text.utf8.count > NewTask.nameByteLimit {
      throw LineFault(
        """
        "\(key)" has \(text.utf8.count) bytes, and at most \(NewTask.nameByteLimit) are taken
        """)
    }
  }

  /// Refuses text that is no JSON or too large.
  static func json(_ text: String, _ key: String, isObject: Bool = false) throws(LineFault) {
    if text.utf8.count > NewTask.payloadByteLimit {
      throw LineFault(
        """
        "\(key)" has \(text.utf8.count) bytes, and at most \(NewTask.payloadByteLimit) are taken
        """)
    }
    // What reads capabilities gives up at 512 levels.
    let depthLimit = isObject ? 500 : JSONText.depthLimit
    if !JSONText.isValid(text, isObject: isObject, depthLimit: depthLimit) {
      throw LineFault(
        "\"\(key)\" must be \(isObject ? "a JSON object" : "JSON") of at most \(depthLimit) levels")
    }
  }
}
