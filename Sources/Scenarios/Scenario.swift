/// A benchmark as a YAML file describes it: the load, the axes, the targets.
///
/// ```yaml
/// # Which question does this scenario answer?
/// name: example                # required: a-z, 0-9 and '-'
/// question: What does … cost?  # required: one sentence, shown in reports
/// seed: 42                     # default 1; fixes the order of the runs
/// repeats: 3                   # default 3; runs per cell, each on a fresh database
/// warmup: 500ms                # default 500ms; load before the measurement, 0 is allowed
/// measure: 2s                  # default 2s
/// drain: 1s                    # default 1s; upper limit of the wait for an empty queue
/// max_cells: 64                # default 64; a larger matrix is an error
/// power_cuts: 1000             # default 0; power cuts that are tried on paper, per cell
/// settings: {producers: 4}     # fixed values
/// axes:                        # lists of values; the first axis varies slowest
///   synchronous: [NORMAL, FULL]
/// exclude: []                  # partial combinations to leave out
/// include: []                  # values to add to combinations, or new combinations
/// baseline: {synchronous: FULL}  # the cell that others are compared with; default the first
/// targets:                     # limits, see Target
///   - claim.p95 < 10ms
///   - {cells: {synchronous: NORMAL}, expect: throughput >= 500/min}
/// ```
///
/// The names in `settings`, `axes`, `exclude`, `include`, `baseline` and `cells` are one flat name
/// space: every PRAGMA of `Pragma.all`, and
///
/// | name | value | default |
/// |---|---|---|
/// | `producers`, `consumers` | processes, 0 to 256 each | 4 |
/// | `processes` | an even number: half producers, half consumers; excludes the two above | |
/// | `callers` | threads per process that make its calls, 1 to 256 | 1 |
/// | `write_combining` | `on`: calls of a process that come together share a transaction; `off` | `on` |
/// | `rate` | `closed` for a closed loop; `1000/s` or `1000/min` over all producers; or a map of times to rates | `closed` |
/// | `arrivals` | how tasks at a rate follow each other: evenly (`fixed`) or at random (`poisson`) | `fixed` |
/// | `burst` | operations at a rate that are due at one instant, 1 to 10000, at the same mean rate | 1 |
/// | `think_time` | duration between the operations of a producer, closed loop only | 0 |
/// | `work_time` | duration for which a consumer holds a task | 0 |
/// | `renewal` | how often a consumer renews the lease of a task that it still works on, 0 for never | 0 |
/// | `depth` | tasks in the queue before the load begins | 0 |
/// | `finished` | tasks in the file that ended a month before the load begins; the load leaves them alone, a command may prune them | 0 |
/// | `batch` | tasks per enqueue or claim | 1 |
/// | `payload_bytes` | size of a task's payload | 256 |
/// | `task_types` | map of names to weights | `{task: 1}` |
/// | `priorities` | map of priorities to weights | `{100: 1}` |
/// | `strategy` | `fifo`, `lifo`, `priority`, `weighted_random`, `order_by_random` | `priority` |
/// | `lease` | duration | 30s |
/// | `transaction` | `immediate`, `deferred` | `immediate` |
/// | `busy_policy` | `sqlite`, `timeout`, `fixed`, `backoff`, `handoff`, or a map of one of them to its parameters | `handoff` |
/// | `checkpoint` | `auto`, `deferred`, `dedicated`, `gated`, `pinned`, `none`, or a map of one of them to `pages` | `pinned` |
/// | `faults` | what is done meanwhile: `kill`, `stop`, `reader`, `writer`, `checkpointer`, `disk_full`, `io_error`, `clock`, `backup`, `vacuum`, `command`, or a map of some of them to `every`, `for`, for the clock `by`, and for a command `run` and `at` | `none` |
/// | `sqlite_library` | the SQLite that the processes run on: `system`, or the path of a shared library | `system` |
/// | `instrumentation` | `on`: measure the phases of each operation; `off`: record nothing but a count of tasks, so that there is no verdict | `on` |
///
/// A `command` is a line for `/bin/sh`, such as `faults: {command: {run: "taskqueue backup", every: 10s, at: 1s}}`:
/// begun once in every stretch of `every`, at a random moment of it or `at` that one, unless the one before is still at
/// it. It finds the repeat's database in `TASKQUEUE_DB`, and the programs beside this one before all others in `PATH`.
/// A repeat whose command ends with another exit code than 0 has failed. One that is still at it when the load has ended
/// may come to its end for some seconds, and is then ended with everything that it has started.
///
/// Durations need a unit: us, ms, s or min. A map of times to rates, as in
/// `rate: {0s: 500/s, 1s: 2000/s, 1500ms: 0/s}`, counts from the start of the measurement; its first
/// rate also holds during the warm-up. `busy_timeout` chooses the `sqlite` policy with that limit.
/// Semantics of `exclude` and `include`: see `Matrix`.
package struct Scenario: Hashable, Sendable {
  /// The file's name as the user gave it.
  package let file: String
  /// The scenario's name, made of a-z, 0-9 and `-`.
  package let name: String
  /// The question that the scenario answers, in one sentence.
  package let question: String
  /// Fixes everything that is random about a run.
  package internal(set) var seed: UInt64
  /// Runs per cell, at least 1.
  package internal(set) var repeats: Int
  /// Load before the measurement begins; may be 0.
  package internal(set) var warmupMs: Int
  /// Length of the measurement; at least 1.
  package internal(set) var measureMs: Int
  /// Upper limit of the wait for consumers to empty the queue; may be 0.
  package internal(set) var drainMs: Int
  /// How many power cuts are tried with each cell, on paper.
  package internal(set) var powerCuts: Int
  /// The largest number of cells that the author of the scenario meant to have.
  package let maxCells: Int
  /// All cells in the order of the matrix, refused ones included; never empty.
  package internal(set) var cells: [Cell]
  /// The axes in the order of the file, then those that only `include` varies.
  package let axisNames: [String]
  /// The index of the cell with which others are compared.
  package internal(set) var baselineIndex: Int
  /// The limits, in the order of the file.
  package let targets: [Target]
  /// The YAML text, for the record.
  package let sourceText: String

  /// Whether any cell has consumers.
  package var consumesAnywhere: Bool { cells.contains { $0.settings.consumers > 0 } }

  /// The cell with which others are compared.
  package var baselineCell: Cell { cells[baselineIndex] }

  /// A copy that makes other random choices.
  package func reseeded(_ seed: UInt64) -> Scenario {
    var copy = self
    copy.seed = seed
    return copy
  }

  /// A copy with one of its cells alone, which is then its baseline; nil if it has no such cell.
  package func only(_ cell: String) -> Scenario? {
    guard let index = cells.firstIndex(where: { $0.id == cell }) else { return nil }
    var copy = self
    copy.cells = [cells[index]]
    copy.baselineIndex = 0
    return copy
  }

  /// A copy that runs for a shorter time with the same cells, for tests and first looks.
  ///
  /// Values that are nil stay. With `maxDepth`, cells prefill at most that many tasks of either kind, although
  /// their axis labels stay (cells must remain distinct): for tests only, never for results.
  package func shortened(
    measureMs: Int? = nil, warmupMs: Int? = nil, drainMs: Int? = nil, repeats: Int? = nil,
    maxDepth: Int? = nil, maxPowerCuts: Int? = nil
  ) -> Scenario {
    precondition(measureMs.map { $0 >= 1 } ?? true, "a measurement takes at least 1 ms")
    precondition(repeats.map { $0 >= 1 } ?? true, "a cell runs at least once")
    var copy = self
    copy.measureMs = measureMs ?? self.measureMs
    copy.warmupMs = warmupMs ?? self.warmupMs
    copy.drainMs = drainMs ?? self.drainMs
    copy.repeats = repeats ?? self.repeats
    copy.powerCuts = min(powerCuts, maxPowerCuts ?? powerCuts)
    if let maxDepth {
      for index in copy.cells.indices {
        copy.cells[index].settings.depth = min(copy.cells[index].settings.depth, maxDepth)
        copy.cells[index].settings.finished = min(copy.cells[index].settings.finished, maxDepth)
      }
    }
    return copy
  }
}

/// How long a scenario is expected to run.
package struct ExpectedDuration: Hashable, Sendable {
  /// If every queue is empty at once when the load ends.
  package let minMs: Int
  /// If every drain takes as long as it may.
  package let maxMs: Int
}

extension Scenario {
  /// What a repeat takes besides its phases: a fresh database, spawning, collecting.
  package static let overheadMsPerRepeat = 250
  /// What one power cut takes: rebuilding a database, and having SQLite open and check it.
  package static let usPerPowerCut = 20_000
  /// What one prefilled task takes, inserted in large transactions.
  package static let prefillUsPerTask = 5

  /// The expected duration of all runnable cells with all repeats.
  package var expectedDuration: ExpectedDuration {
    let runnable = cells.filter { $0.refusal == nil }
    let prefillMs = runnable.reduce(0) {
      $0 + ($1.settings.depth + $1.settings.finished) * Self.prefillUsPerTask / 1_000
    }
    let perRepeatMs = warmupMs + measureMs + Self.overheadMsPerRepeat
    let powerMs = runnable.count * powerCuts * Self.usPerPowerCut / 1_000
    let minMs = repeats * (runnable.count * perRepeatMs + prefillMs) + powerMs
    return ExpectedDuration(minMs: minMs, maxMs: minMs + repeats * runnable.count * drainMs)
  }
}
