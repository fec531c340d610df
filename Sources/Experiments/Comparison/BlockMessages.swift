internal import Results
internal import Scenarios

/// How a comparison talks to the programs that it compares: JSON, a message per line, over their standard input
/// and output.
///
/// The program begins with a ``BlockGreeting``; then each ``BlockRequest`` has its ``BlockAnswer``, one after
/// the other, until its standard input ends. Old programs are compared with new ones, so messages may get
/// more fields, which readers that do not know them skip; whatever changes the meaning of the others needs
/// another version.
package enum BlockProtocol {
  /// The version that this program speaks.
  package static let version = 1
  /// The hidden command that speaks it.
  package static let commandName = "blocks"
}

/// What a program says of itself.
package struct BlockGreeting: Codable, Equatable, Sendable {
  package var protocolVersion: Int
  /// The commit that it was built from, as far as it knows.
  package var commit: String
  /// `release` or `debug`.
  package var buildMode: String
  package var sqliteVersion: String
  package var sqliteSourceID: String

  package init(
    protocolVersion: Int = BlockProtocol.version, commit: String, buildMode: String,
    sqliteVersion: String, sqliteSourceID: String
  ) {
    self.protocolVersion = protocolVersion
    self.commit = commit
    self.buildMode = buildMode
    self.sqliteVersion = sqliteVersion
    self.sqliteSourceID = sqliteSourceID
  }

  private enum CodingKeys: String, CodingKey {
    case protocolVersion = "queuebench_blocks"
    case commit
    case buildMode = "build"
    case sqliteVersion = "sqlite"
    case sqliteSourceID = "sqlite_source"
  }
}

/// What a program is asked for.
struct BlockRequest: Codable, Sendable {
  /// Comes back with the answer.
  var number: Int
  var work: Work

  /// What there is to do.
  enum Work: Codable, Sendable {
    case block(Block)
    case costs(Costs)
  }

  /// What operations cost in a cell, counted and not timed.
  struct Costs: Codable, Sendable {
    var cell: String
    var settings: CellSettings
    var seed: UInt64
  }

  /// One block of one cell.
  struct Block: Codable, Sendable {
    var cell: String
    var settings: CellSettings
    /// Which block it is; those of one number and seed are offered the same tasks.
    var block: Int
    var seed: UInt64
    var warmupMs: Int
    var measureMs: Int
    var drainMs: Int
  }
}

/// What became of a request.
struct BlockAnswer: Codable, Sendable {
  /// That of the request.
  var number: Int
  /// What the row in `cells.csv` would hold, by the names of the columns.
  var fields: [String: String]?
  /// The PRAGMAs as all processes read them back.
  var pragmas: [String: String]?
  /// The settings as the program has understood them, by their names in scenarios.
  var settings: [String: String]?
  /// What was counted.
  var costs: CostProfile?
  /// Why the queue does not work with the settings, so that nothing could be counted.
  var costsFailure: String?
  /// Why there is nothing else.
  var failure: String?
  /// Whether the user has stopped it.
  var wasInterrupted: Bool?

  init(number: Int) { self.number = number }
}
