/// What a tuner did and found: `tune.json`. Its text, its plots and its page come from this alone.
///
/// The numbers of single runs are rows of `cells.csv`, where the repeat is the number of the block.
package struct TuningRecord: Codable, Equatable, Sendable {
  /// The version of this format.
  package var schemaVersion = 1
  /// The run's name.
  package var run: String
  package var scenarioName: String
  package var scenarioFile: String
  package var sqliteVersion: String
  /// `process` or `power`.
  package var durability: String
  /// What that promises, in a sentence.
  package var promise: String
  package var objective: Objective
  package var seed: UInt64
  package var budgetSeconds: Double
  package var elapsedSeconds = 0.0
  /// The tuned settings.
  package var axisNames: [String]
  /// The settings that were not varied, and why.
  package var untuned: [Omission]
  /// What was searched, the default first.
  package var configurations: [Configuration]
  /// Combinations outside of the durability class, or that cannot be run.
  package var forbidden: [Omission]
  /// How many combinations are the same as others.
  package var duplicateCount: Int
  /// What was measured in which order.
  package var blocks: [Block] = []
  /// Configurations that were given up, and why.
  package var dropped: [Drop] = []
  /// What fresh blocks say of the best and the default; empty before there are any.
  package var confirmed: [Confirmation] = []
  /// What became of the best when one change was taken back.
  package var ablations: [Ablation] = []
  /// What each setting does by the model of the screening: a guess without intervals; empty until the end.
  package var effects: [Effect] = []
  /// What to use; nil before anything is known.
  package var recommendation: Recommendation?
  /// What a reader must know.
  package var notes: [String]
  /// Whether the user broke it off.
  package var isInterrupted = false

  /// How many times as much a block costs in which a configuration did not keep up with the offered rate, or in
  /// which operations gave up waiting for the lock.
  package static let failingFactor = 10.0

  package enum Objective: String, Codable, Sendable {
    case p99
    case throughput
  }

  /// A setting or a combination that is left out.
  package struct Omission: Codable, Equatable, Sendable {
    package var what: String
    package var reason: String

    package init(what: String, reason: String) {
      self.what = what
      self.reason = reason
    }
  }

  /// A name with a value.
  package struct Setting: Codable, Equatable, Sendable {
    package var name: String
    package var value: String

    package init(name: String, value: String) {
      self.name = name
      self.value = value
    }
  }

  /// A setting that is no PRAGMA, as a scenario and as Swift write it.
  package struct OtherSetting: Codable, Equatable, Sendable {
    /// `busy_policy: {sqlite: {timeout: 100ms}}`
    package var yaml: String
    /// `busyPolicy: .sqlite(timeoutMs: 100)`, an argument of the store's options; nil if it is none of these.
    package var swift: String?

    package init(yaml: String, swift: String?) {
      self.yaml = yaml
      self.swift = swift
    }
  }

  /// One combination of the tuned settings.
  package struct Configuration: Codable, Equatable, Sendable {
    /// Its name in `cells.csv`.
    package var cell: String
    /// The tuned settings, as labels.
    package var settings: [Setting]
    /// All PRAGMAs that are in force, in the order in which they must be applied.
    package var pragmas: [Setting]
    /// `pinned`
    package var checkpointPolicy: String
    /// From how many pages a checkpoint is due; nil for `none`.
    package var checkpointPages: Int?
    /// What the load sets beside the PRAGMAs and the policy, where that is not what one has anyway.
    package var others: [OtherSetting] = []
    /// The strongest durability class that it keeps.
    package var durability: String
    /// Runs so far, those of the screening included.
    package var runs = 0
    /// Runs of full length: those of later stages.
    package var fullRuns = 0
    /// Tasks enqueued plus completed: the geometric mean over the runs of full length, or those of the screening
    /// if there are no others, in a block like all others.
    package var throughputPerSecond: Double?
    /// The same of the p99 of the slowest kind of operation.
    package var p99Us: Double?

    package init(
      cell: String, settings: [Setting], pragmas: [Setting], checkpointPolicy: String,
      checkpointPages: Int?, durability: String
    ) {
      self.cell = cell
      self.settings = settings
      self.pragmas = pragmas
      self.checkpointPolicy = checkpointPolicy
      self.checkpointPages = checkpointPages
      self.durability = durability
    }

    /// `synchronous=NORMAL page_size=8192`
    package var summary: String {
      settings.map { "\($0.name)=\($0.value)" }.joined(separator: " ")
    }
  }

  /// Some configurations that ran on common ground.
  package struct Block: Codable, Equatable, Sendable {
    /// The repeat of its rows in `cells.csv`.
    package var number: Int
    /// `screening`, `race`, `confirmation`, `ablation` or `check`.
    package var stage: String
    package var cells: [String]
    /// Why it is void and has no rows; nil if it counts.
    package var disturbance: String?
    /// Why it would have been void; it counts all the same, because others were void before it, or because the
    /// user wants it so.
    package var tolerated: String?

    package init(
      number: Int, stage: String, cells: [String], disturbance: String? = nil,
      tolerated: String? = nil
    ) {
      self.number = number
      self.stage = stage
      self.cells = cells
      self.disturbance = disturbance
      self.tolerated = tolerated
    }
  }

  /// A configuration that was given up.
  package struct Drop: Codable, Equatable, Sendable {
    package enum Kind: String, Codable, Sendable {
      case failed
      /// Tasks were lost, or worse.
      case invalid
      case unknown
      case starved
      case tooFewSamples = "too_few_samples"
      /// It never came to a checkpoint where the default did.
      case withoutCheckpoint = "without_checkpoint"
      /// It lost the race.
      case worse
    }

    package var cell: String
    package var stage: String
    package var reason: String
    package var kind: Kind

    package init(cell: String, stage: String, reason: String, kind: Kind) {
      self.cell = cell
      self.stage = stage
      self.reason = reason
      self.kind = kind
    }
  }

  /// How many times as much, with a confidence interval if there are enough blocks for one.
  package struct Ratio: Codable, Equatable, Sendable {
    package var value: Double
    package var low: Double?
    package var high: Double?

    package init(value: Double, low: Double?, high: Double?) {
      self.value = value
      self.low = low
      self.high = high
    }
  }

  /// What fresh blocks say of a configuration.
  package struct Confirmation: Codable, Equatable, Sendable {
    package var cell: String
    package var blocks: Int
    package var throughputPerSecond: Double?
    package var p99Us: Double?
    /// Relative to the default, in the same blocks; nil for the default itself.
    package var throughputRatio: Ratio?
    package var p99Ratio: Ratio?
    /// Blocks in which an offered rate was not reached.
    package var saturatedBlocks: Int
    /// Blocks in which operations gave up waiting for the lock.
    package var busyErrorBlocks: Int

    package init(
      cell: String, blocks: Int, throughputPerSecond: Double?, p99Us: Double?,
      throughputRatio: Ratio?, p99Ratio: Ratio?, saturatedBlocks: Int, busyErrorBlocks: Int = 0
    ) {
      self.cell = cell
      self.blocks = blocks
      self.throughputPerSecond = throughputPerSecond
      self.p99Us = p99Us
      self.throughputRatio = throughputRatio
      self.p99Ratio = p99Ratio
      self.saturatedBlocks = saturatedBlocks
      self.busyErrorBlocks = busyErrorBlocks
    }
  }

  /// One change of the best, taken back.
  package struct Ablation: Codable, Equatable, Sendable {
    package enum Finding: String, Codable, Sendable {
      case noDifference = "no_difference"
      /// Without the change it is worse.
      case worth
      /// Without the change it is better.
      case harmful
      /// There is no such combination in the space.
      case unavailable
    }

    package var setting: String
    package var tuned: String
    package var standard: String
    /// How many times as good the objective is with the change as without it: above 1 is better.
    package var gain: Ratio?
    package var finding: Finding

    package init(
      setting: String, tuned: String, standard: String, gain: Ratio?, finding: Finding
    ) {
      self.setting = setting
      self.tuned = tuned
      self.standard = standard
      self.gain = gain
      self.finding = finding
    }
  }

  /// What the values of a setting do on average, whatever the others are.
  package struct Effect: Codable, Equatable, Sendable {
    /// One value, and how many times as good the objective is with it as with the default: above 1 is better.
    package struct Value: Codable, Equatable, Sendable {
      package var value: String
      package var gain: Double

      package init(value: String, gain: Double) {
        self.value = value
        self.gain = gain
      }
    }

    package var setting: String
    package var standard: String
    /// The best first.
    package var values: [Value]

    package init(setting: String, standard: String, values: [Value]) {
      self.setting = setting
      self.standard = standard
      self.values = values
    }
  }

  /// What to use.
  package struct Recommendation: Codable, Equatable, Sendable {
    package var cell: String
    /// Whether fresh blocks bear it out; without them it is a guess.
    package var isConfirmed: Bool
    /// The stage that the numbers come from.
    package var stage: String
    package var blocks: Int
    /// Relative to the default; nil for the default itself and for a guess.
    package var throughputRatio: Ratio?
    package var p99Ratio: Ratio?
    /// The configuration that this one simplifies; nil if nothing was taken back.
    package var simplifies: String?
    /// How much worse than that one it is at most, as a share.
    package var mostLoss: Double?
    /// Why it is not confirmed although fresh blocks say so; nil if there is no doubt.
    package var doubt: String?

    package init(
      cell: String, isConfirmed: Bool, stage: String, blocks: Int, throughputRatio: Ratio?,
      p99Ratio: Ratio?, simplifies: String?, mostLoss: Double? = nil, doubt: String? = nil
    ) {
      self.cell = cell
      self.isConfirmed = isConfirmed
      self.stage = stage
      self.blocks = blocks
      self.throughputRatio = throughputRatio
      self.p99Ratio = p99Ratio
      self.simplifies = simplifies
      self.mostLoss = mostLoss
      self.doubt = doubt
    }
  }

  /// The record of a tuner that begins.
  package init(
    run: String, scenarioName: String, scenarioFile: String, sqliteVersion: String,
    durability: String, promise: String, objective: Objective, seed: UInt64, budgetSeconds: Double,
    axisNames: [String], untuned: [Omission], configurations: [Configuration],
    forbidden: [Omission], duplicateCount: Int, notes: [String]
  ) {
    self.run = run
    self.scenarioName = scenarioName
    self.scenarioFile = scenarioFile
    self.sqliteVersion = sqliteVersion
    self.durability = durability
    self.promise = promise
    self.objective = objective
    self.seed = seed
    self.budgetSeconds = budgetSeconds
    self.axisNames = axisNames
    self.untuned = untuned
    self.configurations = configurations
    self.forbidden = forbidden
    self.duplicateCount = duplicateCount
    self.notes = notes
  }

  /// The configuration of that name.
  package subscript(cell: String) -> Configuration? {
    configurations.first { $0.cell == cell }
  }

  /// What one has without tuning.
  package var standard: Configuration? { configurations.first }

  /// Configurations under which tasks were lost, or worse.
  package var invalid: [Drop] { dropped.filter { $0.kind == .invalid } }

  /// Measured well enough to be compared: configurations with so many runs of full length.
  package static let fewestRunsToCompare = 6

  /// The configurations than which no other is better in both throughput and p99, the fastest first.
  ///
  /// Among those with at least ``fewestRunsToCompare`` runs of full length: of many that ran once, the luckiest
  /// would win.
  package var paretoSet: [Configuration] {
    let points = configurations.compactMap { configuration in
      configuration.fullRuns >= Self.fewestRunsToCompare
        ? configuration.throughputPerSecond.flatMap { throughput in
          configuration.p99Us.map { (configuration, throughput, $0) }
        } : nil
    }
    return points.filter { _, throughput, p99 in
      !points.contains { $0.1 >= throughput && $0.2 <= p99 && ($0.1, $0.2) != (throughput, p99) }
    }.sorted { $0.1 > $1.1 }.map(\.0)
  }
}
