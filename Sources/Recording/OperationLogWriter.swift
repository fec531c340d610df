import CPlatform
import Platform

/// Appends records to a file in a way that costs nanoseconds and survives SIGKILL of the process.
///
/// A record is copied into a shared mapping of the file: no system call, no buffer that dies with the
/// process. What has been appended belongs to the kernel and reaches the file unless the machine itself
/// goes down. The first word of a record, which holds its kind, is stored last and with release
/// semantics, so that whoever reads the file meanwhile sees whole records only.
///
/// The file grows by chunks, see ``GrowingMapping``. A growth happens after the operation that it
/// follows has ended, so it shows in no latency; ``reserve(records:)`` moves it to a moment of leisure.
///
/// Not `Sendable` and not copyable: one thread owns a writer. A second thread of the process (a
/// heartbeat) needs a log of its own.
package struct OperationLogWriter: ~Copyable {
  private let mapping: GrowingMapping
  @usableFromInline var cursor: UnsafeMutableRawPointer
  /// Behind the last record that fits the mapped part.
  @usableFromInline var end: UnsafeMutableRawPointer

  /// By how many records a log grows unless told otherwise: 1 MiB.
  package static let defaultGrowthRecords = 16_384

  /// Creates the file, which must not exist yet, with room for `initialRecords`.
  package init(
    path: String, header: OperationLogHeader, initialRecords: Int = defaultGrowthRecords,
    growthRecords: Int = defaultGrowthRecords
  ) throws(OperationLogError) {
    precondition(initialRecords > 0 && growthRecords > 0)
    do {
      mapping = try GrowingMapping(
        path: path,
        initialByteCount: OperationLogHeader.byteCount + initialRecords * OperationRecord.byteCount,
        growthByteCount: growthRecords * OperationRecord.byteCount)
    } catch {
      throw .system(error)
    }
    header.writeFields(to: mapping.base)
    cplatform_store_release_u64(mapping.base, OperationLogHeader.magic)
    cursor = mapping.base + OperationLogHeader.byteCount
    end = mapping.base + mapping.byteCount
  }

  /// The path given at creation.
  package var path: String { mapping.path }

  /// How many records have been appended.
  package var recordCount: Int {
    (mapping.offset(of: cursor) - OperationLogHeader.byteCount) / OperationRecord.byteCount
  }

  /// Appends one record.
  ///
  /// Fails when the file must grow and cannot (full disk, file size limit): everything appended before
  /// stays intact, and a later call tries again.
  @inlinable
  package mutating func append(_ record: OperationRecord) throws(OperationLogError) {
    if cursor == end { try grow(byteCount: OperationRecord.byteCount) }
    let slot = cursor
    withUnsafeBytes(of: record) { bytes in
      let wordBytes = MemoryLayout<UInt64>.size
      (slot + wordBytes).copyMemory(
        from: bytes.baseAddress! + wordBytes, byteCount: OperationRecord.byteCount - wordBytes)
      cplatform_store_release_u64(slot, bytes.load(as: UInt64.self))
    }
    cursor = slot + OperationRecord.byteCount
  }

  /// Makes sure that this many records can be appended without another growth.
  ///
  /// For moments without anything to do: before the start, while waiting for the next due time. Costs
  /// nothing if there is room. Fails as ``append(_:)`` does.
  package mutating func reserve(records: Int) throws(OperationLogError) {
    let byteCount = max(0, records) * OperationRecord.byteCount
    if end - cursor < byteCount { try grow(byteCount: byteCount) }
  }

  /// Cuts the reserved but unused end off the file and closes it.
  ///
  /// Not needed for the records' sake; a log that was never finished reads the same.
  package consuming func finish() throws(OperationLogError) {
    do {
      try mapping.truncate(at: cursor)
    } catch {
      throw .system(error)
    }
  }

  @usableFromInline
  mutating func grow(byteCount: Int) throws(OperationLogError) {
    do {
      cursor = try mapping.advance(to: cursor, atLeast: byteCount)
    } catch {
      throw .system(error)
    }
    end = mapping.base + mapping.byteCount
  }
}
