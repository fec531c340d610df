import ArgumentParser
import Foundation
import Scenarios

/// Gives the readers inputs that nobody would write on purpose, and ends with the first that brings one down.
///
/// An input that crashes or hangs a reader is left behind in a file; put it into the corpus once it is dealt with.
@main
struct Fuzzing: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fuzzing",
    abstract: "Try out whether any input brings a reader down.",
    discussion:
      "Run it in the project's directory, whose scenarios and results are what is changed at random."
  )

  @Option(help: "Only this reader.")
  var reader: String?

  @Option(help: "Inputs per reader.")
  var inputs = 1_000_000

  @Option(help: "Decides everything that is random.")
  var seed: UInt64 = 1

  func run() throws {
    let readers = try Reader.all(root: FileManager.default.currentDirectoryPath)
    guard reader == nil || readers.contains(where: { $0.name == reader }) else {
      throw ValidationError("--reader: there are \(readers.map(\.name).joined(separator: ", "))")
    }
    // In memory where there is such a place: some readers take a file for each input.
    let place =
      (FileManager.default.isWritableFile(atPath: "/dev/shm")
        ? "/dev/shm" : FileManager.default.temporaryDirectory.path) + "/fuzzing-\(getpid())"
    try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true)
    for reader in readers where self.reader == nil || reader.name == self.reader {
      try run(reader, in: place)
    }
    try? FileManager.default.removeItem(atPath: place)
  }

  private func run(_ reader: Reader, in place: String) throws {
    precondition(!reader.seeds.isEmpty, "\(reader.name) has no seeds")
    var mutator = Mutator(
      seeds: reader.seeds, words: reader.words.map { Array($0.utf8) }, seed: seed)
    // Written before it is read, so that it is there when the process is not.
    let current = "\(place)/\(reader.name).input"
    say("\(reader.name): an input that brings it down is in \(current)")
    let began = Date()
    for number in 0..<inputs {
      let input = number < reader.seeds.count ? reader.seeds[number] : mutator.next()
      _ = FileManager.default.createFile(atPath: current, contents: Data(input))
      limitProcessorTime(seconds: 30)
      reader.read(input, "\(place)/\(reader.name).file")
    }
    limitProcessorTime(seconds: 0)
    say(
      String(
        format: "%@: %d inputs, no crash, %.0f s", reader.name, inputs,
        Date().timeIntervalSince(began)))
  }
}

/// Prints a line at once: whoever reads it in a file sees how far it is, and it outlives a crash.
private func say(_ line: String) {
  FileHandle.standardOutput.write(Data((line + "\n").utf8))
}

/// Has a signal end the process once it has used so much of a processor; 0 takes that back. One that waits for a
/// busy machine is not to blame; one that waits for ever is ended, too, but later.
private func limitProcessorTime(seconds: Int) {
  var limit = itimerval()
  limit.it_value.tv_sec = seconds
  #if os(Linux)
    let timer = __itimer_which_t(ITIMER_PROF.rawValue)
  #else
    let timer = ITIMER_PROF
  #endif
  setitimer(timer, &limit, nil)
  alarm(UInt32(seconds * 20))
}

/// Makes inputs of whole ones.
private struct Mutator {
  private let seeds: [[UInt8]]
  private let words: [[UInt8]]
  private var random: SeededGenerator
  /// More would only take longer.
  private static let mostBytes = 20_000

  init(seeds: [[UInt8]], words: [[UInt8]], seed: UInt64) {
    self.seeds = seeds.map { Array($0.prefix(Self.mostBytes)) }
    self.words = words
    random = SeededGenerator(seed: seed)
  }

  mutating func next() -> [UInt8] {
    var input = seeds[random.index(below: seeds.count)]
    for _ in 0...random.index(below: 6) { change(&input) }
    return input
  }

  private mutating func change(_ input: inout [UInt8]) {
    let place = random.index(below: input.count + 1)
    let length = min(random.index(below: 24), input.count - place)
    switch random.index(below: 8) {
    case 0 where place < input.count:
      input[place] ^= 1 << UInt8(random.index(below: 8))
    case 1 where place < input.count:
      input[place] = [0, 0xFF, 0x7F, 0x80, 0x0A, 0x20][random.index(below: 6)]
    case 2: input.removeSubrange(place..<place + length)
    case 3: input.insert(contentsOf: input[place..<place + length], at: place)
    case 4: input.removeSubrange(place...)
    case 5 where !words.isEmpty:
      input.replaceSubrange(
        place..<place + (random.index(below: 2) * length),
        with: words[random.index(below: words.count)])
    case 6:
      // The rest of another one.
      let other = seeds[random.index(below: seeds.count)]
      let from = random.index(below: other.count + 1)
      input.replaceSubrange(place..., with: other[from...].prefix(Self.mostBytes))
    default:
      let bytes = (0..<random.index(below: 9)).map { _ in UInt8(truncatingIfNeeded: random.next()) }
      input.replaceSubrange(place..<place + min(length, bytes.count), with: bytes)
    }
  }
}
