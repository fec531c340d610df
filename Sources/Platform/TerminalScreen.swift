#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif
import CPlatform

/// The whole of a terminal, for a program that draws on it until its user leaves.
///
/// The terminal's other screen is used, so that what stood there before comes back. That happens however
/// the program ends: with the instance, by ``leave()``, and by any signal that a process can hear of.
/// SIGINT and SIGTERM end waits, for which there must be an ``InterruptMonitor``. One screen per process.
///
/// Not `Sendable`.
package final class TerminalScreen {
  /// Why a wait has ended.
  package enum Event: Equatable, Sendable {
    /// A key, by the byte that it sends; keys that send several come as several. Ctrl-C is 3.
    case key(UInt8)
    /// The terminal has another size.
    case resized
    /// SIGINT or SIGTERM has come.
    case interrupted
    /// The terminal is gone.
    case closed
    /// Nothing of that until the deadline.
    case deadline
  }

  /// Columns and rows.
  package struct Size: Equatable, Sendable {
    package var columns: Int
    package var rows: Int

    package init(columns: Int, rows: Int) {
      self.columns = columns
      self.rows = rows
    }
  }

  private let input: Int32?
  private let output: Int32
  private let monitor: InterruptMonitor
  private let resizes: Doorbell
  private var isInputOpen = true
  private var hasLeft = false

  /// Takes the terminal.
  ///
  /// - Parameters:
  ///   - input: the terminal that keys come from; nil for none.
  ///   - output: the terminal to draw on.
  ///   - monitor: hears of SIGINT and SIGTERM.
  /// - Throws: an error if the terminal cannot be used.
  package init(input: Int32?, output: Int32, monitor: InterruptMonitor) throws(SystemError) {
    self.input = input
    self.output = output
    self.monitor = monitor
    resizes = try Doorbell()
    try enter()
    cplatform_screen_watch(resizes.writeDescriptor)
  }

  deinit { leave() }

  /// Puts the terminal back; further calls do nothing.
  package func leave() {
    if hasLeft { return }
    hasLeft = true
    cplatform_screen_leave()
    cplatform_screen_unwatch()
  }

  /// Stops the process as Ctrl-Z does, with the terminal put back meanwhile.
  package func suspend() throws(SystemError) {
    cplatform_screen_leave()
    raise(SIGTSTP)
    try enter()
  }

  private func enter() throws(SystemError) {
    let failure = cplatform_screen_enter(input ?? -1, output)
    guard failure == 0 else {
      throw SystemError(operation: "use", subject: "the terminal", code: failure)
    }
  }

  /// The size of the terminal now; 80 × 24 if it does not know.
  package var size: Size {
    var columns: Int32 = 0
    var rows: Int32 = 0
    _ = cplatform_terminal_size(output, &columns, &rows)
    return Size(columns: columns > 0 ? Int(columns) : 80, rows: rows > 0 ? Int(rows) : 24)
  }

  /// Draws lines from the top; what stood there before is gone. Lines that are too long are cut by the
  /// terminal, and those for which there is no room are left out.
  package func draw(_ lines: [String]) {
    var text = "\u{1B}[H"
    for (index, line) in lines.prefix(max(1, size.rows)).enumerated() {
      // No end of line after the last one: that would move everything up.
      text += (index == 0 ? "" : "\r\n") + line + "\u{1B}[K"
    }
    text += "\u{1B}[J"
    text.withUTF8 { bytes in
      var rest = UnsafeRawBufferPointer(bytes)
      while !rest.isEmpty {
        let count = write(output, rest.baseAddress, rest.count)
        if count < 0, errno == EINTR { continue }
        // A terminal that is gone shows when the next key is waited for.
        if count <= 0 { return }
        rest = UnsafeRawBufferPointer(rebasing: rest[count...])
      }
    }
  }

  /// Waits for something to react to, at most until that moment of the monotonic clock.
  package func wait(untilNs deadlineNs: UInt64) -> Event {
    if monitor.isInterrupted { return .interrupted }
    var watched = [
      pollfd(fd: monitor.doorbell.readDescriptor, events: Int16(POLLIN), revents: 0),
      pollfd(fd: resizes.readDescriptor, events: Int16(POLLIN), revents: 0),
      pollfd(fd: isInputOpen ? input ?? -1 : -1, events: Int16(POLLIN), revents: 0),
    ]
    _ = cplatform_poll_until(&watched, watched.count, deadlineNs)
    if watched[0].revents != 0 { return .interrupted }
    if watched[1].revents != 0 {
      resizes.clear()
      return .resized
    }
    guard let input, watched[2].revents != 0 else { return .deadline }
    var byte: UInt8 = 0
    while true {
      let count = read(input, &byte, 1)
      if count == 1 { return .key(byte) }
      if count < 0, errno == EINTR { continue }
      isInputOpen = false
      return .closed
    }
  }
}
