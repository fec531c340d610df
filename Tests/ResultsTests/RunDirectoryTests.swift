import Foundation
import Testing

@testable import Results

@Suite("Run directory")
struct RunDirectoryTests {
  @Test func `what is appended is read again, and the summary follows`() throws {
    try withTemporaryDirectory { root in
      let run = try RunDirectory.create(in: "\(root)/new/results", manifest: sampleManifest())
      #expect(run.path == "\(root)/new/results/night")
      #expect(try run.rows() == RunDirectory.StoredRows(rows: [], note: nil))
      try run.appendRepeat(sampleResult(throughput: 100))
      try run.appendRepeat(refusedResult())
      try run.appendRepeat(sampleResult(repeatNumber: 2, throughput: 200))

      let again = try RunDirectory.open(run.path)
      let rows = try again.rows()
      #expect(rows.note == nil)
      #expect(rows.rows.map(\.key) == [("c01", 1), ("c02", 1), ("c01", 2)].map(RepeatKey.init))
      let text = SummaryTable.text(of: rows.rows, axisNames: sampleManifest().axisNames)
      #expect(try contents("\(run.path)/summary.csv") == text)
      let names = try FileManager.default.contentsOfDirectory(atPath: run.path).sorted()
      #expect(names == ["cells.csv", "manifest.json", "phases.csv", "summary.csv", "timeline.csv"])
    }
  }

  @Test func `what was done to a repeat is read again, of a repeat that ran twice the second time`()
    throws
  {
    try withTemporaryDirectory { root in
      let run = try RunDirectory.create(in: root, manifest: sampleManifest())
      #expect(try run.faults().isEmpty)
      try run.appendFaults([])
      #expect(!FileManager.default.fileExists(atPath: "\(run.path)/faults.csv"))
      func row(_ cell: String, _ kind: String, _ seconds: Double, _ end: Double?) -> FaultRow {
        FaultRow(
          run: "night", cell: cell, repeatNumber: 1, kind: kind, beginSeconds: seconds,
          endSeconds: end, remark: "consumer 2, at once")
      }
      let first = [row("c01", "kill", 0.25, 0.25), row("c01", "stop", 0.5, nil)]
      let other = [row("c02", "reader", 0.125, 0.5)]
      let again = [row("c01", "kill", 0.125, 0.125), row("c01", "stop", 0.75, 1)]
      try run.appendFaults(first)
      #expect(try run.faults() == first)
      try run.appendFaults(other)
      try run.appendFaults(again)
      #expect(try run.faults() == again + other)
    }
  }

  @Test func `the manifest is read as it was written, and can be replaced`() throws {
    try withTemporaryDirectory { root in
      var manifest = sampleManifest()
      let run = try RunDirectory.create(in: root, manifest: manifest)
      #expect(try run.manifest() == manifest)
      manifest.finishedAtUtc = "2026-11-21 12:01:00.000"
      manifest.pragmasReadBack = ["c01": ["journal_mode": "wal"]]
      try run.write(manifest)
      #expect(try run.manifest() == manifest)
      let text = try contents("\(run.path)/manifest.json")
      #expect(text.hasPrefix("{\n  \"axisNames\" : ["))
      #expect(text.contains("\"cpu\" : \"a/b\""))
      #expect(text.hasSuffix("}\n"))
    }
  }

  @Test func `a second run of the same name is refused`() throws {
    try withTemporaryDirectory { root in
      let run = try RunDirectory.create(in: root, manifest: sampleManifest())
      try run.appendRepeat(sampleResult())
      let error = #expect(throws: ResultsError.self) {
        try RunDirectory.create(in: root, manifest: sampleManifest())
      }
      #expect(error?.code == .alreadyExists)
      #expect(error?.description.hasPrefix("\(root)/night: there is a run") == true)
      #expect(try run.rows().rows.count == 1)
    }
  }

  @Test(arguments: ["", ".", "..", ".hidden", "a/b", "a\nb"])
  func `a name that leaves the directory is refused`(name: String) throws {
    try withTemporaryDirectory { root in
      let error = #expect(throws: ResultsError.self) {
        try RunDirectory.create(in: root, manifest: sampleManifest(run: name))
      }
      #expect(error?.code == .invalidRunName)
    }
  }

  @Test func `a place that cannot be written is named`() throws {
    try withTemporaryDirectory { root in
      try "x".write(toFile: "\(root)/file", atomically: true, encoding: .utf8)
      let error = #expect(throws: ResultsError.self) {
        try RunDirectory.create(in: "\(root)/file/results", manifest: sampleManifest())
      }
      #expect(error?.code == .system(errno: ENOTDIR))
      #expect(error?.path == "\(root)/file/results")
    }
  }

  @Test func `a row that an interruption cut off is left out, and the next one replaces it`() throws
  {
    try withTemporaryDirectory { root in
      let run = try RunDirectory.create(in: root, manifest: sampleManifest())
      try run.appendRepeat(sampleResult())
      try run.appendRepeat(refusedResult())
      let path = "\(run.path)/cells.csv"
      let whole = try contents(path)
      let lengthOfFirst =
        whole.utf8.count
        - CSVText.line(
          of: CellsTable(axisNames: sampleManifest().axisNames).fields(of: refusedResult())
        ).utf8.count
      // Every place at which the second row can break off.
      for length in lengthOfFirst..<whole.utf8.count {
        let torn = Data(whole.utf8.prefix(length))
        try torn.write(to: URL(fileURLWithPath: path))
        let rows = try run.rows()
        #expect(rows.rows.map(\.cell) == ["c01"])
        #expect((rows.note == nil) == (length == lengthOfFirst))
      }
      #expect(try run.rows().note?.hasPrefix("\(path):3: ") == true)
      try run.appendRepeat(refusedResult())
      #expect(try contents(path) == whole)
    }
  }

  @Test(arguments: [0, 1, 200])
  func `a full disk is an error and loses nothing`(room: Int) throws {
    try withTemporaryDirectory { root in
      let path = try RunDirectory.create(in: root, manifest: sampleManifest()).path
      try RunDirectory.open(path).appendRepeat(sampleResult())
      let files = ["cells.csv", "summary.csv", "manifest.json"].map { "\(path)/\($0)" }
      let before = try files.map(contents)
      let run = try RunDirectory.open(path) { descriptor, bytes in
        // As write(2) does on a full disk: what fits, and then the error.
        if room > 0, bytes.count > 250 {
          return write(descriptor, bytes.baseAddress, room)
        }
        errno = ENOSPC
        return -1
      }
      let error = #expect(throws: ResultsError.self) {
        try run.appendRepeat(sampleResult(repeatNumber: 2))
      }
      #expect(error?.code == .system(errno: ENOSPC))
      #expect(
        error?.description.hasPrefix("\(path)/cells.csv: cannot append to the file: ") == true)
      #expect(throws: ResultsError.self) { try run.write(sampleManifest()) }
      #expect(try files.map(contents) == before)
      let names = try FileManager.default.contentsOfDirectory(atPath: path)
      #expect(names.count == 5)
    }
  }

  @Test func `a result with other axes is refused`() throws {
    try withTemporaryDirectory { root in
      let run = try RunDirectory.create(in: root, manifest: sampleManifest())
      var result = sampleResult()
      result.axes.removeLast()
      let error = #expect(throws: ResultsError.self) { try run.appendRepeat(result) }
      #expect(error?.code == .otherAxes)
      #expect(try run.rows().rows.isEmpty)
    }
  }

  @Test func `only measured and refused repeats are done with`() throws {
    try withTemporaryDirectory { root in
      let run = try RunDirectory.create(in: root, manifest: sampleManifest())
      var failed = sampleResult(cell: "c03")
      failed.status = .failed
      for result in [sampleResult(), refusedResult(), failed] { try run.appendRepeat(result) }
      #expect(
        try run.completedRepeats() == [
          RepeatKey(cell: "c01", repeatNumber: 1), RepeatKey(cell: "c02", repeatNumber: 1),
        ])
      failed.status = .measured
      try run.appendRepeat(failed)
      #expect(try run.completedRepeats().count == 3)
      #expect(try run.rows().rows.count == 3)
    }
  }

  @Test func `a histogram lies under hist`() throws {
    try withTemporaryDirectory { root in
      let run = try RunDirectory.create(in: root, manifest: sampleManifest())
      let key = RepeatKey(cell: "c01", repeatNumber: 2)
      try run.writeHistogram("old", of: key, operation: .claim)
      try run.writeHistogram("text\n", of: key, operation: .claim)
      #expect(try contents("\(run.path)/hist/c01-r2-claim.hgrm") == "text\n")
    }
  }

  @Test func `a directory without a run is refused`() throws {
    try withTemporaryDirectory { root in
      let error = #expect(throws: ResultsError.self) { try RunDirectory.open(root) }
      #expect(error?.code == .notARun)
      #expect(error?.path == root)
    }
  }

  @Test(arguments: [
    ("", 1), ("a,b\n", 1), ("{header}x\n", 2), ("{header}{row}{row}\"a\"b,\n", 4),
    ("{header}{row}\n1,2,3\n", 4),
  ])
  func `a table that was tampered with is an error with its line`(text: String, line: Int) throws {
    try withTemporaryDirectory { root in
      let run = try RunDirectory.create(in: root, manifest: sampleManifest())
      let table = CellsTable(axisNames: sampleManifest().axisNames)
      let row = CSVText.line(of: table.fields(of: sampleResult()))
      let content = text.replacingOccurrences(of: "{header}", with: CSVText.line(of: table.header))
        .replacingOccurrences(of: "{row}", with: row)
      try content.write(toFile: "\(run.path)/cells.csv", atomically: true, encoding: .utf8)
      let error = #expect(throws: ResultsError.self) { try run.rows() }
      #expect(error?.code == .malformed)
      #expect(error?.description.hasPrefix("\(run.path)/cells.csv:\(line): ") == true)
    }
  }

  @Test(arguments: [
    ("{\n  \"run\": 1,\n  oops\n}", "manifest.json:3: is not JSON"),
    ("{\n  \"run\": 1,\n", "manifest.json:2: is not JSON"),
    ("{}", "manifest.json: schemaVersion: is missing"),
    ("{whole seed}", "manifest.json: seed: "),
    ("{whole version}", "manifest.json: schemaVersion is 9"),
  ])
  func `a manifest that was tampered with is an error`(text: String, message: String) throws {
    try withTemporaryDirectory { root in
      let run = try RunDirectory.create(in: root, manifest: sampleManifest())
      let path = "\(run.path)/manifest.json"
      let whole = try contents(path)
      let content =
        switch text {
        case "{whole seed}":
          whole.replacingOccurrences(of: "\"seed\" : \(UInt64.max)", with: "\"seed\" : \"x\"")
        case "{whole version}":
          whole.replacingOccurrences(of: "\"schemaVersion\" : 3", with: "\"schemaVersion\" : 9")
        default: text
        }
      try content.write(toFile: path, atomically: true, encoding: .utf8)
      let error = #expect(throws: ResultsError.self) { try run.manifest() }
      #expect(error?.description.hasPrefix("\(run.path)/\(message)") == true)
    }
  }
}
