import Recording
import Scenarios

@testable import Verification

/// A simulated history in memory: the logs of its processes, and what lies in the queue in the end.
struct SimulatedHistory {
  let load: SimulatedLoad
  var logs: [[OperationRecord]]
  let outcome: Simulation.Outcome

  init(_ load: SimulatedLoad, seed: UInt64) {
    self.load = load
    var generator = SeededGenerator(seed: seed)
    var logs = [[OperationRecord]](repeating: [], count: load.producers + load.consumers)
    outcome = Simulation.run(load, random: { generator.next() }) { logs[$0].append($1) }
    self.logs = logs
  }

  /// A checker that has read the logs in some order.
  func checker(logOrder: [Int]? = nil) -> HistoryChecker {
    var checker = load.checker
    for index in logOrder ?? Array(logs.indices) {
      for record in logs[index] { checker.add(record) }
    }
    return checker
  }

  var judgement: Judgement { checker().judge(against: outcome.finalState) }

  /// How often something was recorded.
  func count(_ kind: OperationKind, _ outcome: OperationOutcome) -> Int {
    logs.joined().count { $0.kind == kind && $0.outcome == outcome }
  }
}
