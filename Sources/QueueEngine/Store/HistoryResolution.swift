/// How finely `task_history` remembers, by age.
package enum HistoryResolution {
  /// Entries younger than that are kept for each minute, in milliseconds.
  package static let minutesForMs: Int64 = 3 * 3_600_000
  /// Entries younger than that are kept for every ten minutes.
  package static let tenMinutesForMs: Int64 = 72 * 3_600_000
  /// Entries younger than that are kept for every hour; older ones are not kept.
  package static let hoursForMs: Int64 = 35 * 24 * 3_600_000
  /// A clock cannot be ahead by more than that: an entry from then on is that of a wrong one.
  static let mostAheadMs: Int64 = 10 * 60_000

  /// The beginning of the span that is remembered apart and that a moment lies in.
  package static func beginning(of moment: Timestamp, now: Timestamp) -> Timestamp {
    let ageMs = now.millisecondsSinceEpoch - moment.millisecondsSinceEpoch
    let spanMs: Int64 =
      ageMs <= minutesForMs ? 60_000 : ageMs <= tenMinutesForMs ? 600_000 : 3_600_000
    let ms = moment.millisecondsSinceEpoch
    let rest = ms % spanMs
    return Timestamp(millisecondsSinceEpoch: ms - (rest < 0 ? rest + spanMs : rest))
  }

  /// The minute of a moment as it is stored.
  package static func minute(_ moment: Timestamp) -> String {
    String(moment.description.prefix(16))
  }
}
