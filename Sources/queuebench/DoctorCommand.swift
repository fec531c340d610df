internal import ArgumentParser
internal import LoadGeneration
internal import Platform
internal import Reporting

/// `queuebench doctor`
struct DoctorCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor", abstract: "Say what this machine gives to a SQLite queue.")

  @Option(help: "The directory whose disk to look at.", completion: .directory)
  var directory = "."

  func run() throws {
    try reportingErrors {
      let facts = try diagnosis().facts
      let width = facts.map(\.name.count).max() ?? 0
      for fact in facts {
        let name = fact.name.padding(to: width)
        print("\(name)  \(fact.value)")
        if let warning = fact.warning { print("\("".padding(to: width))  ! \(warning)") }
      }
    }
  }

  private func diagnosis() throws -> Diagnosis {
    do {
      return try Diagnosis(directory: directory)
    } catch let error as SystemError {
      throw InputError("\(error)")
    }
  }
}

extension String {
  /// The text with spaces behind it, up to `width` characters.
  fileprivate func padding(to width: Int) -> String {
    self + String(repeating: " ", count: max(0, width - count))
  }
}
