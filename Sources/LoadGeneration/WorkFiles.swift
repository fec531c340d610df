internal import Foundation
internal import Platform

extension SystemError {
  /// What an error of Foundation is about, whose own words are made for programmers.
  init(_ operation: String, _ subject: String, hidden error: any Error) {
    let outer = error as NSError
    let inner = (outer.userInfo[NSUnderlyingErrorKey] as? any Error).map { $0 as NSError }
    let system = [inner, outer].compactMap { $0 }.first { $0.domain == NSPOSIXErrorDomain }
    self.init(operation: operation, subject: subject, code: system.map { Int32($0.code) } ?? EIO)
  }
}

/// Makes a directory, which must not exist yet unless its parents are to be made, too.
func makeDirectory(_ path: String, withParents: Bool = false) throws(SystemError) {
  do {
    try FileManager.default.createDirectory(
      atPath: path, withIntermediateDirectories: withParents)
  } catch {
    throw SystemError("make the directory", path, hidden: error)
  }
}

/// Copies a file and waits until the copy is on the disk, so that it is not written back later.
func copyDurably(_ source: String, to target: String) throws(SystemError) {
  do {
    try FileManager.default.copyItem(atPath: source, toPath: target)
    let copy = try FileHandle(forUpdating: URL(fileURLWithPath: target))
    try copy.synchronize()
    try copy.close()
  } catch {
    throw SystemError("copy the prepared database to", target, hidden: error)
  }
}
