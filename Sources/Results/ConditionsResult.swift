/// What the machine did while a repeat was measured; nil where the system does not tell.
package struct ConditionsResult: Equatable, Sendable {
  /// Whether the machine was the one that the run began on.
  package var state: ConditionsState?
  /// The median of some waits for the disk before the repeat, in microseconds.
  package var probeFsyncUs: Double?
  /// The median of some empty write transactions before the repeat, in microseconds.
  package var probeLockUs: Double?
  /// A fixed piece of arithmetic before the repeat, in microseconds.
  package var probeCPUUs: Double?
  /// Share of the processors' time that the host gave to others.
  package var stealShare: Double?
  /// Processor time of a producer process per second, in the mean over them.
  package var producerCPUShare: Double?
  /// Processor time of a consumer process per second, in the mean over them.
  package var consumerCPUShare: Double?
  /// Processor time of the harness itself per second.
  package var harnessCPUShare: Double?
  /// How much of their time the processes were able to run and had to wait for a processor.
  package var runQueueShare: Double?
  /// How often a process gave its processor up, all processes together.
  package var voluntarySwitchesPerSecond: Double?
  /// How often a process had its processor taken, all processes together.
  package var involuntarySwitchesPerSecond: Double?
  /// Page faults without a wait for the disk, all processes together.
  package var minorFaultsPerSecond: Double?
  /// Page faults that read from the disk, all processes together.
  package var majorFaultsPerSecond: Double?
  /// Bytes that the processes caused to be written to the disk.
  package var writtenBytesPerSecond: Double?
  /// Bytes that the processes caused to be read from the disk.
  package var readBytesPerSecond: Double?

  /// Nothing, until it is measured.
  package init() {}
}

/// Whether the machine was the one that the run began on.
package enum ConditionsState: String, CaseIterable, Sendable {
  /// The probes before and after the repeat were within the band of the run's beginning.
  case normal
  /// They were not, and the repeat ran again; this is the last that was tried.
  case disturbed
}
