import Observations
import Services

extension Timestamp {
  /// The system's clock now. Read only where observations are made; nothing that judges calls it.
  public static var now: Timestamp { Handshaker.systemTime() }
}
