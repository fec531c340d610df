internal import Synchronization

#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// Nobody reads standard output any more.
struct ReaderGone: Error {}

/// Writes a line to standard output, whole; see ``write(_:)``.
func printLine(_ text: String = "") throws { try write(text + "\n") }

/// Writes text to standard output, all of it, also to a pipe that takes it bit by bit.
///
/// Throws ``ReaderGone`` if the pipe is closed at the other end, ``CommandFailure`` if the output
/// cannot be written for another reason, such as a full disk.
func write(_ text: String) throws {
  var text = text
  try text.withUTF8 { try writeAll(UnsafeRawBufferPointer($0), to: 1) }
}

/// Writes bytes to standard output; see ``write(_:)``.
func write(_ bytes: [UInt8]) throws {
  try bytes.withUnsafeBytes { try writeAll($0, to: 1) }
}

/// Reports an error: `taskqueue: error: …`.
func reportError(_ text: String) { report("error", text) }

/// Says what the user should know although all goes on: `taskqueue: warning: …`.
func reportWarning(_ text: String) { report("warning", text) }

/// Says each thing once in the life of the process, however many connections there are.
func reportWarningOnce(_ text: String) {
  let isNew = saidWarnings.withLock { $0.insert(text).inserted }
  if isNew { reportWarning(text) }
}

private let saidWarnings = Mutex<Set<String>>([])

private func report(_ word: String, _ text: String) {
  var line = "taskqueue: \(word): \(escapingControls(text))\n"
  // There is nobody left to be told if that fails.
  try? line.withUTF8 { try writeAll(UnsafeRawBufferPointer($0), to: 2) }
}

private func writeAll(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32) throws {
  var rest = bytes
  while let start = rest.baseAddress, !rest.isEmpty {
    // writev, because plain `write` means the functions above here.
    var vector = iovec(iov_base: UnsafeMutableRawPointer(mutating: start), iov_len: rest.count)
    let count = writev(descriptor, &vector, 1)
    if count >= 0 {
      rest = UnsafeRawBufferPointer(rebasing: rest[count...])
      continue
    }
    switch errno {
    case EINTR: continue
    case EAGAIN:
      // Somebody has made the pipe non-blocking: wait for room in it.
      var descriptors = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
      _ = poll(&descriptors, 1, -1)
    case EPIPE: throw ReaderGone()
    default:
      let cause = String(cString: strerror(errno))
      throw CommandFailure(.inputOutput, "standard output cannot be written: \(cause)")
    }
  }
}
