import Foundation
import SQLite
import TestSupport
import Testing

@testable import SQLite
@testable import Verification

/// What a disk may hold after a power cut, for histories short enough to say it by hand.
@Suite struct SimulatedDiskTests {
  /// A log whose writes take their bytes from one buffer: 1024 of each letter.
  private struct Script {
    var entries: [WriteLog.Entry] = []
    static let letters = Array("abcdefgh".utf8)
    static let content = Data(letters.flatMap { [UInt8](repeating: $0, count: 1024) })

    mutating func add(_ event: WriteLog.Event) {
      entries.append(WriteLog.Entry(event: event, atNs: UInt64(entries.count)))
    }

    /// Writes `count` times a letter.
    mutating func write(_ file: DatabaseFile, _ letter: Character, at offset: Int, count: Int) {
      let place = Self.letters.firstIndex(of: letter.asciiValue!)! * 1024
      add(.write(file, offset: offset, bytes: place..<place + count))
    }

    mutating func sync(_ file: DatabaseFile) {
      add(.syncBegan(file, thread: 1))
      add(.syncEnded(file, thread: 1))
    }

    func disk(_ initial: [DatabaseFile: [UInt8]] = [:]) -> SimulatedDisk {
      let log = WriteLog(entries: entries, content: Self.content)
      var disk = SimulatedDisk(initial, log: log)
      for (place, entry) in entries.enumerated() { disk.apply(entry.event, at: place) }
      return disk
    }
  }

  private func text(_ bytes: [UInt8]?) -> String? {
    bytes.map { String(decoding: $0, as: UTF8.self) }
  }

  private func after(_ fate: PowerCutFate, _ disk: SimulatedDisk, seed: UInt64 = 1)
    -> [DatabaseFile: String]
  {
    var random = SeededGenerator(seed: seed)
    return disk.afterPowerCut(fate, using: &random).mapValues { text($0)! }
  }

  /// Which characters follow each other: `aab` is `ab`.
  private func runs(_ text: some StringProtocol) -> String {
    text.reduce(into: "") { if $0.last != $1 { $0.append($1) } }
  }

  @Test func `what was not synced may be gone, what was synced may not`() {
    var script = Script()
    script.write(.wal, "a", at: 0, count: 4)
    script.sync(.wal)
    script.write(.wal, "b", at: 4, count: 4)
    let disk = script.disk([.database: Array("old".utf8)])
    #expect(after(.nothing, disk) == [.database: "old", .wal: "aaaa"])
    #expect(after(.everything, disk) == [.database: "old", .wal: "aaaabbbb"])
    let prefixes = Set((0..<50).map { after(.prefix, disk, seed: $0)[.wal] })
    #expect(prefixes == ["aaaa", "aaaabbbb"])
  }

  @Test func `a sync takes what was there when it began, whoever else writes or syncs`() {
    var script = Script()
    script.write(.wal, "a", at: 0, count: 2)
    script.add(.syncBegan(.wal, thread: 1))
    script.write(.wal, "b", at: 2, count: 2)
    script.add(.syncBegan(.wal, thread: 2))
    script.write(.wal, "c", at: 4, count: 2)
    #expect(after(.nothing, script.disk())[.wal] == nil)
    script.add(.syncEnded(.wal, thread: 1))
    #expect(after(.nothing, script.disk())[.wal] == "aa")
    script.add(.syncEnded(.wal, thread: 2))
    #expect(after(.nothing, script.disk())[.wal] == "aabb")
    // Not one of another file, and none that never began.
    script.sync(.database)
    script.add(.syncEnded(.wal, thread: 3))
    #expect(after(.nothing, script.disk())[.wal] == "aabb")
  }

  @Test func `sectors go each its own way, and one may be torn`() {
    var script = Script()
    script.write(.database, "b", at: 256, count: 1024)
    script.write(.database, "c", at: 512, count: 512)
    let disk = script.disk([.database: [UInt8](repeating: UInt8(ascii: "a"), count: 1536)])
    var seen: Set<String> = []
    var torn = 0
    for seed in UInt64(0)..<400 {
      let content = Array(after(.scattered, disk, seed: seed)[.database]!.utf8)
      #expect(content.count == 1536)
      // By sector, what may stand there: each version, or the beginning of one over the version before.
      let first = String(decoding: content[0..<512], as: UTF8.self)
      let second = String(decoding: content[512..<1024], as: UTF8.self)
      let third = String(decoding: content[1024..<1536], as: UTF8.self)
      #expect(first.hasPrefix(String(repeating: "a", count: 256)), "seed \(seed)")
      #expect(["a", "b", "ba"].contains(runs(first.dropFirst(256))), "seed \(seed)")
      #expect(["a", "b", "ba", "c", "cb"].contains(runs(second)), "seed \(seed)")
      #expect(["a", "ba"].contains(runs(third)), "seed \(seed)")
      let changed = [first, second, third].map { $0.last! == "a" ? "-" : "+" }.joined()
      seen.insert(changed)
      if Set(second).count > 1 { torn += 1 }
    }
    #expect(seen.isSuperset(of: ["---", "++-", "+--", "-+-"]))
    #expect(torn > 10)
  }

  @Test func `a file that grew may have its size without its content, and the other way round`() {
    var script = Script()
    script.write(.wal, "b", at: 0, count: 1024)
    let disk = script.disk([.wal: []])
    let found = Set((0..<200).map { after(.scattered, disk, seed: $0)[.wal]! })
    #expect(found.contains(""))
    #expect(found.contains(String(repeating: "b", count: 1024)))
    #expect(found.contains { $0.count == 1024 && $0.contains("\0") })
  }

  @Test func `what was cut off and written again does not show what was there before`() {
    var script = Script()
    script.add(.truncate(.journal, size: 0))
    script.write(.journal, "b", at: 512, count: 512)
    let disk = script.disk([.journal: [UInt8](repeating: UInt8(ascii: "a"), count: 1024)])
    for seed in UInt64(0)..<200 {
      let content = after(.scattered, disk, seed: seed)[.journal]!
      #expect([0, 1024].contains(content.count))
      guard content.contains("b") else { continue }
      // The sector with the new bytes holds nothing of the old ones but a torn rest.
      #expect(["b", "b\0"].contains(runs(content.dropFirst(512))), "seed \(seed)")
    }
  }

  private static let contentByteCount = 16_384

  /// A history of anything that a log can say, in any order, on files of some sectors.
  private static func randomScript(_ random: inout SeededGenerator) -> Script {
    var script = Script()
    // Some histories sync often, some never; some truncate often, some never.
    let syncs = [0, 0, 1, 6].randomElement(using: &random)!
    let truncations = [0, 1, 6].randomElement(using: &random)!
    let deletions = [0, 0, 2].randomElement(using: &random)!
    let length = [16, 512, 4096].randomElement(using: &random)!
    let kinds =
      [Int](repeating: 0, count: 12) + [Int](repeating: 1, count: syncs)
      + [Int](repeating: 2, count: syncs) + [Int](repeating: 3, count: truncations)
      + [Int](repeating: 4, count: deletions)
    for _ in 0..<Int.random(in: 1...60, using: &random) {
      let file = DatabaseFile.allCases.randomElement(using: &random)!
      let thread = UInt64.random(in: 1...2, using: &random)
      switch kinds.randomElement(using: &random)! {
      case 0:
        let count = Int.random(in: 0...length, using: &random)
        let start = Int.random(in: 0...contentByteCount - count, using: &random)
        // Whole pages and sectors as well as what lies across them.
        let grain = [1, 24, 512, 4096].randomElement(using: &random)!
        let offset = Int.random(in: 0...10_000, using: &random) / grain * grain
        script.add(.write(file, offset: offset, bytes: start..<start + count))
      case 1: script.add(.syncBegan(file, thread: thread))
      case 2: script.add(.syncEnded(file, thread: thread))
      case 3:
        let size = Int.random(in: 0...10_000, using: &random)
        script.add(.truncate(file, size: Bool.random(using: &random) ? 0 : size))
      default: script.add(.delete(file, isDurable: Bool.random(using: &random)))
      }
    }
    return script
  }

  private static func bytes(_ count: Int, _ random: inout SeededGenerator) -> [UInt8] {
    (0..<count).map { _ in UInt8.random(in: 1...255, using: &random) }
  }

  @Test(arguments: UInt64(0)..<4)
  func `it holds what the plain replay of everything comes to`(group: UInt64) {
    for seed in group * 50..<group * 50 + 50 {
      var random = SeededGenerator(seed: seed)
      let script = Self.randomScript(&random)
      let log = WriteLog(
        entries: script.entries, content: Data(Self.bytes(Self.contentByteCount, &random)))
      let initial: [DatabaseFile: [UInt8]] = [
        .database: Self.bytes(Int.random(in: 0...9000, using: &random), &random)
      ]
      var disk = SimulatedDisk(initial, log: log)
      var plain = ReplayingDisk(initial, log: log)
      for (place, entry) in script.entries.enumerated() {
        disk.apply(entry.event, at: place)
        plain.apply(entry.event, at: place)
        // Cuts come one after the other, and when there is much to replay.
        guard Int.random(in: 0..<5, using: &random) == 0 else { continue }
        for fate in PowerCutFate.allCases {
          var draws = random
          let files = disk.afterPowerCut(fate, using: &random)
          let expected = plain.afterPowerCut(fate, using: &draws)
          let isSame = files == expected && random.next() == draws.next()
          #expect(isSame, "seed \(seed), behind event \(place), \(fate)")
          guard isSame else { return }
        }
      }
    }
  }

  @Test func `a name comes and goes with the directory`() {
    var script = Script()
    script.write(.journal, "a", at: 0, count: 2)
    #expect(after(.nothing, script.disk())[.journal] == nil)
    #expect(after(.everything, script.disk())[.journal] == "aa")
    script.sync(.journal)
    #expect(after(.nothing, script.disk())[.journal] == "aa")
    script.add(.delete(.journal, isDurable: false))
    // Gone for the processes; the disk may still have it.
    #expect(after(.nothing, script.disk())[.journal] == "aa")
    #expect(after(.everything, script.disk())[.journal] == nil)
    script.write(.journal, "b", at: 0, count: 3)
    #expect(after(.everything, script.disk())[.journal] == "bbb")
    #expect(after(.nothing, script.disk())[.journal] == "aa")
    script.sync(.journal)
    // The new file is there, and so its predecessor cannot be.
    #expect(after(.nothing, script.disk())[.journal] == "bbb")
    script.add(.delete(.journal, isDurable: true))
    #expect(after(.nothing, script.disk())[.journal] == nil)
  }
}
