import Testing

@testable import BackgroundTasks

/// The hash may never change: runs would move between memory and queue with a release.
struct RunHashTests {
  /// Published test vectors: <http://www.isthe.com/chongo/src/fnv/test_fnv.c>.
  @Test(arguments: [
    ("", 0xcbf2_9ce4_8422_2325 as UInt64), ("a", 0xaf63_dc4c_8601_ec8c),
    ("foobar", 0x8594_4171_f739_67e8),
  ])
  func `FNV-1a is the published one`(text: String, hash: UInt64) {
    #expect(RunHash.fnv1a(text) == hash)
  }

  @Test func `It lies from 0 up to 1`() {
    for number in 0..<1000 { #expect((0..<1).contains(RunHash.unit("\(number)"))) }
  }
}
