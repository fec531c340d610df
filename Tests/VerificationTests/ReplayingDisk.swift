import SQLite

@testable import Verification

/// A disk that says the same as ``SimulatedDisk`` in the plainest way: every cut replays everything.
///
/// It draws the same random numbers in the same order, so that both must come to the same files.
struct ReplayingDisk {
  private final class Object {
    var durable: [UInt8]
    var pending: [(place: Int, change: FileChange)] = []
    var syncs: [UInt64: Int] = [:]

    init(durable: [UInt8] = []) { self.durable = durable }
  }

  private struct Name {
    var durable: Object?
    var pending: [Object?] = []
    var current: Object? { pending.last ?? durable }
  }

  private var names: [DatabaseFile: Name] = [:]
  private let log: WriteLog
  private let sectorByteCount = 512

  init(_ files: [DatabaseFile: [UInt8]], log: WriteLog) {
    self.log = log
    for (file, content) in files { names[file] = Name(durable: Object(durable: content)) }
  }

  mutating func apply(_ event: WriteLog.Event, at place: Int) {
    switch event {
    case .write(let file, let offset, let bytes):
      object(file).pending.append((place, .write(offset: offset, bytes: bytes)))
    case .truncate(let file, let size):
      object(file).pending.append((place, .truncate(size: size)))
    case .syncBegan(let file, let thread): object(file).syncs[thread] = place
    case .syncEnded(let file, let thread):
      let object = self.object(file)
      guard let began = object.syncs.removeValue(forKey: thread) else { return }
      let count = object.pending.prefix { $0.place < began }.count
      for (_, change) in object.pending.prefix(count) { apply(change, to: &object.durable) }
      object.pending.removeFirst(count)
      guard let index = names[file]?.pending.lastIndex(where: { $0 === object }) else { return }
      names[file]?.durable = object
      names[file]?.pending.removeFirst(index + 1)
    case .delete(let file, let isDurable):
      names[file, default: Name()].pending.append(nil)
      if isDurable { names[file] = Name() }
    case .mark: break
    }
  }

  private mutating func object(_ file: DatabaseFile) -> Object {
    if let object = names[file]?.current { return object }
    let object = Object()
    names[file, default: Name()].pending.append(object)
    return object
  }

  func afterPowerCut(
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
    var content = object.durable
    let changes = object.pending.map(\.change)
    switch fate {
    case .nothing: break
    case .everything: for change in changes { apply(change, to: &content) }
    case .prefix:
      let count = Int.random(in: 0...changes.count, using: &random)
      for change in changes.prefix(count) { apply(change, to: &content) }
    case .subset:
      for change in changes where Bool.random(using: &random) { apply(change, to: &content) }
    case .scattered where changes.isEmpty: break
    case .scattered: content = scattered(changes, over: content, &random)
    }
    return content
  }

  private func apply(_ change: FileChange, to content: inout [UInt8]) {
    switch change {
    case .write(let offset, let bytes):
      resize(&content, to: max(content.count, offset + bytes.count))
      log.withBytes(bytes) { content.replaceSubrange(offset..<offset + bytes.count, with: $0) }
    case .truncate(let size): resize(&content, to: size)
    }
  }

  private func resize(_ content: inout [UInt8], to size: Int) {
    content = Array(content.prefix(size))
    content += [UInt8](repeating: 0, count: size - content.count)
  }

  private func scattered(
    _ changes: [FileChange], over durable: [UInt8], _ random: inout some RandomNumberGenerator
  ) -> [UInt8] {
    var size = durable.count
    for change in changes.prefix(Int.random(in: 0...changes.count, using: &random)) {
      switch change {
      case .write(let offset, let bytes): size = max(size, offset + bytes.count)
      case .truncate(let to): size = to
      }
    }
    var content = durable
    resize(&content, to: size)
    // Every sector that is written to, with all that touches it.
    let written = changes.flatMap { change -> [Int] in
      guard case .write(let offset, let bytes) = change, !bytes.isEmpty else { return [] }
      return Array(offset / sectorByteCount...(offset + bytes.count - 1) / sectorByteCount)
    }
    let sectors = Set(written).sorted()
    let unit = Bool.random(using: &random) ? 1 : 8
    var shares: [Int: Double] = [:]
    let torn = Int.random(in: -1..<sectors.count, using: &random)
    for (index, sector) in sectors.enumerated() {
      let share = shares[sector / unit] ?? Double.random(in: 0..<1, using: &random)
      shares[sector / unit] = share
      let start = sector * sectorByteCount
      let end = start + sectorByteCount
      let touching = changes.filter {
        switch $0 {
        case .write(let offset, let bytes):
          return !bytes.isEmpty && offset < end && offset + bytes.count > start
        case .truncate(let size): return size < end
        }
      }
      let kept = Int(share * Double(touching.count + 1))
      let tornAt = index == torn ? Int.random(in: 0..<sectorByteCount, using: &random) : nil
      var bytes = Array(durable.dropFirst(start).prefix(sectorByteCount))
      resize(&bytes, to: sectorByteCount)
      for (position, change) in touching.prefix(kept).enumerated() {
        let limit = position == kept - 1 ? start + (tornAt ?? sectorByteCount) : end
        switch change {
        case .write(let offset, let source):
          let range = max(offset, start)..<max(offset, start, min(offset + source.count, limit))
          let first = source.lowerBound + range.lowerBound - offset
          log.withBytes(first..<first + range.count) {
            bytes.replaceSubrange(range.lowerBound - start..<range.upperBound - start, with: $0)
          }
        case .truncate(let size):
          for place in max(size, start)..<max(size, start, limit) { bytes[place - start] = 0 }
        }
      }
      guard start < size else { continue }
      let until = min(end, size)
      content.replaceSubrange(start..<until, with: bytes.prefix(until - start))
    }
    return content
  }
}
