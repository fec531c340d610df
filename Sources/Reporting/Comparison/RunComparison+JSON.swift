import Results
import Scenarios
import Statistics

extension RunComparison {
  /// The version of ``json``: it grows when a key changes its meaning or goes, not when one is added.
  static let jsonSchemaVersion = 1

  /// The comparison for programs: every key in every comparison, null where there is nothing, sorted.
  package var json: String {
    jsonText(
      Document(
        schema_version: Self.jsonSchemaVersion, a: Document.Run(a), b: Document.Run(b),
        warnings: warnings, only_in_a: onlyInA, only_in_b: onlyInB,
        rows: rows.map { row in
          Document.Row(
            metric: row.metric.name, unit: row.metric.target.dimension.unitName,
            cell_a: Nullable(row.cell?.a.cell), cell_b: Nullable(row.cell?.b.cell),
            cell: row.cell?.name ?? "all cells", repeats_a: Nullable(row.a?.count),
            repeats_b: Nullable(row.b?.count), median_a: Nullable(row.a?.median),
            median_b: Nullable(row.b?.median), change: row.estimate.value,
            change_is: row.metric.isShare ? "difference" : "ratio",
            low: Nullable(row.estimate.interval?.low), high: Nullable(row.estimate.interval?.high),
            adjusted_p: Nullable(row.adjustedP), outcome: row.outcome.rawValue)
        },
        costs: costs.map { row in
          Document.Cost(
            metric: row.name, cell_a: row.cell.a.cell, cell_b: row.cell.b.cell, cell: row.cell.name,
            low_a: row.a.range.low, high_a: row.a.range.high, low_b: row.b.range.low,
            high_b: row.b.range.high, outcome: row.outcome.rawValue)
        },
        plans: plans.map { row in
          Document.Plan(
            cell_a: row.cell.a.cell, cell_b: row.cell.b.cell, cell: row.cell.name,
            plan_hashes_a: row.a, plan_hashes_b: row.b, is_changed: row.isChanged)
        }))
  }

  // The names are those of the keys.
  // swift-format-ignore: AlwaysUseLowerCamelCase
  private struct Document: Encodable {
    let schema_version: Int
    let a: Run
    let b: Run
    let warnings: [String]
    let only_in_a: [String]
    let only_in_b: [String]
    let rows: [Row]
    let costs: [Cost]
    let plans: [Plan]

    struct Run: Encodable {
      let path: String
      let run: String
      let commit: String
      let sqlite_version: String

      init(_ run: StoredRun) {
        (path, self.run) = (run.path, run.manifest.run)
        (commit, sqlite_version) = (run.manifest.commit, run.manifest.sqliteVersion)
      }
    }

    struct Row: Encodable {
      let metric: String
      let unit: String
      /// Null for all cells together.
      let cell_a: Nullable<String>
      let cell_b: Nullable<String>
      let cell: String
      let repeats_a: Nullable<Int>
      let repeats_b: Nullable<Int>
      let median_a: Nullable<Double>
      let median_b: Nullable<Double>
      let change: Double
      let change_is: String
      let low: Nullable<Double>
      let high: Nullable<Double>
      let adjusted_p: Nullable<Double>
      let outcome: String
    }

    struct Plan: Encodable {
      let cell_a: String
      let cell_b: String
      let cell: String
      let plan_hashes_a: [String]
      let plan_hashes_b: [String]
      let is_changed: Bool
    }

    struct Cost: Encodable {
      let metric: String
      let cell_a: String
      let cell_b: String
      let cell: String
      let low_a: Double
      let high_a: Double
      let low_b: Double
      let high_b: Double
      let outcome: String
    }
  }
}
