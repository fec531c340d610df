import Testing

/// The table of the Python names leaves none out.
@Suite struct PythonNamesTests {
  static let names = """
    QueueDatabase initialize_schema get_connection execute execute_many transaction close
    PRISMQ_QUEUE_DB_PATH PRAGMAS QueueDatabaseError QueueBusyError QueueSchemaError
    Task.to_dict Task.from_dict get_payload_dict get_compatibility_dict Worker.to_dict
    Worker.from_dict get_capabilities_dict TaskLog.to_dict TaskLog.from_dict QueueClient.enqueue
    QueueWorker TaskLogger.log get_task_logs get_recent_logs delete_old_logs log_task_event
    log_task_transition log_task_error log_task_retry get_queue_depth get_queue_depth_by_status
    get_queue_depth_by_type get_oldest_queued_task_age get_success_failure_rates
    get_worker_activity get_throughput_metrics get_retry_metrics get_processing_time_percentiles
    get_queue_health_summary register_worker update_heartbeat get_active_workers
    get_stale_workers cleanup_stale_workers get_worker_stats get_all_workers_summary
    reclaim_stale_worker_tasks get_queue_metrics create_backup verify_backup list_backups
    cleanup_old_backups restore_backup checkpoint CHECKPOINT_PASSIVE analyze vacuum
    incremental_vacuum integrity_check cleanup_stale_leases get_database_stats optimize
    BackgroundTaskManager start_task RunRegistry QUEUE_ENABLED_TYPES QUEUE_ROLLOUT_PERCENTAGE
    queue_size queue_processing queue_completed_total queue_failed_total enqueue process_jobs
    get_job cancel_job pending data/queue.tsv cleanup_old_jobs ix_task_status_prio_time
    ix_task_type_status ix_task_region ix_task_format REST demo.py
    """.split(whereSeparator: \.isWhitespace).map(String.init)

  /// Each stands in the first column of a table, with something in the second.
  @Test func allAreThere() throws {
    let rows = try Article.named("ComingFromPython").lines.compactMap(Article.cells)
    for name in Self.names {
      let row = rows.first { $0[0].contains(name) }
      #expect(row.map { $0.count > 1 && !$0[1].isEmpty } == true, "\(name)")
    }
  }

  /// The tables and views that the article says are here.
  @Test(arguments: [
    "task_queue", "workers", "task_logs", "v_queue_status_summary", "v_queue_type_summary",
    "v_worker_status", "v_task_performance", "v_recent_failures",
  ])
  func isInTheSchema(_ name: String) throws {
    let schema = try Repository.text("Sources/QueueEngine/Store/Schema.swift")
    #expect(schema.contains(" \(name) "))
  }
}
