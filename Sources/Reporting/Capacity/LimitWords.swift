package import Results

extension CapacityLimit {
  /// What limits the rate, in a sentence with the numbers that support it.
  package var words: String { "Limit: \(sentence). Near it: \(numbers)." }

  private var sentence: String {
    let lock = percent(usage.lock) ?? "?"
    let most = percent(mostLock)
    switch kind {
    case .writeLock:
      let reached =
        (usage.lock ?? 0) >= Self.mostlyUsed
        ? "it is held \(lock) of the time"
        : "it is held \(lock) of the time, at most \(most ?? "?") under any load; the rest goes into "
          + "passing it from process to process"
      return "the write lock, which only one process can have: \(reached)"
    case .fsync:
      return "waiting for the disk while holding the write lock: the lock is held \(lock) of the "
        + "time, and commits are \(percent(usage.commitShareOfLock) ?? "?") of that, with "
        + "\(threeDigits(usage.syncsPerTask ?? 0)) syncs per task"
    case .cpu:
      let busy = usage.busyCores ?? 0
      let others = busy < 0.7 * (cores ?? 0) ? "; other programs keep them busy" : ""
      return "the processors: \(threeDigits(busy)) of \(threeDigits(cores ?? 0)) cores are busy "
        + "with it, and a process that could run waits for one \(percent(usage.runQueue) ?? "?") of the "
        + "time\(others)"
    case .checkpoint:
      return "checkpoints: one is at work \(percent(usage.checkpoint) ?? "?") of the time"
    case .generator:
      return
        "the load generator: each producer computes \(percent(usage.producerCPU) ?? "?") of the "
        + "time, so that the queue might take more; give more producers"
    case .objective:
      let tail = usage.tailPart.map { part in
        ", whose slow operations spend \(percent(usage.tailShare) ?? "?") of their time in "
          + "\(Self.words(part))"
      }
      return "the objective itself: \(detail ?? "it") is exceeded although the queue keeps up with "
        + "the rate\(tail ?? "")"
    case .unclear:
      return "unclear: nothing that was measured is used up"
    }
  }

  private static func words(_ part: String) -> String {
    switch OperationPhase(rawValue: part) {
    case .lag: return "waiting for the operation before them"
    case .lockWait: return "waiting for the write lock"
    case .execute: return "executing"
    case .commit: return "the commit"
    case .checkpoint: return "a checkpoint"
    default: return part
    }
  }

  private var numbers: String {
    [
      percent(usage.lock).map { lock in
        "lock held \(lock) of the time"
          + (usage.lockHoldUs.map { ", \(latencyText(us: $0)) at a time" } ?? "")
      },
      percent(usage.commitShareOfLock).map { "commits \($0) of that" },
      usage.syncsPerTask.map { "\(threeDigits($0)) syncs per task" },
      percent(usage.checkpoint).map { "checkpoints \($0) of the time" },
      usage.busyCores.map { busy in
        "\(threeDigits(busy))\(cores.map { " of \(threeDigits($0))" } ?? "") cores busy"
      },
      percent(usage.runQueue).map { "processes wait for a core \($0) of the time" },
      usage.lagP99Us.map { "producers late by \(latencyText(us: $0)) (p99)" },
    ].compactMap { $0 }.joined(separator: ", ")
  }

  private func percent(_ share: Double?) -> String? {
    share.map { "\(fixed($0 * 100, decimals: 0)) %" }
  }
}
