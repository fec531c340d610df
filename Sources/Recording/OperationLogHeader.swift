/// The first 64 bytes of an operation log: whose records follow.
///
/// | offset | bytes | field |
/// |---|---|---|
/// | 0 | 8 | `QBOPLOG` and NUL; written last, so a header is whole or absent |
/// | 8 | 4 | version of the format |
/// | 12 | 4 | bytes per record |
/// | 16 | 4 | index of the process within the run |
/// | 20 | 4 | process id |
/// | 24 | 16 | role, UTF-8, padded with NUL |
/// | 40 | 8 | creation, monotonic ns |
/// | 48 | 16 | reserved, 0 |
package struct OperationLogHeader: Equatable, Sendable {
  /// The version that this program writes and reads.
  package static let version: UInt32 = 2
  /// The size of a header; a record's, so that records stay aligned to cache lines.
  package static let byteCount = 64
  /// The longest name of a role.
  package static let roleByteCount = 16

  /// `QBOPLOG\0`, read as a little-endian number.
  static let magic: UInt64 = 0x0047_4F4C_504F_4251

  /// What the process does: `producer`, `consumer`, …
  package let role: String
  /// Which of the run's processes it is.
  package let processIndex: UInt32
  package let pid: Int32
  /// When the log was created, in monotonic nanoseconds.
  package let createdNs: UInt64

  /// Makes a header; the role must have 1 to 16 bytes without NUL.
  package init(
    role: String, processIndex: UInt32, pid: Int32, createdNs: UInt64
  ) throws(OperationLogError) {
    let bytes = role.utf8
    guard (1...OperationLogHeader.roleByteCount).contains(bytes.count), !bytes.contains(0) else {
      throw .badRole(role)
    }
    self.role = role
    self.processIndex = processIndex
    self.pid = pid
    self.createdNs = createdNs
  }

  /// Writes everything but the magic number, which the caller adds with release semantics.
  func writeFields(to target: UnsafeMutableRawPointer) {
    target.storeBytes(of: OperationLogHeader.version, toByteOffset: 8, as: UInt32.self)
    target.storeBytes(
      of: UInt32(OperationRecord.byteCount), toByteOffset: 12, as: UInt32.self)
    target.storeBytes(of: processIndex, toByteOffset: 16, as: UInt32.self)
    target.storeBytes(of: pid, toByteOffset: 20, as: Int32.self)
    let field = UnsafeMutableRawBufferPointer(
      start: target + 24, count: OperationLogHeader.roleByteCount)
    field.copyBytes(from: role.utf8)
    target.storeBytes(of: createdNs, toByteOffset: 40, as: UInt64.self)
  }

  /// Reads and checks a header of at least 64 bytes.
  init(from source: UnsafeRawBufferPointer, path: String) throws(OperationLogError) {
    let magic = source.loadUnaligned(as: UInt64.self)
    // Zero: created, but the writer has not come to its header; anything else is a foreign file.
    if magic == 0 { throw .truncated(path: path, byteCount: 0) }
    guard magic == OperationLogHeader.magic else { throw .notAnOperationLog(path: path) }
    let version = source.loadUnaligned(fromByteOffset: 8, as: UInt32.self)
    guard version == OperationLogHeader.version else {
      throw .unsupportedVersion(path: path, version: version)
    }
    let recordByteCount = source.loadUnaligned(fromByteOffset: 12, as: UInt32.self)
    guard recordByteCount == OperationRecord.byteCount else {
      throw .badHeader(path: path, field: "bytes per record", value: "\(recordByteCount)")
    }
    let field = source[24..<24 + OperationLogHeader.roleByteCount]
    guard let role = String(validating: field.prefix { $0 != 0 }, as: UTF8.self), !role.isEmpty
    else {
      throw .badHeader(path: path, field: "role", value: "\(Array(field))")
    }
    self.role = role
    processIndex = source.loadUnaligned(fromByteOffset: 16, as: UInt32.self)
    pid = source.loadUnaligned(fromByteOffset: 20, as: Int32.self)
    createdNs = source.loadUnaligned(fromByteOffset: 40, as: UInt64.self)
  }
}
