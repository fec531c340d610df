/// Reads `settings`, `axes`, `exclude`, `include` and `baseline`, and makes cells of them.
struct MatrixReader {
  /// What becomes of them.
  struct Result {
    let cells: [Cell]
    let axisNames: [String]
    let baselineIndex: Int
  }

  let diagnostics: Diagnostics
  /// How long the measurement takes; nil if the file says so wrongly.
  let measureMs: Int?

  /// Products beyond this are not even built to be thinned out by `exclude`.
  private static let maximumProduct = 100_000

  private var reader: SettingReader { SettingReader(diagnostics: diagnostics) }
  private var patterns: PatternReader { PatternReader(diagnostics: diagnostics) }

  /// The cells, or nil after reporting at least one error.
  func matrix(of entries: [String: SourceEntry], maxCells: Int) -> Result? {
    let errorsBefore = diagnostics.count
    let fixed = fixedSettings(entries["settings"])
    let axes = self.axes(entries["axes"], fixed: fixed)
    guard diagnostics.count == errorsBefore else { return nil }

    let axisSettings = axes.map(\.setting)
    let exclude = patterns.list(entries["exclude"]?.value, allowed: axisSettings)
    let include = patterns.list(entries["include"]?.value, allowed: nil)
    guard diagnostics.count == errorsBefore else { return nil }
    var varied = axisSettings
    for setting in include.flatMap(\.order) where !varied.contains(setting) {
      varied.append(setting)
    }
    let baseline = entries["baseline"].flatMap {
      patterns.entry($0.value, allowed: varied, line: $0.line)
    }
    checkProcesses(fixed, entries, include)

    let matrix = Matrix(axes: axes)
    let axesLine = entries["axes"]?.line
    guard let product = matrix.productCount, product <= Self.maximumProduct else {
      diagnostics.report(
        "more than \(Self.maximumProduct) combinations before exclude", at: "axes", line: axesLine)
      return nil
    }
    let combinations = matrix.combinations(
      exclude: exclude, include: include, diagnostics)
    guard !combinations.isEmpty else {
      diagnostics.report(
        "removes all \(product) cells", at: "exclude", line: entries["exclude"]?.line)
      return nil
    }
    guard combinations.count <= maxCells else {
      let place = axes.isEmpty ? entries["include"] : entries["axes"]
      diagnostics.report(
        "\(combinations.count) cells are more than max_cells (\(maxCells)): "
          + "shorten axes, exclude some or raise max_cells",
        at: place?.key ?? "axes", line: place?.line)
      return nil
    }
    let cells = self.cells(combinations, fixed: fixed.mapValues(\.value), varied: varied)
    let baselineIndex = self.baselineIndex(baseline, cells)
    guard diagnostics.count == errorsBefore, let baselineIndex else { return nil }
    return Result(cells: cells, axisNames: varied.map(\.name), baselineIndex: baselineIndex)
  }

  // MARK: Reading

  private func fixedSettings(
    _ entry: SourceEntry?
  ) -> [Setting: (value: SettingValue, entry: SourceEntry)] {
    guard let entry,
      let entries = entry.value.entries("a map of settings to values", diagnostics)
    else { return [:] }
    var fixed: [Setting: (value: SettingValue, entry: SourceEntry)] = [:]
    for entry in entries {
      guard let setting = patterns.setting(entry, "setting"),
        let value = reader.value(of: setting, from: entry.value)
      else { continue }
      fixed[setting] = (value, entry)
    }
    return fixed
  }

  private func axes(
    _ entry: SourceEntry?, fixed: [Setting: (value: SettingValue, entry: SourceEntry)]
  ) -> [Matrix.Axis] {
    guard let entry,
      let entries = entry.value.entries("a map of settings to lists of values", diagnostics)
    else { return [] }
    return entries.compactMap { entry in
      guard let setting = patterns.setting(entry, "axis") else { return nil }
      if let other = fixed[setting]?.entry {
        diagnostics.report(
          "already fixed under settings" + (other.line.map { " on line \($0)" } ?? ""),
          at: entry.path, line: entry.line)
      }
      return axis(setting, entry)
    }
  }

  private func axis(_ setting: Setting, _ entry: SourceEntry) -> Matrix.Axis? {
    let expected = "a list of values (a single value belongs under settings)"
    guard let items = entry.value.items(expected, diagnostics) else { return nil }
    guard !items.isEmpty else {
      diagnostics.report("empty axis: give at least one value", at: entry.path, line: entry.line)
      return nil
    }
    var values: [SettingValue] = []
    var labels: Set<String> = []
    for item in items {
      guard let value = reader.value(of: setting, from: item) else { continue }
      if !labels.insert(value.label).inserted {
        diagnostics.report("duplicate value \(value.label)", at: item)
      }
      values.append(value)
    }
    return Matrix.Axis(setting: setting, values: values)
  }

  /// `processes` says how many producers and consumers there are; so do the other two.
  private func checkProcesses(
    _ fixed: [Setting: (value: SettingValue, entry: SourceEntry)],
    _ entries: [String: SourceEntry], _ include: [Matrix.Entry]
  ) {
    var places: [Setting: (path: String, line: Int?)] = [:]
    for entry in include {
      for setting in entry.order {
        places[setting] = ("\(entry.path).\(setting.name)", entry.line)
      }
    }
    let silent = Diagnostics(file: diagnostics.file)
    for key in ["axes", "settings"] {
      for entry in entries[key]?.value.entries("", silent) ?? [] {
        if let setting = Setting.named(entry.key) { places[setting] = (entry.path, entry.line) }
      }
    }
    guard places[.load(.processes)] != nil else { return }
    for setting in [Setting.load(.producers), .load(.consumers)] {
      guard let place = places[setting] else { continue }
      diagnostics.report(
        "cannot be combined with processes, which sets producers and consumers", at: place.path,
        line: place.line)
    }
  }

  // MARK: Cells

  private func cells(
    _ combinations: [Matrix.Combination], fixed: [Setting: SettingValue], varied: [Setting]
  ) -> [Cell] {
    let width = max(2, String(combinations.count).count)
    var known: Set<[AxisValue]> = []
    return combinations.enumerated().map { index, combination in
      let values = fixed.merging(combination.values) { $1 }
      let axisValues = varied.map { setting in
        AxisValue(name: setting.name, label: values[setting]?.label ?? setting.standardLabel)
      }
      if !known.insert(axisValues).inserted, let entry = combination.createdBy {
        diagnostics.report(
          "creates a cell that is there already", at: entry.path, line: entry.line)
      }
      let settings = CellSettings(values.values)
      let number = String(index + 1)
      return Cell(
        id: "c" + String(repeating: "0", count: width - number.count) + number,
        axisValues: axisValues, settings: settings,
        refusal: Refusal.reason(for: values.values, settings, measureMs: measureMs))
    }
  }

  /// The first runnable cell that matches, else the first that matches.
  private func baselineIndex(_ entry: Matrix.Entry?, _ cells: [Cell]) -> Int? {
    let pattern = entry.map(PatternReader.axisValues) ?? []
    let matching = cells.indices.filter { cells[$0].matches(pattern) }
    if let entry, matching.isEmpty {
      diagnostics.report("matches no cell", at: entry.path, line: entry.line)
    }
    return matching.first { cells[$0].refusal == nil } ?? matching.first
  }
}
