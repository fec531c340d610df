#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif
import CPlatform

/// A descriptor that becomes readable when anybody rings, in this process or in a child.
///
/// It lets one `poll` wait for children that report, children that end and an interrupt at once; see
/// ``ChildGroup/waitForEvent(untilNs:alsoReadable:)``. Rings that arrive before the waiter looks
/// merge into one, so a bell says "look", and what is to be seen lies elsewhere (a shared word).
///
/// `Sendable`: both descriptors are constants, and the kernel serialises what is done with them.
package final class Doorbell: Sendable {
  /// Readable between a ring and the next ``clear()``.
  package let readDescriptor: Int32
  /// What a child inherits in order to ring.
  package let writeDescriptor: Int32

  /// Opens a silent bell; its descriptors are close-on-exec.
  package init() throws(SystemError) {
    var readEnd: Int32 = -1
    var writeEnd: Int32 = -1
    let failure = cplatform_doorbell_open(&readEnd, &writeEnd)
    guard failure == 0 else {
      throw SystemError(operation: "open", subject: "an event descriptor", code: failure)
    }
    readDescriptor = readEnd
    writeDescriptor = writeEnd
  }

  deinit {
    close(readDescriptor)
    if writeDescriptor != readDescriptor { close(writeDescriptor) }
  }

  /// Makes the descriptor readable.
  package func ring() {
    cplatform_doorbell_ring(writeDescriptor)
  }

  /// Rings a bell whose descriptor this process has inherited.
  package static func ring(inheritedDescriptor: Int32) {
    cplatform_doorbell_ring(inheritedDescriptor)
  }

  /// Silences the bell until the next ring.
  package func clear() {
    cplatform_doorbell_clear(readDescriptor)
  }
}
