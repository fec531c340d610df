/// What a queue takes, whichever store it lies in.
///
/// Every store calls these checks before it writes anything, so that bad input is refused alike and
/// nothing of its batch is kept.
extension NewTask {
  /// How many bytes of UTF-8 a payload may have, and a compatibility or a result, too: 1 MiB.
  ///
  /// A task is read, written and logged as a whole at every step, and a page holds 4 KiB: one of this
  /// size already holds up all other writers for as long as some 250 small ones. Larger data belongs
  /// into a file or an object store, and its name into the payload.
  public static let payloadByteLimit = 1 << 20

  /// How many bytes of UTF-8 a type, an idempotency key and a worker's id may have: they lie in indexes,
  /// where long texts cost every later search.
  public static let nameByteLimit = 255

  /// How deeply a compatibility may be nested; what reads capabilities gives up at 512 levels, and such
  /// a task would wait for ever.
  static let compatibilityDepthLimit = 500

  /// Refuses, with `invalidArgument`, a task that no queue can take; `index` is its place in a batch,
  /// nil if it comes alone.
  package func validate(at index: Int? = nil) throws(QueueError) {
    try Limits.checkName(type) { Limits.place("task", index, "type") }
    if let key = idempotencyKey {
      try Limits.checkName(key) { Limits.place("task", index, "idempotencyKey") }
    }
    try Limits.checkJSON(payload) { Limits.place("task", index, "payload") }
    try Limits.checkJSON(
      compatibility, isObject: true, depthLimit: Self.compatibilityDepthLimit
    ) { Limits.place("task", index, "compatibility") }
    guard maxAttempts >= 1 else {
      throw Limits.refusal(
        Limits.place("task", index, "maxAttempts"),
        "is \(maxAttempts), but a task needs at least 1 attempt")
    }
    if let runAfter, !runAfter.isStorable {
      throw Limits.refusal(
        Limits.place("task", index, "runAfter"),
        "lies outside of the years 0000 to 9999; nil stands for at once")
    }
  }
}

extension Claimant {
  /// Refuses, with `invalidArgument`, a claimant in whose name nothing can be claimed.
  func validate() throws(QueueError) {
    try Limits.checkName(workerID) { "claimant.workerID" }
  }
}

/// The checks that arguments have in common.
enum Limits {
  /// Refuses a result that is neither absent nor JSON; `index` is the place of its completion in a batch.
  static func checkResult(_ result: String?, at index: Int? = nil) throws(QueueError) {
    if let result { try checkJSON(result) { place("completion", index, "result") } }
  }

  /// Refuses capabilities that are no JSON object.
  static func checkCapabilities(_ json: String) throws(QueueError) {
    try checkJSON(json, isObject: true, depthLimit: NewTask.compatibilityDepthLimit) {
      "capabilities"
    }
  }

  /// Refuses to claim fewer than no tasks, and leases that are over before they begin.
  static func checkClaim(limit: Int, leaseDurationMs: Int64) throws(QueueError) {
    guard limit >= 0 else {
      throw refusal("limit", "is \(limit), but a claim takes 0 tasks or more")
    }
    try checkLease(durationMs: leaseDurationMs)
  }

  /// Refuses leases that are over before they begin.
  static func checkLease(durationMs: Int64) throws(QueueError) {
    guard durationMs >= 1 else {
      throw refusal("leaseDurationMs", "is \(durationMs), but a lease lasts for at least 1 ms")
    }
  }

  @inline(__always)
  fileprivate static func checkName(
    _ text: String, _ place: () -> String
  ) throws(QueueError) {
    let count = text.utf8.count
    guard count > 0 else { throw refusal(place(), "must not be empty") }
    guard count <= NewTask.nameByteLimit else {
      throw refusal(place(), "has \(count) bytes, and at most \(NewTask.nameByteLimit) are taken")
    }
  }

  @inline(__always)
  fileprivate static func checkJSON(
    _ text: String, isObject: Bool = false, depthLimit: Int = JSONText.depthLimit,
    _ place: () -> String
  ) throws(QueueError) {
    guard text.utf8.count <= NewTask.payloadByteLimit else {
      throw refusal(
        place(),
        """
        has \(text.utf8.count) bytes, and at most \(NewTask.payloadByteLimit) are taken; \
        put large data into a file and its name here
        """)
    }
    if let fault = JSONText.fault(in: text, isObject: isObject, depthLimit: depthLimit) {
      throw refusal(place(), fault, in: text, isObject: isObject)
    }
  }

  private static func refusal(
    _ place: String, _ fault: JSONText.Fault, in text: String, isObject: Bool
  ) -> QueueError {
    let byteCount = text.utf8.count
    let rest = text.utf8.dropFirst(fault.byteOffset)
    let found = Substring(rest).unicodeScalars.first.map { String($0).debugDescription }
    return refusal(
      place,
      """
      must be \(isObject ? "a JSON object" : "JSON (RFC 8259)"): expected \
      \(fault.expected.rawValue) at byte \(fault.byteOffset) of \(byteCount), \
      not \(found ?? "the end")
      """)
  }

  fileprivate static func place(_ name: String, _ index: Int?, _ field: String) -> String {
    index.map { "\(name)s[\($0)].\(field)" } ?? "\(name).\(field)"
  }

  fileprivate static func refusal(_ place: String, _ message: String) -> QueueError {
    QueueError(code: .invalidArgument, message: "\(place) \(message)")
  }
}
