import Foundation

/// A file that survives an interruption at any instant: it is replaced as a whole, or it grows by
/// whole records.
///
/// Everything goes through system calls, because the errors of Foundation hide `errno`.
struct DurableFile: Sendable {
  /// Writes bytes at the place of a descriptor, with the contract of write(2).
  typealias Write = @Sendable (_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer) -> Int

  let path: String
  private let writeBytes: Write

  /// The file at `path`; `writeBytes` is a parameter so that a full disk can be tried out.
  init(path: String, writeBytes: @escaping Write = { write($0, $1.baseAddress, $1.count) }) {
    self.path = path
    self.writeBytes = writeBytes
  }

  /// All bytes of the file.
  func read() throws(ResultsError) -> [UInt8] {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw .system(errno, path: path, doing: "open the file") }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 64 * 1024)
    while true {
      let count = chunk.withUnsafeMutableBytes { buffer in
        Foundation.read(descriptor, buffer.baseAddress, buffer.count)
      }
      guard count >= 0 else { throw .system(errno, path: path, doing: "read the file") }
      guard count > 0 else { return bytes }
      bytes += chunk[..<count]
    }
  }

  /// Puts `bytes` behind the first `length` bytes, and on the disk, with one write(2).
  ///
  /// What lies beyond `length` is cut off first: the rest of an append that was interrupted. If the
  /// append fails, the file is as long as `length` again.
  func append(_ bytes: [UInt8], behind length: Int) throws(ResultsError) {
    let descriptor = open(path, O_WRONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw .system(errno, path: path, doing: "open the file") }
    defer { close(descriptor) }
    guard ftruncate(descriptor, off_t(length)) == 0, lseek(descriptor, off_t(length), SEEK_SET) >= 0
    else { throw .system(errno, path: path, doing: "append to the file") }
    guard writeAll(bytes, to: descriptor), fsync(descriptor) == 0 else {
      let number = errno
      _ = ftruncate(descriptor, off_t(length))
      throw .system(number, path: path, doing: "append to the file")
    }
  }

  /// Makes `bytes` the content of the file, which has the old or the new content at any instant.
  func replace(with bytes: [UInt8]) throws(ResultsError) {
    let temporary = path + ".new"
    let descriptor = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw .system(errno, path: path, doing: "write the file") }
    let isWritten = writeAll(bytes, to: descriptor) && fsync(descriptor) == 0
    var number = errno
    close(descriptor)
    if isWritten {
      if rename(temporary, path) == 0 { return }
      number = errno
    }
    unlink(temporary)
    throw .system(number, path: path, doing: "write the file")
  }

  /// Whether all bytes were written; `errno` says why not.
  private func writeAll(_ bytes: [UInt8], to descriptor: Int32) -> Bool {
    bytes.withUnsafeBytes { buffer in
      var written = 0
      // More than one round only after a short write, whose reason the next round brings to light.
      while written < buffer.count {
        let count = writeBytes(descriptor, UnsafeRawBufferPointer(rebasing: buffer[written...]))
        if count < 0 && errno == EINTR { continue }
        guard count > 0 else {
          if count == 0 { errno = ENOSPC }
          return false
        }
        written += count
      }
      return true
    }
  }
}
