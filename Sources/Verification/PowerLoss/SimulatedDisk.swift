package import SQLite

/// What of the changes that were not synced yet a power cut leaves.
package enum PowerCutFate: CaseIterable, Sendable {
  /// None: only what was synced is there.
  case nothing
  /// All of them, as when only the processes die.
  case everything
  /// Those up to some moment, of each file apart from the others.
  case prefix
  /// Any of them, each as a whole, in each file.
  case subset
  /// Any: of each sector, or of each page of the system's cache, its own prefix of the changes, and one of them torn
  /// within.
  case scattered
}

/// A disk that keeps the files of one database, and what it may hold after a power cut.
///
/// A change is durable once a sync of the file has ended that began after it; so is the existence of the file.
/// Until then the system may have written any of it, in any order and each sector on its own, which is all
/// that SQLite expects of a disk. Source: <https://sqlite.org/atomiccommit.html>, "Hardware Assumptions".
package struct SimulatedDisk {
  private var names: [DatabaseFile: Name] = [:]
  private let log: WriteLog

  /// A disk that holds `files` durably before anything of the log happens.
  package init(_ files: [DatabaseFile: [UInt8]], log: WriteLog) {
    self.log = log
    for (file, content) in files {
      names[file] = Name(durable: SimulatedFile(durable: content))
    }
  }

  /// An entry of the directory.
  private struct Name {
    var durable: SimulatedFile?
    /// What it has stood for since, nil for a name that was removed.
    var pending: [SimulatedFile?] = []

    var current: SimulatedFile? { pending.isEmpty ? durable : pending[pending.count - 1] }
  }

  /// Notes what happened at `place` in the log; in their order.
  package mutating func apply(_ event: WriteLog.Event, at place: Int) {
    switch event {
    case .write(let file, let offset, let bytes):
      object(file).change(.write(offset: offset, bytes: bytes), at: place)
    case .truncate(let file, let size):
      object(file).change(.truncate(size: size), at: place)
    case .syncBegan(let file, let thread):
      object(file).beginSync(by: thread, at: place)
    case .syncEnded(let file, let thread):
      let object = self.object(file)
      if object.endSync(by: thread, log: log) { makeNameDurable(file, of: object) }
    case .delete(let file, let isDurable):
      names[file, default: Name()].pending.append(nil)
      if isDurable { names[file] = Name() }
    case .mark: break
    }
  }

  /// The file of that name, which is made if there is none.
  private mutating func object(_ file: DatabaseFile) -> SimulatedFile {
    if let object = names[file]?.current { return object }
    let object = SimulatedFile()
    names[file, default: Name()].pending.append(object)
    return object
  }

  /// A file system whose journal holds a file's creation holds what its directory went through before.
  private mutating func makeNameDurable(_ file: DatabaseFile, of object: SimulatedFile) {
    guard let place = names[file]?.pending.lastIndex(where: { $0 === object }) else { return }
    names[file]?.durable = object
    names[file]?.pending.removeFirst(place + 1)
  }

  /// The files that are there if the power is cut now.
  package func afterPowerCut(
    _ fate: PowerCutFate, using random: inout some RandomNumberGenerator
  ) -> [DatabaseFile: [UInt8]] {
    var files: [DatabaseFile: [UInt8]] = [:]
    for file in DatabaseFile.allCases {
      guard let name = names[file] else { continue }
      let object: SimulatedFile?
      switch fate {
      case .nothing: object = name.durable
      case .everything: object = name.current
      case .prefix, .subset, .scattered:
        // What is durable, or anything that it has stood for since.
        let choice = Int.random(in: 0..<name.pending.count + 1, using: &random)
        object = choice == 0 ? name.durable : name.pending[choice - 1]
      }
      if let object { files[file] = object.content(after: fate, log: log, using: &random) }
    }
    return files
  }
}
