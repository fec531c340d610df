package import Results
internal import Statistics

extension CapacityLimit {
  /// The lock is never held all the time, because it has to be passed on. This near to the most that it was held
  /// under any load, it is used up too, if it is held for at least half of the time.
  private static let nearTheMost = 0.9

  /// Relative to the capacity, no search confirms failures further above it.
  private static let farthestFailure = 1.45

  /// Concludes from the probes near the capacity `rate` what keeps the queue from taking more.
  ///
  /// `isUnlimited`: the objectives hold at the highest rate that was to be offered.
  package init?(
    probes: [CapacityProbe], rate: Double, isUnlimited: Bool = false, cores: Double
  ) {
    // What is used just below the capacity, and what breaks above it, as far as it is confirmed there.
    let near = probes.filter { probe in
      probe.rate >= rate / 1.03
        && probe.rate <= rate * (probe.passed ? 1.15 : Self.farthestFailure)
    }
    guard !near.isEmpty else { return nil }
    let failed = near.filter { !$0.passed }
    let usage = CapacityUsage(medianOf: near.map(\.usage))
    let mostLock = probes.compactMap(\.usage.lock).max()
    let saturated = failed.count { $0.isSaturated }
    if !isUnlimited, !failed.isEmpty, saturated * 2 < failed.count {
      let counts = Dictionary(failed.flatMap(\.missed).map { ($0, 1) }, uniquingKeysWith: +)
      let most = counts.max { ($0.value, $1.key) < ($1.value, $0.key) }?.key
      self.init(kind: .objective, detail: most, usage: usage)
    } else {
      self.init(kind: Self.kind(usage, mostLock: mostLock, cores: cores), usage: usage)
    }
    self.mostLock = mostLock
    self.cores = cores
  }

  private static func kind(_ usage: CapacityUsage, mostLock: Double?, cores: Double) -> Kind {
    let lock = usage.lock ?? 0
    let isLockUsedUp =
      lock >= mostlyUsed || (lock >= 0.5 && lock >= nearTheMost * (mostLock ?? .infinity))
    let waitsForDisk =
      (usage.commitShareOfLock ?? 0) >= 0.5 && (usage.syncsPerTask ?? 0) >= 0.5
    if lock >= mostlyUsed { return waitsForDisk ? .fsync : .writeLock }
    if let busy = usage.busyCores, busy >= 0.9 * cores || (usage.runQueue ?? 0) >= 0.4 {
      return .cpu
    }
    if (usage.producerCPU ?? 0) >= 0.9 { return .generator }
    if (usage.checkpoint ?? 0) >= 0.6 { return .checkpoint }
    if isLockUsedUp { return waitsForDisk ? .fsync : .writeLock }
    return .unclear
  }
}

extension CapacityUsage {
  /// The median of each number.
  init(medianOf usages: [CapacityUsage]) {
    self.init()
    func middle(_ value: (CapacityUsage) -> Double?) -> Double? {
      median(of: usages.compactMap(value))
    }
    lock = middle(\.lock)
    lockHoldUs = middle(\.lockHoldUs)
    commitShareOfLock = middle(\.commitShareOfLock)
    syncsPerTask = middle(\.syncsPerTask)
    checkpoint = middle(\.checkpoint)
    busyCores = middle(\.busyCores)
    producerCPU = middle(\.producerCPU)
    runQueue = middle(\.runQueue)
    lagP99Us = middle(\.lagP99Us)
    let parts = Dictionary(
      usages.compactMap { $0.tailPart.map { ($0, 1) } }, uniquingKeysWith: +)
    tailPart = parts.max { ($0.value, $1.key) < ($1.value, $0.key) }?.key
    tailShare = median(of: usages.filter { $0.tailPart == tailPart }.compactMap(\.tailShare))
  }
}
