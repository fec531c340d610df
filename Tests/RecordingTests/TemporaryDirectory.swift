import Glibc

/// A fresh directory that is removed, with the files in it, when the value is released.
final class TemporaryDirectory {
  let path: String

  init(under parent: String = "/tmp") {
    var template = Array("\(parent)/recording-tests-XXXXXX".utf8CString)
    precondition(mkdtemp(&template) != nil)
    path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  deinit {
    if let directory = opendir(path) {
      while let entry = readdir(directory) {
        let name = withUnsafeBytes(of: entry.pointee.d_name) {
          String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
        }
        unlink("\(path)/\(name)")
      }
      closedir(directory)
    }
    rmdir(path)
  }

  /// Writes a file and returns its path.
  func file(_ name: String, _ bytes: [UInt8]) -> String {
    let filePath = "\(path)/\(name)"
    let descriptor = open(filePath, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
    precondition(descriptor >= 0)
    precondition(write(descriptor, bytes, bytes.count) == bytes.count)
    close(descriptor)
    return filePath
  }

  /// The content of a file.
  static func bytes(of filePath: String) -> [UInt8] {
    let descriptor = open(filePath, O_RDONLY | O_CLOEXEC)
    precondition(descriptor >= 0)
    defer { close(descriptor) }
    var facts = stat()
    fstat(descriptor, &facts)
    var result = [UInt8](repeating: 0, count: Int(facts.st_size))
    precondition(read(descriptor, &result, result.count) == result.count)
    return result
  }
}
