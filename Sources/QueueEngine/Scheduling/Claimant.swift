/// Who claims, and what it can do.
public struct Claimant: Sendable, Hashable {
  /// Stored in `locked_by`; says who holds a task.
  public let workerID: String
  /// The order in which it takes tasks.
  public let strategy: ClaimStrategy
  /// The types of task it has handlers for; nil for all.
  public let types: Set<String>?
  /// What it is capable of, for the `compatibility` of tasks.
  public let capabilities: Capabilities

  /// A claimant from its parts.
  public init(
    workerID: String, strategy: ClaimStrategy = .priority, types: Set<String>? = nil,
    capabilities: Capabilities = Capabilities()
  ) {
    self.workerID = workerID
    self.strategy = strategy
    self.types = types
    self.capabilities = capabilities
  }
}
