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
