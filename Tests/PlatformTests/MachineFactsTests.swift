import Glibc
import Testing

@testable import Platform

@Suite struct MachineFactsTests {
  @Test func theseFactsAreThere() {
    let facts = MachineFacts.current()
    #expect(facts.coresOnline >= 1)
    #expect(facts.coresUsable.map { $0 >= 1 } ?? true)
    #expect(facts.memoryBytes.map { $0 > 1 << 20 } ?? false)
    #expect(facts.kernel.hasPrefix("Linux "))
  }

  @Test(arguments: [
    ("processor\t: 0\nmodel\t\t: 17\nmodel name\t: AMD EPYC\nmodel name\t: other\n", "AMD EPYC"),
    ("processor\t: 0\nBogoMIPS\t: 50.00\n", nil), ("model name\t:\n", nil), ("", nil),
  ])
  func cpuModelIsTheFirstName(cpuInfo: String, expected: String?) {
    #expect(MachineFacts.cpuModel(cpuInfo: cpuInfo) == expected)
  }

  @Test(
    arguments: [
      ("MemTotal:       16384 kB\nMemFree: 1 kB\n", 16_777_216), ("MemTotal: x kB\n", nil),
      ("MemTotal: 18446744073709551615 kB\n", nil), ("", nil),
    ] as [(String, UInt64?)])
  func memoryIsInBytes(memInfo: String, expected: UInt64?) {
    #expect(MachineFacts.memoryBytes(memInfo: memInfo) == expected)
  }

  @Test(arguments: [
    ("NAME=x\nPRETTY_NAME=\"Debian GNU/Linux 12\"\n", "Debian GNU/Linux 12"),
    ("PRETTY_NAME='Alpine'\n", "Alpine"), ("PRETTY_NAME=Arch\n", "Arch"),
    ("PRETTY_NAME=\"\"\n", nil), ("PRETTY_NAME=\"\n", "\""), ("ID=x", nil),
  ])
  func systemNameIsUnquoted(osRelease: String, expected: String?) {
    #expect(MachineFacts.osName(osRelease: osRelease) == expected)
  }

  @Test(arguments: [
    ("flags\t\t: fpu hypervisor lm\n", true), ("flags\t\t: fpu xhypervisor\n", false), ("", false),
  ])
  func hypervisorIsAFlag(cpuInfo: String, expected: Bool) {
    #expect(MachineFacts.hasHypervisorFlag(cpuInfo: cpuInfo) == expected)
  }

  @Test func stealIsPartOfTheTotalAndGuestTimeIsNot() throws {
    let times = try #require(
      CPUTimes.parse(procStat: "cpu  10 1 5 60 4 2 3 15 100 200\ncpu0 1 1 1 1\n"))
    #expect(times == CPUTimes(totalTicks: 100, idleTicks: 64, stealTicks: 15))
    #expect(times.stealShare == 0.15)
    #expect(times.busyShare == 0.21)
  }

  @Test(arguments: [
    "", "cpu", "cpu 1 2 3", "cpu a b c d", "intr 1 2 3 4 5", "cpu -1 2 3 4 5",
    "cpu 18446744073709551615 1 1 1",
  ])
  func foreignStatisticsAreRefused(procStat: String) {
    #expect(CPUTimes.parse(procStat: procStat) == nil)
  }

  @Test func aDifferenceNeverGoesBelowZero() {
    let early = CPUTimes(totalTicks: 100, idleTicks: 60, stealTicks: 5)
    let late = CPUTimes(totalTicks: 200, idleTicks: 58, stealTicks: 15)
    let difference = late.since(early)
    #expect(difference == CPUTimes(totalTicks: 100, idleTicks: 0, stealTicks: 10))
    #expect(difference.stealShare == 0.1)
    #expect(early.since(early).stealShare == 0)
    #expect(early.since(early).busyShare == 0)
  }

  @Test func aSnapshotOfThisMachineCanBeTaken() throws {
    let times = try #require(CPUTimes.now())
    #expect(times.totalTicks > 0)
    #expect(try #require(LoadAverage.now()).oneMinute >= 0)
  }

  private static let mountInfo = """
    22 27 0:21 / /proc rw,relatime - proc proc rw
    27 1 254:0 / / rw,relatime - ext4 /dev/vda rw,discard
    30 27 0:30 / /mnt/my\\040disk rw - xfs /dev/sdb1 rw,noquota
    31 27 0:31 / /data rw,noexec shared:5 master:1 - nfs4 server:/export rw,vers=4.2
    32 27 0:32 / /data rw - tmpfs tmpfs rw
    33 27 0:33 / /dat rw - btrfs /dev/sdc rw
    broken line
    34 27 0:34 / /short rw - tmpfs
    """

  @Test(arguments: [
    ("/", "/", "ext4"), ("/home/x", "/", "ext4"), ("/mnt/my disk/f", "/mnt/my disk", "xfs"),
    ("/data", "/data", "tmpfs"), ("/data/x", "/data", "tmpfs"), ("/dat/x", "/dat", "btrfs"),
    ("/database", "/", "ext4"), ("/short/x", "/", "ext4"),
  ])
  func theInnermostAndLatestMountCounts(path: String, mountPoint: String, type: String) {
    let entry = MountEntry.containing(path: path, mountInfo: Self.mountInfo)
    #expect(entry?.mountPoint == mountPoint)
    #expect(entry?.typeName == type)
  }

  @Test func mountOptionsOfBothKindsAreKept() {
    let line = "31 27 0:31 / /data rw,noexec shared:5 - nfs4 server:/export rw,vers=4.2"
    let entry = MountEntry(line: line[...])
    #expect(entry?.source == "server:/export")
    #expect(entry?.options == "rw,noexec,rw,vers=4.2")
  }

  @Test(
    arguments: [
      ("ext4", .local), ("tmpfs", .memory), ("nfs4", .network), ("overlay", .layered),
      ("fuse.sshfs", .network), ("fuse.whatever", .layered), ("unheard-of", .local),
    ] as [(String, FileSystemFacts.Kind)])
  func fileSystemsHaveAKind(name: String, kind: FileSystemFacts.Kind) {
    #expect(FileSystemFacts.kind(ofType: name) == kind)
  }

  @Test func typeNumbersHaveNames() {
    #expect(FileSystemFacts.name(ofType: 0xEF53) == "ext4")
    #expect(FileSystemFacts.name(ofType: 0xABC) == "0xabc")
  }

  @Test func procIsOfTypeProc() throws {
    let facts = try FileSystemFacts.of(path: "/proc/self")
    #expect(facts.typeName == "proc")
    #expect(facts.mountPoint == "/proc")
  }

  @Test func aMissingPathIsNamed() {
    let error = #expect(throws: SystemError.self) { try FileSystemFacts.of(path: "/no/such/path") }
    #expect(error?.description.contains("/no/such/path") == true)
  }

  @Test func theProbeMeasuresAndLeavesNothing() throws {
    let directory = TemporaryDirectory()
    let cost = try StorageProbe.fsyncCost(directory: directory.path, samples: 5)
    #expect(cost.sampleCount == 5)
    #expect(cost.medianNs > 0)
    #expect(cost.medianNs <= cost.p95Ns)
    #expect(cost.p95Ns <= cost.maxNs)
    #expect(directory.names.isEmpty)
  }

  @Test(arguments: [("/no/such/directory", 5), ("/proc", 5), ("/tmp", 0)])
  func aProbeThatCannotBeMadeNamesTheDirectory(directory: String, samples: Int) {
    let error = #expect(throws: SystemError.self) {
      try StorageProbe.fsyncCost(directory: directory, samples: samples)
    }
    #expect(error?.subject == directory)
  }

  @Test func quantilesAreNearestRank() {
    let cost = StorageProbe.Cost(samplesNs: (1...100).reversed())
    #expect(cost.medianNs == 50)
    #expect(cost.p95Ns == 95)
    #expect(cost.maxNs == 100)
    let single = StorageProbe.Cost(samplesNs: [7])
    #expect((single.medianNs, single.p95Ns, single.maxNs) == (7, 7, 7))
  }
}
