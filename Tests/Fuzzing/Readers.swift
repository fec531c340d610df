import Foundation
import LoadGeneration
import Platform
import Recording
import Results
import SQLite
import Scenarios

/// Something that reads what others have written, and must answer whatever that is with a value or an error.
struct Reader {
  let name: String
  /// What whole inputs look like.
  let seeds: [[UInt8]]
  /// What inputs are made of, to be put in between.
  let words: [String]
  /// Reads an input; errors are as good as values. `path` is a file that it may use.
  let read: (_ input: [UInt8], _ path: String) -> Void

  static func all(root: String) throws -> [Reader] {
    let scenarios = try texts(in: "\(root)/scenarios", ending: "yaml")
    let corpus = "\(root)/Tests/Fuzzing/Corpus"
    return try [
      Reader(
        name: "scenario", seeds: scenarios, words: scenarioWords,
        read: { input, path in
          // As a file is read: bytes that are no text are an error with a line.
          write(input, to: path)
          _ = try? Scenario.load(path: path)
        }),
      Reader(
        name: "targets", seeds: texts(in: "\(corpus)/targets", ending: "txt"),
        words: [
          "claim", "enqueue", "throughput", ".p95", ".p99", "<", ">=", "==", " ", ",", "10ms", "1%",
          "500/min", "lost", "0", "-", "1e9", "busy_error_rate", "\u{0}", "é",
        ],
        read: { input, _ in
          let text = String(decoding: input, as: UTF8.self)
          _ = try? TargetList.parse(text)
          _ = try? TargetList.parse(
            yaml: "targets:\n  - " + text, file: "targets.yaml", cells: [[]])
          _ = try? TargetList.parse(yaml: text, file: "targets.yaml", cells: [[]])
        }),
      Reader(
        name: "override", seeds: texts(in: "\(corpus)/overrides", ending: "txt"),
        words: scenarioWords,
        read: { input, _ in
          _ = try? SettingOverride(String(decoding: input, as: UTF8.self), option: "--set")
        }),
      Reader(
        name: "operation-log", seeds: [operationLog()], words: [],
        read: { input, path in
          write(input, to: path)
          guard let log = try? OperationLogReader(path: path) else { return }
          var count = 0
          _ = try? log.tail { records in
            for record in records {
              // The promise that what is handed out can be used.
              precondition(record.kind != nil && record.outcome != nil)
              count += 1
            }
          }
          precondition(count == log.position)
        }),
      Reader(
        name: "write-log", seeds: [writeLog()], words: [],
        read: { input, path in
          write(input, to: path)
          guard let log = try? WriteLog(path: path) else { return }
          for entry in log.entries {
            if case .write(_, _, let bytes) = entry.event {
              _ = log.withBytes(bytes) { $0.count }
            }
          }
        }),
      Reader(
        name: "histogram-log", seeds: files(in: "\(root)/results", ending: "hlog", most: 6),
        words: ["Tag=", ",", "#[", "HISTFAAA", "\n", "0.100", "=", "A"],
        read: { input, _ in _ = try? HistogramLog(text: String(decoding: input, as: UTF8.self)) }),
      Reader(
        name: "cells-csv", seeds: files(in: "\(root)/results", ending: "cells.csv", most: 6),
        words: [
          ",", "\n", "\"", "\r\n", "measured", "valid", "-1", "nan", "1e400", "axis.", "\u{0}",
        ],
        read: { input, path in
          let directory = path + ".run"
          try? FileManager.default.createDirectory(
            atPath: directory, withIntermediateDirectories: true)
          write(input, to: directory + "/cells.csv")
          _ = try? RunDirectory.open(directory).rows()
        }),
      Reader(
        name: "manifest", seeds: files(in: "\(root)/results", ending: "manifest.json", most: 6),
        words: ["{", "}", "[", "]", "null", "1e999", "\"", "\\u0000", "\\ud800", ":", ",", "true"],
        read: { input, path in
          let directory = path + ".run"
          try? FileManager.default.createDirectory(
            atPath: directory, withIntermediateDirectories: true)
          write(input, to: directory + "/cells.csv")
          write(input, to: directory + "/manifest.json")
          guard let run = try? RunDirectory.open(directory) else { return }
          _ = try? run.manifest()
        }),
    ] + ofQueues(corpus: corpus)
  }

  private static let scenarioWords = [
    "name", "question", "axes", "settings", "include", "exclude", "baseline", "targets", "faults",
    "kill", "every", "for", "sqlite_library", "power_cuts", "busy_policy", "fixed", "rate", ":",
    ": ", "\n", "\n  ", "\n- ", "- ", "[", "]", "{", "}", ",", "&a ", "*a", "!!int ", "|", ">",
    "\"", "'", "#", "? ", "\t", "\u{0}", "\u{FEFF}", "é", "🙂", "\r", "---\n", "<<", "~", "-1",
    "1e999", "99999999999999999999", "1s", "500ms", "0s", "=", "\\",
  ]

  // MARK: Seeds

  static func texts(in directory: String, ending: String) throws -> [[UInt8]] {
    let names = try FileManager.default.contentsOfDirectory(atPath: directory).sorted()
    return try names.filter { $0.hasSuffix(".\(ending)") }.map {
      Array(try Data(contentsOf: URL(fileURLWithPath: "\(directory)/\($0)")))
    }
  }

  /// The smallest files of that ending, which are changed the quickest.
  private static func files(in directory: String, ending: String, most: Int) throws -> [[UInt8]] {
    guard let names = FileManager.default.enumerator(atPath: directory) else { return [] }
    var found: [[UInt8]] = []
    for case let name as String in names where name.hasSuffix(ending) {
      found.append(Array(try Data(contentsOf: URL(fileURLWithPath: "\(directory)/\(name)"))))
    }
    return Array(found.sorted { $0.count < $1.count }.prefix(most))
  }

  private static func operationLog() throws -> [UInt8] {
    let path = FileManager.default.temporaryDirectory.appending(path: "fuzz-\(getpid()).log").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    var writer = try OperationLogWriter(
      path: path,
      header: OperationLogHeader(role: "producer", processIndex: 0, pid: 1, createdNs: 1),
      initialRecords: 16)
    for number in 1...12 {
      try writer.append(
        OperationRecord(
          kind: .enqueue, outcome: .ok, taskID: Int64(number), attempt: 0,
          intendedStartNs: UInt64(number), startNs: UInt64(number), endNs: UInt64(number + 5)))
    }
    return Array(try Data(contentsOf: URL(fileURLWithPath: path)))
  }

  /// As the shim writes it: 48 bytes a record, and what was written behind it.
  private static func writeLog() -> [UInt8] {
    var bytes: [UInt8] = []
    func add<Value: FixedWidthInteger>(_ value: Value) {
      withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
    }
    for (type, file, offset, length) in [
      (UInt32(1), UInt32(2), Int64(0), UInt32(32)), (3, 2, 0, 0), (4, 2, 0, 0), (2, 2, 8, 0),
      (6, 1, 77, 0), (5, 3, 1, 0), (1, 1, 4096, 8),
    ] {
      add(type)
      add(file)
      add(UInt64(1000))
      add(UInt64(1))
      add(offset)
      add(UInt64(900))
      add(length)
      add(UInt32(0))
      bytes.append(contentsOf: (0..<length).map { UInt8(truncatingIfNeeded: $0) })
    }
    return bytes
  }

  static func write(_ bytes: [UInt8], to path: String) {
    _ = FileManager.default.createFile(atPath: path, contents: Data(bytes))
  }
}
