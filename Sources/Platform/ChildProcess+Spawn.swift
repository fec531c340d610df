#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif
import CPlatform

/// What to start, and with what.
package struct ChildCommand: Sendable {
  /// Where a standard stream of the child leads.
  package enum Stream: Equatable, Sendable {
    /// To the same place as the parent's.
    case inherit
    /// To `/dev/null`.
    case null
    /// Output: appended to this file, which is created if need be. Input: read from this file.
    case file(path: String)
    /// To an open descriptor of the parent.
    case descriptor(Int32)
  }

  /// A descriptor of the parent that the child finds under the number `target`.
  package struct InheritedDescriptor: Equatable, Sendable {
    package let source: Int32
    package let target: Int32

    /// `target` must be above 2: the standard streams are given separately.
    package init(source: Int32, target: Int32) {
      self.source = source
      self.target = target
    }
  }

  /// The path of the program; `PATH` is not searched.
  package var executable: String
  /// The arguments after the program's name, which is `executable` itself.
  package var arguments: [String]
  /// The whole environment of the child; nothing is inherited beside it.
  package var environment: [String: String]
  package var standardInput: Stream
  package var standardOutput: Stream
  package var standardError: Stream
  package var descriptors: [InheritedDescriptor]
  /// What errors and lists of children call it.
  package var name: String

  /// All parts are explicit except those whose absence means "none" or "as the parent has it".
  package init(
    executable: String, arguments: [String], environment: [String: String],
    standardInput: Stream = .null, standardOutput: Stream = .inherit,
    standardError: Stream = .inherit, descriptors: [InheritedDescriptor] = [], name: String? = nil
  ) {
    self.executable = executable
    self.arguments = arguments
    self.environment = environment
    self.standardInput = standardInput
    self.standardOutput = standardOutput
    self.standardError = standardError
    self.descriptors = descriptors
    self.name = name ?? executable
  }

  /// The environment of this process, to hand on or to change first.
  package static func currentEnvironment() -> [String: String] {
    var result: [String: String] = [:]
    var entry = environ
    while let text = entry.pointee {
      let pair = String(cString: text).split(
        separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      if pair.count == 2, !pair[0].isEmpty { result[String(pair[0])] = String(pair[1]) }
      entry += 1
    }
    return result
  }
}

extension ChildProcess {
  /// Starts the command.
  ///
  /// The child begins with an empty signal mask and default dispositions, whatever the spawning
  /// thread has blocked or ignored. It inherits the descriptors named in the command and no others
  /// *provided that* all of this process's descriptors are opened close-on-exec (`O_CLOEXEC`,
  /// `"e"` for `fopen`), as everything in this module does. It stays in the process group of the
  /// parent, so that a Ctrl-C at the terminal reaches it too.
  ///
  /// Spawn from the main thread if the child uses ``ParentDeath``.
  package static func spawn(_ command: ChildCommand) throws(SystemError) -> ChildProcess {
    try checkText(of: command)
    var opened: [Int32] = []
    defer { for descriptor in opened { close(descriptor) } }

    // Every source is first duplicated to a number above all targets, so that moving one into
    // place can never overwrite another that is still to be moved.
    let firstFree = (command.descriptors.map(\.target).max() ?? 2) + 1
    var moves: [(source: Int32, target: Int32)] = []
    for (target, stream) in command.streams {
      guard let source = try open(stream, forChildDescriptor: target, closing: &opened) else {
        continue
      }
      moves.append((try duplicate(source, from: firstFree, closing: &opened), target))
    }
    for inherited in command.descriptors {
      guard inherited.target > 2 else {
        throw SystemError(
          operation: "pass descriptor", subject: "number \(inherited.target), a standard stream",
          code: EINVAL)
      }
      moves.append(
        (try duplicate(inherited.source, from: firstFree, closing: &opened), inherited.target))
    }
    return try spawn(command, moves: moves)
  }

  private static func spawn(
    _ command: ChildCommand, moves: [(source: Int32, target: Int32)]
  ) throws(SystemError) -> ChildProcess {
    #if canImport(Darwin)
      var actions: posix_spawn_file_actions_t?
      var attributes: posix_spawnattr_t?
    #else
      var actions = posix_spawn_file_actions_t()
      var attributes = posix_spawnattr_t()
    #endif
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }

    for move in moves {
      posix_spawn_file_actions_adddup2(&actions, move.source, move.target)
    }
    var noSignals = sigset_t()
    sigemptyset(&noSignals)
    var allSignals = sigset_t()
    sigfillset(&allSignals)
    posix_spawnattr_setsigmask(&attributes, &noSignals)
    posix_spawnattr_setsigdefault(&attributes, &allSignals)
    posix_spawnattr_setflags(
      &attributes, Int16(POSIX_SPAWN_SETSIGMASK) | Int16(POSIX_SPAWN_SETSIGDEF))
    cplatform_make_children_waitable()

    // Sorted, so that two runs start their children alike.
    let environment = command.environment.sorted { $0.key < $1.key }
      .map { "\($0.key)=\($0.value)" }
    var pid: pid_t = 0
    let failure = withCStrings([command.executable] + command.arguments) { arguments in
      withCStrings(environment) { environment in
        posix_spawn(&pid, command.executable, &actions, &attributes, arguments, environment)
      }
    }
    guard failure == 0 else {
      throw SystemError(operation: "start", subject: command.executable, code: failure)
    }
    return ChildProcess(pid: pid, name: command.name)
  }

  /// C strings end at the first NUL: text that contains one would silently be cut.
  private static func checkText(of command: ChildCommand) throws(SystemError) {
    func check(_ text: String, _ what: String, allowsEquals: Bool = true) throws(SystemError) {
      if text.utf8.contains(0) || (!allowsEquals && (text.isEmpty || text.utf8.contains(61))) {
        throw SystemError(
          operation: "start \(command.name) with", subject: "\(what) \(text.debugDescription)",
          code: EINVAL)
      }
    }
    try check(command.executable, "the program")
    for argument in command.arguments { try check(argument, "the argument") }
    for (name, value) in command.environment {
      try check(name, "the environment variable", allowsEquals: false)
      try check(value, "the environment value")
    }
  }

  private static func open(
    _ stream: ChildCommand.Stream, forChildDescriptor target: Int32, closing opened: inout [Int32]
  ) throws(SystemError) -> Int32? {
    switch stream {
    case .inherit: return nil
    case .descriptor(let descriptor): return descriptor
    case .null: return try open("/dev/null", flags: O_RDWR, closing: &opened)
    case .file(let path):
      let flags = target == 0 ? O_RDONLY : O_WRONLY | O_CREAT | O_APPEND
      return try open(path, flags: flags, closing: &opened)
    }
  }

  private static func open(
    _ path: String, flags: Int32, closing opened: inout [Int32]
  ) throws(SystemError) -> Int32 {
    let descriptor = openFile(path, flags | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw .last("open", path) }
    opened.append(descriptor)
    return descriptor
  }

  private static func duplicate(
    _ source: Int32, from firstFree: Int32, closing opened: inout [Int32]
  ) throws(SystemError) -> Int32 {
    let copy = fcntl(source, F_DUPFD_CLOEXEC, firstFree)
    guard copy >= 0 else { throw .last("duplicate", "descriptor \(source)") }
    opened.append(copy)
    return copy
  }
}

extension ChildCommand {
  fileprivate var streams: [(target: Int32, stream: Stream)] {
    [(0, standardInput), (1, standardOutput), (2, standardError)]
  }
}

/// `open(2)`, which the methods of the same name hide.
private func openFile(_ path: String, _ flags: Int32, _ mode: mode_t) -> Int32 {
  open(path, flags, mode)
}

private func withCStrings<R>(
  _ texts: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> R
) -> R {
  let copies: [UnsafeMutablePointer<CChar>?] = texts.map { strdup($0) } + [nil]
  defer { for copy in copies { free(copy) } }
  return body(copies)
}
