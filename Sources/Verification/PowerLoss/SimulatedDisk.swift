package import SQLite

/// What of the changes that were not synced yet a power cut leaves.
package enum PowerCutFate: CaseIterable, Sendable {
  /// None: only what was synced is there.
  case nothing
  /// All of them, as when only the processes die.
  case everything
  /// Those up to some moment, of each file apart from the others.
  case prefix
  /// Any of them, each as a whole, in each file.
  case subset
  /// Any: of each sector, or of each page of the system's cache, its own prefix of the changes, and one of them torn
  /// within.
  case scattered
}

/// A disk that keeps the files of one database, and what it may hold after a power cut.
///
/// A change is durable once a sync of the file has ended that began after it; so is the existence of the file.
/// Until then the system may have written any of it, in any order and each sector on its own, which is all
/// that SQLite expects of a disk. Source: <https://sqlite.org/atomiccommit.html>, "Hardware Assumptions".
package struct SimulatedDisk {
  /// What is written as a whole or torn; a sector of the oldest disks still in use.
  static let sectorByteCount = 512
  private static let sectorsPerCachePage = 8

  private var names: [DatabaseFile: Name] = [:]
  private let log: WriteLog

  /// A disk that holds `files` durably before anything of the log happens.
  package init(_ files: [DatabaseFile: [UInt8]], log: WriteLog) {
    self.log = log
    for (file, content) in files {
      names[file] = Name(durable: Object(durable: content))
    }
  }

  /// A file, whatever it is called.
  private final class Object {
    var durable: [UInt8]
    /// What was done to it since, by the place in the log.
    var pending: [(place: Int, change: Change)] = []
    /// Where the syncs under way began, by thread.
    var syncs: [UInt64: Int] = [:]

    init(durable: [UInt8] = []) { self.durable = durable }
  }

  private enum Change {
    case write(offset: Int, bytes: Range<Int>)
    case truncate(size: Int)
  }

  /// An entry of the directory.
  private struct Name {
    var durable: Object?
    /// What it has stood for since, nil for a name that was removed.
    var pending: [Object?] = []

    var current: Object? { pending.isEmpty ? durable : pending[pending.count - 1] }
  }

  /// Notes what happened at `place` in the log; in their order.
  package mutating func apply(_ event: WriteLog.Event, at place: Int) {
    switch event {
    case .write(let file, let offset, let bytes):
      object(file).pending.append((place, .write(offset: offset, bytes: bytes)))
    case .truncate(let file, let size):
      object(file).pending.append((place, .truncate(size: size)))
    case .syncBegan(let file, let thread):
      object(file).syncs[thread] = place
    case .syncEnded(let file, let thread):
      let object = self.object(file)
      guard let began = object.syncs.removeValue(forKey: thread) else { return }
      let count = object.pending.prefix { $0.place < began }.count
      for (_, change) in object.pending.prefix(count) { apply(change, to: &object.durable) }
      object.pending.removeFirst(count)
      makeNameDurable(file, of: object)
    case .delete(let file, let isDurable):
      names[file, default: Name()].pending.append(nil)
      if isDurable { names[file] = Name() }
    case .mark: break
    }
  }

  /// The file of that name, which is made if there is none.
  private mutating func object(_ file: DatabaseFile) -> Object {
    if let object = names[file]?.current { return object }
    let object = Object()
    names[file, default: Name()].pending.append(object)
    return object
  }

  /// A file system whose journal holds a file's creation holds what its directory went through before.
  private mutating func makeNameDurable(_ file: DatabaseFile, of object: Object) {
    guard var name = names[file],
      let place = name.pending.lastIndex(where: { $0 === object })
    else { return }
    name.durable = object
    name.pending.removeFirst(place + 1)
    names[file] = name
  }

  private func apply(_ change: Change, to content: inout [UInt8]) {
    switch change {
    case .write(let offset, let bytes):
      let end = offset + bytes.count
      if content.count < end { Self.resize(&content, to: end) }
      log.withBytes(bytes) { source in
        content.withUnsafeMutableBytes { target in
          UnsafeMutableRawBufferPointer(rebasing: target[offset..<end]).copyMemory(from: source)
        }
      }
    case .truncate(let size): Self.resize(&content, to: size)
    }
  }

  private static func clear(_ range: Range<Int>, of content: inout [UInt8]) {
    content.withUnsafeMutableBytes { bytes in
      guard !range.isEmpty, let base = bytes.baseAddress else { return }
      UnsafeMutableRawBufferPointer(start: base + range.lowerBound, count: range.count)
        .initializeMemory(as: UInt8.self, repeating: 0)
    }
  }

  private static func resize(_ content: inout [UInt8], to size: Int) {
    if content.count > size {
      content.removeLast(content.count - size)
    } else {
      content.append(contentsOf: repeatElement(0, count: size - content.count))
    }
  }

  // MARK: Power cuts

  /// The files that are there if the power is cut now.
  package func afterPowerCut(
    _ fate: PowerCutFate, using random: inout some RandomNumberGenerator
  ) -> [DatabaseFile: [UInt8]] {
    var files: [DatabaseFile: [UInt8]] = [:]
    for file in DatabaseFile.allCases {
      guard let name = names[file] else { continue }
      let object: Object?
      switch fate {
      case .nothing: object = name.durable
      case .everything: object = name.current
      case .prefix, .subset, .scattered:
        let choices = [name.durable] + name.pending
        object = choices[Int.random(in: choices.indices, using: &random)]
      }
      if let object { files[file] = content(of: object, fate, &random) }
    }
    return files
  }

  private func content(
    of object: Object, _ fate: PowerCutFate, _ random: inout some RandomNumberGenerator
  ) -> [UInt8] {
    let count: Int
    switch fate {
    case .nothing: count = 0
    case .everything: count = object.pending.count
    case .prefix: count = Int.random(in: 0...object.pending.count, using: &random)
    case .subset:
      var content = object.durable
      for (_, change) in object.pending where Bool.random(using: &random) {
        apply(change, to: &content)
      }
      return content
    case .scattered: return scattered(object, &random)
    }
    var content = object.durable
    for (_, change) in object.pending.prefix(count) { apply(change, to: &content) }
    return content
  }

  private func scattered(_ object: Object, _ random: inout some RandomNumberGenerator) -> [UInt8] {
    let pending = object.pending.map(\.change)
    guard !pending.isEmpty else { return object.durable }
    // The size is the directory's business, and has a prefix of its own.
    var size = object.durable.count
    for change in pending.prefix(Int.random(in: 0...pending.count, using: &random)) {
      switch change {
      case .write(let offset, let bytes): size = max(size, offset + bytes.count)
      case .truncate(let to): size = to
      }
    }
    var content = object.durable
    Self.resize(&content, to: size)
    let sectors = Self.sectors(of: pending)
    // Disks write sectors, and systems pages of their cache.
    let unit = Bool.random(using: &random) ? 1 : Self.sectorsPerCachePage
    var shares: [Int: Double] = [:]
    // One of them, or none.
    let torn = Int.random(in: -1..<sectors.count, using: &random)
    for (index, sector) in sectors.enumerated() {
      let share = shares[sector.number / unit] ?? Double.random(in: 0..<1, using: &random)
      shares[sector.number / unit] = share
      let kept = Int(share * Double(sector.changes.count + 1))
      let tornAt =
        index == torn ? Int.random(in: 0..<Self.sectorByteCount, using: &random) : nil
      write(
        sector.changes.prefix(kept).map { pending[$0] }, toSector: sector.number,
        of: &content, original: object.durable, lastTornAt: tornAt)
    }
    return content
  }

  /// Every sector that is written to, with the changes that touch it, both in order.
  private static func sectors(of pending: [Change]) -> [(number: Int, changes: [Int])] {
    var written: [Int: [Int]] = [:]
    var truncations: [(change: Int, size: Int)] = []
    for (index, change) in pending.enumerated() {
      switch change {
      case .write(let offset, let bytes) where !bytes.isEmpty:
        let last = (offset + bytes.count - 1) / sectorByteCount
        for sector in offset / sectorByteCount...last {
          written[sector, default: []].append(index)
        }
      case .write: break
      case .truncate(let size): truncations.append((index, size))
      }
    }
    return written.sorted { $0.key < $1.key }.map { number, writes in
      let cuts = truncations.filter { $0.size < (number + 1) * sectorByteCount }.map(\.change)
      return (number, cuts.isEmpty ? writes : (writes + cuts).sorted())
    }
  }

  /// Replays changes of one sector over what was there; of the last of them, only what lies before a byte, if
  /// it is torn.
  private func write(
    _ changes: [Change], toSector number: Int, of content: inout [UInt8], original: [UInt8],
    lastTornAt torn: Int?
  ) {
    let start = number * Self.sectorByteCount
    guard start < content.count else { return }
    let end = min(start + Self.sectorByteCount, content.count)
    // Truncated and written again, it begins with zeros; `content` has been cut off to another size.
    let known = min(end, max(start, original.count))
    if known > start { content.replaceSubrange(start..<known, with: original[start..<known]) }
    Self.clear(known..<end, of: &content)
    for (index, change) in changes.enumerated() {
      let limit = index == changes.count - 1 ? torn.map { min(end, start + $0) } ?? end : end
      switch change {
      case .write(let offset, let bytes):
        let from = max(offset, start)
        let to = min(offset + bytes.count, limit)
        guard from < to else { continue }
        let part = bytes.lowerBound + from - offset..<bytes.lowerBound + to - offset
        log.withBytes(part) { source in
          content.withUnsafeMutableBytes { target in
            UnsafeMutableRawBufferPointer(rebasing: target[from..<to]).copyMemory(from: source)
          }
        }
      case .truncate(let size):
        guard max(size, start) < limit else { continue }
        Self.clear(max(size, start)..<limit, of: &content)
      }
    }
  }
}
