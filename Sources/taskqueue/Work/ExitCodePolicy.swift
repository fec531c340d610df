internal import ArgumentParser

/// What the exit code of a command says about the task that it has worked.
///
/// Of the codes of sysexits.h only 65 (`EX_DATAERR`) blames the task: another attempt at the same data
/// cannot help. A wrong call (64, `EX_USAGE`) or configuration (78, `EX_CONFIG`) blames whoever has set
/// the worker up; such tasks wait, as long as they have attempts left, until that is put right. 126 and
/// 127 are a shell's words for a command that cannot be executed: no task can be worked then.
struct ExitCodePolicy: Sendable, Hashable {
  /// What becomes of a task.
  enum Verdict: Sendable, Hashable {
    case completed
    /// It is tried again, by the retry policy.
    case retried
    /// It goes to `failed`.
    case failed
    /// It is given back, and the worker stops.
    case unusable
  }

  /// Codes after which no other attempt is made.
  var permanent: Set<Int32> = [65]
  /// Codes after which another attempt is made whatever else they mean.
  var retried: Set<Int32> = []

  func verdict(_ code: Int32) -> Verdict {
    if code == 0 { return .completed }
    if retried.contains(code) { return .retried }
    if permanent.contains(code) { return .failed }
    return code == 126 || code == 127 ? .unusable : .retried
  }
}

/// Exit codes on a command line: `65,70-78`; `none` for none.
struct ExitCodes: ExpressibleByArgument, Hashable, CustomStringConvertible {
  let codes: Set<Int32>

  init(_ codes: Set<Int32>) { self.codes = codes }

  init?(argument: String) {
    if argument == "none" {
      self.init([])
      return
    }
    var codes: Set<Int32> = []
    for part in argument.split(separator: ",", omittingEmptySubsequences: false) {
      let ends = part.split(separator: "-", omittingEmptySubsequences: false).map(Self.code)
      guard ends.count <= 2, let first = ends.first ?? nil, let last = ends.last ?? nil,
        first <= last
      else { return nil }
      codes.formUnion(first...last)
    }
    self.init(codes)
  }

  /// 0 is success, whatever anybody says.
  private static func code(_ text: Substring) -> Int32? {
    guard text.utf8.allSatisfy({ (48...57).contains($0) }), let code = Int32(text),
      (1...255).contains(code)
    else { return nil }
    return code
  }

  var description: String {
    codes.isEmpty ? "none" : codes.sorted().map { "\($0)" }.joined(separator: ",")
  }

  var defaultValueDescription: String { description }
}
