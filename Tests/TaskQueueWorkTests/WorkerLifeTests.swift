import Foundation
import Platform
import QueueEngine
import QueueOperations
import TestSupport
import Testing

/// Workers that run at once, end, are ended and die.
@Suite(.temporaryDirectory) struct WorkerLifeTests {
  // MARK: Modes

  @Test func onceWorksOneTaskAndSaysWhatBecameOfIt() throws {
    let fixture = try WorkFixture()
    #expect(try fixture.once("true").code == 1)
    let ids = try (0..<2).map { _ in try fixture.enqueue() }
    // Whatever the configuration says: one.
    #expect(try fixture.once("true", "-j", "4").code == 0)
    #expect(try ids.map { try fixture.task($0).status } == [.completed, .queued])
    #expect(try fixture.once("exit 75").code == 75)
  }

  @Test func drainEndsWhenNothingIsReady() throws {
    let fixture = try WorkFixture()
    for _ in 0..<20 { try fixture.enqueue() }
    // One that fails is due again later only, and one makes another one.
    let failing = try fixture.enqueue(type: "failing")
    let line = """
      case $TASKQUEUE_TASK_TYPE in failing) exit 1;; esac
      """
    let end = try fixture.work(
      ["--drain", "-j", "3", "--retry", "{fixed: 1min}", "--json", "--shell", line], []
    ).end()
    #expect(end.code == 0, "\(end)")
    #expect(end.output.contains("\"completed\": 20"), "\(end)")
    #expect(end.output.contains("\"retried\": 1"), "\(end)")
    #expect(try fixture.queue.counts()[.completed] == 20)
    #expect(try fixture.task(failing).status == .queued)
  }

  @Test func onlyTheTypesThatWereAskedForAreTaken() throws {
    let fixture = try WorkFixture()
    let ids = try ["a", "b", "c"].map { try fixture.enqueue(type: $0) }
    #expect(try fixture.drain("true", "--types", "a,c").code == 0)
    #expect(try ids.map { try fixture.task($0).status } == [.completed, .queued, .completed])
  }

  @Test(arguments: [1, 3])
  func soManyCommandsRunAtOnce(concurrency: Int) throws {
    let fixture = try WorkFixture()
    let started = try Gate(fixture.path("started"))
    let go = try Gate(fixture.path("go"))
    for _ in 0..<(concurrency + 2) { try fixture.enqueue() }
    let worker = try fixture.work(
      [
        "--drain", "-j", "\(concurrency)", "--shell",
        "echo x > \(started.path); read line < \(go.path)",
      ], [])
    _ = try started.receive(concurrency)
    // All of them run, and no others.
    #expect(try fixture.queue.counts()[.processing] == concurrency)
    go.open(concurrency)
    _ = try started.receive(min(concurrency, 2))
    go.open(2)
    if concurrency == 1 {
      _ = try started.receive(1)
      go.open(1)
    }
    #expect(try worker.end().code == 0)
    #expect(try fixture.queue.counts()[.completed] == concurrency + 2)
  }

  @Test func shortCommandsTakenAheadAreAllWorkedOnce() throws {
    let fixture = try WorkFixture()
    for _ in 0..<300 { try fixture.enqueue() }
    let end = try fixture.work(
      [
        "--drain", "-j", "2", "--json", "--shell",
        "echo $TASKQUEUE_TASK_ID >> \(fixture.path("ids"))",
      ], []
    ).end()
    #expect(end.code == 0, "\(end)")
    #expect(end.output.contains("\"claimed\": 300"), "\(end)")
    let ids = try String(contentsOfFile: fixture.path("ids"), encoding: .utf8)
      .split(separator: "\n").compactMap { Int($0) }
    #expect(ids.sorted() == Array(1...300))
  }

  @Test func tasksTakenAheadOfALongCommandGoBack() throws {
    let fixture = try WorkFixture()
    let started = try Gate(fixture.path("started"))
    let go = try Gate(fixture.path("go"))
    // Short ones, so that tasks are taken ahead; then one that takes its time.
    for _ in 0..<200 { try fixture.enqueue() }
    let long = try fixture.enqueue(type: "long")
    let later = try (0..<20).map { _ in try fixture.enqueue(type: "later") }
    let worker = try fixture.work(
      [
        "--drain", "--shell",
        "[ $TASKQUEUE_TASK_TYPE != long ] || { echo x > \(started.path); read line < \(go.path); }",
      ], [])
    _ = try started.receive()
    // Another worker gets all that wait behind it.
    let other = try fixture.work(["--worker-id", "other", "--shell", "true"], [])
    try waitUntil("the other worker") {
      try later.allSatisfy { try fixture.task($0).status == .completed }
    }
    #expect(try fixture.task(long).status == .processing)
    go.open()
    #expect(try worker.end().code == 0)
    #expect(other.child.kill(signal: SIGTERM))
    #expect(try other.end().code == 0)
  }

  // MARK: Ends

  @Test(arguments: [SIGTERM, SIGINT])
  func aWorkerThatIsToldToEndLetsItsCommandFinish(signal: Int32) throws {
    let fixture = try WorkFixture()
    let started = try Gate(fixture.path("started"))
    let go = try Gate(fixture.path("go"))
    let ids = try (0..<2).map { _ in try fixture.enqueue() }
    let worker = try fixture.work(
      [
        "--log-level", "info", "--shell",
        "echo x > \(started.path); read line < \(go.path); echo done",
      ], [])
    _ = try started.receive()
    #expect(worker.child.kill(signal: signal))
    // Else the command may be over before the worker knows.
    try waitUntil("the worker to know") { worker.errors.contains("told to stop") }
    go.open()
    let end = try worker.end()
    #expect(end.code == 0, "\(end)")
    #expect(try fixture.task(ids[0]).result == "\"done\"")
    #expect(try fixture.task(ids[1]).status == .queued)
    #expect(try fixture.task(ids[1]).attempts == 0)
  }

  @Test func aCommandThatDoesNotFinishIsEndedAndItsTaskGivenBack() throws {
    let fixture = try WorkFixture()
    let started = try Gate(fixture.path("started"))
    let id = try fixture.enqueue(maxAttempts: 1)
    let worker = try fixture.work(
      [
        "--shutdown-grace", "50ms", "--cancellation-grace", "50ms", "--shell",
        "trap '' TERM; echo $$ > \(started.path); while :; do sleep 60; done",
      ], [])
    let pid = try #require(Int32(try started.receive()[0]))
    #expect(worker.child.kill(signal: SIGTERM))
    #expect(try worker.end().code == 0)
    #expect(!isAlive(pid))
    #expect(try fixture.task(id).status == .queued)
    // It was its only attempt, and does not count.
    #expect(try fixture.once("true").code == 0)
    #expect(try fixture.task(id).status == .completed)
  }

  @Test func aSecondSignalEndsCommandsAtOnceAndAThirdOneKillsThem() throws {
    let fixture = try WorkFixture()
    let started = try Gate(fixture.path("started"))
    let ended = try Gate(fixture.path("ended"))
    try fixture.enqueue()
    let worker = try fixture.work(
      [
        "--shutdown-grace", "1min", "--cancellation-grace", "1min", "--shell",
        "trap 'echo x > \(ended.path)' TERM; echo $$ > \(started.path); "
          + "while :; do sleep 0.01; done",
      ], [])
    let pid = try #require(Int32(try started.receive()[0]))
    #expect(worker.child.kill(signal: SIGTERM))
    #expect(worker.child.kill(signal: SIGTERM))
    // Two signals may have become one.
    try waitUntil("the command to be told") {
      if worker.child.poll() != nil { return true }
      worker.child.kill(signal: SIGINT)
      return !isAlive(pid)
    }
    #expect(try worker.end().code == 0)
    #expect(!isAlive(pid))
    #expect(try fixture.queue.counts()[.queued] == 1)
  }

  @Test func aCommandThatTakesTooLongIsEndedWithAllThatItHasStarted() throws {
    let fixture = try WorkFixture()
    let id = try fixture.enqueue()
    let end = try fixture.once(
      "sleep 60 & echo $! > \(fixture.path("pid")); wait", "--timeout", "200ms")
    #expect(end.code == 75, "\(end)")
    let task = try fixture.task(id)
    #expect(task.status == .queued)
    #expect(
      task.errorMessage == "timed out after 200ms, and was ended (signal 15 (Terminated))")
    let pid = try #require(
      Int32(try String(contentsOfFile: fixture.path("pid"), encoding: .utf8).dropLast()))
    #expect(!isAlive(pid))
  }

  // MARK: Leases

  @Test func aKilledWorkerTakesItsCommandAlongAndAnotherOneTakesOver() throws {
    let fixture = try WorkFixture()
    let started = try Gate(fixture.path("started"))
    let id = try fixture.enqueue()
    let first = try fixture.work(
      [
        "--worker-id", "first", "--lease", "300ms", "--shell",
        "echo $$ > \(started.path); exec sleep 60",
      ], [])
    let pid = try #require(Int32(try started.receive()[0]))
    #expect(first.child.kill(signal: SIGKILL))
    #expect(try first.end().reason == .signaled(signal: SIGKILL, dumpedCore: false))
    try waitUntil("the command's end") { !isAlive(pid) }
    let second = try fixture.work(
      ["--worker-id", "second", "--shell", "echo $TASKQUEUE_TASK_ATTEMPT"], [])
    try waitUntil("the second worker") { try fixture.task(id).status == .completed }
    #expect(second.child.kill(signal: SIGTERM))
    #expect(try second.end().code == 0)
    let task = try fixture.task(id)
    #expect(task.lockedBy == "second")
    #expect(task.result == "2")
  }

  @Test func aLeaseIsRenewedWhileTheCommandRuns() throws {
    let fixture = try WorkFixture()
    let started = try Gate(fixture.path("started"))
    let go = try Gate(fixture.path("go"))
    let id = try fixture.enqueue()
    let worker = try fixture.work(
      [
        "--drain", "--lease", "300ms", "--shell",
        "echo x > \(started.path); read line < \(go.path)",
      ], [])
    _ = try started.receive()
    let first = try #require(try fixture.task(id).leaseUntil)
    try waitUntil("renewals") {
      let now = try fixture.task(id).leaseUntil
      return now.map { $0 > first.adding(milliseconds: 300) } ?? false
    }
    go.open()
    #expect(try worker.end().code == 0)
    #expect(try fixture.task(id).attempts == 1)
    #expect(try fixture.task(id).status == .completed)
  }

  @Test func theCommandOfACancelledTaskIsEnded() throws {
    let fixture = try WorkFixture()
    let started = try Gate(fixture.path("started"))
    let id = try fixture.enqueue()
    let worker = try fixture.work(
      [
        "--lease", "300ms", "--shell",
        "trap 'echo cancelled > \(started.path); exit 0' TERM; echo x > \(started.path); "
          + "while :; do sleep 0.01; done",
      ], [])
    _ = try started.receive()
    #expect(try fixture.queue.cancel(id, evenIfHeld: true))
    #expect(try started.receive() == ["cancelled"])
    #expect(worker.child.kill(signal: SIGTERM))
    #expect(try worker.end().code == 0)
    #expect(try fixture.task(id).status == .cancelled)
  }

  @Test func aWorkerIsRegisteredWhileItRuns() throws {
    let fixture = try WorkFixture()
    let registry = WorkerRegistry(database: try QueueDatabase(path: fixture.database))
    let worker = try fixture.work(["--worker-id", "w", "--shell", "true"], [])
    try waitUntil("the worker") { try registry.active().map(\.id) == ["w"] }
    #expect(worker.child.kill(signal: SIGTERM))
    #expect(try worker.end().code == 0)
    #expect(try registry.all().isEmpty)
  }

  // MARK: Trouble

  @Test func aWorkerIsSeenAndCountedWhileItRuns() throws {
    let fixture = try WorkFixture(counting: true)
    let started = try Gate(fixture.path("started"))
    let go = try Gate(fixture.path("go"))
    for _ in 0..<2 { try fixture.enqueue() }
    try fixture.enqueue(type: "bad", priority: 200)
    let line = """
      case $TASKQUEUE_TASK_TYPE in bad) exit 65;; esac
      echo x > \(started.path); read line < \(go.path)
      """
    let worker = try fixture.work(
      [
        "--drain", "-j", "2", "--worker-id", "w", "--log-to-database", "on", "--shell", line,
      ], [])
    _ = try started.receive(2)
    let database = try QueueDatabase(path: fixture.database)
    let running = try QueueMetrics(database: database).activity()
    #expect(running.workers.map(\.id) == ["w"])
    #expect(running.workers.first?.liveness == .active)
    #expect(running.workers.first?.heldTasks == 2)
    #expect(running.running.map(\.lockedBy) == ["w", "w"])
    #expect(running.count(.processing) == 2)
    let listed = try fixture.start(["workers", "--db", fixture.database, "--json"]).end()
    #expect(listed.output.contains(#""state": "active""#), "\(listed)")
    #expect(listed.output.contains(#""held_tasks": 2"#), "\(listed)")
    go.open(2)
    #expect(try worker.end().code == 0)
    let metrics = QueueMetrics(database: database)
    let report = try metrics.report()
    #expect(report.isCounting)
    #expect(report.successRates.outcomes.completed == 2)
    #expect(report.successRates.outcomes.failed == 1)
    #expect(report.processingTimes?.count == 2)
    // Signed off.
    #expect(report.workers.isEmpty)
    #expect(try metrics.counterDifferences().isEmpty)
    let stats = try fixture.start(["workers", "show", "w", "--db", fixture.database, "--json"])
    let done = try stats.end()
    #expect(done.output.contains(#""completed": 2"#), "\(done)")
  }

  @Test func aCommandThatIsNotThereTakesNoTask() throws {
    let fixture = try WorkFixture()
    let id = try fixture.enqueue()
    let missing = try fixture.work(["--drain"], ["nosuchcommand", "x"]).end()
    #expect(missing.code == 127)
    #expect(missing.errors == "taskqueue: error: nosuchcommand: there is no such command in PATH\n")
    let plain = fixture.path("plain")
    try "".write(toFile: plain, atomically: true, encoding: .utf8)
    let refused = try fixture.work(["--drain"], [plain]).end()
    #expect(refused.code == 126)
    #expect(refused.errors.contains(plain))
    #expect(try fixture.task(id).attempts == 0)
  }

  @Test func aShellThatFindsNoCommandStopsTheWorker() throws {
    let fixture = try WorkFixture()
    let ids = try (0..<5).map { _ in try fixture.enqueue(maxAttempts: 1) }
    let end = try fixture.drain("nosuchcommand")
    #expect(end.code == 127, "\(end)")
    #expect(end.errors.contains("given back"))
    #expect(try ids.allSatisfy { try fixture.task($0).status == .queued })
    // No attempt was lost.
    #expect(try fixture.drain("true").code == 0)
    #expect(try fixture.queue.counts()[.completed] == 5)
  }

  @Test func aScriptThatCannotBeExecutedStopsTheWorker() throws {
    let fixture = try WorkFixture()
    let id = try fixture.enqueue()
    let script = fixture.path("script")
    // By another process: what a child of another test still has open for writing cannot be executed.
    let writing = try ChildProcess.spawn(
      ChildCommand(
        executable: "/bin/sh",
        arguments: ["-c", #"echo '#!/nonexistent/interpreter' > "$0" && chmod 755 "$0""#, script],
        environment: ChildCommand.currentEnvironment()))
    try #require(writing.wait().isSuccess)
    let end = try fixture.work(["--drain"], [script]).end()
    #expect(end.code == 127, "\(end)")
    #expect(end.errors.contains(script))
    #expect(try fixture.task(id).status == .queued)
  }

  @Test(arguments: [
    [], ["--once", "--drain", "--", "true"], ["--shell", "true", "--", "true"],
    ["--timeout", "0", "--", "true"], ["--permanent-exit-codes", "0", "--", "true"],
    ["--permanent-exit-codes", "3", "--retry-exit-codes", "1-9", "--", "true"],
    ["--concurrency", "no", "--", "true"], ["--stdout", "nowhere", "--", "true"],
  ])
  func nonsenseIsRefused(arguments: [String]) throws {
    let fixture = try WorkFixture()
    try fixture.enqueue()
    let end = try fixture.start(["work", "--db", fixture.database] + arguments).end()
    #expect(end.code == 64, "\(end)")
    #expect(try fixture.queue.counts()[.queued] == 1)
  }
}
