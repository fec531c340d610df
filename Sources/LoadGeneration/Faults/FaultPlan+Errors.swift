internal import QueueEngine
internal import SQLite
internal import Scenarios

extension FaultPlan {
  /// Whether the error is one that these faults bring about, which end and must be survived.
  func brings(_ error: QueueError) -> Bool {
    switch error.resultCode?.primary {
    case .full?: return contains(.diskFull)
    case .ioError?: return contains(.ioError)
    default: return false
    }
  }
}
