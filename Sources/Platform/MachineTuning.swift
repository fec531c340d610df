#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// How a machine is set up, as far as that moves latencies: what two machines of the same hardware differ in.
package enum MachineTuning {
  /// The settings by name, and the load of the last minute; what the system does not tell is left out.
  ///
  /// `device` is the path of the block device that is measured (`/dev/sda1`), for its queue.
  package static func current(device: String?) -> [String: String] {
    var facts: [String: String] = [:]
    for (name, path) in files { facts[name] = SmallFile.firstLine(path).map(chosen) }
    if let directory = device.flatMap(queueDirectory) {
      for name in ["scheduler", "write_cache", "rotational"] {
        facts["disk_\(name)"] = SmallFile.firstLine("\(directory)/\(name)").map(chosen)
      }
    }
    facts["page_size"] = String(sysconf(Int32(_SC_PAGESIZE)))
    facts["load_average"] = LoadAverage.now().map { load in
      [load.oneMinute, load.fiveMinutes, load.fifteenMinutes]
        .map { String(($0 * 100).rounded() / 100) }.joined(separator: " ")
    }
    return facts
  }

  private static let files = [
    "cpu_governor": "/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor",
    "cpu_smt": "/sys/devices/system/cpu/smt/active",
    "cpu_limit": "/sys/fs/cgroup/cpu.max",
    "memory_limit": "/sys/fs/cgroup/memory.max",
    "huge_pages": "/sys/kernel/mm/transparent_hugepage/enabled",
    "swappiness": "/proc/sys/vm/swappiness",
    "dirty_ratio": "/proc/sys/vm/dirty_ratio",
    "dirty_background_ratio": "/proc/sys/vm/dirty_background_ratio",
  ]

  /// The choice that the kernel marks in `always [madvise] never`; the whole where none is marked.
  static func chosen(_ text: String) -> String {
    guard let open = text.firstIndex(of: "["), let close = text[open...].firstIndex(of: "]") else {
      return text
    }
    return String(text[text.index(after: open)..<close])
  }

  /// Where the kernel tells of a device's queue; of a partition, that of its disk.
  private static func queueDirectory(ofDevice device: String) -> String? {
    guard let name = device.split(separator: "/").last, device.hasPrefix("/dev/") else {
      return nil
    }
    for candidate in ["/sys/class/block/\(name)/queue", "/sys/class/block/\(name)/../queue"]
    where access(candidate, R_OK) == 0 {
      return candidate
    }
    return nil
  }
}
