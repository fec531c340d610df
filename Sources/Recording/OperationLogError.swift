package import Platform

/// Why an operation log cannot be written or read; `description` names the file.
package enum OperationLogError: Error, Equatable, Sendable, CustomStringConvertible {
  /// What can be wrong with a record.
  package enum Damage: Equatable, Sendable {
    case unknownKind(UInt8)
    case unknownOutcome(UInt8)
    case endsBeforeStart
  }

  /// A system call failed: a full disk, a missing file, missing permission.
  case system(SystemError)
  /// The file is shorter than a header, or its writer has not come to write one yet.
  case truncated(path: String, byteCount: Int)
  /// The file is something else.
  case notAnOperationLog(path: String)
  /// The file was written by another version of the format.
  case unsupportedVersion(path: String, version: UInt32)
  /// The header says something that this version would never have written.
  case badHeader(path: String, field: String, value: String)
  /// The record with this index, counted from 0, was not written by our writer.
  case damagedRecord(path: String, index: Int, Damage)
  /// A name of a role that does not fit a header.
  case badRole(String)

  package var description: String {
    switch self {
    case .system(let error): error.description
    case .truncated(let path, let byteCount):
      "\(path): too short for an operation log (\(byteCount) bytes, the header needs "
        + "\(OperationLogHeader.byteCount)); its writer ended before it began to write"
    case .notAnOperationLog(let path): "\(path): not an operation log; choose another file"
    case .unsupportedVersion(let path, let version):
      "\(path): operation log of version \(version), this program reads version "
        + "\(OperationLogHeader.version); use the program that wrote it"
    case .badHeader(let path, let field, let value):
      "\(path): damaged header: \(field) is \(value); record the run again"
    case .damagedRecord(let path, let index, let damage):
      "\(path): record \(index): \(damage); the records before it are intact"
    case .badRole(let role):
      "role \(role.debugDescription): must have 1 to \(OperationLogHeader.roleByteCount) bytes "
        + "of UTF-8 without NUL"
    }
  }
}

extension OperationLogError.Damage: CustomStringConvertible {
  package var description: String {
    switch self {
    case .unknownKind(let code): "unknown kind \(code)"
    case .unknownOutcome(let code): "unknown outcome \(code)"
    case .endsBeforeStart: "ends before it starts"
    }
  }
}
