package import Results

/// A configuration in the forms in which one can paste it.
///
/// The YAML is what scenarios take under `settings:`, so that it can be measured again; a configuration of the
/// queue's own would have the same keys.
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

  private var policyText: String {
    configuration.checkpointPolicy
      + (configuration.checkpointPages.map { " from \($0) pages" } ?? "")
  }

  /// What whoever has a file already must know of a page size.
  private var pageSizeWarning: [String] {
    value("page_size").map { size in
      [
        "A file that exists takes another page_size only by VACUUM outside of WAL mode:",
        "  PRAGMA journal_mode = DELETE; PRAGMA page_size = \(size); VACUUM;",
      ]
    } ?? []
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
      lines += pageSizeWarning.map { "-- \($0)" }
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
          "-- That leaves checkpoints to the queue's own (\(policyText)). Without the queue, one connection"
        )
        lines.append(
          "-- of one process, and no other, has to do them, or the log grows for ever:")
        lines.append("--   PRAGMA wal_checkpoint(TRUNCATE);")
        lines.append(
          "-- Several that checkpoint may lose commits on SQLite with the WAL-reset bug (up to 3.51.2, but for"
        )
        lines.append("-- 3.50.7 and 3.44.6 and what follows them): https://sqlite.org/wal.html")
      }
    }
    return lines.map { $0 + "\n" }.joined()
  }

  /// The settings of a scenario.
  package var yaml: String {
    var lines = pageSizeWarning.map { "# \($0)" } + ["settings:"]
    for pragma in configuration.pragmas {
      // ON and OFF would be read as true and false.
      let isWord = ["ON", "OFF"].contains(pragma.value)
      lines.append("  \(pragma.name): \(isWord ? "\"\(pragma.value)\"" : pragma.value)")
    }
    if isWAL {
      if let pages = configuration.checkpointPages {
        lines.append("  checkpoint: {\(configuration.checkpointPolicy): {pages: \(pages)}}")
      } else {
        lines.append("  checkpoint: \(configuration.checkpointPolicy)")
      }
    }
    lines += configuration.others.map { "  \($0.yaml)" }
    return lines.map { $0 + "\n" }.joined()
  }

  /// The options of the Swift library.
  package var swift: String {
    var lines = pageSizeWarning.map { "// \($0)" } + ["SQLiteStoreOptions(", "  pragmas: ["]
    for pragma in configuration.pragmas {
      let words = pragma.name.split(separator: "_")
      let name =
        words[0] + words.dropFirst().map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
      lines.append("    PragmaSetting(.\(name), \"\(pragma.value)\"),")
    }
    // In the order in which the initialiser takes them.
    var arguments = ["  ].compactMap { $0 }"]
    let others = configuration.others.compactMap(\.swift)
    arguments += others.filter { $0.hasPrefix("busyPolicy") }.map { "  \($0)" }
    if isWAL {
      let pages = configuration.checkpointPages.map { "(pages: \($0))" } ?? ""
      arguments.append("  checkpointPolicy: .\(configuration.checkpointPolicy)\(pages)")
    }
    arguments += others.filter { !$0.hasPrefix("busyPolicy") }.map { "  \($0)" }
    lines.append(arguments.joined(separator: ",\n"))
    lines.append(")")
    lines += configuration.others.filter { $0.swift == nil }.map { "// Of the queue: \($0.yaml)" }
    return lines.map { $0 + "\n" }.joined()
  }
}
