extension ClaimStrategy {
  /// The name of the index by which a claim finds its task in a SQLite queue.
  package var readyIndexName: String { Schema.readyIndex(for: self).name }
}
