internal import Foundation

/// What this program is.
enum Build {
  /// Whether it was built with optimisation.
  static var isRelease: Bool { mode == "release" }

  /// `release` or `debug`.
  static var mode: String {
    #if DEBUG
      return "debug"
    #else
      return "release"
    #endif
  }

  /// The path of its own executable, which is spawned as every child.
  static var executablePath: String {
    Bundle.main.executablePath ?? CommandLine.arguments[0]
  }

  /// The commit of the source tree that it lies in, with `-dirty` if that has changed since;
  /// `unknown` outside of one.
  static func commit() -> String {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [
      "git", "-C", URL(fileURLWithPath: executablePath).deletingLastPathComponent().path,
      "describe", "--always", "--dirty", "--abbrev=10", "--exclude=*",
    ]
    let output = Pipe()
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    guard (try? process.run()) != nil else { return "unknown" }
    let data = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    let text = String(decoding: data, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
    return process.terminationStatus == 0 && !text.isEmpty ? text : "unknown"
  }
}
