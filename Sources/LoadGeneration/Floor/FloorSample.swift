internal import Foundation
internal import Statistics

/// The latencies of one block, of the engine or of the floor.
///
/// File format, all numbers little-endian `uint64`: the 8 bytes `QBFLOOR1`, then for enqueue, claim
/// and complete a count and that many latencies in ns.
struct FloorSample {
  let enqueueNs: [UInt64]
  let claimNs: [UInt64]
  let completeNs: [UInt64]

  private static let magic = Array("QBFLOOR1".utf8)

  /// The latencies of an operation, in the order enqueue, claim, complete.
  var all: [[UInt64]] { [enqueueNs, claimNs, completeNs] }

  func write(to path: String) throws {
    var bytes = Data(Self.magic)
    for latencies in all {
      for number in [UInt64(latencies.count)] + latencies {
        withUnsafeBytes(of: number.littleEndian) { bytes.append(contentsOf: $0) }
      }
    }
    try bytes.write(to: URL(fileURLWithPath: path))
  }

  static func read(from path: String) throws -> FloorSample {
    let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
    var position = magic.count
    func number() -> UInt64? {
      guard position + 8 <= bytes.count else { return nil }
      defer { position += 8 }
      return (0..<8).reduce(0) { $0 | UInt64(bytes[position + $1]) << (8 * UInt64($1)) }
    }
    func list() -> [UInt64]? {
      guard let count = number(), count <= UInt64(bytes.count / 8) else { return nil }
      let values = (0..<count).compactMap { _ in number() }
      return values.count == Int(count) ? values : nil
    }
    guard bytes.starts(with: magic), let enqueueNs = list(), let claimNs = list(),
      let completeNs = list(), position == bytes.count
    else {
      throw FloorError("\(path): not a file of latencies, or cut off")
    }
    return FloorSample(enqueueNs: enqueueNs, claimNs: claimNs, completeNs: completeNs)
  }
}

/// Why engine and floor could not be compared.
package struct FloorError: Error, CustomStringConvertible {
  package let description: String

  init(_ description: String) { self.description = description }
}
