import Audit
import Store

extension AuditError {
  /// How a command ends that could not measure.
  var status: ExitStatus {
    switch self {
    case .packets(.noPermission): .cannotMeasure
    case .packets(.unknownInterface), .noResolver: .usage
    case .packets, .store, .services: .internalError
    }
  }
}

extension StoreError {
  /// How a command ends whose store is not as it should be: what the user named, or what the machine lacks.
  var status: ExitStatus {
    switch self {
    case .notFound, .notAStore, .newerSchema, .olderSchema, .locked, .readOnly, .permission, .unknownRun,
      .exists:
      .usage
    case .corrupt, .diskFull, .runExists, .runClosed, .unreadable, .failed: .internalError
    }
  }
}
