#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// Measures what it costs to make a small write durable, the price of a commit at `synchronous=FULL`.
package enum StorageProbe {
  /// The distribution of the measured costs.
  package struct Cost: Equatable, Sendable {
    package let sampleCount: Int
    package let medianNs: UInt64
    package let p95Ns: UInt64
    package let maxNs: UInt64

    /// Summarises samples by nearest-rank quantiles; there must be at least one.
    init(samplesNs: [UInt64]) {
      precondition(!samplesNs.isEmpty)
      let sorted = samplesNs.sorted()
      func quantile(percent: Int) -> UInt64 {
        sorted[max(0, (sorted.count * percent + 99) / 100 - 1)]
      }
      sampleCount = sorted.count
      medianNs = quantile(percent: 50)
      p95Ns = quantile(percent: 95)
      maxNs = sorted[sorted.count - 1]
    }
  }

  /// Times `samples` writes of 4 KiB, each with its `fdatasync`, in a file of its own.
  ///
  /// The writes go round in 64 blocks that exist already, as SQLite's do in a WAL that has been
  /// reset: the file does not grow, so the device's cost is measured and not that of the file
  /// system's metadata. The file has no name once it is open and vanishes however the program ends.
  /// On macOS the data only reaches the drive's cache, as with SQLite's default there.
  package static func fsyncCost(
    directory: String, samples: Int
  ) throws(SystemError) -> Cost {
    guard samples > 0 else {
      throw SystemError(
        operation: "measure \(samples) fsyncs in", subject: directory, code: EINVAL)
    }
    var template = Array("\(directory)/.fsync-probe-XXXXXX".utf8CString)
    let descriptor = mkstemp(&template)
    guard descriptor >= 0 else { throw .last("create a file in", directory) }
    defer { close(descriptor) }
    unlink(template)
    _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)

    var block = [UInt8](repeating: 0xA5, count: blockByteCount)
    for index in 0..<blockCount {
      try write(block, index: index, to: descriptor, directory: directory)
    }
    guard fsync(descriptor) == 0 else { throw .last("sync a file in", directory) }

    var samplesNs: [UInt64] = []
    samplesNs.reserveCapacity(samples)
    for index in 0..<samples {
      // Other content each time, so that no layer below can recognise an unchanged block.
      block[0] = UInt8(truncatingIfNeeded: index)
      let startNs = MonotonicClock.nowNs()
      try write(block, index: index % blockCount, to: descriptor, directory: directory)
      #if canImport(Darwin)
        let result = fsync(descriptor)
      #else
        let result = fdatasync(descriptor)
      #endif
      guard result == 0 else { throw .last("sync a file in", directory) }
      samplesNs.append(MonotonicClock.nowNs() - startNs)
    }
    return Cost(samplesNs: samplesNs)
  }

  private static let blockByteCount = 4096
  private static let blockCount = 64

  private static func write(
    _ block: [UInt8], index: Int, to descriptor: Int32, directory: String
  ) throws(SystemError) {
    let written = pwrite(descriptor, block, block.count, off_t(index * blockByteCount))
    guard written >= 0 else { throw .last("write to a file in", directory) }
    guard written == block.count else {
      throw SystemError(operation: "write to a file in", subject: directory, code: ENOSPC)
    }
  }
}
