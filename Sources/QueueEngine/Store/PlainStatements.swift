/// The SQL of the plain path, for a program that executes it by hand: the floor that the engine is
/// measured against.
///
/// Parameters are those documented at the statements' own definitions.
package enum PlainStatements {
  /// The statements by name: `enqueue`, `duties`, `claim` and `complete`.
  package static let all: KeyValuePairs<String, String> = [
    "enqueue": EnqueueStatements.insert(hasLottery: false, hasKey: false),
    "duties": ClaimStatements.duties,
    "claim": ClaimStatements.takeFromLane(.priority),
    "complete": AcknowledgeStatements.complete,
  ]
}
