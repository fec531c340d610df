import Glibc
import Platform
import TestSupport
import Testing

@testable import Recording

/// A record all of whose fields follow from its index, so that a mixed-up one is noticed.
func numberedRecord(_ index: Int) -> OperationRecord {
  let kinds = OperationKind.allCases
  let outcomes = OperationOutcome.allCases
  let base = UInt64(index) * 1000
  return OperationRecord(
    kind: kinds[index % kinds.count], outcome: outcomes[index % outcomes.count],
    taskID: Int64(index) * 7 + 1, attempt: index % 100, intendedStartNs: base + 1,
    startNs: base + 2, endNs: base + 3, sqliteCode: Int32(index % 1000),
    busyCallbacks: UInt64(index), busySleptUs: UInt64(index + 1),
    phases: OperationPhases(
      lockWaitNs: UInt64(index + 2) * 16, lockHeldNs: UInt64(index + 3) * 16,
      commitNs: UInt64(index + 4) * 16, checkpointNs: UInt64(index + 5) * 16),
    batch: index % 10 + 1, isMember: index % 2 == 1, syncs: UInt32(index % 200),
    pagesWritten: UInt32(index + 6))
}

func header(role: String = "consumer") throws -> OperationLogHeader {
  try OperationLogHeader(role: role, processIndex: 3, pid: getpid(), createdNs: 12_345)
}

@Suite struct OperationLogTests {
  private let directory = TemporaryDirectory()
  private var path: String { "\(directory.path)/log" }

  /// Writes numbered records and leaves the log as a killed writer would.
  private func writeUnfinished(_ count: Int, growthRecords: Int = 100) throws {
    var log = try OperationLogWriter(
      path: path, header: header(), initialRecords: 10, growthRecords: growthRecords)
    for index in 0..<count { try log.append(numberedRecord(index)) }
  }

  // MARK: Layout

  @Test func aRecordHasTheDocumentedLayout() {
    #expect(MemoryLayout<OperationRecord>.size == 64)
    #expect(MemoryLayout<OperationRecord>.stride == 64)
    let record = OperationRecord(
      kind: .complete, outcome: .refused, taskID: 0x1122_3344_5566_7788, attempt: 0x0A0B,
      intendedStartNs: 0x0101, startNs: 0x0202, endNs: 0x0303, sqliteCode: 517,
      busyCallbacks: 0x04, busySleptUs: 0x06,
      phases: OperationPhases(
        lockWaitNs: 0x07 * 16, lockHeldNs: 0x08 * 16 + 15, commitNs: 0x09 * 16,
        checkpointNs: 0x0A * 16),
      batch: 0x0C, isMember: true, syncs: 0x0D, pagesWritten: 0x05)
    var expected: [UInt8] = [0x80 | 5 << 4 | 3, 0x0D, 0x0B, 0x0A, 0x05, 0x02, 0x0C, 0]
    expected += [0x88, 0x77, 0x66, 0x55, 0x44, 0x33, 0x22, 0x11]
    expected += [0x01, 0x01, 0, 0, 0, 0, 0, 0]
    expected += [0x02, 0x02, 0, 0, 0, 0, 0, 0]
    expected += [0x03, 0x03, 0, 0, 0, 0, 0, 0]
    expected += [4, 0, 5, 0, 6, 0, 0, 0, 7, 0, 0, 0, 8, 0, 0, 0, 9, 0, 0, 0, 10, 0, 0, 0]
    #expect(withUnsafeBytes(of: record) { Array($0) } == expected)
    #expect(record.kind == .complete && record.outcome == .refused && record.isMember)
    #expect(record.phases.lockHeldNs == 0x08 * 16)
  }

  @Test func largeCountsSaturate() {
    let record = OperationRecord(
      kind: .claim, outcome: .ok, taskID: 1, attempt: 70_000, intendedStartNs: 0, startNs: 0,
      endNs: 0, busyCallbacks: .max, busySleptUs: 1 << 32,
      phases: OperationPhases(lockWaitNs: .max, commitNs: .max), batch: Int.max,
      syncs: .max, pagesWritten: .max)
    #expect(record.attempt == UInt16.max)
    #expect(record.busyCallbacks == UInt16.max)
    #expect(record.busySleptUs == UInt32.max)
    #expect(record.phases.lockWaitNs == UInt64(UInt32.max) * 16)
    #expect(record.phases.commitNs == UInt64(UInt32.max) * 16)
    #expect(record.batch == UInt16.max)
    #expect(record.syncs == UInt8.max && record.pagesWritten == UInt16.max)
  }

  @Test func latencyCountsFromTheIntendedStart() {
    let record = OperationRecord(
      kind: .claim, outcome: .ok, taskID: 1, attempt: 1, intendedStartNs: 100, startNs: 250,
      endNs: 300)
    #expect(record.latencyNs == 200)
    #expect(record.serviceNs == 50)
  }

  @Test func aHeaderHasTheDocumentedLayout() throws {
    try OperationLogWriter(path: path, header: header()).finish()
    let bytes = TemporaryDirectory.bytes(of: path)
    #expect(bytes.count == 64)
    #expect(Array(bytes[0..<8]) == Array("QBOPLOG\0".utf8))
    #expect(Array(bytes[8..<20]) == [2, 0, 0, 0, 64, 0, 0, 0, 3, 0, 0, 0])
    #expect(Array(bytes[24..<40]) == Array("consumer".utf8) + [UInt8](repeating: 0, count: 8))
    #expect(Array(bytes[40..<48]) == [0x39, 0x30, 0, 0, 0, 0, 0, 0])
    #expect(bytes[48...].allSatisfy { $0 == 0 })
  }

  // MARK: Writing and reading

  @Test(arguments: [0, 1, 9, 10, 11, 63, 64, 1_000, 40_000])
  func whatIsWrittenIsRead(count: Int) throws {
    try writeUnfinished(count)
    let reader = try OperationLogReader(path: path)
    #expect(try reader.header == header())
    let records = try reader.withRecords { Array($0) }
    #expect(records == (0..<count).map(numberedRecord))
    var tailed: [OperationRecord] = []
    #expect(try reader.tail { tailed.append(contentsOf: $0) } == count)
    #expect(tailed == records)
    #expect(try reader.tail { _ in Issue.record("records were handed out twice") } == 0)
  }

  @Test(arguments: [0, 1, 1_000])
  func aFinishedLogHasNoUnusedEnd(count: Int) throws {
    var log = try OperationLogWriter(path: path, header: header())
    for index in 0..<count { try log.append(numberedRecord(index)) }
    #expect(log.recordCount == count)
    try log.finish()
    #expect(TemporaryDirectory.bytes(of: path).count == 64 + count * 64)
    #expect(try OperationLogReader(path: path).withRecords { $0.count } == count)
  }

  @Test func reservingGrowsOnceAndKeepsWhatIsThere() throws {
    var log = try OperationLogWriter(
      path: path, header: header(), initialRecords: 1, growthRecords: 1)
    for index in 0..<100 { try log.append(numberedRecord(index)) }
    try log.reserve(records: 5_000)
    let reservedByteCount = TemporaryDirectory.bytes(of: path).count
    #expect(reservedByteCount >= 64 * 5_101)
    try log.reserve(records: 10)
    try log.reserve(records: -1)
    for index in 100..<5_100 { try log.append(numberedRecord(index)) }
    #expect(TemporaryDirectory.bytes(of: path).count == reservedByteCount)
    try log.finish()
    let records = try OperationLogReader(path: path).withRecords { Array($0) }
    #expect(records == (0..<5_100).map(numberedRecord))
  }

  @Test func aCopyMadeAtAnyTimeHoldsWhatWasAppended() throws {
    var log = try OperationLogWriter(
      path: path, header: header(), initialRecords: 10, growthRecords: 70)
    for index in 0..<300 {
      try log.append(numberedRecord(index))
      // No flush, no close: the bytes are the kernel's as soon as they are appended.
      guard index % 23 == 0 else { continue }
      let copy = directory.file("copy", TemporaryDirectory.bytes(of: path))
      let records = try OperationLogReader(path: copy).withRecords { Array($0) }
      #expect(records == (0...index).map(numberedRecord))
    }
  }

  @Test func aReaderFollowsAWriterInAnotherThread() throws {
    let count = 60_000
    let logPath = path
    let logHeader = try header()
    var log = try OperationLogWriter(
      path: logPath, header: logHeader, initialRecords: 10, growthRecords: 500)
    try log.append(numberedRecord(0))
    let reader = try OperationLogReader(path: logPath)
    let written = WriterOfOneThread(log)
    let thread = TestThread {
      for index in 1..<count { written.append(numberedRecord(index)) }
    }
    var next = 0
    while next < count {
      try reader.tail { records in
        for record in records {
          if record != numberedRecord(next) { Issue.record("record \(next) is torn or missing") }
          next += 1
        }
      }
    }
    try thread.join()
    #expect(reader.position == count)
  }

  @Test func aBodyThatThrowsGetsItsBlockAgain() throws {
    struct Failure: Error {}
    try writeUnfinished(5)
    let reader = try OperationLogReader(path: path)
    #expect(throws: Failure.self) { try reader.tail { _ in throw Failure() } }
    #expect(reader.position == 0)
    var handedOut = 0
    try reader.tail { handedOut += $0.count }
    #expect(handedOut == 5)
  }

  // MARK: Failures

  @Test func anExistingFileIsNotOverwritten() throws {
    let existing = directory.file("log", [1, 2, 3])
    let error = #expect(throws: OperationLogError.self) {
      _ = try OperationLogWriter(path: existing, header: header())
    }
    #expect(error?.description.contains(existing) == true)
    #expect(TemporaryDirectory.bytes(of: existing) == [1, 2, 3])
  }

  @Test func aMissingDirectoryIsNamed() throws {
    let error = #expect(throws: OperationLogError.self) {
      _ = try OperationLogWriter(path: "/no/such/directory/log", header: header())
    }
    #expect(error?.description.contains("/no/such/directory/log") == true)
  }

  /// On a memory file system, which refuses an impossible reservation at once instead of filling up.
  @Test(.enabled(if: access("/dev/shm", W_OK) == 0))
  func aFullDiskIsAnErrorAndNothingIsLost() throws {
    let memory = TemporaryDirectory(under: "/dev/shm")
    let logPath = "\(memory.path)/log"
    // The window ends with its page: 63 records beside the header. The next would need 4 TiB.
    var log = try OperationLogWriter(
      path: logPath, header: header(), initialRecords: 63, growthRecords: 1 << 36)
    for index in 0..<63 { try log.append(numberedRecord(index)) }
    for _ in 1...2 {
      let error = try #require(appendFailure(of: &log, numberedRecord(63)))
      #expect(error.code == ENOSPC || error.code == EFBIG)
      #expect(error.description.contains(logPath))
    }
    #expect(log.recordCount == 63)
    let records = try OperationLogReader(path: logPath).withRecords { Array($0) }
    #expect(records == (0..<63).map(numberedRecord))
  }

  @Test(.enabled(if: access("/dev/shm", W_OK) == 0))
  func aLogThatCannotBeginLeavesNoFile() throws {
    let memory = TemporaryDirectory(under: "/dev/shm")
    #expect(throws: OperationLogError.self) {
      _ = try OperationLogWriter(
        path: "\(memory.path)/log", header: header(), initialRecords: 1 << 36)
    }
    #expect(access("\(memory.path)/log", F_OK) == -1)
  }

  @Test func theFileSizeLimitIsAnError() async {
    await #expect(processExitsWith: .success) {
      // In a process of its own, whose limit and disposition concern nobody else.
      signal(SIGXFSZ, SIG_IGN)
      var limit = rlimit(rlim_cur: 16_384, rlim_max: 16_384)
      let limiting = setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit)
      #expect(limiting == 0)
      let directory = TemporaryDirectory()
      var log = try OperationLogWriter(
        path: "\(directory.path)/log", header: header(), initialRecords: 10, growthRecords: 10)
      var count = 0
      var failure: SystemError?
      while count < 1_000, failure == nil {
        failure = appendFailure(of: &log, numberedRecord(count))
        if failure == nil { count += 1 }
      }
      #expect(failure?.code == EFBIG)
      #expect(count >= 63)
      let records = try OperationLogReader(path: "\(directory.path)/log").withRecords { Array($0) }
      #expect(records == (0..<count).map(numberedRecord))
    }
  }

  @Test(arguments: ["", "a\0b", "seventeen bytes !", "üüüüüüüüü"])
  func aRoleThatDoesNotFitIsAnError(role: String) {
    #expect(throws: OperationLogError.badRole(role)) { try header(role: role) }
  }

  @Test func theLongestRoleFits() throws {
    try OperationLogWriter(path: path, header: header(role: "sixteen bytes ok")).finish()
    #expect(try OperationLogReader(path: path).header.role == "sixteen bytes ok")
  }
}

/// The system's refusal of an append, nil if the record was appended.
private func appendFailure(
  of log: inout OperationLogWriter, _ record: OperationRecord
) -> SystemError? {
  do {
    try log.append(record)
    return nil
  } catch {
    guard case .system(let failure) = error else { return nil }
    return failure
  }
}

/// Hands a writer to one other thread.
///
/// `@unchecked Sendable`: only that thread uses it until it has been joined.
private final class WriterOfOneThread: @unchecked Sendable {
  private var log: OperationLogWriter

  init(_ log: consuming OperationLogWriter) {
    self.log = log
  }

  func append(_ record: OperationRecord) {
    do {
      try log.append(record)
    } catch {
      Issue.record(error)
    }
  }
}
