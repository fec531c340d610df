/// zlib streams, without the library: histograms are a few kilobytes, and every dependency is one more
/// thing to install. Sources: RFC 1950 (zlib) and RFC 1951 (deflate).
enum Zlib {
  /// The lengths and distances that a symbol begins at, and how many bits follow it.
  fileprivate static let lengths: [(base: Int, bits: Int)] =
    ranges(
      from: 3,
      bits: [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5])
    + [(258, 0)]
  fileprivate static let distances = ranges(from: 1, bits: (0..<30).map { max(0, $0 / 2 - 1) })
  fileprivate static let endSymbol = 256
  fileprivate static let firstLengthSymbol = 257

  private static func ranges(from first: Int, bits: [Int]) -> [(base: Int, bits: Int)] {
    var base = first
    return bits.map { bits in
      defer { base += 1 << bits }
      return (base, bits)
    }
  }

  fileprivate static func adler32(_ bytes: some Sequence<UInt8>) -> UInt32 {
    var a: UInt32 = 1
    var b: UInt32 = 0
    for byte in bytes {
      a = (a + UInt32(byte)) % 65_521
      b = (b + a) % 65_521
    }
    return b << 16 | a
  }
}

// MARK: Compressing

extension Zlib {
  private static let window = 32_768
  private static let shortestMatch = 3
  private static let longestMatch = 258

  /// One block with the fixed code; a match is the latest earlier place with the same three bytes.
  static func compressed(_ bytes: [UInt8]) -> [UInt8] {
    var output = BitWriter()
    output.write(1, bits: 1)
    output.write(1, bits: 2)
    var latest: [UInt32: Int] = [:]
    var position = 0
    while position < bytes.count {
      let match = match(at: position, in: bytes, latest)
      if let match {
        write(match, to: &output)
      } else {
        output.write(symbol: Int(bytes[position]))
      }
      for _ in 0..<(match?.length ?? 1) {
        if let key = key(at: position, in: bytes) { latest[key] = position }
        position += 1
      }
    }
    output.write(symbol: endSymbol)
    // 0x78: deflate with a window of 32 KiB; 0x01 makes the pair a multiple of 31.
    var stream: [UInt8] = [0x78, 0x01] + output.bytes
    stream.append(bigEndian: adler32(bytes))
    return stream
  }

  private static func key(at position: Int, in bytes: [UInt8]) -> UInt32? {
    guard position + shortestMatch <= bytes.count else { return nil }
    return UInt32(bytes[position]) << 16 | UInt32(bytes[position + 1]) << 8
      | UInt32(bytes[position + 2])
  }

  private static func match(
    at position: Int, in bytes: [UInt8], _ latest: [UInt32: Int]
  ) -> (length: Int, distance: Int)? {
    guard let key = key(at: position, in: bytes), let earlier = latest[key],
      position - earlier <= window
    else { return nil }
    var length = shortestMatch
    while length < longestMatch, position + length < bytes.count,
      bytes[earlier + length] == bytes[position + length]
    {
      length += 1
    }
    return (length, position - earlier)
  }

  private static func write(_ match: (length: Int, distance: Int), to output: inout BitWriter) {
    let length = lengths.lastIndex { $0.base <= match.length } ?? 0
    output.write(symbol: firstLengthSymbol + length)
    output.write(match.length - lengths[length].base, bits: lengths[length].bits)
    let distance = distances.lastIndex { $0.base <= match.distance } ?? 0
    output.write(code: distance, bits: 5)
    output.write(match.distance - distances[distance].base, bits: distances[distance].bits)
  }

  private struct BitWriter {
    private(set) var bytes: [UInt8] = []
    private var free = 0

    /// A number, from its lowest bit on.
    mutating func write(_ value: Int, bits: Int) {
      for bit in 0..<bits { append(value >> bit & 1) }
    }

    /// A code, from its highest bit on.
    mutating func write(code: Int, bits: Int) {
      for bit in (0..<bits).reversed() { append(code >> bit & 1) }
    }

    /// A symbol in the fixed code.
    mutating func write(symbol: Int) {
      switch symbol {
      case ..<144: write(code: 0x30 + symbol, bits: 8)
      case ..<256: write(code: 0x190 + symbol - 144, bits: 9)
      case ..<280: write(code: symbol - 256, bits: 7)
      default: write(code: 0xC0 + symbol - 280, bits: 8)
      }
    }

    private mutating func append(_ bit: Int) {
      if free == 0 {
        bytes.append(0)
        free = 8
      }
      bytes[bytes.count - 1] |= UInt8(bit << (8 - free))
      free -= 1
    }
  }
}

// MARK: Decompressing

extension Zlib {
  /// Damage of a stream, whatever it is.
  private struct Damage: Error {}

  /// What a stream holds; nil if it is damaged or more than the limit.
  static func decompressed(_ stream: ArraySlice<UInt8>, byteCountLimit: Int) -> [UInt8]? {
    let header = stream.prefix(2).reduce(0) { $0 << 8 | Int($1) }
    // Deflate, a window that is allowed, no preset dictionary, and the check of the pair itself.
    guard stream.count >= 2, header & 0x0F00 == 0x0800, header >> 12 <= 7, header & 0x20 == 0,
      header % 31 == 0
    else { return nil }
    var inflater = Inflater(input: BitReader(stream.dropFirst(2)), byteCountLimit: byteCountLimit)
    do {
      try inflater.run()
      inflater.input.alignToByte()
      var checksum: UInt32 = 0
      for _ in 0..<4 { checksum = checksum << 8 | UInt32(try inflater.input.bits(8)) }
      guard checksum == adler32(inflater.output), inflater.input.isAtEnd else { return nil }
      return inflater.output
    } catch {
      return nil
    }
  }

  private struct BitReader {
    private var rest: ArraySlice<UInt8>
    private var current: UInt8 = 0
    private var left = 0

    init(_ bytes: ArraySlice<UInt8>) { rest = bytes }

    var isAtEnd: Bool { rest.isEmpty }

    mutating func alignToByte() { left = 0 }

    mutating func bit() throws(Damage) -> Int {
      if left == 0 {
        guard let byte = rest.popFirst() else { throw Damage() }
        current = byte
        left = 8
      }
      defer {
        current >>= 1
        left -= 1
      }
      return Int(current & 1)
    }

    mutating func bits(_ count: Int) throws(Damage) -> Int {
      var value = 0
      for position in 0..<count { value |= try bit() << position }
      return value
    }
  }

  /// A canonical Huffman code.
  private struct HuffmanCode {
    /// How many codes there are of each length.
    private var counts = [Int](repeating: 0, count: 16)
    /// The symbols in the order of their codes.
    private var symbols: [Int] = []

    /// The code that the lengths of its symbols' codes define; a length of 0 means no code.
    ///
    /// Throws if there are more codes than fit. Unused ones are allowed, and damage if they occur.
    init(lengths: some Collection<Int>) throws(Damage) {
      for length in lengths { counts[length] += 1 }
      counts[0] = 0
      var room = 1
      for length in 1...15 {
        room = room * 2 - counts[length]
        guard room >= 0 else { throw Damage() }
      }
      symbols = lengths.enumerated().filter { $0.element > 0 }
        .sorted { ($0.element, $0.offset) < ($1.element, $1.offset) }.map(\.offset)
    }

    func symbol(_ input: inout BitReader) throws(Damage) -> Int {
      var code = 0
      var first = 0
      var index = 0
      for length in 1...15 {
        code |= try input.bit()
        if code - first < counts[length] { return symbols[index + code - first] }
        index += counts[length]
        first = (first + counts[length]) << 1
        code <<= 1
      }
      throw Damage()
    }
  }

  private struct Inflater {
    var input: BitReader
    let byteCountLimit: Int
    private(set) var output: [UInt8] = []

    init(input: BitReader, byteCountLimit: Int) {
      self.input = input
      self.byteCountLimit = byteCountLimit
    }

    mutating func run() throws(Damage) {
      var isLast = false
      while !isLast {
        isLast = try input.bit() == 1
        switch try input.bits(2) {
        case 0: try copyStored()
        case 1:
          try expand(
            HuffmanCode(lengths: Self.fixedLengths), HuffmanCode(lengths: Self.fixedDistances))
        case 2:
          let (symbols, distances) = try dynamicCodes()
          try expand(symbols, distances)
        default: throw Damage()
        }
      }
    }

    private static let fixedLengths = (0..<288).map { symbol in
      symbol < 144 ? 8 : symbol < 256 ? 9 : symbol < 280 ? 7 : 8
    }
    private static let fixedDistances = [Int](repeating: 5, count: 30)

    private mutating func copyStored() throws(Damage) {
      input.alignToByte()
      let count = try input.bits(16)
      guard try input.bits(16) == ~count & 0xFFFF else { throw Damage() }
      for _ in 0..<count { try append(UInt8(try input.bits(8))) }
    }

    private mutating func expand(
      _ symbols: HuffmanCode, _ distances: HuffmanCode
    ) throws(Damage) {
      while true {
        let symbol = try symbols.symbol(&input)
        if symbol == Zlib.endSymbol { return }
        if symbol < Zlib.endSymbol {
          try append(UInt8(symbol))
          continue
        }
        let length = try number(symbol - Zlib.firstLengthSymbol, among: Zlib.lengths)
        let distance = try number(try distances.symbol(&input), among: Zlib.distances)
        guard distance <= output.count else { throw Damage() }
        for _ in 0..<length { try append(output[output.count - distance]) }
      }
    }

    private mutating func number(
      _ index: Int, among ranges: [(base: Int, bits: Int)]
    ) throws(Damage) -> Int {
      guard ranges.indices.contains(index) else { throw Damage() }
      return ranges[index].base + (try input.bits(ranges[index].bits))
    }

    private mutating func append(_ byte: UInt8) throws(Damage) {
      guard output.count < byteCountLimit else { throw Damage() }
      output.append(byte)
    }

    /// The order in which the lengths of the codes for lengths stand.
    private static let lengthOrder = [
      16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15,
    ]

    private mutating func dynamicCodes() throws(Damage) -> (HuffmanCode, HuffmanCode) {
      let symbolCount = try input.bits(5) + 257
      let distanceCount = try input.bits(5) + 1
      var lengthLengths = [Int](repeating: 0, count: 19)
      for index in 0..<(try input.bits(4) + 4) {
        lengthLengths[Self.lengthOrder[index]] = try input.bits(3)
      }
      let lengthCode = try HuffmanCode(lengths: lengthLengths)
      var lengths: [Int] = []
      while lengths.count < symbolCount + distanceCount {
        let symbol = try lengthCode.symbol(&input)
        switch symbol {
        case 16:
          guard let last = lengths.last else { throw Damage() }
          lengths += [Int](repeating: last, count: try input.bits(2) + 3)
        case 17: lengths += [Int](repeating: 0, count: try input.bits(3) + 3)
        case 18: lengths += [Int](repeating: 0, count: try input.bits(7) + 11)
        default: lengths.append(symbol)
        }
      }
      guard symbolCount <= 286, lengths.count == symbolCount + distanceCount else { throw Damage() }
      return (
        try HuffmanCode(lengths: lengths[..<symbolCount]),
        try HuffmanCode(lengths: lengths[symbolCount...])
      )
    }
  }
}
