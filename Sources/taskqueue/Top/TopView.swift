internal import QueueEngine
internal import QueueOperations

/// What `taskqueue top` shows, as lines of text; a pure value.
struct TopView {
  /// What has happened between two looks, per second.
  struct Rates: Equatable {
    let enqueued: Double
    let completed: Double
    let failed: Double

    /// Nil if no time has passed. Where the queue does not count, what was pruned meanwhile counts as nothing,
    /// not as less than that.
    init?(from old: QueueSnapshot, to new: QueueSnapshot) {
      let ms = new.takenAt.millisecondsSinceEpoch - old.takenAt.millisecondsSinceEpoch
      guard ms > 0 else { return nil }
      func rate(_ difference: Int) -> Double { Double(max(0, difference)) * 1000 / Double(ms) }
      func difference(_ status: TaskStatus) -> Int {
        (new.endedCounts[status] ?? 0) - (old.endedCounts[status] ?? 0)
      }
      enqueued = rate(Int(new.addedCount - old.addedCount))
      completed = rate(difference(.completed))
      failed = rate(difference(.failed) + difference(.deadLetter))
    }
  }

  let path: String
  let snapshot: QueueSnapshot
  /// Nil before the second look.
  var rates: Rates?
  /// Why the latest look has failed, so that the view is an old one.
  var trouble: String?
  /// What keys do, at the end of the first line.
  var hint = ""

  private var now: Timestamp { snapshot.takenAt }

  /// The lines, at most `height` of them; those that are longer than `width` columns are cut, nil for no
  /// limit.
  func lines(width: Int?, height: Int?) -> [String] {
    var lines = head(width ?? 100)
    let sections = [types, workers, failures].filter { !$0.rows.isEmpty }
    let shares = Self.shares(
      of: sections.map(\.rows.count), room: height.map { max(0, $0 - lines.count) })
    for (section, share) in zip(sections, shares) where share > 0 {
      var rows = Array(section.rows.prefix(share))
      let missing = section.rows.count - rows.count
      if missing > 0, !rows.isEmpty {
        rows[rows.count - 1] = ["… \(missing + 1) more"]
      }
      let table = Table(section.columns, rows.map { row in row + Self.blanks(section, row) })
      lines.append("")
      lines += table.text(width: width).split(separator: "\n").map(String.init)
    }
    lines = lines.map { Self.cut($0, to: width) }
    return height.map { Array(lines.prefix($0)) } ?? lines
  }

  private static func blanks(_ section: Section, _ row: [String?]) -> [String?] {
    Array(repeating: "", count: section.columns.count - row.count)
  }

  /// Titles, the line below them and the empty one above.
  private static let sectionOverhead = 3

  /// How many rows of each section are shown: as many of each in turn as there is room for.
  static func shares(of counts: [Int], room: Int?) -> [Int] {
    guard var room else { return counts }
    // Sections for which there is not even room for a row are left out, from the last one on.
    var shownCount = counts.count
    while shownCount > 0, room < shownCount * (sectionOverhead + 1) { shownCount -= 1 }
    room -= shownCount * sectionOverhead
    var shares = Array(repeating: 0, count: counts.count)
    var hasGiven = true
    while room > 0, hasGiven {
      hasGiven = false
      for index in 0..<shownCount where shares[index] < counts[index] && room > 0 {
        shares[index] += 1
        room -= 1
        hasGiven = true
      }
    }
    return shares
  }

  // MARK: Head

  private func head(_ width: Int) -> [String] {
    let clock = "\(now.description.dropFirst(11).prefix(8)) UTC"
    let title = "taskqueue top  \(escapingControls(path))"
    let right = hint.isEmpty ? clock : "\(clock)  \(hint)"
    let gap = max(2, width - displayWidth(title) - displayWidth(right))
    var lines = [title + String(repeating: " ", count: gap) + right]
    // Where there is no room for both, the keys are the more important ones.
    if gap == 2, displayWidth(title) + 2 + displayWidth(right) > width {
      lines = [right, escapingControls(path)]
    }
    if let trouble { lines.append("⚠ \(escapingControls(trouble))") }
    let statuses = TaskStatus.allCases.map { status in
      "\(status.rawValue) \(grouped(snapshot.count(status)))"
    }
    lines += Self.filled(statuses, width: width)
    var rateParts: [String] = []
    if let rates {
      rateParts = [
        "in \(rateText(rates.enqueued))", "completed \(rateText(rates.completed))",
        "failed \(rateText(rates.failed))",
      ]
    }
    if let age = snapshot.oldestQueuedAge {
      rateParts.append("oldest queued \(durationText(ms: age.wholeMs))")
    }
    lines += Self.filled(rateParts, width: width)
    return lines
  }

  /// Parts side by side, on as many lines as that takes.
  private static func filled(_ parts: [String], width: Int) -> [String] {
    var lines: [String] = []
    for part in parts {
      if let last = lines.last, displayWidth(last) + 3 + displayWidth(part) <= width {
        lines[lines.count - 1] = last + "   " + part
      } else {
        lines.append(part)
      }
    }
    return lines
  }

  private func rateText(_ rate: Double) -> String {
    if rate >= 100 { return "\(grouped(Int(rate.rounded())))/s" }
    let tenths = Int((rate * 10).rounded())
    return "\(tenths / 10).\(tenths % 10)/s"
  }

  private func grouped(_ count: Int) -> String {
    var text = ""
    for (index, digit) in String(count).enumerated() {
      if index > 0, (String(count).count - index).isMultiple(of: 3) { text += "," }
      text.append(digit)
    }
    return text
  }

  private static func cut(_ line: String, to width: Int?) -> String {
    guard let width, displayWidth(line) > width else { return line }
    var shown = ""
    var taken = 0
    for character in line {
      taken += displayWidth(character)
      if taken > width - 1 { break }
      shown.append(character)
    }
    return shown + "…"
  }

  // MARK: Sections

  private struct Section {
    let columns: [Table.Column]
    let rows: [[String?]]
  }

  /// Types with most to do first.
  private var types: Section {
    var byType: [String: [TaskStatus: Int]] = [:]
    for depth in snapshot.depths { byType[depth.type, default: [:]][depth.status] = depth.count }
    func open(_ counts: [TaskStatus: Int]) -> Int {
      (counts[.queued] ?? 0) + (counts[.processing] ?? 0)
    }
    let sorted = byType.sorted {
      (open($0.value), $1.key) > (open($1.value), $0.key)
    }
    return Section(
      columns: [.long("type")] + TaskStatus.allCases.map { .number($0.rawValue) },
      rows: sorted.map { type, counts in
        [type] + TaskStatus.allCases.map { grouped(counts[$0] ?? 0) }
      })
  }

  private var workers: Section {
    let running = Dictionary(grouping: snapshot.running) { $0.lockedBy ?? "" }
    return Section(
      columns: [
        .text("worker"), .text("state"), .number("heartbeat"), .number("holds"), .long("runs"),
      ],
      rows: snapshot.workers.map { worker in
        let tasks = (running[worker.id] ?? []).prefix(8).map { task in
          let age = task.processingStarted.map {
            let ms = now.millisecondsSinceEpoch - $0.millisecondsSinceEpoch
            return " \(durationText(ms: max(0, ms)))"
          }
          return "\(task.id) \(task.type)\(age ?? "")"
        }
        let more = worker.heldTasks - tasks.count
        return [
          worker.id, worker.liveness?.rawValue ?? "unregistered",
          worker.silenceMs.map { "\(durationText(ms: max(0, $0))) ago" }, "\(worker.heldTasks)",
          (tasks + (more > 0 ? ["\(more) more"] : [])).joined(separator: ", "),
        ]
      })
  }

  private var failures: Section {
    Section(
      columns: [
        .text("failed"), .text("type"), .text("status"), .number("attempts"), .number("when"),
        .long("error"),
      ],
      rows: snapshot.failures.map { task in
        [
          "\(task.id)", task.type, task.status.rawValue, "\(task.attempts)/\(task.maxAttempts)",
          task.finishedAt.map { ageText($0, now: now) }, task.errorMessage,
        ]
      })
  }
}

extension QueueSnapshot {
  /// The snapshot for programs.
  var json: JSONValue {
    let statuses = TaskStatus.allCases.map { ($0.rawValue, JSONValue(count($0))) }
    let types = Dictionary(grouping: depths, by: \.type).sorted { $0.key < $1.key }
    return .object([
      ("taken_at", JSONValue(takenAt)),
      ("tasks", .object(statuses.map { (key: $0.0, value: $0.1) })),
      (
        "types",
        .array(
          types.map { type, depths in
            .object(
              [(key: "type", value: .string(type))]
                + depths.map { (key: $0.status.rawValue, value: JSONValue($0.count)) })
          })
      ),
      ("added_total", .integer(addedCount)),
      (
        "ended_total",
        .object(
          TaskStatus.allCases.filter(\.isFinal).map {
            (key: $0.rawValue, value: JSONValue(endedCounts[$0] ?? 0))
          })
      ),
      ("oldest_queued_seconds", JSONValue(oldestQueuedAge)),
      (
        "workers",
        .array(
          workers.map { worker in
            [
              "id": .string(worker.id), "state": JSONValue(worker.liveness?.rawValue),
              "silence_ms": JSONValue(worker.silenceMs), "holds": JSONValue(worker.heldTasks),
              "runs": .array(
                running.filter { $0.lockedBy == worker.id }.map { JSONValue($0.id) }),
            ]
          })
      ),
      (
        "failures",
        .array(
          failures.map { task in
            [
              "id": JSONValue(task.id), "type": .string(task.type),
              "status": .string(task.status.rawValue), "finished_at": JSONValue(task.finishedAt),
              "error": JSONValue(task.errorMessage),
            ]
          })
      ),
    ])
  }
}
