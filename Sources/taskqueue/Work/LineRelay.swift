internal import Synchronization

/// Hands on what a command writes line by line, so that the lines of several commands do not mix.
///
/// Not Sendable: each run of a command has one.
final class LineRelay {
  private let handOn: (ArraySlice<UInt8>) -> Void
  /// The beginning of a line.
  private var pending: [UInt8] = []

  /// What is longer is no line, and handed on as it is.
  private static let lineByteLimit = 1 << 16

  /// `handOn` is given whole lines with their ends, one or more at a time.
  init(handOn: @escaping (ArraySlice<UInt8>) -> Void) { self.handOn = handOn }

  func receive(_ bytes: UnsafeRawBufferPointer) {
    pending.append(contentsOf: bytes)
    if let end = pending.lastIndex(of: UInt8(ascii: "\n")) {
      handOn(pending[...end])
      pending.removeFirst(end + 1)
    } else if pending.count > Self.lineByteLimit {
      handOn(pending[...])
      pending.removeAll()
    }
  }

  /// Nothing more comes: a line without an end gets one.
  func finish() {
    if pending.isEmpty { return }
    pending.append(UInt8(ascii: "\n"))
    handOn(pending[...])
    pending.removeAll()
  }
}
