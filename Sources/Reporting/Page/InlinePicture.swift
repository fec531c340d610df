import Foundation

/// What gnuplot has drawn, made a part of a page: without paper of its own, in colours that follow the
/// page's, with names that no other picture has, and smaller.
struct InlinePicture {
  /// The element.
  let markup: String

  /// The picture in `svg`; nil if that is not what gnuplot writes.
  ///
  /// `prefix` keeps its names apart from those of other pictures, `label` says what is seen on it.
  init?(svg: String, prefix: String, label: String, cssClass: String) {
    guard let start = svg.range(of: "<svg"), let end = svg.range(of: "</svg>", options: .backwards),
      let headEnd = svg[start.upperBound...].range(of: ">"),
      let size = Self.viewBox(of: svg[start.lowerBound..<headEnd.upperBound])
    else { return nil }
    var body = String(svg[headEnd.upperBound..<end.lowerBound])
    for element in ["title", "desc"] {
      body = Self.removing("<\(element)>", through: "</\(element)>", from: body, atMost: 1)
    }
    // Tooltips that say nothing, and filters that nobody uses.
    body = Self.removing("<title>gnuplot_plot", through: "</title>", from: body)
    body = Self.removing("<filter", through: "</filter>", from: body)
    body = Self.removing(" id=\"gnuplot_", through: "\"", from: body)
    // The paper: the first rectangle, as large as the picture.
    if let paper = body.range(of: "<rect"), let close = body[paper.upperBound...].range(of: "/>"),
      body[paper.lowerBound..<close.upperBound].contains("width=\"\(size.width)\"")
    {
      body.removeSubrange(paper.lowerBound..<close.upperBound)
    }
    body = Self.coloured(body)
    body = Self.renamed(body, prefix: prefix)
    body = Self.compact(body)
    markup =
      "<svg xmlns=\"http://www.w3.org/2000/svg\" xmlns:xlink=\"http://www.w3.org/1999/xlink\" "
      + "class=\"\(cssClass)\" viewBox=\"0 0 \(size.width) \(size.height)\" role=\"img\" "
      + "aria-label=\"\(escapedHTML(label))\">\(body)</svg>"
  }

  private static func viewBox(of head: Substring) -> (width: Int, height: Int)? {
    guard let start = head.range(of: "viewBox=\"0 0 ") else { return nil }
    let numbers = head[start.upperBound...].prefix { $0 != "\"" }.split(separator: " ")
      .compactMap { Int($0) }
    return numbers.count == 2 ? (numbers[0], numbers[1]) : nil
  }

  // Texts are split instead of searched: a search from each place onwards takes quadratic time.

  /// Without the stretches from one text to another.
  private static func removing(
    _ start: String, through end: String, from text: String, atMost limit: Int = .max
  ) -> String {
    let parts = text.components(separatedBy: start)
    var result = parts[0]
    for (index, part) in parts.dropFirst().enumerated() {
      if index < limit, let through = part.range(of: end) {
        result += part[through.upperBound...]
      } else {
        result += start + part
      }
    }
    return result
  }

  private static let names = Dictionary(
    Palette.all.map { ($0.components, $0.name) }, uniquingKeysWith: { first, _ in first })

  /// Each `rgb(…)` of the palette becomes the variable of that name.
  private static func coloured(_ text: String) -> String {
    let parts = text.components(separatedBy: "rgb(")
    var result = parts[0]
    for part in parts.dropFirst() {
      guard let end = part.firstIndex(of: ")") else {
        result += "rgb(" + part
        continue
      }
      let components = part[..<end].split(separator: ",").compactMap {
        Int($0.trimmingCharacters(in: .whitespaces))
      }
      result +=
        names[components].map { "var(--\($0))" }
        ?? "rgb(\(components.map(String.init).joined(separator: ",")))"
      result += part[part.index(after: end)...]
    }
    // What gnuplot draws without being told a colour, and text.
    let text = "var(--\(Palette.text.name))"
    for (attribute, value) in [("fill", "black"), ("stroke", "black"), ("fill", "rgb(0,0,0)")] {
      for quote in ["\"", "'"] {
        result = result.replacing(
          "\(attribute)=\(quote)\(value)\(quote)", with: "\(attribute)=\(quote)\(text)\(quote)")
      }
    }
    return result
  }

  /// Every name that is defined gets the prefix, and so does every reference to it.
  private static func renamed(_ text: String, prefix: String) -> String {
    var result = text
    for (opening, replacement) in [
      ("id='", "id='\(prefix)"), ("id=\"", "id=\"\(prefix)"), ("href='#", "href='#\(prefix)"),
      ("href=\"#", "href=\"#\(prefix)"), ("url(#", "url(#\(prefix)"),
    ] {
      result = result.replacing(opening, with: replacement)
    }
    return result
  }

  /// Without blanks, groups and strokes that nobody sees.
  private static func compact(_ text: String) -> String {
    var lines: [String] = []
    for line in text.split(separator: "\n") {
      let trimmed = line.trimmingCharacters(in: .whitespaces)
      // A group that gnuplot has opened and filled with nothing.
      if trimmed == "</g>", let last = lines.last, last.hasPrefix("<g "), last.hasSuffix(">") {
        lines.removeLast()
      } else if trimmed.contains("<text") || trimmed.contains("<tspan") {
        // What people read stays as it is.
        lines.append(trimmed)
      } else if !trimmed.isEmpty {
        lines.append(
          trimmed.replacing(".00,", with: ",").replacing(".00 ", with: " ")
            .replacing(" = ", with: "=").replacing("  ", with: " "))
      }
    }
    return lines.joined(separator: "\n").replacing(" font-family=\"sans-serif\"", with: "")
  }
}
