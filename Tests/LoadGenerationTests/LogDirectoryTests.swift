import Foundation
import HarnessDriver
import Platform
import Testing

@testable import LoadGeneration

@Suite struct LogDirectoryTests {
  private let directory = TemporaryDirectory()

  private var hasMemoryFiles: Bool {
    (try? FileSystemFacts.of(path: LogDirectory.memoryPath))
      .map { $0.kind == .memory && $0.availableBytes > 1 << 30 } ?? false
  }

  @Test func logsLieInMemoryWhereThereIsRoom() throws {
    let logs = try LogDirectory(fallback: directory.path)
    let isInMemory = logs.path.hasPrefix("\(LogDirectory.memoryPath)/queuebench-")
    #expect(isInMemory == hasMemoryFiles)
    #expect(FileManager.default.fileExists(atPath: logs.path))
    logs.remove()
    #expect(!FileManager.default.fileExists(atPath: logs.path))
  }

  @Test func withoutRoomInMemoryTheyLieBesideTheDatabase() throws {
    // A directory on a disk stands in for a machine without files in memory.
    let logs = try LogDirectory(fallback: directory.path, memoryPath: "/proc")
    #expect(logs.path == "\(directory.path)/logs")
    try Data("log".utf8).write(to: URL(fileURLWithPath: "\(logs.path)/a.log"))
    logs.keep(in: directory.path)
    #expect(FileManager.default.contents(atPath: "\(directory.path)/logs/a.log")?.count == 3)
  }

  @Test func keptLogsMoveToTheDatabase() throws {
    let logs = try LogDirectory(fallback: directory.path)
    try Data("log".utf8).write(to: URL(fileURLWithPath: "\(logs.path)/a.log"))
    logs.keep(in: directory.path)
    #expect(FileManager.default.contents(atPath: "\(directory.path)/logs/a.log")?.count == 3)
    #expect(logs.path == "\(directory.path)/logs" || !exists(logs.path))
  }

  @Test func everyRepeatHasADirectoryOfItsOwn() throws {
    guard hasMemoryFiles else { return }
    let first = try LogDirectory(fallback: directory.path)
    let second = try LogDirectory(fallback: directory.path)
    defer {
      first.remove()
      second.remove()
    }
    #expect(first.path != second.path)
    #expect(exists(first.path) && exists(second.path))
  }

  @Test func whatAKilledHarnessLeftIsRemoved() throws {
    guard hasMemoryFiles else { return }
    // Nobody holds a lock on it, as after SIGKILL.
    let orphan = "\(LogDirectory.memoryPath)/queuebench-logs-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: orphan, withIntermediateDirectories: false)
    try Data("log".utf8).write(to: URL(fileURLWithPath: "\(orphan)/a.log"))
    let living = try LogDirectory(fallback: directory.path)
    let logs = try LogDirectory(fallback: directory.path)
    #expect(!exists(orphan))
    #expect(exists(living.path))
    living.remove()
    logs.remove()
  }

  @Test func aFallbackThatCannotBeMadeIsAnError() {
    let error = #expect(throws: SystemError.self) {
      try LogDirectory(fallback: "\(directory.path)/missing", memoryPath: "/proc")
    }
    #expect(error?.description.contains("\(directory.path)/missing/logs") == true)
  }

  private func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: path) }
}
