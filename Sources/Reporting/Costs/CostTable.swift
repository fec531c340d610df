package import Results

/// What was counted in the cells of a scenario, as a table.
package struct CostTable {
  /// A cell with its profile.
  package struct Row {
    let cell: String
    /// Its labels on the axes.
    let axes: [String]
    let profile: CostProfile

    package init(cell: String, axes: [String], profile: CostProfile) {
      self.cell = cell
      self.axes = axes
      self.profile = profile
    }
  }

  private let axisNames: [String]
  private let rows: [Row]

  package init(axisNames: [String], rows: [Row]) {
    self.axisNames = axisNames
    self.rows = rows
  }

  /// The table: a line per cell and operation.
  package func text(width: Int? = nil) -> String {
    let numbers = ["VM steps", "statements", "WAL frames", "fsyncs"]
    let columns =
      (["cell"] + axisNames + ["operation"]).map { TextTable.Column($0) }
      + numbers.map { TextTable.Column($0, group: "per task", alignment: .right) }
      + [TextTable.Column("plans")]
    let lines = rows.flatMap { row in
      MeasuredOperation.allCases.map { operation -> [TextTable.Cell] in
        let costs = row.profile[operation]
        let isFirst = operation == MeasuredOperation.allCases.first
        let place = ([row.cell] + row.axes).map { isFirst ? $0 : "" } + [operation.rawValue]
        return place.map { TextTable.Cell($0) }
          + [
            costs.vmStepsPerTask, costs.statementsPerTask, costs.walFramesPerTask,
            costs.fsyncsPerTask,
          ].map { TextTable.Cell(CostDifference.text(ofPerTask: $0)) }
          + [TextTable.Cell(isFirst ? row.profile.planHash : "")]
      }
    }
    return TextTable(columns: columns, rows: lines).text(width: width)
  }
}
