internal import Foundation
internal import Platform

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

  /// Writes a script that can be executed, and returns its path.
  ///
  /// By another process: what is open for writing cannot be executed (`ETXTBSY`), and a child that another test
  /// starts at that moment would have it open for a while, too.
  package func writeProgram(_ text: String, to name: String) throws -> String {
    let file = "\(path)/\(name)"
    var environment = ChildCommand.currentEnvironment()
    environment["TEXT"] = text
    let writing = try ChildProcess.spawn(
      ChildCommand(
        executable: "/bin/sh",
        arguments: ["-c", #"printf %s "$TEXT" > "$0" && chmod 755 "$0""#, file],
        environment: environment))
    precondition(writing.wait().isSuccess, "cannot write \(file)")
    return file
  }
}
