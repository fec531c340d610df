internal import ArgumentParser
internal import Foundation

/// The options of the commands that try something out without a scenario.
struct TrialOptions: ParsableArguments {
  @Option(help: "Where the databases lie meanwhile.", completion: .directory)
  var databases = "."

  @Flag(help: "Measures although this program was not built for release.")
  var allowDebug = false

  /// Fails for a debug build, unless its numbers are wanted.
  func requireRelease() throws {
    guard Build.isRelease || allowDebug else {
      throw ValidationError(
        "This is a debug build, whose numbers mean nothing: build with -c release, or give "
          + "--allow-debug.")
    }
  }

  /// A directory of this process's own for databases.
  func workDirectory(_ name: String) -> String {
    "\(databases)/\(name)-\(ProcessInfo.processInfo.processIdentifier).work"
  }

  /// The path of a program that lies beside this one, unless another was given.
  func companion(_ product: String, given: String?) throws -> String {
    let beside = URL(fileURLWithPath: Build.executablePath).deletingLastPathComponent()
    let path = given ?? beside.appendingPathComponent(product).path
    guard FileManager.default.isExecutableFile(atPath: path) else {
      throw InputError("\(path): not there; build it with: swift build --product \(product)")
    }
    return path
  }
}
