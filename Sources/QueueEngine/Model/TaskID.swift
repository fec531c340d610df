/// A task's identity within its queue; never used twice.
public struct TaskID: RawRepresentable, Hashable, Comparable, Sendable, Codable {
  /// The row id.
  public let rawValue: Int64

  /// An identity from its number.
  public init(rawValue: Int64) { self.rawValue = rawValue }

  /// The older task first.
  public static func < (left: TaskID, right: TaskID) -> Bool { left.rawValue < right.rawValue }
}

extension TaskID: CustomStringConvertible {
  /// `#42`
  public var description: String { "#\(rawValue)" }
}
