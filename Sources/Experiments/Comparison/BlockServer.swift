internal import Foundation
internal import LoadGeneration
package import Platform
internal import Results
internal import Scenarios

/// The side of the compared: measures what it is asked for, one block after the other.
package final class BlockServer {
  private let greeting: BlockGreeting
  private let executable: String
  private let directory: String
  private let interrupts: InterruptMonitor
  private var runner: (seed: UInt64, runner: BlockRunner)?

  /// `executable` is this program, which is spawned as every child; databases lie in `directory`.
  package init(
    greeting: BlockGreeting, executable: String, directory: String, interrupts: InterruptMonitor
  ) {
    self.greeting = greeting
    self.executable = executable
    self.directory = directory
    self.interrupts = interrupts
  }

  /// Answers until there are no more lines, or the user interrupts.
  ///
  /// - Parameters:
  ///   - nextLine: nil at the end.
  ///   - send: puts a line out at once.
  /// - Throws: only if a message cannot be written as JSON; what goes wrong in a block is its answer.
  package func serve(nextLine: () -> String?, send: (String) -> Void) throws {
    send(try Self.text(of: greeting))
    while !interrupts.isInterrupted, let line = nextLine() {
      let request: BlockRequest
      do {
        request = try JSONDecoder().decode(BlockRequest.self, from: Data(line.utf8))
      } catch {
        // Without a number it knows, the other side cannot go on, and says so.
        var answer = BlockAnswer(number: 0)
        answer.failure = "cannot read the request: \(error)"
        send(try Self.text(of: answer))
        continue
      }
      send(try Self.text(of: answer(to: request)))
    }
  }

  private func answer(to request: BlockRequest) -> BlockAnswer {
    var answer = BlockAnswer(number: request.number)
    do {
      switch request.work {
      case .block(let block): try measure(block, into: &answer)
      case .costs(let costs): try count(costs, into: &answer)
      }
    } catch is CancellationError {
      answer.wasInterrupted = true
    } catch {
      answer.failure = "\(error)"
    }
    return answer
  }

  private func measure(_ block: BlockRequest.Block, into answer: inout BlockAnswer) throws {
    let times = PhaseTimes(
      warmupMs: block.warmupMs, measureMs: block.measureMs, drainMs: block.drainMs)
    let findings = try runner(seed: block.seed, times).measure(
      Cell(id: block.cell, axisValues: [], settings: block.settings), block: block.block,
      times: times)
    answer.fields = findings.result.fieldsByColumn
    answer.pragmas = findings.pragmas
    answer.settings = block.settings.described
  }

  private func count(_ costs: BlockRequest.Costs, into answer: inout BlockAnswer) throws {
    let profiler = CostProfiler(
      directory: FileManager.default.temporaryDirectory.path, seed: costs.seed)
    do {
      answer.costs = try profiler.profile(
        of: costs.settings, isCancelled: { interrupts.isInterrupted })
    } catch let failure as CostProfiler.Failure {
      answer.costsFailure = "\(failure)"
    }
    answer.settings = costs.settings.described
  }

  private func runner(seed: UInt64, _ times: PhaseTimes) throws -> BlockRunner {
    if let runner, runner.seed == seed { return runner.runner }
    // The old one removes its files when it goes, so it goes before the new one makes its own.
    runner = nil
    let made = try BlockRunner(
      executable: executable, directory: directory, times: times, seed: seed,
      interrupts: interrupts, commit: greeting.commit, keepsDetails: false)
    runner = (seed, made)
    return made
  }

  private static func text(of message: some Encodable) throws -> String {
    String(decoding: try JSONEncoder().encode(message), as: UTF8.self)
  }
}
