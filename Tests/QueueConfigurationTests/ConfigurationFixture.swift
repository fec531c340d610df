import Foundation
import QueueConfiguration
import TestSupport

/// Writes a configuration file into the running test's directory and returns its path.
func write(_ text: String, to name: String) throws -> String {
  let path = TemporaryDirectory.path(name)
  try Data(text.utf8).write(to: URL(fileURLWithPath: path))
  return path
}

/// Loads a configuration for a user whose home is `/home/anna`.
func load(
  file: String? = nil, flags: [ConfigurationFlag] = [], environment: [String: String] = [:]
) throws -> EffectiveConfiguration {
  let home = ["HOME": "/home/anna"]
  return try EffectiveConfiguration.load(
    file: file, flags: flags, environment: home.merging(environment) { $1 },
    workerID: "tester-1")
}

/// The errors of a configuration, each without the directory of its file; none if it loads.
func errors(
  file: String? = nil, flags: [ConfigurationFlag] = [], environment: [String: String] = [:]
) throws -> [String] {
  do {
    _ = try load(file: file, flags: flags, environment: environment)
    return []
  } catch let errors as ConfigurationErrors {
    let directory = String(TemporaryDirectory.path("x").dropLast())
    return errors.errors.map {
      $0.description.replacingOccurrences(of: directory, with: "")
    }
  }
}
