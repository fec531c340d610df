#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif
import CPlatform
import Platform

/// Reads an operation log, finished or still being written.
///
/// The end is the first slot that was never written: unused space, or a record that its writer was
/// killed in the middle of. Everything before it is checked, so that `kind` and `outcome` of what a body
/// is given are never nil.
///
/// The file is read, not mapped: a mapped file that somebody truncates is a SIGBUS, and reading in large
/// blocks is as fast. A block is read *twice* when it is new, see ``readRecords(from:into:)``.
///
/// Not `Sendable`: one thread owns a reader.
package final class OperationLogReader {
  package let path: String
  package let header: OperationLogHeader
  /// How many records ``tail(_:)`` has handed out.
  package private(set) var position = 0
  private let descriptor: Int32
  private let block: UnsafeMutableBufferPointer<OperationRecord>

  /// How many records one step of ``tail(_:)`` hands out at most: 1 MiB, which fits a cache.
  package static let recordsPerBlock = 16_384
  /// How many the first step reads.
  private static let firstRecords = 256

  /// Opens the file and checks its header.
  ///
  /// `.truncated` also means that the writer has created the file and not come to its header yet: who
  /// follows a process that is starting tries again.
  package init(path: String) throws(OperationLogError) {
    let opened = open(path, O_RDONLY | O_CLOEXEC)
    guard opened >= 0 else { throw .system(.last("open the operation log", path)) }
    let space = UnsafeMutableBufferPointer<OperationRecord>.allocate(
      capacity: OperationLogReader.recordsPerBlock)
    do throws(OperationLogError) {
      header = try OperationLogReader.readHeader(opened, path: path)
    } catch {
      space.deallocate()
      close(opened)
      throw error
    }
    self.path = path
    descriptor = opened
    block = space
  }

  deinit {
    block.deallocate()
    close(descriptor)
  }

  /// Hands out what has been appended since the last call, block by block; returns how many records.
  ///
  /// The buffer is valid during the call of the body only. If the body throws, its block counts as not
  /// handed out. A damaged record is an error once everything before it has been handed out, and again
  /// at every further call.
  @discardableResult
  package func tail(
    _ body: (UnsafeBufferPointer<OperationRecord>) throws -> Void
  ) throws -> Int {
    let first = position
    // Short at first: behind the records lies space that is reserved and empty, and who looks often should
    // not read a megabyte of it each time.
    var wanted = Self.firstRecords
    while true {
      let space = UnsafeMutableBufferPointer(rebasing: block[..<wanted])
      let (count, damage) = try readRecords(from: position, into: space)
      if count > 0 {
        try body(UnsafeBufferPointer(rebasing: block[..<count]))
        position += count
      }
      if let damage {
        throw OperationLogError.damagedRecord(path: path, index: position, damage)
      }
      if count < wanted { return position - first }
      wanted = min(wanted * 4, block.count)
    }
  }

  /// Hands out all records at once, whatever ``tail(_:)`` has handed out.
  ///
  /// Needs 64 bytes of memory per record while the body runs, and takes three times as long as
  /// ``tail(_:)`` (50 instead of 15 ms for a million), because that memory is fresh: for work that needs
  /// several passes. Fails on the first damaged record.
  package func withRecords<R>(
    _ body: (UnsafeBufferPointer<OperationRecord>) throws -> R
  ) throws -> R {
    let capacity = try recordCapacity()
    let records = UnsafeMutableBufferPointer<OperationRecord>.allocate(capacity: max(1, capacity))
    defer { records.deallocate() }
    var filled = 0
    while filled < capacity {
      // By blocks, so that the second reading finds the first one's bytes in the cache.
      let limit = min(capacity, filled + OperationLogReader.recordsPerBlock)
      let space = UnsafeMutableBufferPointer(rebasing: records[filled..<limit])
      let (count, damage) = try readRecords(from: filled, into: space)
      filled += count
      if let damage {
        throw OperationLogError.damagedRecord(path: path, index: filled, damage)
      }
      if count < space.count { break }
    }
    return try body(UnsafeBufferPointer(rebasing: records[..<filled]))
  }

  /// How many records the present size of the file has room for.
  private func recordCapacity() throws(OperationLogError) -> Int {
    var facts = stat()
    guard fstat(descriptor, &facts) == 0 else { throw .system(.last("inspect", path)) }
    return max(0, Int(facts.st_size) - OperationLogHeader.byteCount) / OperationRecord.byteCount
  }

  /// Fills the space with records from an index on, up to the first that was never written.
  ///
  /// Returns how many are sound, and what is wrong with the one behind them. The written records are
  /// read a second time: the first reading may have caught a record in the making, with the kind there
  /// and an older field before it, since the kernel copies in an order of its own. Once a kind has been
  /// seen, what is read after an acquire fence is complete.
  private func readRecords(
    from index: Int, into space: UnsafeMutableBufferPointer<OperationRecord>
  ) throws(OperationLogError) -> (count: Int, damage: OperationLogError.Damage?) {
    let found = try read(index: index, into: space)
    let written = space[..<found].firstIndex { $0.tag == 0 } ?? found
    cplatform_acquire_fence()
    let sound = UnsafeMutableBufferPointer(rebasing: space[..<written])
    // Fewer than the first time only if somebody truncates the file under us.
    let count = try read(index: index, into: sound)
    for position in 0..<count {
      if let damage = sound[position].damage { return (position, damage) }
    }
    return (count, nil)
  }

  /// Reads whole records; returns how many the file has.
  private func read(
    index: Int, into space: UnsafeMutableBufferPointer<OperationRecord>
  ) throws(OperationLogError) -> Int {
    let offset = OperationLogHeader.byteCount + index * OperationRecord.byteCount
    let byteCount = try OperationLogReader.read(
      descriptor, path: path, offset: offset, into: UnsafeMutableRawBufferPointer(space))
    return byteCount / OperationRecord.byteCount
  }

  private static func readHeader(
    _ descriptor: Int32, path: String
  ) throws(OperationLogError) -> OperationLogHeader {
    let space = UnsafeMutableRawBufferPointer.allocate(
      byteCount: OperationLogHeader.byteCount, alignment: OperationLogHeader.byteCount)
    defer { space.deallocate() }
    // Twice, for the reason given at `readRecords`: the magic number is written last.
    _ = try read(descriptor, path: path, offset: 0, into: space)
    cplatform_acquire_fence()
    let byteCount = try read(descriptor, path: path, offset: 0, into: space)
    guard byteCount == space.count else { throw .truncated(path: path, byteCount: byteCount) }
    return try OperationLogHeader(from: UnsafeRawBufferPointer(space), path: path)
  }

  private static func read(
    _ descriptor: Int32, path: String, offset: Int, into space: UnsafeMutableRawBufferPointer
  ) throws(OperationLogError) -> Int {
    var filled = 0
    while filled < space.count {
      let received = pread(
        descriptor, space.baseAddress! + filled, space.count - filled, off_t(offset + filled))
      if received == 0 { break }
      if received > 0 {
        filled += received
      } else if errno != EINTR {
        throw .system(.last("read", path))
      }
    }
    return filled
  }
}
