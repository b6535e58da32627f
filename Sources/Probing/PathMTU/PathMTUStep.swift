/// What the driver of a path-MTU probe has to do next.
public enum PathMTUStep: Sendable, Hashable {
  /// Send what `emit` writes for this packet, as soon as the pace allows, and say so with `didSend`.
  case send(PathMTUPacket)
  /// Let the owner of the connection do this now, and say so with `didCue`.
  case cue(PathMTUCue)
  /// Receive until then.
  case wait(until: UInt64)
  /// The outcome is known.
  case finished
}

/// A packet of a path-MTU probe.
public enum PathMTUPacket: Sendable, Hashable {
  /// A question whose answer is large. Tries are counted through the whole probe from 0 on.
  case largeEcho(attempt: Int)
  /// A question whose answer is small, to see whether anybody is left.
  case smallEcho(attempt: Int)
  /// The Packet Too Big about the last large packet.
  case tooBig
}

/// What the owner of a connection has to do. It must not read from the connection at any other time: only a sender
/// that waits can be told something in time.
public enum PathMTUCue: Sendable, Hashable {
  /// Ask for much more than the receive buffer holds. The capture is live.
  case ask
  /// Read what the receive buffer holds, once, so that the sender goes on.
  case readOn
}
