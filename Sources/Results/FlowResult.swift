/// What became of tasks across processes.
package struct FlowResult: Equatable, Sendable {
  /// From the intended start of an enqueue to the end of the completion, of tasks that were to be enqueued
  /// within the measured time and got that far.
  package var endToEnd = LatencySummary()
  /// From the end of an enqueue to the end of the task's first claim, of the same tasks.
  package var queued = LatencySummary()
  /// Of the same tasks, those that nobody had completed when the repeat was over.
  package var unfinished: Int?
  /// From the end of a lease that ran out to the end of the claim that took the task over.
  package var reclaim = LatencySummary()
  /// Claims beyond a task's first.
  package var redelivered: Int?
  /// ``redelivered`` relative to all claims that found a task.
  package var redeliveryRate: Double?
  /// Claims whose task was worked to its end for nothing, because the acknowledgement was refused, relative to all
  /// claims that found a task.
  package var wastedWorkRate: Double?
  /// Tasks that were completed under a later attempt than their first.
  package var recovered: Int?
  /// Acknowledgements that were refused because the lease had passed on.
  package var refused: Int?
  /// Operations of which nobody knows whether they took effect.
  package var indeterminate: Int?
  /// Acknowledged enqueues, claims and completions that the database does not know of.
  package var lost: Int?
  /// Ids and fences that were given out twice, tasks that were completed twice or claimed while somebody held
  /// them or behind their completion.
  package var duplicated: Int?
  /// The longest that a task lay ready before somebody claimed it, in ms.
  package var oldestReadyMs: Double?
  /// Little's law: the mean number of tasks in the system by counters, relative to completions per
  /// second times the mean time that a completed task was in it; 1 in a steady state.
  package var littlesLawRatio: Double?

  /// Nothing, until it is measured.
  package init() {}
}
