#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif
import CPlatform

/// The file system that a path lies on, as far as it matters to a database.
package struct FileSystemFacts: Equatable, Sendable {
  /// What a file system means for durability and locking.
  package enum Kind: Equatable, Sendable {
    /// On a device of this machine.
    case local
    /// In memory: an fsync costs nothing and nothing survives a reboot.
    case memory
    /// On another machine: WAL cannot work, and locks are only as good as the server's.
    case network
    /// Layers or user-space code over something that cannot be seen from here.
    case layered
  }

  /// `ext4`, `xfs`, `tmpfs`, …: from the mount table, else from the type number.
  package let typeName: String
  package let kind: Kind
  /// `/dev/vda1`, `server:/export`; nil if the mount table does not tell.
  package let device: String?
  /// nil if the mount table does not tell.
  package let mountPoint: String?
  /// The options of the mount and of the file system, comma-separated, as the kernel prints them.
  package let options: String?
  /// What an unprivileged process may still write.
  package let availableBytes: UInt64

  /// The facts for an existing file or directory.
  package static func of(path: String) throws(SystemError) -> FileSystemFacts {
    var facts = cplatform_file_system()
    let failure = cplatform_inspect_file_system(path, &facts)
    guard failure == 0 else {
      throw SystemError(
        operation: "inspect the file system of", subject: path, code: failure)
    }
    guard let resolved = realpath(path, nil) else { throw .last("resolve", path) }
    defer { free(resolved) }
    // Empty where there is no /proc: then the type is all we know.
    let mountInfo = SmallFile.read("/proc/self/mountinfo") ?? ""
    let mount = MountEntry.containing(path: String(cString: resolved), mountInfo: mountInfo)
    let ownName = withUnsafeBytes(of: facts.type_name) {
      String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
    }
    let typeName = mount?.typeName ?? (ownName.isEmpty ? name(ofType: facts.type_number) : ownName)
    return FileSystemFacts(
      typeName: typeName, kind: kind(ofType: typeName), device: mount?.source,
      mountPoint: mount?.mountPoint, options: mount?.options,
      availableBytes: facts.available_bytes)
  }

  /// The name behind a number of `statfs`; the number itself if it is not a common one.
  ///
  /// Source: `linux/magic.h`.
  static func name(ofType magic: UInt32) -> String {
    switch magic {
    case 0xEF53: "ext4"
    case 0x5846_5342: "xfs"
    case 0x9123_683E: "btrfs"
    case 0x2FC1_2FC1: "zfs"
    case 0xF2F5_2010: "f2fs"
    case 0x0102_1994: "tmpfs"
    case 0x8584_58F6: "ramfs"
    case 0x794C_7630: "overlay"
    case 0x6573_5546: "fuse"
    case 0x6969: "nfs"
    case 0xFF53_4D42: "cifs"
    case 0xFE53_4D42: "smb2"
    case 0x0102_1997: "9p"
    case 0x4D44: "vfat"
    case 0x2011_BAB0: "exfat"
    default: "0x" + String(magic, radix: 16)
    }
  }

  /// The class of a type name of the mount table.
  static func kind(ofType name: String) -> Kind {
    switch name {
    case "tmpfs", "ramfs", "devtmpfs": .memory
    case "nfs", "nfs4", "cifs", "smb2", "smb3", "smbfs", "9p", "afs", "ceph", "glusterfs",
      "fuse.sshfs", "fuse.glusterfs":
      .network
    case "overlay", "aufs", "fuse", "virtiofs": .layered
    default: name.hasPrefix("fuse.") ? .layered : .local
    }
  }
}

/// One line of `/proc/self/mountinfo`.
struct MountEntry: Equatable {
  let mountPoint: String
  let typeName: String
  let source: String
  let options: String

  /// The mount that a resolved absolute path lies on: the longest mount point above it, and the
  /// last of several mounts on the same point, since that one hides the others.
  ///
  /// Device numbers would be no better a key: btrfs and overlay report others than they mount with.
  static func containing(path: String, mountInfo: String) -> MountEntry? {
    var best: MountEntry?
    for line in mountInfo.split(whereSeparator: \.isNewline) {
      guard let entry = MountEntry(line: line), entry.contains(path) else { continue }
      if entry.mountPoint.utf8.count >= best?.mountPoint.utf8.count ?? 0 { best = entry }
    }
    return best
  }

  /// Parses `id parent major:minor root mountpoint options [optional…] - type source options`.
  init?(line: Substring) {
    let words = line.split(separator: " ")
    guard words.count >= 9, let dash = words.dropFirst(6).firstIndex(of: "-"),
      words.count > dash + 2
    else { return nil }
    mountPoint = MountEntry.unescaping(words[4])
    typeName = String(words[dash + 1])
    source = MountEntry.unescaping(words[dash + 2])
    let superOptions = words.count > dash + 3 ? "," + words[dash + 3] : ""
    options = words[5] + superOptions
  }

  private func contains(_ path: String) -> Bool {
    mountPoint == "/" || path == mountPoint || path.hasPrefix(mountPoint + "/")
  }

  /// Undoes the kernel's octal escapes of blanks and backslashes (`\040`).
  private static func unescaping(_ text: Substring) -> String {
    var bytes: [UInt8] = []
    var rest = Substring(text).utf8
    while let byte = rest.popFirst() {
      let digits = rest.prefix(3)
      if byte == UInt8(ascii: "\\"), digits.count == 3,
        let code = UInt8(String(decoding: digits, as: UTF8.self), radix: 8)
      {
        bytes.append(code)
        rest = rest.dropFirst(3)
      } else {
        bytes.append(byte)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
