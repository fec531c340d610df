/// What a cell's settings promise to keep, and what power cuts say of that.
package struct PowerResult: Equatable, Sendable {
  /// `power`, `process` or `none`; empty if that is not known.
  package var durabilityClass = ""
  /// Why the class is `none`; empty if it is not.
  package var hazard = ""
  /// Power cuts that were tried; nil if none were.
  package var cuts: Int?
  /// The most acknowledged operations that one of them undid.
  package var lostMax: Int?
  /// How long before a cut the oldest operation had been acknowledged that it undid, in ms.
  package var lostMs: Double?
  /// Cuts after which the database was damaged.
  package var corrupt: Int?

  /// The class of settings that promise nothing.
  package static let noPromise = "none"

  package init() {}
}
