import Foundation

/// A run directory that cannot be written or read: where, what, and what to do about it.
package struct ResultsError: Error, Equatable, Sendable {
  /// What is wrong, for those who decide by it.
  package enum Code: Equatable, Sendable {
    /// The name cannot be that of a directory.
    case invalidRunName
    /// There is a run of that name already.
    case alreadyExists
    /// The operating system refused; `errno` says why.
    case system(errno: Int32)
    /// The file is not what it should be.
    case malformed
    /// The directory holds no run.
    case notARun
    /// The result has other axes than the run.
    case otherAxes
  }

  /// What is wrong.
  package let code: Code
  /// The file or directory.
  package let path: String
  /// The line in the file, from 1, where there is one.
  package let line: Int?
  /// What is wrong and what to do about it, without the place.
  package let message: String

  init(_ code: Code, path: String, line: Int? = nil, message: String) {
    self.code = code
    self.path = path
    self.line = line
    self.message = message
  }

  /// The error for a system call that has failed with `number`.
  static func system(_ number: Int32, path: String, doing action: String) -> ResultsError {
    let remedy: String
    switch number {
    case ENOSPC, EDQUOT:
      remedy = "; free some space, then continue the run with --resume; nothing measured is lost"
    case EACCES, EPERM, EROFS:
      remedy = "; write the results elsewhere or make the directory writable"
    default: remedy = ""
    }
    return ResultsError(
      .system(errno: number), path: path,
      message: "cannot \(action): \(String(cString: strerror(number)))\(remedy)")
  }
}

extension ResultsError: CustomStringConvertible {
  /// `results/a/cells.csv:5: …`
  package var description: String {
    "\(path)\(line.map { ":\($0)" } ?? ""): \(message)"
  }
}
