package import Results
package import Scenarios

/// Where in a run one is.
package struct RunProgress: Sendable {
  /// Which of the repeats that are to run this is, from 1.
  package let position: Int
  /// How many repeats are to run.
  package let total: Int
  /// The cell.
  package let cell: Cell
  /// Which repeat of the cell it is, from 1.
  package let repeatNumber: Int
  /// When the run is expected to be over, in seconds from now.
  package let secondsLeft: Double
}

/// What a run tells whoever shows it to a person.
package protocol RunObserver: AnyObject {
  /// Whether to tell how repeats go on, which takes a little of the machine that is measured.
  var wantsProgress: Bool { get }
  /// A repeat begins.
  func repeatBegan(_ progress: RunProgress)
  /// A repeat goes on; several times a second.
  func repeatProgressed(_ progress: RunProgress, _ sample: LiveSample)
  /// A repeat is over and stored.
  func repeatEnded(_ progress: RunProgress, _ result: RepeatResult)
  /// A repeat ran while the machine was disturbed, and will run again.
  func repeatDisturbed(_ progress: RunProgress, _ result: RepeatResult)
  /// A cell will not run, and why.
  func cellRefused(_ cell: Cell, reason: String)
}
