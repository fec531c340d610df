/// The SQL of claims, by strategy.
///
/// Everything is `INDEXED BY` on purpose: statistics of a queue that happened to be empty must not
/// talk the planner into scanning the table.
enum ClaimStatements {
  /// The order in which a strategy takes tasks.
  static func order(_ strategy: ClaimStrategy) -> String {
    switch strategy {
    case .priority: return "priority, run_after_utc, id"
    case .fifo: return "run_after_utc, id"
    case .lifo: return "run_after_utc DESC, id DESC"
    case .weightedRandom: return "lottery_key, id"
    case .orderByRandom: return "random()"
    }
  }

  private static func head(_ strategy: ClaimStrategy, lane: String) -> String {
    """
    SELECT id FROM task_queue INDEXED BY \(Schema.readyIndex(for: strategy).name)
    WHERE status = 'queued' AND lane = \(lane) ORDER BY \(order(strategy)) LIMIT 1
    """
  }

  /// Takes the first task of one lane. Parameters: worker, lease end, now, lane.
  static func takeFromLane(_ strategy: ClaimStrategy) -> String {
    take(candidate: head(strategy, lane: "?4"))
  }

  /// Takes the first task of several lanes. Parameters: worker, lease end, now, lanes as a JSON
  /// array.
  static func takeFromLanes(_ strategy: ClaimStrategy) -> String {
    if strategy == .orderByRandom {
      return take(
        candidate: """
          SELECT id FROM task_queue INDEXED BY \(Schema.readyIndex(for: strategy).name)
          WHERE status = 'queued' AND lane IN (SELECT value FROM json_each(?4))
          ORDER BY \(order(strategy)) LIMIT 1
          """)
    }
    return take(
      candidate: """
        SELECT t.id FROM (SELECT (\(head(strategy, lane: "l.value"))) AS head
          FROM json_each(?4) AS l) AS h CROSS JOIN task_queue AS t ON t.id = h.head
        ORDER BY \(order(strategy).replacingColumns()) LIMIT 1
        """)
  }

  /// Takes a task that was picked before. Parameters: worker, lease end, now, id.
  static let takePicked = take(candidate: "?4")

  /// The ready tasks of one lane in the order of the strategy. Parameters: lane, limit.
  static func ready(_ strategy: ClaimStrategy) -> String {
    """
    SELECT id, attempts, type, priority, max_attempts, payload, run_after_utc, lottery_key,
      idempotency_key
    FROM task_queue INDEXED BY \(Schema.readyIndex(for: strategy).name)
    WHERE status = 'queued' AND lane = ?1 ORDER BY \(order(strategy)) LIMIT ?2
    """
  }

  /// Takes tasks that were picked before. Parameters: worker, lease end, now, ids as a JSON array.
  static let takeAll = """
    UPDATE task_queue SET \(taken)
    WHERE id IN (SELECT value FROM json_each(?4))
    """

  private static let taken = """
    status = 'processing', attempts = attempts + 1, locked_by = ?1, lease_until_utc = ?2,
      reserved_at_utc = ?3, processing_started_utc = ?3, lane = NULL
    """

  private static func take(candidate: String) -> String {
    """
    UPDATE task_queue SET \(taken)
    WHERE id = (\(candidate))
    RETURNING id, attempts, type, priority, max_attempts, payload, idempotency_key
    """
  }

  /// What a claim has to see to before it picks: the newest lane, and whether leases have run out or
  /// delayed tasks have become due. Parameter: now.
  static let duties = """
    SELECT (SELECT MAX(lane) FROM task_lanes),
      EXISTS (SELECT 1 FROM task_queue INDEXED BY ix_task_lease
        WHERE status = 'processing' AND lease_until_utc <= ?1),
      EXISTS (SELECT 1 FROM task_queue INDEXED BY ix_task_delayed
        WHERE status = 'queued' AND lane IS NULL AND run_after_utc <= ?1)
    """

  /// When the next lease ends and when the next delayed task becomes due.
  static let nextMoments = """
    SELECT (SELECT lease_until_utc FROM task_queue INDEXED BY ix_task_lease
        WHERE status = 'processing' AND lease_until_utc IS NOT NULL
        ORDER BY lease_until_utc LIMIT 1),
      (SELECT run_after_utc FROM task_queue INDEXED BY ix_task_delayed
        WHERE status = 'queued' AND lane IS NULL ORDER BY run_after_utc LIMIT 1)
    """

  /// Whether any of the lanes holds a ready task. Parameter: lanes as a JSON array.
  static func isAnyReady(_ strategy: ClaimStrategy) -> String {
    """
    SELECT EXISTS (SELECT 1 FROM json_each(?1) AS l WHERE EXISTS (
      SELECT 1 FROM task_queue INDEXED BY \(Schema.readyIndex(for: strategy).name)
      WHERE status = 'queued' AND lane = l.value))
    """
  }

  /// Leases that have run out, oldest first. Parameters: now, limit.
  static let expiredLeases = """
    SELECT id, type, compatibility, priority, attempts >= max_attempts
    FROM task_queue INDEXED BY ix_task_lease
    WHERE status = 'processing' AND lease_until_utc <= ?1 ORDER BY lease_until_utc LIMIT ?2
    """

  /// Delayed tasks that have become due, oldest first. Parameters: now, limit.
  static let dueTasks = """
    SELECT id, type, compatibility, priority, 0 FROM task_queue INDEXED BY ix_task_delayed
    WHERE status = 'queued' AND lane IS NULL AND run_after_utc <= ?1
    ORDER BY run_after_utc LIMIT ?2
    """

  /// Makes a task ready. Parameters: id, lane, lottery key.
  static let makeReady = """
    UPDATE task_queue SET status = 'queued', lane = ?2, lottery_key = ?3, locked_by = NULL,
      lease_until_utc = NULL WHERE id = ?1
    """

  /// Ends a task whose last lease has run out. Parameters: id, now.
  static let bury = EndStatement(
    """
    UPDATE task_queue SET status = 'dead_letter', finished_at_utc = ?2, lease_until_utc = NULL,
      error_message = coalesce(error_message, 'the lease of the last attempt ran out')
    WHERE id = ?1
    """)

  /// Lanes made since the last look. Parameter: the newest lane known.
  static let lanesAfter = "SELECT lane, type, compatibility FROM task_lanes WHERE lane > ?1"
  /// Makes a lane. Parameters: type, compatibility.
  static let addLane = "INSERT OR IGNORE INTO task_lanes (type, compatibility) VALUES (?1, ?2)"
  /// Looks a lane up. Parameters: type, compatibility.
  static let findLane = "SELECT lane FROM task_lanes WHERE type = ?1 AND compatibility = ?2"

  // MARK: Lottery

  /// The task of several lanes that wins: its id, how far its key lies behind the position of its
  /// lane, and that lane. The distance is NULL for a task without a key, which comes first.
  /// Parameter: lanes as a JSON array.
  static let drawWinner = """
    SELECT t.id, t.lottery_key - l.lottery_position AS distance, h.lane
    FROM (SELECT (\(head(.weightedRandom, lane: "s.value"))) AS head, s.value AS lane
      FROM json_each(?1) AS s) AS h
    CROSS JOIN task_queue AS t ON t.id = h.head CROSS JOIN task_lanes AS l ON l.lane = h.lane
    ORDER BY distance, t.id LIMIT 1
    """
  /// Where the lotteries of lanes stand. Parameter: lanes as a JSON array.
  static let lotteryPositions = """
    SELECT lane, lottery_position FROM task_lanes WHERE lane IN (SELECT value FROM json_each(?1))
    """
  /// Ready tasks without a key, which other programs inserted. Parameters: lane, limit.
  static let keylessTasks = """
    SELECT id, priority FROM task_queue INDEXED BY \(Schema.readyIndex(for: .weightedRandom).name)
    WHERE status = 'queued' AND lane = ?1 AND lottery_key IS NULL LIMIT ?2
    """
  /// Gives a task its key. Parameters: id, key.
  static let setLotteryKey = "UPDATE task_queue SET lottery_key = ?2 WHERE id = ?1"
  /// Where the lottery of a lane stands. Parameter: lane.
  static let lotteryPosition = "SELECT lottery_position FROM task_lanes WHERE lane = ?1"
  /// Moves the lottery of lanes on. Parameters: distance, lanes as a JSON array.
  static let advanceLottery = """
    UPDATE task_lanes SET lottery_position = lottery_position + ?1
    WHERE lane IN (SELECT value FROM json_each(?2))
    """
}

extension String {
  /// An order with every column taken from the table `t`.
  fileprivate func replacingColumns() -> String {
    split(separator: ", ").map { "t.\($0)" }.joined(separator: ", ")
  }
}
