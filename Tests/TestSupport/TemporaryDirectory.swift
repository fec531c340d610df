package import Foundation
package import Testing

/// A fresh directory for the files of one test, removed when the test ends.
package struct TemporaryDirectory: Sendable {
  /// The directory of the running test.
  @TaskLocal package static var current = TemporaryDirectory(url: URL(filePath: "/nonexistent"))

  package let url: URL

  /// The path of a file in the directory.
  package func path(_ name: String) -> String { url.appending(path: name).path }

  /// The path of a file in the running test's directory.
  package static func path(_ name: String) -> String { current.path(name) }
}

/// Gives every test case of a suite a ``TemporaryDirectory`` of its own.
package struct TemporaryDirectoryTrait: SuiteTrait, TestTrait, TestScoping {
  package var isRecursive: Bool { true }

  package func provideScope(
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
  package static var temporaryDirectory: Self { Self() }
}
