/// The V2 encoding of a histogram, compressed.
///
/// Outside, big-endian: cookie, length, and a zlib stream of that length. Inside the stream, after the
/// header, the counts of all buckets from value 0 on as LEB128 numbers in ZigZag form; a negative number
/// stands for so many zeros.
///
/// | offset | bytes | field |
/// |---|---|---|
/// | 0 | 4 | cookie 0x1c849303, with 0x10 for the word size |
/// | 4 | 4 | bytes of counts |
/// | 8 | 4 | normalising index offset; 0 unless values have been shifted |
/// | 12 | 4 | significant decimal digits |
/// | 16 | 8 | lowest discernible value |
/// | 24 | 8 | highest trackable value |
/// | 32 | 8 | conversion ratio to fractions, an IEEE double; 1 for integers |
///
/// Source: `AbstractHistogram.encodeIntoByteBuffer` and `ZigZagEncoding` of the Java implementation.
enum HistogramEncoding {
  private static let plainCookie: UInt32 = 0x1c84_9303
  private static let compressedCookie: UInt32 = 0x1c84_9304
  /// The bits of a cookie that hold the size of a word, and what they must hold.
  private static let wordSizeBits: UInt32 = 0xF0
  private static let wordSize: UInt32 = 0x10
  private static let headerByteCount = 40
  /// Five digits over 63 bits take 6 million buckets of up to 9 bytes.
  private static let byteCountLimit = 1 << 26

  // MARK: Writing

  static func compressed(_ histogram: LatencyHistogram) -> [UInt8] {
    let stream = Zlib.compressed(plain(histogram))
    var bytes: [UInt8] = []
    bytes.append(bigEndian: compressedCookie | wordSize)
    bytes.append(bigEndian: UInt32(stream.count))
    return bytes + stream
  }

  private static func plain(_ histogram: LatencyHistogram) -> [UInt8] {
    let layout = BucketLayout.threeDigits
    var counts: [UInt8] = []
    var next = 0
    for bucket in histogram.buckets {
      let index = layout.index(of: bucket.highestNs)
      let zeros = Int64(index - next)
      if zeros > 0 { append(zigZag: zeros == 1 ? 0 : -zeros, to: &counts) }
      append(zigZag: Int64(bucket.count), to: &counts)
      next = index + 1
    }
    var bytes: [UInt8] = []
    bytes.append(bigEndian: plainCookie | wordSize)
    bytes.append(bigEndian: UInt32(counts.count))
    bytes.append(bigEndian: 0 as UInt32)
    bytes.append(bigEndian: UInt32(layout.digits))
    bytes.append(bigEndian: layout.lowest)
    // Readers make room for values up to here.
    bytes.append(bigEndian: max(2, layout.highest(ofIndex: max(0, next - 1)) ?? .max))
    bytes.append(bigEndian: (1.0).bitPattern)
    return bytes + counts
  }

  private static func append(zigZag value: Int64, to bytes: inout [UInt8]) {
    var rest = UInt64(bitPattern: value << 1 ^ value >> 63)
    // The ninth byte takes all eight bits that are left.
    for _ in 0..<8 {
      guard rest >= 0x80 else { break }
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(truncatingIfNeeded: rest))
  }

  // MARK: Reading

  static func histogram(
    compressed bytes: [UInt8]
  ) throws(HistogramLogError.Problem) -> LatencyHistogram {
    var input = ByteReader(bytes)
    let cookie = try input.word32()
    guard cookie & ~wordSizeBits == compressedCookie else {
      throw .unknownEncoding(cookie: cookie)
    }
    guard try input.word32() == UInt32(exactly: input.rest.count) else { throw .badLength }
    guard let plain = Zlib.decompressed(input.rest, byteCountLimit: byteCountLimit) else {
      throw .notZlib
    }
    return try histogram(plain: plain)
  }

  private static func histogram(
    plain bytes: [UInt8]
  ) throws(HistogramLogError.Problem) -> LatencyHistogram {
    var input = ByteReader(bytes)
    let cookie = try input.word32()
    guard cookie & ~wordSizeBits == plainCookie else { throw .unknownEncoding(cookie: cookie) }
    let countsByteCount = try input.word32()
    let isShifted = try input.word32() != 0
    let digits = try input.word32()
    let lowest = try input.word64()
    _ = try input.word64()
    let isInteger = try Double(bitPattern: input.word64()) == 1
    guard !isShifted, isInteger, let layout = BucketLayout(digits: Int(digits), lowest: lowest)
    else {
      throw .unsupportedSettings
    }
    guard countsByteCount == UInt32(exactly: input.rest.count) else { throw .badLength }

    var histogram = LatencyHistogram()
    var index = 0
    while !input.rest.isEmpty {
      let count = try zigZag(&input)
      guard count <= 0 else {
        guard let highestNs = layout.highest(ofIndex: index),
          histogram.record(.init(highestNs: highestNs, count: UInt64(count)))
        else { throw .badCounts }
        index += 1
        continue
      }
      let zeros = count == 0 ? 1 : count.magnitude
      guard zeros <= 1 << 32 else { throw .badCounts }
      index += Int(zeros)
    }
    return histogram
  }

  private static func zigZag(_ input: inout ByteReader) throws(HistogramLogError.Problem) -> Int64 {
    var value: UInt64 = 0
    for shift in stride(from: UInt64(0), through: 56, by: 7) {
      let byte = UInt64(try input.byte())
      let isLast = byte < 0x80 || shift == 56
      value |= (shift == 56 ? byte : byte & 0x7F) << shift
      if isLast { break }
    }
    return Int64(bitPattern: value >> 1) ^ -Int64(bitPattern: value & 1)
  }
}

/// Which values share a bucket, for a given precision.
struct BucketLayout: Equatable {
  /// That of ``LatencyHistogram``.
  static let threeDigits = BucketLayout(digits: 3, lowest: 1)!

  /// Significant decimal digits.
  let digits: Int
  /// The smallest difference that counts, before it is rounded down to a power of two.
  let lowest: UInt64
  private let unitMagnitude: Int
  private let halfMagnitude: Int

  /// Nil unless there are 0 to 5 digits, and values for them in 62 bits.
  init?(digits: Int, lowest: UInt64) {
    guard (0...5).contains(digits), lowest > 0 else { return nil }
    self.digits = digits
    self.lowest = lowest
    unitMagnitude = 63 - lowest.leadingZeroBitCount
    // So many values as 2·10^digits, rounded up to a power of two, of single resolution.
    let single = (0..<digits).reduce(2) { product, _ in product * 10 }
    halfMagnitude = max(1, Int.bitWidth - (single - 1).leadingZeroBitCount) - 1
    guard unitMagnitude + halfMagnitude <= 61 else { return nil }
  }

  /// The number of the bucket that holds the value.
  func index(of value: UInt64) -> Int {
    let units = value >> UInt64(unitMagnitude)
    let bucket = max(0, 63 - halfMagnitude - (units | 1).leadingZeroBitCount)
    return bucket << halfMagnitude + Int(units >> UInt64(bucket))
  }

  /// The largest value of a bucket; nil if it is beyond 2^63.
  func highest(ofIndex index: Int) -> UInt64? {
    let bucket = max(0, index >> halfMagnitude - 1)
    let units = UInt64(index - bucket << halfMagnitude)
    let shift = bucket + unitMagnitude
    guard shift < 63, (units + 1) <= UInt64(1) << UInt64(63 - shift) else { return nil }
    return (units + 1) << UInt64(shift) - 1
  }
}

/// Takes big-endian numbers from the front of some bytes.
private struct ByteReader {
  private(set) var rest: ArraySlice<UInt8>

  init(_ bytes: [UInt8]) { rest = bytes[...] }

  mutating func byte() throws(HistogramLogError.Problem) -> UInt8 {
    guard let byte = rest.popFirst() else { throw .badLength }
    return byte
  }

  mutating func word32() throws(HistogramLogError.Problem) -> UInt32 {
    UInt32(truncatingIfNeeded: try number(byteCount: 4))
  }

  mutating func word64() throws(HistogramLogError.Problem) -> UInt64 {
    try number(byteCount: 8)
  }

  private mutating func number(byteCount: Int) throws(HistogramLogError.Problem) -> UInt64 {
    var value: UInt64 = 0
    for _ in 0..<byteCount { value = value << 8 | UInt64(try byte()) }
    return value
  }
}

extension [UInt8] {
  mutating func append(bigEndian value: some FixedWidthInteger) {
    append(contentsOf: Swift.withUnsafeBytes(of: value.bigEndian, Array.init))
  }
}
