internal import Foundation
package import Platform
internal import QueueEngine
internal import Results
internal import Scenarios
package import Statistics

/// Tries comparisons out: equal sides, which must not fail, and injected faults, which must.
///
/// Each comparison is what `queuebench ab` does with its defaults, from starting the programs on.
package struct GateTrial {
  /// What differs between the sides.
  package enum Kind: String, CaseIterable, Sendable {
    /// Nothing.
    case aa
    /// The index by which head claims is of no use.
    case droppedIndex = "dropped-index"
    /// Claims of head take 10 % longer.
    case slowClaim = "slow-claim"
    /// Consumers of head hold the write lock longer by 10 µs.
    case slowLock = "slow-lock"
    /// Head waits for the lock as SQLite does by itself.
    case busyPolicy = "busy-policy"

    /// What head does otherwise.
    func inject(into cell: Cell) throws -> Cell {
      var settings = cell.settings
      switch self {
      case .aa: break
      case .droppedIndex:
        settings.injectedFault = .droppedIndex(name: settings.strategy.readyIndexName)
      case .slowClaim: settings.injectedFault = .slowClaim(percent: Self.slowClaimPercent)
      case .slowLock:
        settings.injectedFault = .slowLock(microseconds: Self.slowLockMicroseconds)
      case .busyPolicy:
        return cell.overridden(
          by: [try SettingOverride("busy_policy=sqlite", option: "gate")], measureMs: 1)
      }
      return Cell(id: cell.id, axisValues: cell.axisValues, settings: settings)
    }

    package static let slowClaimPercent = 10
    package static let slowLockMicroseconds = 10
  }

  /// How one comparison ended.
  package struct Result: Sendable {
    package let decision: SequentialGate.Decision
    /// From starting the programs to the decision.
    package let seconds: Double
    package let blocks: Int
    package let voidBlocks: Int
    /// Whether what was counted has decided, before anything was timed.
    package let isByCosts: Bool
    /// What was worse, or nearest to it.
    package let worst: String
    /// Why a side could not be measured; nil if both could.
    package let broken: String?

    package init(
      decision: SequentialGate.Decision, seconds: Double, blocks: Int, voidBlocks: Int,
      isByCosts: Bool, worst: String, broken: String?
    ) {
      self.decision = decision
      self.seconds = seconds
      self.blocks = blocks
      self.voidBlocks = voidBlocks
      self.isByCosts = isByCosts
      self.worst = worst
      self.broken = broken
    }
  }

  private let plan: Comparison.Plan
  private let executable: String
  private let directory: String
  private let interrupts: InterruptMonitor?

  /// - Parameters:
  ///   - plan: what is compared; its sides are set to those of each trial.
  ///   - executable: this program, which is both sides.
  ///   - directory: for the databases; made, and removed after each comparison.
  ///   - interrupts: ends a comparison when it counts a signal; nil if there is none to be counted.
  package init(
    plan: Comparison.Plan, executable: String, directory: String, interrupts: InterruptMonitor?
  ) {
    self.plan = plan
    self.executable = executable
    self.directory = directory
    self.interrupts = interrupts
  }

  /// Makes comparison `number` of its kind, whose tasks and order no other has.
  ///
  /// Throws what the sides throw, and `CancellationError` when the user interrupts.
  package func compare(_ kind: Kind, number: Int) throws -> Result {
    let beganNs = MonotonicClock.nowNs()
    var plan = plan
    plan.cells = try plan.cells.map {
      ComparedCell(base: $0.base, head: try kind.inject(into: $0.base))
    }
    // Each comparison of each kind has its own place in one sequence, which repeats nothing.
    var random = SeededGenerator(seed: plan.seed)
    let kinds = Kind.allCases
    let place = number * kinds.count + (kinds.firstIndex(of: kind) ?? 0)
    for _ in 0..<place { plan.seed = random.next() }
    let sides = try ComparedSides(
      base: nil, head: nil, executable: executable, directory: directory, seed: plan.seed,
      interrupts: interrupts)
    let outcome = try Comparison(plan: plan, sides: sides)() { _ in }
    sides.finish()
    return Result(
      decision: outcome.decision, seconds: Double(MonotonicClock.nowNs() - beganNs) / 1e9,
      blocks: outcome.blocks, voidBlocks: outcome.voidBlocks,
      isByCosts: outcome.costs?.hasFailed == true, worst: Self.worst(outcome),
      broken: outcome.broken.map { "\($0.place): \($0.detail)" })
  }

  private static func worst(_ outcome: Comparison.Outcome) -> String {
    if outcome.costs?.hasFailed == true {
      for (_, finding) in outcome.costs?.findings ?? [] {
        switch finding {
        case .worse(let differences):
          if let worse = differences.first(where: { $0.kind == .worse }) ?? differences.first {
            return "\(worse.operation.rawValue) \(worse.quantity) \(worse.old) → \(worse.new)"
          }
        case .broken(let side, let reason): return "\(side): \(reason)"
        case .equal, .better, .incomparable: break
        }
      }
    }
    guard let worst = outcome.gates.worst else { return "" }
    return "\(worst.metric.name) \(worst.measured)"
  }
}
