/// For what a picture is laid out.
package enum PlotFormat: String, CaseIterable, Sendable {
  /// A file of its own: with title, and with a footer that says where the numbers come from.
  case file
  /// A part of a page that says these things itself.
  case page
  /// The same for a telephone: narrow, so that its texts need not shrink, one panel beneath another.
  case phone

  /// The picture's width in pixels.
  var width: Int { self == .phone ? 400 : 900 }
  /// The room at its left and right.
  var margin: Int { self == .file ? 16 : 4 }
  /// The height that the title takes.
  var headHeight: Int { self == .file ? 62 : 6 }
  /// What is left between the margins.
  var bodyWidth: Int { width - 2 * margin }
}
