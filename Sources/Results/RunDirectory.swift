import Foundation
internal import Verification

/// The directory of one run, `results/<run>`: its files, and how they grow while the run goes on.
///
/// It is written to after each repeat, by one process at a time, so that an interruption loses
/// nothing that was measured. It holds no state of its own: what counts is what the files say.
package struct RunDirectory: Sendable {
  /// The directory.
  package let path: String
  private let writeBytes: DurableFile.Write?

  private init(path: String, writeBytes: DurableFile.Write?) {
    self.path = path
    self.writeBytes = writeBytes
  }

  private func file(_ name: String) -> DurableFile {
    let path = "\(path)/\(name)"
    return writeBytes.map { DurableFile(path: path, writeBytes: $0) } ?? DurableFile(path: path)
  }

  private var cellsFile: DurableFile { file("cells.csv") }
  private var summaryFile: DurableFile { file("summary.csv") }
  private var manifestFile: DurableFile { file("manifest.json") }
  private var phasesFile: DurableFile { file("phases.csv") }
  private var timelineFile: DurableFile { file("timeline.csv") }
  private var faultsFile: DurableFile { file("faults.csv") }

  /// Where the plots lie.
  package var plotsPath: String { "\(path)/plots" }

  /// Where the evidence of what went wrong with a cell is kept; made by whoever has any.
  package func evidencePath(of cell: String, _ kind: String) -> String {
    "\(path)/evidence/\(cell)-\(kind)"
  }

  // MARK: Beginning

  /// Makes the directory `<resultsPath>/<run>` with the manifest and tables without rows.
  ///
  /// Missing parents are made too. Fails if there is a run of that name already, if the name is none
  /// of a directory, and if the directory cannot be written.
  package static func create(
    in resultsPath: String, manifest: Manifest
  ) throws(ResultsError) -> RunDirectory {
    let run = manifest.run
    guard !run.isEmpty, !run.hasPrefix("."), !run.utf8.contains(where: { $0 < 32 || $0 == 0x2F })
    else {
      throw ResultsError(
        .invalidRunName, path: resultsPath,
        message:
          "\"\(run)\" cannot be the name of a run: it must not be empty, begin with a dot or "
          + "contain a slash or a control character")
    }
    try makeDirectories(resultsPath)
    let path = "\(resultsPath)/\(run)"
    // Private to the user: databases lie here while they are used.
    guard mkdir(path, 0o700) == 0 else {
      if errno == EEXIST {
        throw ResultsError(
          .alreadyExists, path: path,
          message: "there is a run of that name already; choose another name, or continue it with "
            + "--resume")
      }
      throw .system(errno, path: path, doing: "make the directory")
    }
    let directory = RunDirectory(path: path, writeBytes: nil)
    // The manifest comes last: a directory that has one is complete.
    let table = CellsTable(axisNames: manifest.axisNames)
    try directory.cellsFile.replace(with: Array(CSVText.line(of: table.header).utf8))
    try directory.writeSummary(of: [], axisNames: manifest.axisNames)
    try directory.phasesFile.replace(with: Array(CSVTable<PhaseRow>().headerLine.utf8))
    try directory.timelineFile.replace(with: Array(CSVTable<TimelineRow>().headerLine.utf8))
    try directory.write(manifest)
    return directory
  }

  /// The run at `path`, which must hold a `cells.csv`.
  ///
  /// `writeBytes` stands in for write(2), so that a full disk can be tried out.
  static func open(
    _ path: String, writeBytes: DurableFile.Write?
  ) throws(ResultsError) -> RunDirectory {
    let directory = RunDirectory(path: path, writeBytes: writeBytes)
    guard access(directory.cellsFile.path, F_OK) == 0 else {
      throw ResultsError(
        .notARun, path: path,
        message: "holds no run (there is no cells.csv in it); give the directory of a run, such as "
          + "results/<run>")
    }
    return directory
  }

  /// The run at `path`; fails if that holds no `cells.csv`.
  package static func open(_ path: String) throws(ResultsError) -> RunDirectory {
    try open(path, writeBytes: nil)
  }

  // MARK: Writing

  /// Adds one repeat to `cells.csv`, safely on the disk, and computes `summary.csv` anew.
  ///
  /// If the disk is full, the error says so and the rows of earlier repeats are intact. Fails if the
  /// result has other axes than the run.
  package func appendRepeat(_ result: RepeatResult) throws(ResultsError) {
    let stored = try readCells()
    guard result.axes.map(\.name) == stored.table.axisNames else {
      throw ResultsError(
        .otherAxes, path: cellsFile.path,
        message: "the run has the axes [\(stored.table.axisNames.joined(separator: ", "))], the "
          + "result of \(result.cell) has [\(result.axes.map(\.name).joined(separator: ", "))]")
    }
    let line = CSVText.line(of: stored.table.fields(of: result))
    try cellsFile.append(Array(line.utf8), behind: stored.completeByteCount)
    try writeSummary(of: stored.rows + [result], axisNames: stored.table.axisNames)
  }

  private func writeSummary(of rows: [RepeatResult], axisNames: [String]) throws(ResultsError) {
    try summaryFile.replace(
      with: Array(SummaryTable.text(of: rows, axisNames: axisNames).utf8))
  }

  /// Adds the phases of a repeat to `phases.csv`, safely on the disk.
  ///
  /// To be called before ``appendRepeat(_:)``, whose row says that the repeat is complete. If a repeat is
  /// added again, its later rows count.
  package func appendPhases(_ rows: [PhaseRow]) throws(ResultsError) {
    try append(rows, to: phasesFile)
  }

  /// Adds the windows of a repeat to `timeline.csv`, as ``appendPhases(_:)`` adds phases.
  package func appendTimeline(_ rows: [TimelineRow]) throws(ResultsError) {
    try append(rows, to: timelineFile)
  }

  /// Adds what was done to a repeat on purpose to `faults.csv`, as ``appendPhases(_:)`` adds phases; the file is
  /// only there if there was something.
  package func appendFaults(_ rows: [FaultRow]) throws(ResultsError) {
    guard !rows.isEmpty else { return }
    if access(faultsFile.path, F_OK) != 0 {
      try faultsFile.replace(with: Array(CSVTable<FaultRow>().headerLine.utf8))
    }
    try append(rows, to: faultsFile)
  }

  private func append<Row: CSVRow>(_ rows: [Row], to file: DurableFile) throws(ResultsError) {
    let text = try CSVText(parsing: file.read(), path: file.path)
    guard let header = text.records.first else {
      throw ResultsError(.malformed, path: file.path, line: 1, message: "the header is missing")
    }
    let table = try CSVTable<Row>(header: header, path: file.path)
    let lines = rows.map { table.line(of: $0) }.joined()
    try file.append(Array(lines.utf8), behind: text.completeByteCount)
  }

  /// Makes `manifest` the manifest of the run.
  package func write(_ manifest: Manifest) throws(ResultsError) {
    try manifestFile.replace(with: manifest.jsonBytes(path: manifestFile.path))
  }

  /// Writes a latency distribution to `hist/<cell>-r<repeat>-<operation>.hgrm`.
  ///
  /// The text is taken as it is; it should be in the percentile format of HdrHistogram.
  package func writeHistogram(
    _ text: String, of key: RepeatKey, operation: MeasuredOperation
  ) throws(ResultsError) {
    try Self.makeDirectories("\(path)/hist")
    try file(Self.histogramName(key, operation, "hgrm")).replace(with: Array(text.utf8))
  }

  /// Writes the latency distributions of a repeat's windows to `hist/<cell>-r<repeat>-<operation>.hlog`.
  ///
  /// The text is taken as it is; it should be an interval log of HdrHistogram.
  package func writeHistogramLog(
    _ text: String, of key: RepeatKey, operation: MeasuredOperation
  ) throws(ResultsError) {
    try Self.makeDirectories("\(path)/hist")
    try file(Self.histogramName(key, operation, "hlog")).replace(with: Array(text.utf8))
  }

  private static func histogramName(
    _ key: RepeatKey, _ operation: MeasuredOperation, _ ending: String
  ) -> String {
    "hist/\(key.cell)-r\(key.repeatNumber)-\(operation.rawValue).\(ending)"
  }

  /// Writes a page of the run's, such as its report.
  package func writePage(_ text: String, name: String) throws(ResultsError) {
    try file(name).replace(with: Array(text.utf8))
  }

  /// Writes how SQLite executes the statements of a cell to `plans/<cell>.txt`.
  package func writePlans(_ text: String, cell: String) throws(ResultsError) {
    try Self.makeDirectories("\(path)/plans")
    try file("plans/\(cell).txt").replace(with: Array(text.utf8))
  }

  private static func makeDirectories(_ path: String) throws(ResultsError) {
    do {
      try FileManager.default.createDirectory(
        atPath: path, withIntermediateDirectories: true)
    } catch {
      // Foundation hides errno; asking again for the last directory brings it to light.
      let isThere = mkdir(path, 0o777) == 0
      if !isThere { throw .system(errno, path: path, doing: "make the directory") }
    }
  }

  // MARK: Reading

  /// The rows of a run.
  package struct StoredRows: Equatable, Sendable {
    /// One row for each cell and repeat; see ``Swift/Array/latestPerRepeat()``.
    package let rows: [RepeatResult]
    /// What the reader had to leave out; nil if nothing.
    package let note: String?
  }

  /// The rows of `cells.csv`.
  ///
  /// A last row that was cut off by an interruption is left out, with a note. Anything else that is
  /// not as it should be is an error with file and line.
  package func rows() throws(ResultsError) -> StoredRows {
    let stored = try readCells()
    let note = stored.tornLine.map {
      "\(cellsFile.path):\($0): the row was cut off by an interruption and is left out"
    }
    return StoredRows(rows: stored.rows.latestPerRepeat(), note: note)
  }

  /// The phases of all repeats, each once.
  package func phases() throws(ResultsError) -> [PhaseRow] {
    struct Key: Hashable {
      let key: RepeatKey
      let operation: MeasuredOperation
      let phase: OperationPhase
    }
    return try rows(of: phasesFile) {
      Key(key: $0.key, operation: $0.operation, phase: $0.phase)
    }
  }

  /// The windows of all repeats, each once.
  ///
  /// Where a repeat was measured again, its windows begin anew; the later ones count, and no window of the
  /// earlier ones is left over.
  package func timeline() throws(ResultsError) -> [TimelineRow] {
    var order: [RepeatKey] = []
    var windows: [RepeatKey: [TimelineRow]] = [:]
    let rows = try CSVTable<TimelineRow>.rows(of: timelineFile.read(), path: timelineFile.path)
    for row in rows {
      guard let last = windows[row.key]?.last else {
        order.append(row.key)
        windows[row.key] = [row]
        continue
      }
      if row.startSeconds > last.startSeconds {
        windows[row.key]?.append(row)
      } else {
        windows[row.key] = [row]
      }
    }
    return order.flatMap { windows[$0] ?? [] }
  }

  /// What was done to the repeats on purpose, of each repeat its last run; none if nothing was.
  package func faults() throws(ResultsError) -> [FaultRow] {
    guard access(faultsFile.path, F_OK) == 0 else { return [] }
    let rows = try CSVTable<FaultRow>.rows(of: faultsFile.read(), path: faultsFile.path)
    var runs: [RepeatKey: [FaultRow]] = [:]
    var order: [RepeatKey] = []
    for row in rows {
      if runs[row.key] == nil { order.append(row.key) }
      // A repeat that was measured again begins anew.
      if let last = runs[row.key]?.last, row.beginSeconds >= last.beginSeconds {
        runs[row.key]?.append(row)
      } else {
        runs[row.key] = [row]
      }
    }
    return order.flatMap { runs[$0] ?? [] }
  }

  private func rows<Row: CSVRow>(
    of file: DurableFile, by key: (Row) -> some Hashable
  ) throws(ResultsError) -> [Row] {
    let rows = try CSVTable<Row>.rows(of: file.read(), path: file.path)
    return latest(rows, by: key)
  }

  /// The interval log of HdrHistogram of a repeat's windows; nil if there is none.
  package func histogramLog(
    of key: RepeatKey, operation: MeasuredOperation
  ) throws(ResultsError) -> String? {
    let file = file(Self.histogramName(key, operation, "hlog"))
    guard access(file.path, F_OK) == 0 else { return nil }
    return String(decoding: try file.read(), as: UTF8.self)
  }

  /// The manifest.
  package func manifest() throws(ResultsError) -> Manifest {
    try Manifest(jsonBytes: manifestFile.read(), path: manifestFile.path)
  }

  /// The repeats that need not run again: measured, refused for good, or broken off with a history that
  /// is invalid, which no better repeat may replace.
  package func completedRepeats() throws(ResultsError) -> Set<RepeatKey> {
    Set(try rows().rows.filter { $0.status != .failed || $0.verdict == .invalid }.map(\.key))
  }

  private struct StoredCells {
    let table: CellsTable
    let rows: [RepeatResult]
    let completeByteCount: Int
    let tornLine: Int?
  }

  private func readCells() throws(ResultsError) -> StoredCells {
    let path = cellsFile.path
    let text = try CSVText(parsing: cellsFile.read(), path: path)
    guard let header = text.records.first else {
      throw ResultsError(.malformed, path: path, line: 1, message: "the header is missing")
    }
    let table = try CellsTable(header: header, path: path)
    var rows: [RepeatResult] = []
    for record in text.records.dropFirst() {
      rows.append(try table.result(of: record, path: path))
    }
    return StoredCells(
      table: table, rows: rows, completeByteCount: text.completeByteCount, tornLine: text.tornLine)
  }
}
