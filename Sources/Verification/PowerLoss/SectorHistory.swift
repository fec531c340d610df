/// Changes of a file, in order, and which of its sectors they touch.
///
/// Where nothing is ever synced, a power cut meets tens of thousands of them. What they leave of a sector is
/// found from the last of them backwards, and hardly ever reaches back beyond the one that wrote all of it;
/// so a cut costs as much as the file is large, however much was done to it.
struct SectorHistory {
  /// What is written as a whole or torn; a sector of the oldest disks still in use.
  static let sectorByteCount = 512

  private(set) var changes: [FileChange] = []
  /// The size of the file after so many of the changes, and the least that it was cut to by then.
  private(set) var sizes: [(size: Int, least: Int)]
  /// By number of the sector, the numbers of the changes that touch it: none of one that is never written to,
  /// and otherwise also every truncation, before the first write as well.
  private(set) var touching: [[Int32]] = []
  /// How many sectors are written to.
  private(set) var writtenCount = 0
  private var truncations: [(number: Int32, size: Int)] = []

  /// No change of a file of that size.
  init(size: Int) { sizes = [(size, .max)] }

  mutating func append(_ change: FileChange) {
    let number = Int32(changes.count)
    changes.append(change)
    var (size, least) = sizes[sizes.count - 1]
    change.note(size: &size, least: &least)
    sizes.append((size, least))
    switch change {
    case .write(let offset, let bytes):
      guard !bytes.isEmpty else { return }
      let last = (offset + bytes.count - 1) / Self.sectorByteCount
      while touching.count <= last { touching.append([]) }
      for sector in offset / Self.sectorByteCount...last {
        if touching[sector].isEmpty {
          writtenCount += 1
          let end = (sector + 1) * Self.sectorByteCount
          touching[sector] = truncations.filter { $0.size < end }.map(\.number)
        }
        touching[sector].append(number)
      }
    case .truncate(let size):
      truncations.append((number, size))
      let first = size / Self.sectorByteCount
      guard first < touching.count else { return }
      for sector in first..<touching.count where !touching[sector].isEmpty {
        touching[sector].append(number)
      }
    }
  }

  /// How many of the numbers, which ascend, lie below `limit`.
  static func count(below limit: Int, in numbers: [Int32]) -> Int {
    var lower = 0
    var upper = numbers.count
    while lower < upper {
      let middle = (lower + upper) / 2
      if numbers[middle] < limit { lower = middle + 1 } else { upper = middle }
    }
    return lower
  }

  /// Replays changes of one sector over what `content` holds of it, which is what was there before all of them.
  ///
  /// - Parameters:
  ///   - numbers: those of the changes, in order.
  ///   - isKept: by number, which of them happened; nil for all.
  ///   - torn: of the last of them, only what lies before this byte of the sector; nil for all of it.
  ///   - sector: its number.
  ///   - source: the content of the log.
  ///   - content: the file, whose size is settled.
  func replay(
    _ numbers: ArraySlice<Int32>, where isKept: [Bool]? = nil, lastTornAt torn: Int? = nil,
    ofSector sector: Int, from source: UnsafeRawBufferPointer,
    over content: UnsafeMutableRawBufferPointer
  ) {
    let start = sector * Self.sectorByteCount
    let end = min(start + Self.sectorByteCount, content.count)
    guard start < end else { return }
    let limit = torn.map { min(end, start + $0) } ?? end
    func part(_ index: Int) -> Range<Int>? {
      let number = Int(numbers[index])
      if let isKept, !isKept[number] { return nil }
      let isLast = index == numbers.endIndex - 1
      return changes[number].extent(from: start, to: isLast ? limit : end)
    }
    // Back to where all of the sector has been written since.
    var first = numbers.endIndex
    var written = start..<start
    while first > numbers.startIndex, written != start..<end {
      first -= 1
      guard let part = part(first) else { continue }
      if written.isEmpty {
        written = part
      } else if part.lowerBound <= written.upperBound, written.lowerBound <= part.upperBound {
        written =
          min(part.lowerBound, written.lowerBound)..<max(part.upperBound, written.upperBound)
      }
    }
    for index in first..<numbers.endIndex {
      guard let part = part(index) else { continue }
      let target = UnsafeMutableRawBufferPointer(rebasing: content[part])
      switch changes[Int(numbers[index])] {
      case .write(let offset, let bytes):
        let lower = bytes.lowerBound + part.lowerBound - offset
        target.copyMemory(
          from: UnsafeRawBufferPointer(rebasing: source[lower..<lower + part.count]))
      case .truncate: target.initializeMemory(as: UInt8.self, repeating: 0)
      }
    }
  }
}

extension FileChange {
  /// Takes note of what it does to the size of a file, and to the least that the file was cut to.
  func note(size: inout Int, least: inout Int) {
    switch self {
    case .write(let offset, let bytes): size = max(size, offset + bytes.count)
    case .truncate(let to):
      size = to
      least = min(least, to)
    }
  }

  /// The bytes from `start` to `end` that it touches; nil if none.
  fileprivate func extent(from start: Int, to end: Int) -> Range<Int>? {
    let lower: Int
    let upper: Int
    switch self {
    case .write(let offset, let bytes):
      lower = max(offset, start)
      upper = min(offset + bytes.count, end)
    case .truncate(let size):
      lower = max(size, start)
      upper = end
    }
    return lower < upper ? lower..<upper : nil
  }
}
