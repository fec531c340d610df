import Testing

@testable import Platform

/// Locks on bytes of a shared file, its size, and the bits in its words.
@Suite struct SharedMemoryLockTests {
  private let directory = TemporaryDirectory()
  private var path: String { directory.path + "/words" }

  private func map(byteCount: Int = 64, refusesOtherSizes: Bool = false) throws -> SharedMemory {
    try SharedMemory(
      filePath: path, byteCount: byteCount, permissions: 0o600,
      refusesOtherSizes: refusesOtherSizes)
  }

  @Test func anExclusiveLockKeepsOthersOutUntilItIsGivenBack() throws {
    let first = try map()
    let second = try map()
    #expect(try first.lock(.exclusive, byte: 8))
    #expect(try !second.lock(.exclusive, byte: 8))
    #expect(try !second.lock(.shared, byte: 8))
    #expect(try second.lock(.exclusive, byte: 9))
    first.unlock(byte: 8)
    #expect(try second.lock(.exclusive, byte: 8))
  }

  @Test func aLockCanBeTurnedIntoTheOtherKind() throws {
    let first = try map()
    let second = try map()
    #expect(try first.lock(.exclusive, byte: 0))
    #expect(try first.lock(.shared, byte: 0))
    #expect(try second.lock(.shared, byte: 0))
    // Refused, and what it held before is still held.
    #expect(try !first.lock(.exclusive, byte: 0))
    second.unlock(byte: 0)
    #expect(try !map().lock(.exclusive, byte: 0))
    #expect(try first.lock(.exclusive, byte: 0))
  }

  @Test func openingAndClosingTheFileElsewhereKeepsTheLock() throws {
    let first = try map()
    #expect(try first.lock(.exclusive, byte: 0))
    _ = try map()
    #expect(try !map().lock(.exclusive, byte: 0))
  }

  @Test func aReleasedRegionGivesItsLocksBack() throws {
    var first: SharedMemory? = try map()
    let second = try map()
    #expect(try first?.lock(.exclusive, byte: 63) == true)
    first = nil
    #expect(try second.lock(.exclusive, byte: 63))
  }

  @Test(arguments: [1, 63, 65, 5000])
  func aFileOfAnotherSizeIsRefusedAndLeftAlone(byteCount: Int) throws {
    _ = try map(byteCount: byteCount)
    let error = #expect(throws: SystemError.self) { try map(refusesOtherSizes: true) }
    #expect(error?.description.contains("\(path), which has \(byteCount)") == true)
    #expect(SmallFile.read(path)?.utf8.count == byteCount)
  }

  @Test func anEmptyFileOrOneOfThatSizeIsNotRefused() throws {
    try map(refusesOtherSizes: true).word64(at: 0).store(5)
    #expect(try map(refusesOtherSizes: true).word64(at: 0).load() == 5)
  }

  @Test func bitsAreSetAndClearedWithoutTouchingOthers() throws {
    let word = try SharedMemory(byteCount: 8).word64(at: 0)
    let highest: UInt64 = 1 << 63
    #expect(word.setBits(0b1001) == 0)
    #expect(word.setBits(highest) == 0b1001)
    #expect(word.clearBits(0b1010) == highest | 0b1001)
    #expect(word.load() == highest | 0b0001)
  }
}
