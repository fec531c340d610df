internal import Foundation

/// A fresh directory that is removed, with everything in it, when the value is released.
package final class TemporaryDirectory: Sendable {
  package let path: String

  /// Makes the directory.
  package init() {
    let parent = FileManager.default.temporaryDirectory.path
    var template = Array("\(parent)/queuebench-tests-XXXXXX".utf8CString)
    precondition(mkdtemp(&template) != nil, "cannot make a temporary directory")
    path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  deinit {
    try? FileManager.default.removeItem(atPath: path)
  }

  /// Writes a text file and returns its path.
  @discardableResult
  package func write(_ text: String, to name: String) throws -> String {
    let file = "\(path)/\(name)"
    try Data(text.utf8).write(to: URL(fileURLWithPath: file))
    return file
  }
}
