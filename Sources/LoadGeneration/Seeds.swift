internal import Scenarios

/// Where everything that is random about a run comes from: the seed of its scenario.
///
/// Each seed is the n-th output of the generator that the one above it seeds, so that no two of them
/// begin overlapping sequences. The same for all cells of a repeat, so that they are offered the same
/// tasks at the same times.
enum Seeds {
  /// That of a repeat, counted from 1.
  static func ofRepeat(_ number: Int, scenario: UInt64) -> UInt64 {
    output(number, of: scenario)
  }

  /// That of one of the repeat's processes, counted from 0: producers first, then consumers.
  static func ofProcess(_ index: Int, repeat seed: UInt64) -> UInt64 {
    output(index + 1, of: seed)
  }

  /// That of the tasks that a caller offers; counted from 0 within its process.
  static func ofTasks(caller: Int, process seed: UInt64) -> UInt64 {
    output(caller + 1, of: seed)
  }

  /// That of the arrivals of a caller; counted from 0 within its process.
  static func ofArrivals(caller: Int, process seed: UInt64) -> UInt64 {
    output(caller + 1, of: ~seed)
  }

  /// That of what is done to a repeat's processes.
  static func ofFaults(repeat seed: UInt64) -> UInt64 { output(1, of: ~seed) }

  /// That of the process that takes the place of one that was killed.
  static func ofSuccessor(of seed: UInt64) -> UInt64 { output(2, of: ~seed &+ 1) }

  private static func output(_ number: Int, of seed: UInt64) -> UInt64 {
    var generator = SeededGenerator(seed: seed)
    var value: UInt64 = 0
    for _ in 0..<number { value = generator.next() }
    return value
  }
}
