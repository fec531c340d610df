import Foundation
import QueueConfiguration
import QueueOperations

/// What reads a queue's configuration, and tasks from files.
extension Reader {
  static func ofQueues(corpus: String) throws -> [Reader] {
    try ["yaml", "json", "toml"].map { try configuration(ending: $0, corpus: corpus) } + [
      Reader(
        name: "configuration-variables",
        seeds: texts(in: "\(corpus)/configuration", ending: "env"), words: configurationWords,
        read: { input, _ in
          // One variable a line, as in a container's file.
          var environment = ["HOME": "/home/anna"]
          for line in String(decoding: input, as: UTF8.self).split(separator: "\n") {
            let parts = line.split(separator: "=", maxSplits: 1)
            if parts.count == 2 { environment[String(parts[0])] = String(parts[1]) }
          }
          _ = try? EffectiveConfiguration.load(environment: environment)
        }),
      Reader(
        name: "task-lines", seeds: texts(in: "\(corpus)/tasks", ending: "jsonl"),
        words: taskWords, read: readTaskLines),
      Reader(
        name: "exported-tasks", seeds: texts(in: "\(corpus)/tasks", ending: "export"),
        words: taskWords, read: checkImport),
      Reader(
        name: "tab-separated-tasks", seeds: texts(in: "\(corpus)/tasks", ending: "tsv"),
        words: taskWords + ["\t", "\t\t", "pending", "created_at", "run_at", "1e300", "\"\""],
        read: checkImport),
    ]
  }

  private static func configuration(ending: String, corpus: String) throws -> Reader {
    Reader(
      name: "configuration-\(ending)",
      seeds: try texts(in: "\(corpus)/configuration", ending: ending), words: configurationWords,
      read: { input, path in
        write(input, to: "\(path).\(ending)")
        _ = try? EffectiveConfiguration.load(
          file: "\(path).\(ending)", environment: ["HOME": "/home/anna"])
      })
  }

  private static func readTaskLines(_ input: [UInt8], _ path: String) {
    write(input, to: path)
    guard let reader = try? JSONLinesReader(.file(path), lineByteLimit: 4096) else { return }
    var last = 0
    // The promise that the lines are named in their order, good or bad, and that all are read.
    func pass(_ line: Int) {
      precondition(line > last)
      last = line
    }
    while true {
      do {
        guard let task = try reader.next() else { return }
        pass(task.number)
      } catch let error as MigrationError where error.isAboutOneLine {
        pass(error.line ?? 0)
      } catch {
        return
      }
    }
  }

  private static func checkImport(_ input: [UInt8], _ path: String) {
    write(input, to: path)
    for skipsBad in [false, true] {
      _ = try? TaskImport.check(path, options: ImportOptions(skipsBad: skipsBad))
    }
  }

  private static let configurationWords =
    ConfigurationKey.all.flatMap { [$0.name, $0.variable] } + [
      "pragmas", "exponential", "fixed", "initial", "factor", "jitter", ":", ": ", " = ", "\n",
      "\n  ", "- ", "[", "]", "[[", "]]", "{", "}", ",", ".", "\"", "'", "\"\"\"", "'''", "#",
      "\t", "\u{0}", "\u{FEFF}", "é", "🙂", "\r\n", "\\u0000", "\\ud800", "&a ", "*a", "!!int ",
      "<<", "~", "null", "true", "-1", "1e999", "99999999999999999999", "0x10", "1_000", "1s",
      "500ms", "1979-05-27T07:32:00Z", "nan", "inf",
    ]

  private static let taskWords = [
    "type", "payload", "priority", "run_after", "max_attempts", "idempotency_key",
    "compatibility", "status", "queued", "processing", "completed", "dead_letter", "{", "}", "[",
    "]", ":", ",", "\"", "\n", "\r\n", "\\", "\\u0000", "\\ud83d", "\u{0}", "\u{FEFF}", "é", "🙂",
    "null", "true", "-1", "1e999", "99999999999999999999", "2026-11-22T00:00:00Z", "24:00",
    "taskqueue_export", "taskqueue_export_end",
  ]
}
