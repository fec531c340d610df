import Glibc
import Testing

@testable import Recording

/// What a reader makes of files that no writer has left like that.
@Suite struct DamagedLogTests {
  private let directory = TemporaryDirectory()

  /// The bytes of a sound log with ten records.
  private func soundBytes() throws -> [UInt8] {
    let path = "\(directory.path)/sound"
    unlink(path)
    var log = try OperationLogWriter(path: path, header: header())
    for index in 0..<10 { try log.append(numberedRecord(index)) }
    try log.finish()
    return TemporaryDirectory.bytes(of: path)
  }

  @Test func aMissingFileIsNamed() {
    let error = #expect(throws: OperationLogError.self) {
      try OperationLogReader(path: "/no/such/log")
    }
    #expect(error?.description.contains("/no/such/log") == true)
  }

  @Test func aDirectoryIsAnError() {
    #expect(throws: OperationLogError.self) { try OperationLogReader(path: "/tmp") }
  }

  @Test(arguments: [0, 1, 63])
  func aShortFileIsTruncated(byteCount: Int) throws {
    let path = directory.file("log", Array(try soundBytes()[..<byteCount]))
    #expect(throws: OperationLogError.truncated(path: path, byteCount: byteCount)) {
      try OperationLogReader(path: path)
    }
  }

  @Test func aHeaderNotYetWrittenIsTruncated() throws {
    let path = directory.file("log", [UInt8](repeating: 0, count: 4096))
    #expect(throws: OperationLogError.truncated(path: path, byteCount: 0)) {
      try OperationLogReader(path: path)
    }
  }

  @Test func aForeignFileIsRefused() throws {
    let path = directory.file("log", [UInt8](repeating: 0x41, count: 4096))
    #expect(throws: OperationLogError.notAnOperationLog(path: path)) {
      try OperationLogReader(path: path)
    }
  }

  @Test func anotherVersionIsRefused() throws {
    var bytes = try soundBytes()
    bytes[8] = 3
    let path = directory.file("log", bytes)
    #expect(throws: OperationLogError.unsupportedVersion(path: path, version: 3)) {
      try OperationLogReader(path: path)
    }
  }

  @Test(arguments: [(12, 65, "bytes per record"), (24, 0, "role"), (24, 0xFF, "role")])
  func aDamagedHeaderNamesTheField(offset: Int, byte: UInt8, field: String) throws {
    var bytes = try soundBytes()
    bytes[offset] = byte
    let path = directory.file("log", bytes)
    let error = #expect(throws: OperationLogError.self) { try OperationLogReader(path: path) }
    #expect(error?.description.contains("\(path): damaged header: \(field)") == true)
  }

  @Test(arguments: 0...64)
  func aTornTailIsTheEnd(missingByteCount: Int) throws {
    let bytes = try soundBytes()
    let path = directory.file("log", Array(bytes[..<(bytes.count - missingByteCount)]))
    let records = try OperationLogReader(path: path).withRecords { Array($0) }
    #expect(records == (0..<(missingByteCount == 0 ? 10 : 9)).map(numberedRecord))
  }

  @Test func aRecordWithoutItsKindIsTheEnd() throws {
    // A writer that was killed before the store of the kind.
    var bytes = try soundBytes()
    for offset in 0..<8 { bytes[64 + 9 * 64 + offset] = 0 }
    let path = directory.file("log", bytes)
    #expect(try OperationLogReader(path: path).withRecords { $0.count } == 9)
  }

  @Test(
    arguments: [
      (0, 0x19, .unknownKind(9)), (0, 0xFF, .unknownKind(15)), (0, 0x01, .unknownOutcome(0)),
      (0, 0xF1, .unknownOutcome(7)), (31, 0xFF, .endsBeforeStart), (23, 0xFF, .endsBeforeStart),
    ] as [(Int, UInt8, OperationLogError.Damage)])
  func aDamagedRecordIsNamed(
    offset: Int, byte: UInt8, damage: OperationLogError.Damage
  ) throws {
    var bytes = try soundBytes()
    bytes[64 + 4 * 64 + offset] = byte
    let path = directory.file("log", bytes)
    let expected = OperationLogError.damagedRecord(path: path, index: 4, damage)
    let reader = try OperationLogReader(path: path)
    #expect(throws: expected) { try reader.withRecords { _ in } }
    // The sound ones before it are handed out, once; the error comes every time.
    var sound: [OperationRecord] = []
    for _ in 1...2 {
      #expect(throws: expected) { try reader.tail { sound.append(contentsOf: $0) } }
    }
    #expect(sound == (0..<4).map(numberedRecord))
  }

  @Test func anythingAtAllIsReadWithoutACrash() throws {
    let sound = try soundBytes()
    var generator = SplitMix(state: 42)
    for _ in 0..<300 {
      var bytes = sound
      for _ in 0..<Int.random(in: 1...20, using: &generator) {
        let offset = Int.random(in: 0..<bytes.count, using: &generator)
        bytes[offset] = .random(in: 0...255, using: &generator)
      }
      bytes.removeLast(Int.random(in: 0...bytes.count / 2, using: &generator))
      let path = directory.file("log", bytes)
      do {
        try OperationLogReader(path: path).tail { records in
          var histogram = LatencyHistogram()
          for record in records {
            #expect(record.kind != nil && record.outcome != nil)
            histogram.record(record.latencyNs)
            histogram.record(record.serviceNs)
          }
          _ = histogram.hgrmText()
        }
      } catch let error as OperationLogError {
        #expect(error.description.contains(path))
      }
    }
  }

  @Test func aFileTruncatedUnderTheReaderIsJustShorter() throws {
    let path = directory.file("log", try soundBytes())
    let reader = try OperationLogReader(path: path)
    try #require(truncate(path, 64 + 5 * 64 + 10) == 0)
    #expect(try reader.tail { _ in } == 5)
    try #require(truncate(path, 0) == 0)
    #expect(try reader.tail { _ in } == 0)
    #expect(try reader.withRecords { $0.count } == 0)
  }
}

/// A small seeded generator, so that a failing case comes again.
private struct SplitMix: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}
