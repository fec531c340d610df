#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// What is at a path, found without opening it: in a process that uses a database, closing any
/// descriptor of its file drops SQLite's locks.
enum PathFacts: Equatable {
  case nothing
  case file(byteCount: Int64)
  case directory
  /// It cannot be told.
  case unknown(Cause)

  struct Cause: Equatable {
    let errorNumber: Int32

    var text: String { String(cString: strerror(errorNumber)) }
    var outcome: Outcome { Outcome(errorNumber: errorNumber) }
  }

  /// Symbolic links are followed.
  static func of(_ path: String) -> PathFacts {
    var facts = stat()
    guard stat(path, &facts) == 0 else {
      let number = errno
      // A part of the path that is no directory is no place for a file either.
      return number == ENOENT || number == ENOTDIR
        ? .nothing : .unknown(Cause(errorNumber: number))
    }
    if facts.st_mode & S_IFMT == S_IFDIR { return .directory }
    return .file(byteCount: Int64(facts.st_size))
  }

  /// The directory that a path lies in.
  static func directory(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  /// Makes a directory and those around it, private to the user, if they are not there.
  static func makeDirectory(_ path: String) throws {
    switch of(path) {
    case .directory: return
    case .file: throw CommandFailure(.cannotCreate, "\(path): a file, where a directory must be")
    case .unknown(let cause): throw CommandFailure(cause.outcome, "\(path): \(cause.text)")
    case .nothing: break
    }
    let parent = directory(of: path)
    if parent != path { try makeDirectory(parent) }
    // Somebody else may have made it meanwhile.
    guard mkdir(path, 0o700) == 0 || errno == EEXIST else {
      throw CommandFailure(
        .cannotCreate, "\(path): cannot be made: \(String(cString: strerror(errno)))")
    }
  }

  /// Refuses a path at which something is already, or at which no file can be made.
  static func requireFree(_ path: String) throws {
    guard of(path) == .nothing else {
      throw CommandFailure(
        .cannotCreate, "\(path): is there already; remove it, or name another file")
    }
    try requireDirectory(around: path)
  }

  /// Refuses a path whose directory is not there.
  static func requireDirectory(around path: String) throws {
    let directory = directory(of: path)
    guard of(directory) == .directory else {
      throw CommandFailure(
        .cannotCreate,
        """
        \(path): there is no directory \(directory); make it with: \
        mkdir -p \(shellWord(directory))
        """)
    }
  }

  /// Refuses a path at which there is no file to be read.
  static func requireFile(_ path: String, _ what: String) throws {
    switch of(path) {
    case .file: return
    case .directory: throw CommandFailure(.noInput, "\(path): a directory, not \(what)")
    case .nothing: throw CommandFailure(.noInput, "\(path): there is no such file")
    case .unknown(let cause): throw CommandFailure(cause.outcome, "\(path): \(cause.text)")
    }
  }
}
