#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// A system call that failed: what was being done, to what, and the error number.
///
/// `description` is one line that names the place and, where the cause is a usual one, the remedy.
package struct SystemError: Error, Equatable, Sendable, CustomStringConvertible {
  /// What was being done, as words that follow "cannot": `"open"`, `"start the child process"`.
  package let operation: String
  /// The file, directory, program or resource concerned.
  package let subject: String
  /// The value of `errno`.
  package let code: Int32

  /// Describes a failure whose error number is known.
  package init(operation: String, subject: String, code: Int32) {
    self.operation = operation
    self.subject = subject
    self.code = code
  }

  /// Describes the failure of the system call just made, from `errno`.
  package static func last(_ operation: String, _ subject: String) -> SystemError {
    SystemError(operation: operation, subject: subject, code: errno)
  }

  package var description: String {
    let cause = String(cString: strerror(code))
    let advice = remedy.map { "; \($0)" } ?? ""
    return "cannot \(operation) \(subject): \(cause) (errno \(code))\(advice)"
  }

  private var remedy: String? {
    switch code {
    case ENOSPC, EDQUOT: "free some space or choose a directory on another file system"
    case EFBIG: "raise the file size limit (ulimit -f)"
    case EACCES, EPERM: "check the owner and mode"
    case EROFS: "choose a directory on a writable file system"
    case EMFILE, ENFILE: "raise the limit of open files (ulimit -n)"
    case EAGAIN: "raise the limit of processes (ulimit -u) or close other programs"
    case ENOENT, ENOTDIR: "check that the path exists"
    case E2BIG: "pass fewer or shorter arguments"
    default: nil
    }
  }
}
