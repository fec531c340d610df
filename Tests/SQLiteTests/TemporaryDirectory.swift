import Foundation
import Testing

/// A fresh directory for the files of one test, removed when the test ends.
struct TemporaryDirectory: Sendable {
  /// The directory of the running test.
  @TaskLocal static var current = TemporaryDirectory(url: URL(filePath: "/nonexistent"))

  let url: URL

  /// The path of a file in the directory.
  func path(_ name: String) -> String { url.appending(path: name).path }

  /// The path of a file in the running test's directory.
  static func path(_ name: String) -> String { current.path(name) }
}

/// Gives every test case of a suite a ``TemporaryDirectory`` of its own.
struct TemporaryDirectoryTrait: SuiteTrait, TestTrait, TestScoping {
  var isRecursive: Bool { true }

  func provideScope(
    for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void
  ) async throws {
    let url = FileManager.default.temporaryDirectory
      .appending(path: "queuebench-tests-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: url) }
    try await TemporaryDirectory.$current.withValue(TemporaryDirectory(url: url)) {
      try await function()
    }
  }
}

extension Trait where Self == TemporaryDirectoryTrait {
  /// A fresh directory per test case.
  static var temporaryDirectory: Self { Self() }
}
