/// A `capacity.json` as a search leaves it behind, with fewer probes.
enum CapacityFixture {
  static let json = """
    {
      "schemaVersion": 1,
      "scenario": "capacity",
      "cell": "c01",
      "objectives": ["claim.p99 < 10ms", "busy_error_rate < 1%"],
      "latency": "claim",
      "latencyLimitsUs": {"p99": 10000},
      "closedLoopPeak": 7400,
      "searches": [
        {"number": 1, "outcome": "confirmed", "rate": 7640, "low": 7450, "high": 7810, "transitionLow": 7700, "transitionHigh": 8300, "highestPassed": 7400, "lowestFailed": 14800, "passedAt": 5, "trialsAt": 5, "failedAbove": 5, "trialsAbove": 5, "givenUp": 0, "probes": 44, "seconds": 71.5}
      ],
      "probes": [
        {"search": 1, "purpose": "refine", "cell": "c02", "repeatNumber": 4, "rate": 955, "offered": 957.8649999999999, "achieved": 0.9995, "throughput": 954.045, "p50Us": 70, "p99Us": 420, "p999Us": 900, "backlogSlope": 12.5, "violations": [], "missed": [], "isSaturated": false, "usage": {"lock": 0.13, "lockHoldUs": 27.1, "checkpoint": 0.28, "busyCores": 1.2, "runQueue": 0.2}},
        {"search": 1, "purpose": "refine", "cell": "c03", "repeatNumber": 5, "rate": 1910, "offered": 1915.7299999999998, "achieved": 0.9995, "throughput": 1908.09, "p50Us": 72, "p99Us": 520, "p999Us": 1100, "backlogSlope": 12.5, "violations": [], "missed": [], "isSaturated": false, "usage": {"lock": 0.24, "lockHoldUs": 27.1, "checkpoint": 0.28, "busyCores": 1.2, "runQueue": 0.2}},
        {"search": 1, "purpose": "refine", "cell": "c04", "repeatNumber": 6, "rate": 3820, "offered": 3831.4599999999996, "achieved": 0.9995, "throughput": 3816.18, "p50Us": 85, "p99Us": 900, "p999Us": 1700, "backlogSlope": 12.5, "violations": [], "missed": [], "isSaturated": false, "usage": {"lock": 0.45, "lockHoldUs": 27.1, "checkpoint": 0.28, "busyCores": 1.2, "runQueue": 0.2}},
        {"search": 1, "purpose": "refine", "cell": "c05", "repeatNumber": 7, "rate": 5350, "offered": 5366.049999999999, "achieved": 0.9995, "throughput": 5344.65, "p50Us": 60, "p99Us": 1400, "p999Us": 2600, "backlogSlope": 12.5, "violations": [], "missed": [], "isSaturated": false, "usage": {"lock": 0.55, "lockHoldUs": 27.1, "checkpoint": 0.28, "busyCores": 1.2, "runQueue": 0.2}},
        {"search": 1, "purpose": "refine", "cell": "c06", "repeatNumber": 8, "rate": 6490, "offered": 6509.469999999999, "achieved": 0.9995, "throughput": 6483.51, "p50Us": 40, "p99Us": 1900, "p999Us": 3200, "backlogSlope": 12.5, "violations": [], "missed": [], "isSaturated": false, "usage": {"lock": 0.6, "lockHoldUs": 27.1, "checkpoint": 0.28, "busyCores": 1.2, "runQueue": 0.2}},
        {"search": 1, "purpose": "refine", "cell": "c07", "repeatNumber": 9, "rate": 7640, "offered": 7662.919999999999, "achieved": 0.9995, "throughput": 7632.36, "p50Us": 36, "p99Us": 2600, "p999Us": 4800, "backlogSlope": 12.5, "violations": [], "missed": [], "isSaturated": false, "usage": {"lock": 0.64, "lockHoldUs": 27.1, "checkpoint": 0.28, "busyCores": 1.2, "runQueue": 0.2}},
        {"search": 1, "purpose": "refine", "cell": "c08", "repeatNumber": 10, "rate": 7640, "offered": 7662.919999999999, "achieved": 0.9995, "throughput": 7632.36, "p50Us": 35, "p99Us": 2700, "p999Us": 5000, "backlogSlope": 12.5, "violations": [], "missed": [], "isSaturated": false, "usage": {"lock": 0.65, "lockHoldUs": 27.1, "checkpoint": 0.28, "busyCores": 1.2, "runQueue": 0.2}},
        {"search": 1, "purpose": "refine", "cell": "c09", "repeatNumber": 11, "rate": 8010, "offered": 8034.029999999999, "achieved": 0.97, "throughput": 8001.99, "p50Us": 35, "p99Us": 2900, "p999Us": 5600, "backlogSlope": 12.5, "violations": ["only 97.0 % of what was due was enqueued in time"], "missed": [], "isSaturated": true, "usage": {"lock": 0.65, "lockHoldUs": 27.1, "checkpoint": 0.28, "busyCores": 1.2, "runQueue": 0.2}},
        {"search": 1, "purpose": "refine", "cell": "c10", "repeatNumber": 12, "rate": 8400, "offered": 8425.199999999999, "achieved": 0.97, "throughput": 8391.6, "p50Us": 33, "p99Us": 3300, "p999Us": 7800, "backlogSlope": 12.5, "violations": ["only 97.0 % of what was due was enqueued in time"], "missed": [], "isSaturated": true, "usage": {"lock": 0.66, "lockHoldUs": 27.1, "checkpoint": 0.28, "busyCores": 1.2, "runQueue": 0.2}},
        {"search": 1, "purpose": "refine", "cell": "c11", "repeatNumber": 13, "rate": 9550, "offered": 9578.65, "achieved": 0.97, "throughput": 9540.45, "p50Us": 33, "p99Us": 4800, "p999Us": 9500, "backlogSlope": 12.5, "violations": ["only 97.0 % of what was due was enqueued in time"], "missed": [], "isSaturated": true, "usage": {"lock": 0.68, "lockHoldUs": 27.1, "checkpoint": 0.28, "busyCores": 1.2, "runQueue": 0.2}},
        {"search": 1, "purpose": "refine", "cell": "c12", "repeatNumber": 14, "rate": 11500, "offered": 11534.499999999998, "achieved": 0.97, "throughput": 11488.5, "p50Us": 32, "p99Us": 5200, "p999Us": 10800, "backlogSlope": 12.5, "violations": ["only 97.0 % of what was due was enqueued in time"], "missed": [], "isSaturated": true, "usage": {"lock": 0.7, "lockHoldUs": 27.1, "checkpoint": 0.28, "busyCores": 1.2, "runQueue": 0.2}}
      ],
      "curve": [
        {"rate": 955, "probes": 1, "passed": 1, "achieved": 0.9995, "p50Us": 70, "p99Us": 420, "p999Us": 900, "lock": 0.13},
        {"rate": 1910, "probes": 1, "passed": 1, "achieved": 0.9995, "p50Us": 72, "p99Us": 520, "p999Us": 1100, "lock": 0.24},
        {"rate": 3820, "probes": 1, "passed": 1, "achieved": 0.9995, "p50Us": 85, "p99Us": 900, "p999Us": 1700, "lock": 0.45},
        {"rate": 5350, "probes": 1, "passed": 1, "achieved": 0.9995, "p50Us": 60, "p99Us": 1400, "p999Us": 2600, "lock": 0.55},
        {"rate": 6490, "probes": 1, "passed": 1, "achieved": 0.9995, "p50Us": 40, "p99Us": 1900, "p999Us": 3200, "lock": 0.6},
        {"rate": 7640, "probes": 2, "passed": 2, "achieved": 0.9995, "p50Us": 36, "p99Us": 2600, "p999Us": 4800, "lock": 0.64},
        {"rate": 8010, "probes": 1, "passed": 0, "achieved": 0.97, "p50Us": 35, "p99Us": 2900, "p999Us": 5600, "lock": 0.65},
        {"rate": 8400, "probes": 1, "passed": 0, "achieved": 0.97, "p50Us": 33, "p99Us": 3300, "p999Us": 7800, "lock": 0.66},
        {"rate": 9550, "probes": 1, "passed": 0, "achieved": 0.97, "p50Us": 33, "p99Us": 4800, "p999Us": 9500, "lock": 0.68},
        {"rate": 11500, "probes": 1, "passed": 0, "achieved": 0.97, "p50Us": 32, "p99Us": 5200, "p999Us": 10800, "lock": 0.7}
      ],
      "knee": 5350,
      "limit": {"kind": "write_lock", "usage": {"lock": 0.65, "lockHoldUs": 27.1, "checkpoint": 0.28, "busyCores": 1.2, "runQueue": 0.2}, "mostLock": 0.7, "cores": 2},
      "voidProbes": 1,
      "disturbedProbes": 0
    }
    """
}
