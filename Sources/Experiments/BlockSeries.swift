package import LoadGeneration
package import Scenarios

/// One block after the other, each on a machine that was looked at before and after.
///
/// In a block every cell runs once, in random order, and all are offered the same tasks at the same times. So
/// what the machine does meanwhile is the same for all but for seconds, and blocks may be compared pair by
/// pair. A block between two control probes of which one leaves the band of the beginning is void, whatever its
/// own numbers say.
package final class BlockSeries {
  /// What one block brought.
  package struct Block: Sendable {
    /// Its number, from 1; void blocks count too, so that no seed is used twice.
    package let number: Int
    /// What each cell brought, in the order in which the cells were given.
    package let findings: [RepeatFindings]
    /// Why the block is void; nil if the machine was not disturbed.
    package let disturbance: String?
  }

  private let runner: BlockRunner
  private let machine: WatchedMachine
  private var random: SeededGenerator
  /// How many blocks have run, void ones included.
  package private(set) var count = 0
  /// How many of them were void.
  package private(set) var voidCount = 0

  /// Calibrates the control probe on the disk under `directory`, which must exist; takes a quarter of a second.
  ///
  /// `seed` decides the order within blocks; the tasks are decided by that of `runner`.
  package convenience init(runner: BlockRunner, probing directory: String, seed: UInt64) throws {
    self.init(runner: runner, seed: seed, machine: try WatchedMachine(probing: directory))
  }

  /// The same on a machine that is watched otherwise.
  init(runner: BlockRunner, seed: UInt64, machine: WatchedMachine) {
    self.runner = runner
    self.machine = machine
    random = SeededGenerator(seed: seed)
  }

  /// Runs each cell once; `times` overrides how long the runner's phases are.
  ///
  /// Throws `CancellationError` when the user interrupts, and `SystemError` if no file can be made.
  package func measure(_ cells: [Cell], times: PhaseTimes? = nil) throws -> Block {
    count += 1
    let order = random.permutation(of: cells.count)
    let (findings, disturbance) = try machine.watch {
      var findings = [RepeatFindings?](repeating: nil, count: cells.count)
      for index in order {
        findings[index] = try runner.measure(cells[index], block: count, times: times)
      }
      return findings.compactMap(\.self)
    }
    if disturbance != nil { voidCount += 1 }
    return Block(number: count, findings: findings, disturbance: disturbance)
  }

  /// Runs each cell once, again for as long as the machine is disturbed, but at most so many times; the last
  /// block is returned even if it is void. `onVoid` hears of each block that is thrown away.
  package func measureUndisturbed(
    _ cells: [Cell], times: PhaseTimes? = nil, retries: Int = 2, onVoid: (Block) -> Void = { _ in }
  ) throws -> Block {
    for _ in 0..<retries {
      let block = try measure(cells, times: times)
      if block.disturbance == nil { return block }
      onVoid(block)
    }
    return try measure(cells, times: times)
  }
}
