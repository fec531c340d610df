/// What is done to the processes, the disk and the clock of a repeat while its load runs.
///
/// Unlike an ``InjectedFault``, which makes the code under test worse, these are what a queue has to stand.
package struct FaultPlan: Hashable, Sendable, Codable {
  /// The kinds of faults, as they stand in a scenario.
  package enum Kind: String, CaseIterable, Sendable, Codable {
    /// A producer or consumer is killed (SIGKILL) and started anew.
    case kill
    /// A producer or consumer is stopped (SIGSTOP) and goes on later, when its lease may have run out.
    case stop
    /// Somebody reads in one transaction, and so keeps the log from beginning anew.
    case reader
    /// A program that knows nothing of the queue's way of waiting holds the write lock.
    case writer
    /// A program that knows nothing of the queue checkpoints the log again and again.
    case checkpointer
    /// Files cannot grow.
    case diskFull = "disk_full"
    /// Writes and syncs fail, one in ten.
    case ioError = "io_error"
    /// The wall clock is set forward, and back again.
    case clock
    /// The database is copied by SQLite's online backup.
    case backup
    /// The database is rewritten by `VACUUM`.
    case vacuum
    /// A command of the shell runs beside the load: what somebody does to a queue in operation.
    case command
  }

  /// One kind of fault, again and again.
  package struct Fault: Hashable, Sendable, Codable {
    package let kind: Kind
    /// Once in every stretch of so many ms, at a random moment of it unless ``atMs`` says which.
    package var everyMs: Int
    /// How long it lasts; 0 for what lasts as long as it takes.
    package var forMs: Int
    /// By how many ms the clock is set forward; 0 for other faults.
    package var byMs: Int
    /// How many ms into its stretch it begins; nil for a random moment. Of commands only.
    package var atMs: Int?
    /// What the shell is to run; nil for other faults.
    package var commandLine: String?

    package init(
      kind: Kind, everyMs: Int, forMs: Int = 0, byMs: Int = 0, atMs: Int? = nil,
      commandLine: String? = nil
    ) {
      self.kind = kind
      self.everyMs = everyMs
      self.forMs = forMs
      self.byMs = byMs
      self.atMs = atMs
      self.commandLine = commandLine
    }

    /// What a fault is like of which only the kind is given.
    static func standard(_ kind: Kind) -> Fault {
      switch kind {
      case .kill: return Fault(kind: kind, everyMs: 200)
      case .stop: return Fault(kind: kind, everyMs: 1000, forMs: 500)
      case .reader: return Fault(kind: kind, everyMs: 1000, forMs: 500)
      case .writer: return Fault(kind: kind, everyMs: 1000, forMs: 100)
      case .checkpointer: return Fault(kind: kind, everyMs: 1000, forMs: 900)
      case .diskFull, .ioError: return Fault(kind: kind, everyMs: 1000, forMs: 200)
      case .clock: return Fault(kind: kind, everyMs: 1000, forMs: 500, byMs: 10_000)
      case .backup, .vacuum, .command: return Fault(kind: kind, everyMs: 1000)
      }
    }

    /// The names of the parameters that its kind has.
    var parameters: [String] {
      switch kind {
      case .kill, .backup, .vacuum: return ["every"]
      case .clock: return ["every", "for", "by"]
      case .command: return ["run", "every", "at"]
      case .stop, .reader, .writer, .checkpointer, .diskFull, .ioError: return ["every", "for"]
      }
    }

    /// `kill`, or with parameters that are not the standard ones `stop(every=1s for=2s)`.
    var label: String {
      if self == .standard(kind) { return kind.rawValue }
      let values = parameters.compactMap { name -> String? in
        let ms: Int?
        switch name {
        case "run": return "run=\(Self.label(commandLine: commandLine ?? ""))"
        case "every": ms = everyMs
        case "for": ms = forMs
        case "at": ms = atMs
        default: ms = byMs
        }
        return ms.map { "\(name)=\(DurationText.label(us: $0 * 1000))" }
      }
      return "\(kind.rawValue)(\(values.joined(separator: " ")))"
    }

    /// A command line in tables: short, on one line, without what separates columns. One that is shortened for
    /// that ends in its fingerprint, so that two commands never look alike.
    package static func label(commandLine: String) -> String {
      let plain = commandLine.unicodeScalars.map { scalar -> Character in
        let isPlain =
          scalar.isASCII && scalar.value > 0x20 && scalar.value < 0x7f
          && !",\"'+()|#`\\".unicodeScalars.contains(scalar)
        return isPlain || scalar == " " ? Character(scalar) : "_"
      }
      guard plain.count > labelLimit || String(plain) != commandLine else { return commandLine }
      var hash: UInt32 = 0x811c_9dc5  // FNV-1a
      for byte in commandLine.utf8 { hash = (hash ^ UInt32(byte)) &* 0x0100_0193 }
      let digits = String(hash, radix: 16)
      return plain.prefix(labelLimit) + "#" + String(repeating: "0", count: 8 - digits.count)
        + digits
    }

    private static let labelLimit = 60
  }

  /// One of each kind at most, in the order of the kinds.
  package let faults: [Fault]

  /// A plan of these faults.
  package init(_ faults: [Fault]) {
    self.faults = Kind.allCases.compactMap { kind in faults.last { $0.kind == kind } }
  }

  /// Nothing is done.
  package static let none = FaultPlan([])

  package var isEmpty: Bool { faults.isEmpty }

  /// Whether there are faults of that kind.
  package func contains(_ kind: Kind) -> Bool { faults.contains { $0.kind == kind } }

  /// `none`, or its faults: `kill+stop(every=1s for=2s)`.
  package var label: String {
    isEmpty ? "none" : faults.map(\.label).joined(separator: "+")
  }
}
