import Foundation

/// The program gnuplot, which draws the pictures.
package struct Gnuplot: Sendable {
  private let executablePath: String

  /// Why pictures could not be drawn; everything else of the run is on the disk by then.
  package enum Failure: Error, Equatable, Sendable, CustomStringConvertible {
    /// gnuplot is not installed.
    case notInstalled
    /// gnuplot could not be started, or the scripts could not be written.
    case system(path: String, message: String)
    /// gnuplot did not draw a picture; `message` is what it wrote to stderr.
    case script(path: String, message: String)

    /// One line that names the place and the remedy.
    package var description: String {
      switch self {
      case .notInstalled:
        return "gnuplot is not installed, so no plots were drawn; install it with the package "
          + "manager (apt-get install gnuplot-nox, brew install gnuplot), then draw them with "
          + "`queuebench plot`"
      case .system(let path, let message): return "\(path): \(message)"
      case .script(let path, let message):
        return "\(path): gnuplot failed: \(message.isEmpty ? "no reason given" : message)"
      }
    }
  }

  /// The gnuplot of the search path.
  ///
  /// `searchPath` has the form of the environment's PATH.
  package init(
    searchPath: String = ProcessInfo.processInfo.environment["PATH"] ?? ""
  ) throws(Failure) {
    let directories = searchPath.split(separator: ":")
    let candidates = directories.map { "\($0)/gnuplot" }
    guard let path = candidates.first(where: FileManager.default.isExecutableFile(atPath:)) else {
      throw .notInstalled
    }
    executablePath = path
  }

  /// Writes script and data of each plot into `directory`, which is made if it is missing, and
  /// draws them there, so that `gnuplot <name>.gp` draws one again by hand.
  ///
  /// Returns the paths of the pictures. All scripts are written before the first is drawn.
  package func draw(_ plots: [Plot], in directory: String) throws(Failure) -> [String] {
    try Self.write(plots, to: directory)
    var pictures: [String] = []
    for plot in plots {
      try run(script: "\(plot.name).gp", in: directory)
      let picture = "\(directory)/\(plot.name).svg"
      guard FileManager.default.fileExists(atPath: picture) else {
        throw .script(path: "\(directory)/\(plot.name).gp", message: "it left no \(plot.name).svg")
      }
      pictures.append(picture)
    }
    return pictures
  }

  /// Writes script and data of each plot into `directory`, without drawing; for where gnuplot is
  /// not installed.
  package static func write(_ plots: [Plot], to directory: String) throws(Failure) {
    do {
      try FileManager.default.createDirectory(
        atPath: directory, withIntermediateDirectories: true)
      for plot in plots {
        for (ending, text) in [("gp", plot.script), ("dat", plot.data)] {
          try Data(text.utf8).write(
            to: URL(fileURLWithPath: "\(directory)/\(plot.name).\(ending)"), options: .atomic)
        }
      }
    } catch {
      throw .system(
        path: directory, message: "cannot write the plots: \(error.localizedDescription)")
    }
  }

  private func run(script: String, in directory: String) throws(Failure) {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: executablePath)
    // The reader's own settings must not change our pictures.
    process.arguments = ["--default-settings", script]
    process.currentDirectoryURL = URL(fileURLWithPath: directory)
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = FileHandle.nullDevice
    let errors = Pipe()
    process.standardError = errors
    do {
      try process.run()
    } catch {
      throw .system(
        path: executablePath, message: "cannot be started: \(error.localizedDescription)")
    }
    let message = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    guard process.terminationReason == .exit, process.terminationStatus == 0 else {
      let lines = message.split(separator: "\n").map { $0.trimmingPrefix(while: \.isWhitespace) }
      throw .script(
        path: "\(directory)/\(script)",
        message: lines.filter { !$0.isEmpty }.joined(separator: "; "))
    }
  }
}
