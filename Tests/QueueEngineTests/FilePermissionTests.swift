import Foundation
import SQLite
import TestSupport
import Testing

@testable import QueueEngine

/// Who may read a queue: the user who made it, and whoever he lets.
@Suite(.temporaryDirectory) struct FilePermissionTests {
  private static let files = ["", "-wal", "-shm", "-handoff", "-wake"]

  private func permissions(_ path: String) throws -> Int {
    let attributes = try FileManager.default.attributesOfItem(atPath: path)
    return try #require(attributes[.posixPermissions] as? Int)
  }

  private func use(_ path: String) throws -> TaskQueue {
    let queue = TaskQueue(store: try SQLiteQueueStore(path: path))
    try queue.enqueue(NewTask(type: "task", payload: "{}"))
    return queue
  }

  @Test func `a new queue is private to the user, with all that lies beside it`() throws {
    let path = TemporaryDirectory.path("queue.db")
    let queue = try use(path)
    for suffix in Self.files {
      #expect(try permissions(path + suffix) == 0o600, "\(suffix)")
    }
    withExtendedLifetime(queue) {}
  }

  @Test func `what lies beside a queue that is shared is shared, too`() throws {
    let path = TemporaryDirectory.path("queue.db")
    _ = FileManager.default.createFile(
      atPath: path, contents: nil, attributes: [.posixPermissions: 0o660])
    try FileManager.default.setAttributes([.posixPermissions: 0o660], ofItemAtPath: path)
    let queue = try use(path)
    for suffix in Self.files {
      #expect(try permissions(path + suffix) == 0o660, "\(suffix)")
    }
    withExtendedLifetime(queue) {}
  }

  @Test func `a queue behind a symbolic link has its files beside the real one`() throws {
    let real = TemporaryDirectory.path("real.db")
    let link = TemporaryDirectory.path("link.db")
    try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: real)
    _ = FileManager.default.createFile(atPath: real, contents: nil)
    let throughLink = try use(link)
    let direct = try use(real)
    #expect(try throughLink.counts()[.queued] == 2 && direct.counts()[.queued] == 2)
    for suffix in Self.files.dropFirst() {
      #expect(FileManager.default.fileExists(atPath: real + suffix), "\(suffix)")
      #expect(!FileManager.default.fileExists(atPath: link + suffix), "\(suffix)")
    }
  }
}
