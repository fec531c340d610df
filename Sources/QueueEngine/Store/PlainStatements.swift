/// The SQL of the plain path, for a program that executes it by hand: the floor that the engine is
/// measured against.
///
/// Parameters are those documented at the statements' own definitions.
package enum PlainStatements {
  /// The statements by name: for tasks one by one, and for batches.
  package static let all: KeyValuePairs<String, String> = [
    "enqueue": EnqueueStatements.insert(hasLottery: false, hasKey: false),
    "duties": ClaimStatements.duties,
    "claim": ClaimStatements.takeFromLane(.priority),
    "complete": AcknowledgeStatements.complete.plain,
    "enqueue_many": EnqueueStatements.insert(
      rows: EnqueueStatements.rowsPerStatement, hasLottery: false, hasKey: false),
    "ready": ClaimStatements.ready(.priority),
    "take_all": ClaimStatements.takeAll,
    "complete_all": AcknowledgeStatements.completeAll.plain,
  ]
}
