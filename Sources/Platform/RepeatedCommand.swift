#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif
import CPlatform

/// A program with its arguments that is started again and again, by several threads at once.
///
/// All that every start has in common is made once. What is started has a process group of its own, so
/// that it can be ended with everything that it has started itself, and so that a Ctrl-C at the terminal
/// does not reach it. It has default signals, an empty signal mask and no descriptors but the standard
/// ones. On Linux it is killed when the thread ends that has started it, and so with this process, however
/// that ends; what *it* has started is not.
///
/// `@unchecked Sendable`: the C strings are made by `init` and only read from then on.
package final class RepeatedCommand: @unchecked Sendable {
  /// The path of the program.
  package let executable: String
  /// Both end with nil.
  private let arguments: [UnsafeMutablePointer<CChar>?]
  private let environment: [UnsafeMutablePointer<CChar>?]
  private let directory: UnsafeMutablePointer<CChar>?
  private let directoryPath: String?

  /// Why a start has failed.
  package enum StartFailure: Error, CustomStringConvertible {
    /// The program itself cannot be executed, or its directory cannot be entered: every other start
    /// would fail alike.
    case unusable(SystemError)
    /// The system lacks something, such as memory or processes, that it may have later.
    case system(SystemError)

    package var description: String {
      switch self {
      case .unusable(let error), .system(let error): "\(error)"
      }
    }
  }

  /// A command.
  ///
  /// - Parameters:
  ///   - executable: the path of the program; `PATH` is not searched, see ``path(of:searching:)``.
  ///   - name: what the program finds as its own name.
  ///   - arguments: what follows the name.
  ///   - environment: what every start has in its environment.
  ///   - directory: where the program begins; nil for where this process is.
  /// - Throws: an error with `EINVAL` if a text contains a NUL.
  package init(
    executable: String, name: String, arguments: [String], environment: [String: String],
    directory: String? = nil
  ) throws(SystemError) {
    for text in [executable, name, directory ?? ""] + arguments + environment.map(\.value)
    where text.utf8.contains(0) {
      // A C string would end there.
      throw SystemError(operation: "start", subject: text.debugDescription, code: EINVAL)
    }
    self.executable = executable
    directoryPath = directory
    self.arguments = ([name] + arguments).map { strdup($0) } + [nil]
    self.environment =
      environment.sorted { $0.key < $1.key }.map { strdup("\($0.key)=\($0.value)") } + [nil]
    self.directory = directory.map { strdup($0) }
  }

  deinit {
    for text in arguments + environment { free(text) }
    free(directory)
  }

  /// Starts the command.
  ///
  /// - Parameters:
  ///   - variables: more of the environment, each `NAME=value` without NULs. Their names must not be among
  ///     those of every start: programs differ in which of two they believe.
  ///   - input: its standard input.
  ///   - output: its standard output; nil for this process's own.
  ///   - error: its standard error; nil for this process's own.
  /// - Returns: the child.
  /// - Throws: why it could not be started.
  package func start(
    variables: [String], input: Int32, output: Int32?, error: Int32?
  ) throws(StartFailure) -> ChildProcess {
    var pid: pid_t = 0
    var step = cplatform_spawn_step_prepare
    let failure = withEnvironment(variables) { environment in
      arguments.withUnsafeBufferPointer { arguments in
        executable.withCString { path in
          var command = cplatform_command(
            path: path, arguments: arguments.baseAddress, environment: environment,
            directory: UnsafePointer(directory), standard_input: input,
            standard_output: output ?? -1, standard_error: error ?? -1)
          return cplatform_spawn(&command, &pid, &step)
        }
      }
    }
    guard failure == 0 else { throw startFailure(failure, at: step) }
    return ChildProcess(pid: pid, name: executable)
  }

  private func startFailure(_ code: Int32, at step: cplatform_spawn_step) -> StartFailure {
    switch step {
    case cplatform_spawn_step_change_directory:
      return .unusable(SystemError(operation: "enter", subject: directoryPath ?? "", code: code))
    case cplatform_spawn_step_execute:
      let error = SystemError(operation: "start", subject: executable, code: code)
      let isShortage = [ENOMEM, EAGAIN, EMFILE, ENFILE, ETXTBSY].contains(code)
      return isShortage ? .system(error) : .unusable(error)
    default:
      return .system(SystemError(operation: "start", subject: executable, code: code))
    }
  }

  /// The variables of this start and those of every start.
  private func withEnvironment<R>(
    _ variables: [String],
    _ body: (UnsafePointer<UnsafeMutablePointer<CChar>?>) -> R
  ) -> R {
    var starts: [Int] = []
    starts.reserveCapacity(variables.count)
    let byteCount = variables.reduce(0) { $0 + $1.utf8.count + 1 }
    var text = [CChar](unsafeUninitializedCapacity: max(1, byteCount)) { text, count in
      for var variable in variables {
        starts.append(count)
        variable.withUTF8 { bytes in
          for byte in bytes {
            text.initializeElement(at: count, to: CChar(bitPattern: byte))
            count += 1
          }
        }
        text.initializeElement(at: count, to: 0)
        count += 1
      }
    }
    return text.withUnsafeMutableBufferPointer { text in
      var pointers: [UnsafeMutablePointer<CChar>?] = []
      pointers.reserveCapacity(starts.count + environment.count)
      for start in starts { pointers.append(text.baseAddress! + start) }
      pointers += environment
      return pointers.withUnsafeBufferPointer { body($0.baseAddress!) }
    }
  }

  // MARK: Finding programs

  /// Why a program cannot be found.
  package enum Missing: Error, Equatable {
    /// There is no such file.
    case notFound
    /// There is one that may not be executed.
    case notExecutable(path: String)
  }

  /// Finds the program that a shell would start by that name.
  ///
  /// - Parameters:
  ///   - name: a name to look for, or a path.
  ///   - directories: the value of `PATH`; nil for the system's standard.
  /// - Returns: its path.
  /// - Throws: why there is none.
  package static func path(
    of name: String, searching directories: String?
  ) throws(Missing) -> String {
    if name.isEmpty { throw .notFound }
    var candidates = [name]
    if !name.contains("/") {
      candidates = (directories ?? "/usr/local/bin:/usr/bin:/bin")
        .split(separator: ":", omittingEmptySubsequences: false)
        // An empty entry is the working directory.
        .map { $0.isEmpty ? "./\(name)" : "\($0)/\(name)" }
    }
    var refused: String?
    for candidate in candidates {
      switch Self.look(at: candidate) {
      case .executable: return candidate
      case .other: refused = refused ?? candidate
      case .nothing: continue
      }
    }
    if let refused { throw .notExecutable(path: refused) }
    throw .notFound
  }

  private enum Find {
    case executable
    case other
    case nothing
  }

  private static func look(at path: String) -> Find {
    var facts = stat()
    guard stat(path, &facts) == 0 else { return .nothing }
    return facts.st_mode & S_IFMT == S_IFREG && access(path, X_OK) == 0 ? .executable : .other
  }
}
