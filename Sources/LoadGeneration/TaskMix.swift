internal import QueueEngine
internal import Scenarios

/// Draws the tasks that a producer offers, from the mix of types and priorities of a cell.
struct TaskMix {
  private let types: Draw<String>
  private let priorities: Draw<Int>
  private let payload: String
  private var random: SeededGenerator

  init(_ settings: CellSettings, seed: UInt64) {
    types = Draw(settings.taskTypes.map { ($0.name, $0.weight) })
    priorities = Draw(settings.priorities.map { ($0.priority, $0.weight) })
    payload = Self.payload(byteCount: settings.payloadBytes)
    random = SeededGenerator(seed: seed)
  }

  mutating func next() -> NewTask {
    NewTask(
      type: types.pick(&random), payload: payload, priority: priorities.pick(&random))
  }

  /// A JSON object of exactly that many bytes; at least `{}`.
  static func payload(byteCount: Int) -> String {
    let frame = #"{"d":""}"#
    guard byteCount >= frame.utf8.count else {
      return "{" + String(repeating: " ", count: max(0, byteCount - 2)) + "}"
    }
    let filler = String(repeating: "x", count: byteCount - frame.utf8.count)
    return #"{"d":""# + filler + #""}"#
  }

  /// A weighted choice.
  private struct Draw<Value> {
    private let values: [Value]
    private let bounds: [Int]

    init(_ weighted: [(Value, Int)]) {
      values = weighted.map(\.0)
      var total = 0
      bounds = weighted.map { entry in
        total += entry.1
        return total
      }
    }

    @inline(__always)
    func pick(_ random: inout SeededGenerator) -> Value {
      guard values.count > 1, let total = bounds.last else { return values[0] }
      let ticket = random.index(below: total)
      return values[bounds.firstIndex { ticket < $0 } ?? 0]
    }
  }
}
