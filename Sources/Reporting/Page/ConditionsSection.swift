import Results
internal import SQLite
internal import Verification

/// On what the run was measured, and what the machine did meanwhile.
struct ConditionsSection {
  private let subject: ReportSubject

  init(_ subject: ReportSubject) { self.subject = subject }

  /// The section's content.
  var html: String {
    machine + compileOptions + pragmas + measured + disturbances
  }

  private static let machineWords = [
    ("cpu", "processor"), ("cores", "cores"), ("cores_usable", "cores usable"),
    ("memory_bytes", "memory"), ("os", "system"), ("kernel", "kernel"),
    ("virtualisation", "virtualisation"), ("filesystem", "file system"), ("device", "device"),
    ("mount_options", "mount options"), ("clock_source", "clock source"),
  ]

  private var machine: String {
    guard let manifest = subject.record.manifest else {
      return paragraph("The manifest is lost, so nothing is known of the machine.")
    }
    let known = Set(Self.machineWords.map(\.0))
    var entries = Self.machineWords.compactMap { key, title -> (String, String)? in
      guard let value = manifest.machine[key], !value.isEmpty else { return nil }
      guard key == "memory_bytes", let bytes = Double(value) else { return (title, value) }
      return (title, "\(threeDigits(bytes / 1_073_741_824)) GiB")
    }
    entries += manifest.machine.filter { !known.contains($0.key) }.sorted { $0.key < $1.key }
      .map { ($0.key, $0.value) }
    entries.append(("SQLite", "\(manifest.sqliteVersion) \(manifest.sqliteSourceId)"))
    entries += SQLiteLibrary.knownBugs(ofVersion: manifest.sqliteVersion).map {
      ("its known bug", "\($0.name): \($0.advice)")
    }
    entries.append(("build", manifest.buildMode))
    return definitionList(entries)
  }

  private var compileOptions: String {
    let options = subject.record.manifest?.sqliteCompileOptions ?? []
    guard !options.isEmpty else { return "" }
    return details(
      "SQLite's \(options.count) compile options",
      element("pre", escapedHTML(options.joined(separator: "\n"))))
  }

  private var pragmas: String {
    let read = subject.record.manifest?.pragmasReadBack ?? [:]
    guard !read.isEmpty else { return "" }
    let table = SettingsTable(
      caption: "PRAGMAs as every process of the cell read them back", settings: read,
      subject: subject)
    return details("PRAGMAs read back", table.html)
  }

  // MARK: Measured

  private typealias Column = (
    title: String, group: String, name: String, text: @Sendable (Double) -> String
  )

  private static let columns: [Column] = [
    ("fsync, µs", "probe before each repeat", "probe_fsync_us", { threeDigits($0) }),
    ("lock, µs", "probe before each repeat", "probe_lock_us", { threeDigits($0) }),
    ("CPU, µs", "probe before each repeat", "probe_cpu_us", { threeDigits($0) }),
    ("producer", "CPU of one process, %", "producer_cpu_share", { percent($0) }),
    ("consumer", "CPU of one process, %", "consumer_cpu_share", { percent($0) }),
    ("harness", "CPU of one process, %", "harness_cpu_share", { percent($0) }),
    ("steal, %", "waiting", "steal_share", { percent($0) }),
    ("run queue, %", "waiting", "run_queue_share", { percent($0) }),
    ("voluntary", "context switches/s", "voluntary_switches_per_s", { threeDigits($0) }),
    ("involuntary", "context switches/s", "involuntary_switches_per_s", { threeDigits($0) }),
    ("minor", "page faults/s", "minor_faults_per_s", { threeDigits($0) }),
    ("major", "page faults/s", "major_faults_per_s", { threeDigits($0) }),
    ("written", "MB/s", "written_bytes_per_s", { threeDigits($0 / 1e6) }),
    ("read", "MB/s", "read_bytes_per_s", { threeDigits($0 / 1e6) }),
  ]

  private var measured: String {
    let cells = subject.measured
    let shown = Self.columns.compactMap { column -> (Column, Metric)? in
      guard let metric = Metric.named(column.name),
        cells.contains(where: { $0.spread(of: metric) != nil })
      else { return nil }
      return (column, metric)
    }
    guard !shown.isEmpty else { return "" }
    return HTMLTable(
      caption: "What the machine did (\(subject.spreadWords))",
      columns: subject.nameColumns
        + shown.map { HTMLTable.Column(title: $0.0.title, group: $0.0.group) },
      headingCount: 1,
      rows: cells.map { cell in
        subject.names(cell) + shown.map { subject.cell(cell, $0.1, $0.0.text) }
      }
    ).html
  }

  private var disturbances: String {
    let rows = subject.cells.flatMap { $0.usable + $0.invalid }
    guard rows.contains(where: { $0.conditions.state != nil }) else { return "" }
    let disturbed = rows.filter { $0.conditions.state == .disturbed }
    guard !disturbed.isEmpty else {
      return paragraph("No repeat ran on a machine other than that of the run's beginning.")
    }
    let names = disturbed.map { "\($0.cell) repeat \($0.repeatNumber)" }.joined(separator: ", ")
    return paragraph(
      "Disturbed: \(names). Probes before or after the repeat left the band of the run's beginning, also "
        + "when it was tried again. Its numbers are in the medians.")
  }
}

/// Names and values per cell: once what all cells share, and a table of what differs.
struct SettingsTable {
  let caption: String
  let settings: [String: [String: String]]
  let subject: ReportSubject

  var html: String {
    let cells = settings.keys.sorted()
    let names = Set(settings.values.flatMap(\.keys)).sorted()
    func values(_ name: String) -> Set<String?> { Set(cells.map { settings[$0]?[name] }) }
    let shared = names.filter { values($0).count == 1 }
    let differing = names.filter { values($0).count > 1 }
    var html = ""
    if !shared.isEmpty {
      html += paragraph(
        differing.isEmpty ? "The same in all cells:" : "Common to all cells:", cssClass: "quiet")
      html += definitionList(shared.map { ($0, settings[cells[0]]?[$0] ?? "–") })
    }
    if !differing.isEmpty {
      html +=
        HTMLTable(
          caption: "\(caption), where cells differ",
          columns: [HTMLTable.Column(title: "cell", isNumeric: false)]
            + differing.map { HTMLTable.Column(title: $0, isNumeric: false) },
          headingCount: 1,
          rows: cells.map { cell in
            [HTMLTable.Cell(text: cell)]
              + differing.map { HTMLTable.Cell(text: settings[cell]?[$0] ?? "–") }
          }
        ).html
    }
    return html
  }
}
