internal import ArgumentParser
internal import Experiments
internal import Foundation
internal import Platform
internal import SQLite

/// `queuebench blocks`, the other end of `queuebench ab`.
struct BlocksCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: BlockProtocol.commandName,
    abstract: "Measure single blocks that another queuebench asks for over standard input.",
    shouldDisplay: false)

  @Option(help: "Where the databases lie; made, and removed at the end.", completion: .directory)
  var directory: String

  @Option(help: "The process that started this one, if no other lies between them.")
  var parent: Int32?

  func run() throws {
    try reportingErrors {
      if let parent { ParentDeath.dieWithParent(ifItIs: parent) }
      let interrupts = try InterruptMonitor()
      defer { interrupts.stop() }
      let greeting = BlockGreeting(
        commit: Build.commit(), buildMode: Build.mode, sqliteVersion: SQLiteLibrary.version,
        sqliteSourceID: SQLiteLibrary.sourceID)
      let server = BlockServer(
        greeting: greeting, executable: Build.executablePath, directory: directory,
        interrupts: interrupts)
      try server.serve(nextLine: { readLine() }, send: { print($0) })
      if interrupts.isInterrupted { throw Outcome.interrupted.exitCode }
    }
  }
}
