#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif
import CPlatform

/// What an output descriptor can show.
package enum Terminal {
  /// Makes `print` write each line at once, also into a pipe or a file.
  package static func bufferOutputByLine() {
    cplatform_buffer_output_by_line()
  }

  /// True if the descriptor leads to a terminal rather than to a file or pipe.
  package static func isTerminal(_ descriptor: Int32) -> Bool {
    isatty(descriptor) == 1
  }

  /// The width in columns: `COLUMNS` if the user has exported it, else the terminal's, else nil.
  package static func columns(of descriptor: Int32, environment: [String: String]) -> Int? {
    if let text = environment["COLUMNS"], let columns = Int(text), (1...10_000).contains(columns) {
      return columns
    }
    let columns = cplatform_terminal_columns(descriptor)
    return columns > 0 ? Int(columns) : nil
  }

  /// Whether colours are wanted: on a capable terminal whose user has not set `NO_COLOR`.
  ///
  /// Source: <https://no-color.org>: any value but the empty one counts.
  package static func wantsColour(_ descriptor: Int32, environment: [String: String]) -> Bool {
    isTerminal(descriptor) && allowsColour(environment: environment)
  }

  /// The part of the answer that the environment gives.
  static func allowsColour(environment: [String: String]) -> Bool {
    let term = environment["TERM"] ?? ""
    return (environment["NO_COLOR"] ?? "").isEmpty && !term.isEmpty && term != "dumb"
  }
}
