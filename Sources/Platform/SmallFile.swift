#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// Reads the small text files in which Linux publishes facts (`/proc`, `/sys`, `/etc`).
package enum SmallFile {
  /// The content as text with invalid UTF-8 repaired, or nil if the file cannot be read.
  ///
  /// Reads until the end or `byteLimit`, since files in `/proc` report a size of 0.
  package static func read(_ path: String, byteLimit: Int = 1 << 20) -> String? {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var content: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 16_384)
    while content.count < byteLimit {
      let received = buffer.withUnsafeMutableBytes { systemRead(descriptor, $0) }
      guard received >= 0 else { return nil }
      if received == 0 { break }
      content.append(contentsOf: buffer[..<min(received, byteLimit - content.count)])
    }
    return String(decoding: content, as: UTF8.self)
  }

  /// The first line without surrounding blanks, or nil if there is none.
  package static func firstLine(_ path: String) -> String? {
    guard let line = read(path)?.split(whereSeparator: \.isNewline).first else { return nil }
    let trimmed = trimmingBlanks(line)
    return trimmed.isEmpty ? nil : String(trimmed)
  }

  /// The text without blanks at either end.
  static func trimmingBlanks(_ text: Substring) -> Substring {
    var result = text
    while result.first?.isWhitespace == true { result.removeFirst() }
    while result.last?.isWhitespace == true { result.removeLast() }
    return result
  }

  private static func systemRead(
    _ descriptor: Int32, _ buffer: UnsafeMutableRawBufferPointer
  ) -> Int {
    while true {
      // readv, because plain `read` means the function above here.
      var vector = iovec(iov_base: buffer.baseAddress, iov_len: buffer.count)
      let received = readv(descriptor, &vector, 1)
      if received >= 0 || errno != EINTR { return received }
    }
  }
}
