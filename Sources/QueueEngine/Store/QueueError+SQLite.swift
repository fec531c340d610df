public import SQLite

extension QueueError {
  /// The queue's view of what SQLite reported.
  package init(_ error: SQLiteError) {
    let code: Code
    switch error.code.primary {
    case .busy, .locked: code = .busy
    case .readOnly, .cannotOpen: code = .readOnly
    case .full: code = .diskFull
    case .corrupt: code = .corrupt
    case .notADatabase: code = .notAQueue
    default: code = .storage
    }
    let remedy = code.remedy.map { "; \($0)" } ?? ""
    self.init(code: code, message: error.description + remedy, underlying: error)
  }

  /// SQLite's extended code, if SQLite reported the error.
  public var resultCode: ResultCode? { (underlying as? SQLiteError)?.code }
}
