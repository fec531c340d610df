internal import Foundation
package import LoadGeneration
package import Platform
package import Scenarios

/// One of the two that are compared: what measures blocks and counts costs when it is asked to.
package protocol ComparedSide: AnyObject {
  /// Measures one block; see ``BlockClient/measure(_:block:times:seed:)``.
  func measure(
    _ cell: Cell, block: Int, times: PhaseTimes, seed: UInt64
  ) throws -> BlockClient.Answer
  /// Counts what the operations of a cell cost.
  func costs(of cell: Cell, seed: UInt64) throws -> BlockClient.Costs
}

/// The two programs of a comparison, and the directory that their databases lie in.
package final class ComparedSides {
  package let base: BlockClient
  package let head: BlockClient
  /// An absolute path; removed with this object.
  package let directory: String

  /// Makes the directory and starts both programs; see ``BlockClient`` for commands and errors.
  ///
  /// `seed` decides whose databases lie in which of two places, so that neither side always has the same.
  package init(
    base: String?, head: String?, executable: String, directory: String,
    seed: UInt64 = 0, interrupts: InterruptMonitor?
  ) throws {
    // The programs may have another working directory.
    let directory = URL(fileURLWithPath: directory).path
    do {
      try FileManager.default.createDirectory(
        atPath: directory, withIntermediateDirectories: true)
    } catch {
      let code = ((error as NSError).userInfo[NSUnderlyingErrorKey] as? NSError)?.code
      throw SystemError(
        operation: "make the directory", subject: directory, code: Int32(code ?? Int(EIO)))
    }
    self.directory = directory
    var random = SeededGenerator(seed: seed)
    let places = random.next() % 2 == 0 ? ["first", "second"] : ["second", "first"]
    do {
      self.base = try BlockClient(
        name: "base", command: base, executable: executable, directory: directory,
        place: places[0], interrupts: interrupts)
      self.head = try BlockClient(
        name: "head", command: head, executable: executable, directory: directory,
        place: places[1], interrupts: interrupts)
    } catch {
      try? FileManager.default.removeItem(atPath: directory)
      throw error
    }
  }

  deinit {
    base.finish()
    head.finish()
    try? FileManager.default.removeItem(atPath: directory)
  }

  /// Has both programs end.
  package func finish() {
    base.finish()
    head.finish()
  }

  /// What SQLite the sides have; nil if it is the same.
  package var sqliteDifference: String? {
    guard base.greeting.sqliteSourceID != head.greeting.sqliteSourceID else { return nil }
    return "base runs SQLite \(base.greeting.sqliteVersion), head \(head.greeting.sqliteVersion)"
  }
}
