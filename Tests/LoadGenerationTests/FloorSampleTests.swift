import Foundation
import HarnessDriver
import Scenarios
import Testing

@testable import LoadGeneration

@Suite struct FloorSampleTests {
  private let directory = TemporaryDirectory()
  private var path: String { "\(directory.path)/sample" }

  private func write(_ bytes: [UInt8]) throws {
    try Data(bytes).write(to: URL(fileURLWithPath: path))
  }

  private func whole() throws -> [UInt8] {
    try FloorSample(enqueueNs: [1, 2], claimNs: [3], completeNs: [.max]).write(to: path)
    return [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
  }

  @Test(
    arguments: [
      [[], [], []], [[1], [2], [3]], [[0, .max, 1 << 32], [], [5, 6, 7, 8]],
    ] as [[[UInt64]]])
  func aSampleComesBack(latencies: [[UInt64]]) throws {
    let sample = FloorSample(
      enqueueNs: latencies[0], claimNs: latencies[1], completeNs: latencies[2])
    try sample.write(to: path)
    #expect(try FloorSample.read(from: path).all == latencies)
  }

  @Test func theFormatIsTheDocumentedOne() throws {
    let bytes = try whole()
    #expect(bytes.count == 8 + 8 * (1 + 2 + 1 + 1 + 1 + 1))
    #expect(bytes.starts(with: Array("QBFLOOR1".utf8) + [2, 0, 0, 0, 0, 0, 0, 0, 1, 0]))
  }

  @Test func everyCutOffFileIsAnError() throws {
    let bytes = try whole()
    for length in 0..<bytes.count {
      try write(Array(bytes[..<length]))
      let error = #expect(throws: FloorError.self) { try FloorSample.read(from: path) }
      #expect(error?.description.contains(path) == true)
    }
  }

  @Test func hostileFilesAreErrors() throws {
    let bytes = try whole()
    try write(bytes + [0])
    #expect(throws: FloorError.self) { try FloorSample.read(from: path) }
    for count: UInt8 in [0xFF, 0x80] {
      // Counts of about 2^64 and 2^63, and one that only just does not fit.
      try write(Array(bytes[..<8]) + Array(repeating: count, count: 8) + bytes[16...])
      #expect(throws: FloorError.self) { try FloorSample.read(from: path) }
    }
    try write(Array("QBFLOOR2".utf8) + bytes[8...])
    #expect(throws: FloorError.self) { try FloorSample.read(from: path) }
    #expect(throws: (any Error).self) {
      try FloorSample.read(from: "\(directory.path)/missing")
    }
  }

  @Test(arguments: [11, 12, 13] as [UInt64])
  func randomDamageNeverCrashes(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let bytes = try whole()
    for _ in 0..<300 {
      var damaged = bytes
      for _ in 0...generator.index(below: 4) {
        damaged[generator.index(below: damaged.count)] = UInt8(generator.index(below: 256))
      }
      try write(damaged)
      // Latencies may read otherwise; the counts may not.
      if let sample = try? FloorSample.read(from: path) {
        #expect(sample.all.reduce(0) { $0 + $1.count } == 4, "seed \(seed)")
      }
    }
  }
}
