import BackgroundTasks
import Foundation
import QueueEngine
import Testing

/// Where runs go depends on nothing but their id and type.
struct RoutingTests {
  private func run(_ id: String, _ type: String = "t") -> Run { Run(id: id, type: type) }

  private func share(_ policy: RoutingPolicy, type: String = "t") -> Int {
    (0..<10_000).count { policy.place(of: run("run-\($0)", type)) == .queue }
  }

  @Test(arguments: [0.0, 1, 10, 25, 50, 75, 100])
  func `A percentage is that share of the runs`(percent: Double) {
    let count = share(.percentage(percent))
    // Four standard deviations of a fair draw.
    let tolerance = 4 * (percent * (100 - percent)).squareRoot()
    #expect(abs(Double(count) - percent * 100) <= tolerance)
  }

  @Test func `Raising a percentage takes no run back from the queue`() {
    for number in 0..<1000 {
      let places = [0.0, 1, 10, 25, 50, 75, 100].map {
        RoutingPolicy.percentage($0).place(of: run("run-\(number)"))
      }
      let first = places.firstIndex(of: .queue) ?? places.endIndex
      #expect(places[first...].allSatisfy { $0 == .queue }, "run-\(number)")
    }
  }

  @Test func `Types have shares of their own`() {
    #expect(share(.memory) == 0)
    #expect(share(.queue) == 10_000)
    #expect(share(.types(["t"])) == 10_000)
    #expect(share(.types(["t"]), type: "u") == 0)
    let policy = RoutingPolicy.byType(["t": 0], others: 100)
    #expect(share(policy) == 0)
    #expect(share(policy, type: "u") == 10_000)
  }

  @Test(arguments: [
    RoutingPolicy.memory, .queue, .percentage(12.5), .byType(["a": 1], others: 2),
  ])
  func `A policy survives being stored`(policy: RoutingPolicy) throws {
    let stored = try JSONEncoder().encode(policy)
    #expect(try JSONDecoder().decode(RoutingPolicy.self, from: stored) == policy)
  }
}
