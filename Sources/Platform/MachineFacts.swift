#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif
import CPlatform

/// What a benchmark ran on: facts that belong beside every number.
///
/// A fact that the system does not tell is nil, never a guess.
package struct MachineFacts: Equatable, Sendable {
  /// Processors that are switched on.
  package let coresOnline: Int
  /// Those of them that this process may use (its affinity mask); nil where that is not known.
  package let coresUsable: Int?
  package let cpuModel: String?
  package let memoryBytes: UInt64?
  /// `Linux 6.1.0-18-amd64 x86_64`.
  package let kernel: String
  /// `Debian GNU/Linux 12 (bookworm)`.
  package let osName: String?
  /// `tsc`, `kvm-clock`, `hpet`: the last makes a clock reading cost a microsecond.
  package let clockSource: String?
  /// `docker container in virtual machine (Amazon EC2 m5.large)`; nil if there is no sign of either.
  package let virtualisation: String?

  /// Reads the facts; takes well under a millisecond.
  package static func current() -> MachineFacts {
    let cpuInfo = SmallFile.read("/proc/cpuinfo") ?? ""
    let clockSources = "/sys/devices/system/clocksource/clocksource0"
    return MachineFacts(
      coresOnline: max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))),
      coresUsable: usableCores(),
      cpuModel: cpuModel(cpuInfo: cpuInfo),
      memoryBytes: memoryBytes(memInfo: SmallFile.read("/proc/meminfo") ?? ""),
      kernel: kernelRelease(),
      osName: osName(osRelease: SmallFile.read("/etc/os-release") ?? ""),
      clockSource: SmallFile.firstLine("\(clockSources)/current_clocksource"),
      virtualisation: virtualisation(cpuInfo: cpuInfo))
  }

  // MARK: Parsing

  /// The model of the first processor. ARM kernels name none.
  static func cpuModel(cpuInfo: String) -> String? {
    value(ofKey: "model name", in: cpuInfo, separator: ":")
  }

  /// `MemTotal` of `/proc/meminfo`, which is in KiB.
  static func memoryBytes(memInfo: String) -> UInt64? {
    guard let text = value(ofKey: "MemTotal", in: memInfo, separator: ":"),
      let number = text.split(separator: " ").first, let kibibytes = UInt64(number)
    else { return nil }
    let (bytes, overflow) = kibibytes.multipliedReportingOverflow(by: 1024)
    return overflow ? nil : bytes
  }

  /// `PRETTY_NAME` of `/etc/os-release`, unquoted.
  static func osName(osRelease: String) -> String? {
    guard var name = value(ofKey: "PRETTY_NAME", in: osRelease, separator: "=") else { return nil }
    for quote in ["\"", "'"] where name.count >= 2 && name.hasPrefix(quote) && name.hasSuffix(quote)
    {
      name = String(name.dropFirst().dropLast())
    }
    return name.isEmpty ? nil : name
  }

  /// True if the processor says that it runs under a hypervisor.
  static func hasHypervisorFlag(cpuInfo: String) -> Bool {
    guard let flags = value(ofKey: "flags", in: cpuInfo, separator: ":") else { return false }
    return flags.split(separator: " ").contains("hypervisor")
  }

  private static func value(
    ofKey key: String, in text: String, separator: Character
  ) -> String? {
    for line in text.split(whereSeparator: \.isNewline) {
      let parts = line.split(separator: separator, maxSplits: 1)
      guard parts.count == 2, SmallFile.trimmingBlanks(parts[0]) == key else { continue }
      let value = SmallFile.trimmingBlanks(parts[1])
      return value.isEmpty ? nil : String(value)
    }
    return nil
  }

  // MARK: Asking

  private static func kernelRelease() -> String {
    var names = utsname()
    guard uname(&names) == 0 else { return "unknown" }
    return [text(names.sysname), text(names.release), text(names.machine)].joined(separator: " ")
  }

  /// The text in one of the fixed-size C arrays that Swift imports as tuples.
  private static func text<Tuple>(_ field: Tuple) -> String {
    withUnsafeBytes(of: field) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
  }

  private static func usableCores() -> Int? {
    let cores = cplatform_usable_cores()
    return cores > 0 ? Int(cores) : nil
  }

  private static func virtualisation(cpuInfo: String) -> String? {
    var layers: [String] = []
    if access("/.dockerenv", F_OK) == 0 { layers.append("docker container") }
    if access("/run/.containerenv", F_OK) == 0 { layers.append("podman container") }
    let hypervisor = SmallFile.firstLine("/sys/hypervisor/type")
    if hypervisor != nil || hasHypervisorFlag(cpuInfo: cpuInfo) {
      let maker = ["sys_vendor", "product_name"]
        .compactMap { SmallFile.firstLine("/sys/class/dmi/id/\($0)") }.joined(separator: " ")
      let kind = hypervisor.map { "\($0) virtual machine" } ?? "virtual machine"
      layers.append(maker.isEmpty ? kind : "\(kind) (\(maker))")
    }
    return layers.isEmpty ? nil : layers.joined(separator: " in ")
  }
}
