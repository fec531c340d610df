internal import Platform
internal import QueueEngine
internal import SQLite

/// What this machine gives to a SQLite queue, in words: what `doctor` says.
package struct Diagnosis {
  /// One fact, with a warning if there is reason for one.
  package struct Fact: Sendable {
    package let name: String
    package let value: String
    package let warning: String?
  }

  /// The facts, in the order in which to show them.
  package let facts: [Fact]

  /// Looks at the machine and at the disk under `directory`, which must exist.
  ///
  /// Takes about a second, most of it for the price of fsync. Throws if the directory cannot be used.
  package init(directory: String) throws {
    let before = CPUTimes.now()
    facts =
      Self.sqlite() + Self.machine()
      + [
        try Self.fileSystem(directory), try Self.fsync(directory), Self.load(),
        Self.steal(since: before),
      ]
  }

  private static func sqlite() -> [Fact] {
    let bugs = SQLiteLibrary.knownBugs
    return [
      Fact(
        name: "SQLite", value: "\(SQLiteLibrary.version) (\(SQLiteLibrary.sourceID.prefix(19)))",
        warning: nil)
    ]
      + bugs.map {
        Fact(name: "known bug", value: $0.name, warning: "this SQLite has it: \($0.advice)")
      }
      + [
        ownDefaults,
        Fact(
          name: "thread-safe",
          value: SQLiteLibrary.compileOptions.contains("THREADSAFE=0") ? "no" : "yes",
          warning: SQLiteLibrary.compileOptions.contains("THREADSAFE=0")
            ? "built without mutexes: use one thread per process" : nil),
      ]
  }

  /// What the queue's own settings promise here.
  private static var ownDefaults: Fact {
    let options = SQLiteStoreOptions()
    let promise = DurabilityClass.strongest(for: options.durabilitySettings)
    return Fact(
      name: "queue's defaults", value: promise?.promise ?? "nothing is safe",
      warning: options.hazard)
  }

  private static func machine() -> [Fact] {
    let facts = MachineFacts.current()
    let cores = facts.coresUsable ?? facts.coresOnline
    return [
      Fact(name: "CPU", value: facts.cpuModel ?? "unknown", warning: nil),
      Fact(
        name: "cores", value: "\(cores) usable of \(facts.coresOnline)",
        warning: cores < 2
          ? "producers and consumers share one core: latencies are those of the scheduler" : nil),
      Fact(
        name: "memory",
        value: facts.memoryBytes.map { "\($0 >> 20) MiB" } ?? "unknown", warning: nil),
      Fact(
        name: "system",
        value: [facts.osName, facts.kernel].compactMap { $0 }.joined(separator: ", "),
        warning: nil),
      Fact(
        name: "virtual", value: facts.virtualisation ?? "no sign of it",
        warning: facts.virtualisation == nil
          ? nil : "neighbours share the machine: compare within a run, never between days"),
      Fact(
        name: "clock", value: facts.clockSource ?? "unknown",
        warning: ["hpet", "acpi_pm", "jiffies"].contains(facts.clockSource)
          ? "reading this clock costs a microsecond or more; choose tsc or kvm-clock" : nil),
      clockCost(),
    ]
  }

  private static func clockCost() -> Fact {
    let count = 100_000
    let startNs = MonotonicClock.nowNs()
    for _ in 0..<count { _ = MonotonicClock.nowNs() }
    let ns = Double(MonotonicClock.nowNs() - startNs) / Double(count)
    return Fact(name: "reading it", value: "\(Int(ns.rounded())) ns", warning: nil)
  }

  private static func fileSystem(_ directory: String) throws -> Fact {
    let facts = try FileSystemFacts.of(path: directory)
    let warning: String?
    switch facts.kind {
    case .network: warning = "SQLite's locks are not reliable here: use a local disk"
    case .memory: warning = "memory only: fsync costs nothing here, and nothing survives a reboot"
    default: warning = nil
    }
    let parts = [facts.typeName, facts.device, "\(facts.availableBytes >> 20) MiB free"]
    return Fact(
      name: "file system", value: parts.compactMap { $0 }.joined(separator: ", "),
      warning: warning)
  }

  private static func fsync(_ directory: String) throws -> Fact {
    let cost = try StorageProbe.fsyncCost(directory: directory, samples: 200)
    let medianUs = Double(cost.medianNs) / 1000
    let p95Us = Double(cost.p95Ns) / 1000
    return Fact(
      name: "fdatasync",
      value: "median \(Int(medianUs.rounded())) µs, p95 \(Int(p95Us.rounded())) µs",
      warning: medianUs < 20
        ? "faster than any disk: the device or the hypervisor does not really flush, so that "
          + "synchronous=FULL looks cheaper than it is" : nil)
  }

  private static func load() -> Fact {
    guard let load = LoadAverage.now() else {
      return Fact(name: "load", value: "unknown", warning: nil)
    }
    let cores = MachineFacts.current().coresOnline
    return Fact(
      name: "load", value: "\(load.oneMinute) in the last minute",
      warning: load.oneMinute > Double(cores) * 0.5
        ? "something else is running: wait for it, or its work will be in your numbers" : nil)
  }

  /// How much of the time since then the hypervisor has given to other machines.
  private static func steal(since before: CPUTimes?) -> Fact {
    guard let before, let share = CPUTimes.now()?.since(before).stealShare else {
      return Fact(name: "steal", value: "unknown", warning: nil)
    }
    let percent = (share * 1000).rounded() / 10
    return Fact(
      name: "steal", value: "\(percent) % of the time just now",
      warning: percent > 2
        ? "other machines take this one's CPU: expect outliers that are not SQLite's" : nil)
  }
}
