internal import ArgumentParser
internal import Platform
internal import QueueConfiguration
internal import QueueEngine
internal import QueueOperations
internal import SQLite

#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// The exit codes of `taskqueue`, those of sysexits.h where there is one.
enum Outcome: Int32 {
  /// What was asked for is not there, or is refused as things stand.
  case refused = 1
  /// A command line that makes no sense.
  case usage = 64
  /// Input that cannot be used: a bad line, a damaged file.
  case badData = 65
  /// There is no such file or queue.
  case noInput = 66
  /// Others hold the queue.
  case unavailable = 69
  /// A file that was to be made cannot be.
  case cannotCreate = 73
  /// Reading or writing failed, or the disk is full.
  case inputOutput = 74
  /// The system does not allow it.
  case noPermission = 77
  /// A configuration that cannot be used.
  case badConfiguration = 78
  /// Ended by the user.
  case interrupted = 130

  var exitCode: ExitCode { ExitCode(rawValue) }
}

/// Why a command cannot do what it was asked for: what is wrong, where, and what helps.
struct CommandFailure: Error, CustomStringConvertible {
  let outcome: Outcome
  /// One line or more, each of which is reported by itself.
  let description: String

  init(_ outcome: Outcome, _ description: String) {
    self.outcome = outcome
    self.description = description
  }

  /// What errors of our own modules mean to the one who typed the command; nil for all others.
  init?(_ error: any Error) {
    switch error {
    case let error as CommandFailure: self = error
    case let error as QueueError: self.init(Outcome(error), "\(error)")
    case let error as MigrationError: self.init(Outcome(error), "\(error)")
    case let error as ConfigurationErrors: self.init(Outcome(error), "\(error)")
    case let error as PragmaMismatch: self.init(.badConfiguration, "\(error)")
    case let error as SQLiteError: self.init(Outcome(QueueError(error)), "\(error)")
    case let error as SystemError: self.init(Outcome(errorNumber: error.code), "\(error)")
    default: return nil
    }
  }
}

extension Outcome {
  init(_ error: QueueError) {
    switch error.code {
    case .busy: self = .unavailable
    case .invalidArgument: self = .usage
    case .notAQueue, .schemaTooNew, .corrupt: self = .badData
    case .readOnly: self = .noPermission
    case .diskFull, .storage: self = .inputOutput
    }
  }

  init(_ error: MigrationError) {
    switch error.code {
    case .badLine, .lineTooLong, .badFile, .sourceChanged: self = .badData
    case .file: self = .inputOutput
    case .noSuchImport: self = .refused
    case .queue: self = (error.underlying as? QueueError).map(Outcome.init) ?? .inputOutput
    }
  }

  /// Of the layers of a configuration, flags are a matter of the command line.
  init(_ errors: ConfigurationErrors) {
    let areFlags = errors.errors.allSatisfy { $0.source.hasPrefix("-") }
    self = areFlags ? .usage : .badConfiguration
  }

  /// What a system call's error number means.
  init(errorNumber: Int32) {
    switch errorNumber {
    case ENOENT, ENOTDIR: self = .noInput
    case EACCES, EPERM, EROFS: self = .noPermission
    default: self = .inputOutput
    }
  }
}

/// Runs `body`; where an error of the queue tells Swift's users what to do, it names flags instead.
///
/// - Parameters:
///   - flags: what stands in the queue's own messages, and what a user of the command line does.
///   - body: what calls the queue.
/// - Returns: what `body` returns.
/// - Throws: what `body` throws, in other words.
func namingFlags<R>(_ flags: [String: String], _ body: () throws -> R) throws -> R {
  do {
    return try body()
  } catch let error as QueueError {
    let message = flags.reduce(error.message) { message, flag in
      message.replacing(flag.key, with: flag.value)
    }
    throw QueueError(code: error.code, message: message, underlying: error.underlying)
  }
}

/// Runs a command's body and turns what it throws into lines on standard error and an exit code.
///
/// The root does this for every command; errors of the argument parser pass through.
func reportingErrors(_ body: () throws -> Void) throws {
  do {
    try body()
  } catch let error as ReaderGone {
    // `taskqueue list | head`: who reads has seen enough.
    _ = error
  } catch {
    guard let failure = CommandFailure(error) else { throw error }
    for line in failure.description.split(whereSeparator: \.isNewline) {
      reportError(String(line))
    }
    throw failure.outcome.exitCode
  }
}
