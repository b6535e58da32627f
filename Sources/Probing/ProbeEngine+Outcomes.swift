import Observations

extension ProbeEngine {
  /// The outcome of each probe, by index; `nil` where there is none yet because the run was interrupted.
  ///
  /// Made anew at each call, so ask once, at the end.
  public var outcomes: [ProbeOutcome?] { writer.probes.indices.map { outcome(of: $0) } }

  /// When the outcome of one probe was known, in the monotonic nanoseconds the engine is told: the time of the
  /// reply, or the end of waiting for one. `nil` where there is no outcome yet, or nothing was sent.
  public func settledAt(_ probe: Int) -> UInt64? {
    let place = order.place(of: probe)
    return switch states[place].phase {
    case .pending, .waiting, .notSent: nil
    case .answered, .closed, .rejected, .silent: deadlines[place]
    }
  }

  /// How long after the packet it answers the reply came that made the outcome; `nil` where no reply made it. Every
  /// reply says which try it answers, so this is no guess.
  public func roundTrip(of probe: Int) -> Duration64? {
    let state = states[order.place(of: probe)]
    return switch state.phase {
    case .answered, .closed: Duration64(microseconds: Int64(state.value))
    case .rejected: state.rejection.map { Duration64(microseconds: Int64(rejectionTimes[$0])) }
    case .pending, .waiting, .silent, .notSent: nil
    }
  }

  /// The outcome of one probe, or `nil` if there is none yet.
  public func outcome(of probe: Int) -> ProbeOutcome? {
    let place = order.place(of: probe)
    let state = states[place]
    let tries = Int(state.attempts)
    switch state.phase {
    case .pending, .waiting:
      return nil
    case .answered:
      return .answered(roundTrip: Duration64(microseconds: Int64(state.value)), tries: tries)
    case .closed:
      return .closed(roundTrip: Duration64(microseconds: Int64(state.value)))
    case .rejected:
      return state.rejection.map { .rejected(rejections[$0]) }
    case .silent:
      let first = sentAt[Int(state.attemptsBefore)][place]
      let dropped = drops.dropped(from: first, to: deadlines[place])
      return dropped > 0 ? .unmeasured(dropped: dropped) : .silent(tries: tries)
    case .notSent:
      return state.reason.map { .notSent($0) }
    }
  }
}
