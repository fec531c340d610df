package import Results

/// A configuration in the forms in which one can paste it.
///
/// The keys of the `taskqueue` configuration are those of scenarios: `pragmas:` maps names to values as SQLite
/// documents them, and `checkpoint:` is a policy's name or maps it to its parameters. So what was measured can
/// be copied from one to the other.
package struct ConfigurationSnippets: Sendable {
  private let configuration: TuningRecord.Configuration

  package init(_ configuration: TuningRecord.Configuration) {
    self.configuration = configuration
  }

  private static let fileScoped: Set<String> = ["page_size", "auto_vacuum"]

  private var isWAL: Bool { value("journal_mode") == "WAL" }

  private func value(_ name: String) -> String? {
    configuration.pragmas.first { $0.name == name }?.value
  }

  private var isBackground: Bool {
    ["pinned", "gated", "dedicated"].contains(configuration.checkpointPolicy)
  }

  private var policyText: String {
    configuration.checkpointPolicy
      + (configuration.checkpointPages.map { " from \($0) pages" } ?? "")
  }

  /// The PRAGMAs as SQL, in the order in which they take effect, with what each connection has to know.
  package var sql: String {
    var file: [String] = []
    var connection: [String] = []
    for pragma in configuration.pragmas {
      let statement = "PRAGMA \(pragma.name) = \(pragma.value);"
      if Self.fileScoped.contains(pragma.name) || (pragma.name == "journal_mode" && isWAL) {
        file.append(statement)
      } else {
        connection.append(statement)
      }
    }
    var lines: [String] = []
    if !file.isEmpty {
      lines.append("-- Stored in the file: once, in this order, before the first table is made.")
      if value("page_size") != nil {
        lines.append(
          "-- A file that exists takes another page_size only by VACUUM outside of WAL mode:")
        lines.append("--   PRAGMA journal_mode = DELETE; PRAGMA page_size = …; VACUUM;")
      }
      lines += file
    }
    lines.append("-- Not stored: on every connection of every process, each time it is opened.")
    lines += connection
    if isWAL {
      switch configuration.checkpointPolicy {
      case "auto":
        lines.append(
          "PRAGMA wal_autocheckpoint = \(configuration.checkpointPages ?? 1000);")
      default:
        lines.append("PRAGMA wal_autocheckpoint = 0;")
        lines.append(
          "-- That leaves checkpoints to the queue's own (\(policyText)). Without it somebody has to do")
        lines.append("-- them, or the log grows for ever: PRAGMA wal_checkpoint(TRUNCATE);")
      }
    }
    return lines.map { $0 + "\n" }.joined()
  }

  /// The configuration of `taskqueue`, as YAML; JSON with the same keys means the same.
  package var yaml: String {
    var lines = ["pragmas:"]
    for pragma in configuration.pragmas {
      // ON and OFF would be read as true and false.
      let isWord = ["ON", "OFF"].contains(pragma.value)
      lines.append("  \(pragma.name): \(isWord ? "\"\(pragma.value)\"" : pragma.value)")
    }
    if isWAL {
      if let pages = configuration.checkpointPages {
        lines.append("checkpoint: {\(configuration.checkpointPolicy): {pages: \(pages)}}")
      } else {
        lines.append("checkpoint: \(configuration.checkpointPolicy)")
      }
    }
    return lines.map { $0 + "\n" }.joined()
  }

  /// The options of the Swift library.
  package var swift: String {
    var lines = ["SQLiteStoreOptions(", "  pragmas: ["]
    for (index, pragma) in configuration.pragmas.enumerated() {
      let words = pragma.name.split(separator: "_")
      let name =
        words[0] + words.dropFirst().map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
      let comma = index + 1 < configuration.pragmas.count ? "," : ""
      lines.append("    PragmaSetting(.\(name), \"\(pragma.value)\")\(comma)")
    }
    lines.append("  ].compactMap { $0 }\(isWAL ? "," : "")")
    if isWAL {
      let pages = configuration.checkpointPages.map { "(pages: \($0))" } ?? ""
      lines.append("  checkpointPolicy: .\(configuration.checkpointPolicy)\(pages)")
    }
    lines.append(")")
    return lines.map { $0 + "\n" }.joined()
  }
}
