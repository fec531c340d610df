/// Elements by index, in chunks that are made when they are first written to.
///
/// Growing copies nothing, so that no single call takes long, and one far index costs one chunk.
struct SparseTable<Element: Sendable>: Sendable {
  private static var chunkBits: Int { 12 }
  private static var chunkCount: Int { 1 << chunkBits }

  private var chunks: [[Element]] = []
  private let blank: Element
  /// One more than the highest index that was written to.
  private(set) var count = 0

  /// A table in which everything reads as `blank`.
  init(blank: Element) { self.blank = blank }

  /// The element at an index, which must not be negative.
  @inline(__always)
  subscript(index: Int) -> Element {
    let chunk = index >> Self.chunkBits
    guard chunk < chunks.count, !chunks[chunk].isEmpty else { return blank }
    return chunks[chunk][index & (Self.chunkCount - 1)]
  }

  /// Changes the element at an index, which must not be negative.
  @inline(__always)
  mutating func update<R>(_ index: Int, _ body: (inout Element) -> R) -> R {
    let chunk = index >> Self.chunkBits
    if chunk >= chunks.count || chunks[chunk].isEmpty { makeChunk(chunk) }
    if index >= count { count = index + 1 }
    return body(&chunks[chunk][index & (Self.chunkCount - 1)])
  }

  private mutating func makeChunk(_ chunk: Int) {
    while chunks.count <= chunk { chunks.append([]) }
    chunks[chunk] = Array(repeating: blank, count: Self.chunkCount)
  }
}
