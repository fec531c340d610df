package import LoadGeneration
internal import Platform
internal import Results
package import Scenarios
package import Statistics
internal import Verification

/// A cell on both sides: the same load, and what one of the sides sets otherwise.
package struct ComparedCell: Sendable {
  package let base: Cell
  package let head: Cell

  package init(base: Cell, head: Cell) {
    self.base = base
    self.head = head
  }

  /// What both are called.
  package var id: String { base.id }

  /// Whether nothing but the programs differ, and what is injected on purpose.
  package var hasSameSettings: Bool {
    var (base, head) = (base.settings, head.settings)
    base.injectedFault = nil
    head.injectedFault = nil
    return base == head
  }

  /// What is compared of it unless something else is asked for: nothing of what nobody does in it.
  var standardMetrics: [ComparedMetric] {
    let consumes = base.settings.consumers > 0 && head.settings.consumers > 0
    let produces = base.settings.producers > 0 && head.settings.producers > 0
    return ComparedMetric.standard.filter { metric in
      switch metric.operation {
      case .enqueue?: return produces
      case .claim?, .complete?: return consumes
      case nil: return true
      }
    }
  }
}

/// Compares two programs, or two settings of one, block by block, until the gates know.
///
/// In a block each cell runs on both sides, one right after the other so that the machine is the same for both;
/// the order of the cells, and which side goes first, are random. Both sides of a block are offered the
/// same tasks at the same times. A block on a disturbed machine is void, and nobody looks at its results.
package final class Comparison {
  /// When to give up.
  package enum Budget: Hashable, Sendable {
    case seconds(Double)
    /// So many that count; void ones are run again, but not for ever.
    case blocks(Int)
  }

  /// What is compared, and how.
  package struct Plan: Sendable {
    /// At least one.
    package var cells: [ComparedCell]
    /// What is compared in every cell; nil for the standard, as far as the cell has it.
    package var metrics: [ComparedMetric]?
    package var rules = ComparisonGates.Rules()
    package var times = Plan.standardTimes
    package var budget = Budget.seconds(300)
    package var seed: UInt64
    /// Whether what operations cost is counted and compared before anything is timed.
    package var countsCosts = true

    package init(cells: [ComparedCell], seed: UInt64) {
      self.cells = cells
      self.seed = seed
    }

    /// The phases of a block: many short blocks beat few long ones, because what makes two runs of one
    /// program differ is mostly how their processes happen to meet, which length does not cure. A fifth of a
    /// second is a thousand operations of each kind, whose median is known to a hundredth.
    package static let standardTimes = PhaseTimes(warmupMs: 50, measureMs: 150, drainMs: 0)

    var emptyGates: ComparisonGates {
      ComparisonGates(
        cells.flatMap { cell in
          (metrics ?? cell.standardMetrics).map { (cell: cell.id, metric: $0) }
        }, rules: rules)
    }

    /// How long a block takes, more or less.
    package var expectedBlockSeconds: Double {
      let phasesNs = times.warmupNs + times.measureNs + times.drainNs
      let runMs = Int(phasesNs / 1_000_000) + Self.overheadMsPerRun
      return Double(2 * cells.count * runMs + Self.probeMs) / 1000
    }

    /// Why the budget cannot lead to any conclusion; nil if it can.
    package var budgetComplaint: String? {
      let gates = emptyGates
      let needed = max(gates.fewestBlocksToFail, gates.fewestBlocksToPass)
      let (possible, given): (Int, String)
      switch budget {
      case .blocks(let count): (possible, given) = (count, "\(count) blocks")
      case .seconds(let seconds):
        possible = Int(seconds / expectedBlockSeconds)
        given =
          "\(Self.text(seconds)) s, which is \(possible) blocks of \(Self.text(expectedBlockSeconds)) s"
      }
      guard possible < needed else { return nil }
      return """
        a budget of \(given) is too small for a conclusion: with \(gates.places.count) gates (cells times \
        metrics), it takes at least \(gates.fewestBlocksToPass) blocks to pass and \
        \(gates.fewestBlocksToFail) to fail, \(Self.text(Double(needed) * expectedBlockSeconds)) s
        """
    }

    private static let overheadMsPerRun = 80
    private static let probeMs = 60

    private static func text(_ seconds: Double) -> String {
      let tenths = Int((seconds * 10).rounded(.up))
      return tenths % 10 == 0 || tenths >= 100
        ? "\((tenths + 9) / 10)" : "\(tenths / 10).\(tenths % 10)"
    }
  }

  /// What one block brought.
  package struct Block: Sendable {
    /// What the two sides of one cell brought.
    package struct Pair: Sendable {
      package let cell: ComparedCell
      package let base: BlockClient.Answer
      package let head: BlockClient.Answer
    }

    /// From 1; void blocks count too.
    package let number: Int
    package let pairs: [Pair]
    /// Why it is void; nil if the machine was not disturbed.
    package let disturbance: String?
    /// Since the comparison began.
    package let secondsSoFar: Double
    /// What the gates know, this block included.
    package let gates: ComparisonGates
  }

  /// A side that could not be measured, or that has done something worse than being slow.
  package struct Broken: Error, Sendable {
    /// The side, and the cell if it was in one: `base, c01`.
    package let place: String
    package let detail: String
    /// Whether a history is invalid: tasks were lost, for one.
    package let isInvalid: Bool

    package init(place: String, detail: String, isInvalid: Bool = false) {
      self.place = place
      self.detail = detail
      self.isInvalid = isInvalid
    }
  }

  /// What came out.
  package struct Outcome: Sendable {
    package var gates: ComparisonGates
    /// Blocks that counted.
    package var blocks: Int
    package var voidBlocks: Int
    package var seconds: Double
    /// What was counted before; nil if nothing was to be.
    package var costs: ComparedCosts?
    /// Of what the sides were not compared although they should have been, because one has no values; whole phrases.
    package var silences: [String] = []
    /// What ended it before anything could be decided.
    package var broken: Broken?

    package var decision: SequentialGate.Decision {
      if costs?.hasFailed == true { return .failed }
      return gates.decision == .passed && costs?.isInconclusive == true
        ? .undecided : gates.decision
    }
  }

  private let plan: Plan
  private let base: any ComparedSide
  private let head: any ComparedSide
  private let makeMachine: () throws -> WatchedMachine
  private var random: SeededGenerator

  /// `machine` is made, and the machine calibrated, only if there is something to be timed.
  package init(
    plan: Plan, base: any ComparedSide, head: any ComparedSide,
    machine: @escaping () throws -> WatchedMachine
  ) {
    self.plan = plan
    self.base = base
    self.head = head
    makeMachine = machine
    random = SeededGenerator(seed: plan.seed)
  }

  /// The same on the disk of the sides' databases.
  package convenience init(plan: Plan, sides: ComparedSides) {
    self.init(plan: plan, base: sides.base, head: sides.head) {
      try WatchedMachine(probing: sides.directory)
    }
  }

  /// Runs until costs or gates have decided or the budget is used up; `onBlock` hears of each block.
  ///
  /// A side that breaks ends it, and is in what is returned. Throws `CancellationError` when the user interrupts,
  /// and what `onBlock` throws.
  package func callAsFunction(onBlock: (Block) throws -> Void) throws -> Outcome {
    var outcome = Outcome(gates: plan.emptyGates, blocks: 0, voidBlocks: 0, seconds: 0)
    do {
      try run(&outcome, onBlock)
    } catch let broken as Broken {
      outcome.broken = broken
    } catch let failure as BlockClient.Failure {
      outcome.broken = Broken(place: failure.name, detail: failure.description)
    }
    return outcome
  }

  private func run(_ outcome: inout Outcome, _ onBlock: (Block) throws -> Void) throws {
    let beganNs = MonotonicClock.nowNs()
    if plan.countsCosts {
      let costs = try ComparedCosts(of: plan.cells, base: base, head: head, seed: plan.seed)
      outcome.costs = costs
      outcome.seconds = Double(MonotonicClock.nowNs() - beganNs) / 1e9
      if let (cell, reason) = costs.failureOfBase {
        throw Broken(place: "base, \(cell)", detail: "its queue does not work: \(reason)")
      }
      if costs.hasFailed { return }
    }
    let machine = try makeMachine()
    var number = 0
    while outcome.decision == .undecided, hasBudget(after: outcome) {
      number += 1
      let (pairs, disturbance) = try machine.watch { try measure(block: number) }
      outcome.seconds = Double(MonotonicClock.nowNs() - beganNs) / 1e9
      let broken = Self.broken(pairs, isVoid: disturbance != nil)
      if disturbance != nil {
        outcome.voidBlocks += 1
      } else if broken == nil {
        outcome.blocks += 1
        for pair in pairs {
          outcome.gates.add(cell: pair.cell.id, base: pair.base.result, head: pair.head.result)
        }
      }
      try onBlock(
        Block(
          number: number, pairs: pairs, disturbance: disturbance, secondsSoFar: outcome.seconds,
          gates: outcome.gates))
      if let broken { throw broken }
      if disturbance == nil, !dropSilentPlaces(&outcome) { return }
    }
  }

  /// So many blocks without a value mean that there will be none.
  private static let silentBlocks = 3

  /// Notes places without values; false if it is no use to go on without them.
  ///
  /// What nobody has asked for by name is left out: base may be older than the column.
  private func dropSilentPlaces(_ outcome: inout Outcome) -> Bool {
    guard outcome.blocks == Self.silentBlocks else { return true }
    for place in outcome.gates.places {
      guard let side = place.silentSide(after: outcome.blocks) else { continue }
      outcome.silences.append(
        "\(place.cell): \(side) has \(side == "neither side" ? "any" : "no") \(place.metric.name) in \(outcome.blocks) blocks: it was not compared "
          + "(too few operations in a block, or a version that does not know it)")
      if plan.metrics == nil { outcome.gates.remove(place) }
    }
    return outcome.silences.isEmpty || (plan.metrics == nil && !outcome.gates.places.isEmpty)
  }

  private func hasBudget(after outcome: Outcome) -> Bool {
    let run = outcome.blocks + outcome.voidBlocks
    switch plan.budget {
    case .blocks(let count):
      return outcome.blocks < count && run < count * Self.mostRunsPerBlock
    case .seconds(let limit):
      let perBlock = run > 0 ? outcome.seconds / Double(run) : plan.expectedBlockSeconds
      return outcome.seconds + perBlock <= limit
    }
  }

  /// On a machine that is disturbed more than that, a budget of blocks is used up without them.
  private static let mostRunsPerBlock = 3

  private func measure(block: Int) throws -> [Block.Pair] {
    var pairs = [Block.Pair?](repeating: nil, count: plan.cells.count)
    for index in random.permutation(of: plan.cells.count) {
      let cell = plan.cells[index]
      func run(_ side: any ComparedSide, _ cell: Cell) throws -> BlockClient.Answer {
        try side.measure(cell, block: block, times: plan.times, seed: plan.seed)
      }
      if random.next() % 2 == 0 {
        let answer = try run(base, cell.base)
        pairs[index] = Block.Pair(cell: cell, base: answer, head: try run(head, cell.head))
      } else {
        let answer = try run(head, cell.head)
        pairs[index] = Block.Pair(cell: cell, base: try run(base, cell.base), head: answer)
      }
    }
    return pairs.compactMap(\.self)
  }

  /// Lost tasks are lost on a disturbed machine, too; but that something could not be measured there says nothing.
  private static func broken(_ pairs: [Block.Pair], isVoid: Bool) -> Broken? {
    let sides = pairs.flatMap { [("base", $0.base.result), ("head", $0.head.result)] }
    let broken =
      sides.first { $0.1.verdict == .invalid }
      ?? (isVoid ? nil : sides.first { $0.1.status != .measured })
    return broken.map { side, result in
      Broken(
        place: "\(side), \(result.cell)", detail: result.detail,
        isInvalid: result.verdict == .invalid)
    }
  }
}
