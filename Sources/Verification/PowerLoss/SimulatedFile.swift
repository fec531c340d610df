internal import SQLite

/// Something that was done to the content of a file.
enum FileChange {
  /// `bytes` are places in the log.
  case write(offset: Int, bytes: Range<Int>)
  case truncate(size: Int)
}

/// A file of a ``SimulatedDisk``, whatever it is called: what is durable of it, and what was done to it since.
final class SimulatedFile {
  private static let sectorsPerCachePage = 8

  private var durable: [UInt8]
  /// What was done to it since, and where in the log that stands.
  private var pending: [(place: Int, change: FileChange)] = []
  /// The first of `pending`, by sector; they are entered when a power cut asks for them, so that what is
  /// synced before costs nothing.
  private var history: SectorHistory
  /// Where the syncs under way began, by thread.
  private var syncs: [UInt64: Int] = [:]

  init(durable: [UInt8] = []) {
    self.durable = durable
    history = SectorHistory(size: durable.count)
  }

  func change(_ change: FileChange, at place: Int) { pending.append((place, change)) }

  func beginSync(by thread: UInt64, at place: Int) { syncs[thread] = place }

  /// Makes durable what had been done when the sync began; false for one that never did.
  func endSync(by thread: UInt64, log: WriteLog) -> Bool {
    guard let began = syncs.removeValue(forKey: thread) else { return false }
    let count = pending.prefix { $0.place < began }.count
    guard count > 0 else { return true }
    for (_, change) in pending.prefix(count) { makeDurable(change, log: log) }
    pending.removeFirst(count)
    history = SectorHistory(size: durable.count)
    return true
  }

  private func makeDurable(_ change: FileChange, log: WriteLog) {
    switch change {
    case .write(let offset, let bytes):
      let end = offset + bytes.count
      if durable.count < end { resize(to: end) }
      log.withBytes(bytes) { source in
        durable.withUnsafeMutableBytes { target in
          UnsafeMutableRawBufferPointer(rebasing: target[offset..<end]).copyMemory(from: source)
        }
      }
    case .truncate(let size): resize(to: size)
    }
  }

  private func resize(to size: Int) {
    if durable.count > size {
      durable.removeLast(durable.count - size)
    } else {
      durable.append(contentsOf: repeatElement(0, count: size - durable.count))
    }
  }

  // MARK: Power cuts

  /// What it holds if the power is cut now.
  func content(
    after fate: PowerCutFate, log: WriteLog, using random: inout some RandomNumberGenerator
  ) -> [UInt8] {
    switch fate {
    case .nothing: return durable
    case .everything: return prefix(pending.count, log)
    case .prefix: return prefix(Int.random(in: 0...pending.count, using: &random), log)
    case .subset: return subset(log, &random)
    case .scattered: return scattered(log, &random)
    }
  }

  private func enterPending() {
    for (_, change) in pending[history.changes.count...] { history.append(change) }
  }

  /// What is durable, as far as it was not cut off meanwhile, and zeros up to a size.
  private func base(size: Int, keeping most: Int = .max) -> [UInt8] {
    let kept = min(size, most, durable.count)
    return [UInt8](unsafeUninitializedCapacity: size) { content, count in
      durable.withUnsafeBytes { source in
        UnsafeMutableRawBufferPointer(content).copyMemory(
          from: UnsafeRawBufferPointer(rebasing: source.prefix(kept)))
      }
      content[kept...].initialize(repeating: 0)
      count = size
    }
  }

  /// After the first `count` changes.
  private func prefix(_ count: Int, _ log: WriteLog) -> [UInt8] {
    guard count > 0 else { return durable }
    enterPending()
    let (size, least) = history.sizes[count]
    var content = base(size: size, keeping: least)
    content.withUnsafeMutableBytes { content in
      log.withContent { source in
        for (sector, touching) in history.touching.enumerated() where !touching.isEmpty {
          let known = touching.prefix(SectorHistory.count(below: count, in: touching))
          history.replay(known, ofSector: sector, from: source, over: content)
        }
      }
    }
    return content
  }

  /// After some of the changes.
  private func subset(_ log: WriteLog, _ random: inout some RandomNumberGenerator) -> [UInt8] {
    var size = durable.count
    var least = Int.max
    let isKept: [Bool] = pending.map { _, change in
      guard Bool.random(using: &random) else { return false }
      change.note(size: &size, least: &least)
      return true
    }
    guard isKept.contains(true) else { return durable }
    enterPending()
    var content = base(size: size, keeping: least)
    content.withUnsafeMutableBytes { content in
      log.withContent { source in
        for (sector, touching) in history.touching.enumerated() where !touching.isEmpty {
          history.replay(
            touching[...], where: isKept, ofSector: sector, from: source, over: content)
        }
      }
    }
    return content
  }

  /// After a prefix of the changes of each sector, or of each page of the system's cache.
  private func scattered(_ log: WriteLog, _ random: inout some RandomNumberGenerator) -> [UInt8] {
    guard !pending.isEmpty else { return durable }
    enterPending()
    // The size is the directory's business, and has a prefix of its own.
    let size = history.sizes[Int.random(in: 0...pending.count, using: &random)].size
    // Disks write sectors, and systems pages of their cache.
    let unit = Bool.random(using: &random) ? 1 : Self.sectorsPerCachePage
    // One of them, or none.
    let torn = Int.random(in: -1..<history.writtenCount, using: &random)
    var content = base(size: size)
    content.withUnsafeMutableBytes { content in
      log.withContent { source in
        var lastUnit = -1
        var share = 0.0
        var index = 0
        for (sector, touching) in history.touching.enumerated() where !touching.isEmpty {
          if sector / unit != lastUnit {
            lastUnit = sector / unit
            share = Double.random(in: 0..<1, using: &random)
          }
          let tornAt =
            index == torn
            ? Int.random(in: 0..<SectorHistory.sectorByteCount, using: &random) : nil
          index += 1
          let kept = Int(share * Double(touching.count + 1))
          history.replay(
            touching.prefix(kept), lastTornAt: tornAt, ofSector: sector, from: source,
            over: content)
        }
      }
    }
    return content
  }
}
