import Foundation
import Testing

@testable import Platform

@Suite struct ProcessSizeTests {
  #if os(Linux)
    @Test func `memory and descriptors of a process show`() throws {
      let child = try ChildProcess.spawn(
        ChildCommand(
          executable: "/bin/sleep", arguments: ["60"], environment: [:], name: "sleeper"))
      defer { child.kill(signal: SIGKILL) }
      let size = try #require(ProcessSize.of(pid: child.pid))
      #expect(size.descriptors >= 3)
      #expect(size.privateBytes >= 0 && size.privateBytes < 64 << 20)
    }
  #endif

  @Test func `there is nothing to say of nobody`() {
    #expect(ProcessSize.of(pid: -5) == nil)
  }

  @Test func `a private file is its owner's only, and one that is there stays as it is`() throws {
    let directory = TemporaryDirectory()
    let path = "\(directory.path)/private"
    #expect(PrivateFile.permissions(of: path) == 0o600)
    PrivateFile.make(path)
    #expect(PrivateFile.permissions(of: path) == 0o600)
    try Data("x".utf8).write(to: URL(fileURLWithPath: path))
    try FileManager.default.setAttributes([.posixPermissions: 0o664], ofItemAtPath: path)
    PrivateFile.make(path)
    #expect(PrivateFile.permissions(of: path) == 0o664)
    #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == Data("x".utf8))
  }

  @Test func `only the empty file that was made is removed again`() throws {
    let directory = TemporaryDirectory()
    let path = "\(directory.path)/private"
    let url = URL(fileURLWithPath: path)
    func isThere() -> Bool { FileManager.default.fileExists(atPath: path) }
    let made = try #require(PrivateFile.make(path))
    #expect(PrivateFile.make(path) == nil)
    try Data("x".utf8).write(to: url)
    made.removeIfUntouched()
    #expect(isThere())
    // Another one of that name, while the first is still there to have its number.
    let first = "\(directory.path)/first"
    try FileManager.default.removeItem(atPath: path)
    let again = try #require(PrivateFile.make(path))
    try FileManager.default.moveItem(atPath: path, toPath: first)
    try Data().write(to: url)
    again.removeIfUntouched()
    #expect(isThere())
    try FileManager.default.removeItem(atPath: path)
    try FileManager.default.moveItem(atPath: first, toPath: path)
    again.removeIfUntouched()
    #expect(!isThere())
    again.removeIfUntouched()
  }
}
