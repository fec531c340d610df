/// The formats in which a gate says what it found.
package enum GateFormat: String, CaseIterable, Sendable {
  /// For a terminal or a log.
  case text
  /// For a pull request or a job summary on GitHub.
  case markdown
  /// JUnit XML, which every CI server shows as tests.
  case junit
  /// For programs.
  case json
  /// Workflow commands, which GitHub shows beside the lines of files.
  case github
}

extension GateReport {
  /// The report in a format, each line with its end.
  ///
  /// `width` and `colours` are for `text`. `workspace` is for `github`: the directory that the paths of
  /// annotations are relative to.
  package func rendered(
    as format: GateFormat, width: Int? = nil, colours: Bool = false, workspace: String? = nil
  ) -> String {
    switch format {
    case .text: return text(width: width, colours: colours)
    case .markdown: return markdown
    case .junit: return junit
    case .json: return json
    case .github: return workflowCommands(workspace: workspace)
    }
  }
}
