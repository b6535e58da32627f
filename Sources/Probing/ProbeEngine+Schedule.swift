extension ProbeEngine {
  /// What to do at `now`, which is never less than at any call before. To be asked again after every step.
  public mutating func next(now: UInt64) -> Step {
    expire(now: now)
    while remaining > 0 {
      if let place = queue.first(now: now) {
        if states[Int(place)].phase != .pending {
          queue.removeFirst(now: now, isSent: false)
        } else if queue.allReady > now {
          return wait(until: queue.allReady)
        } else {
          queue.removeFirst(now: now, isSent: true)
          return send(Int(place), now: now)
        }
      } else if begun < order.count {
        queue.append(UInt32(truncatingIfNeeded: begun), now: now)
        begun += 1
      } else if let release = queue.nextRelease {
        return wait(until: max(release, queue.allReady))
      } else if let timer = timers.nextTime {
        return .wait(until: timer)
      } else {
        break
      }
    }
    return reopenDisturbed(now: now) ? next(now: now) : .finished
  }

  /// Waits for a send that is due, or for a deadline if one comes first.
  private func wait(until time: UInt64) -> Step {
    .wait(until: timers.nextTime.map { min($0, time) } ?? time)
  }

  @discardableResult
  mutating func send(_ place: Int, now: UInt64) -> Step {
    let attempt = Int(states[place].attempts)
    if attempt == sentAt.count { sentAt.append(Array(repeating: 0, count: states.count)) }
    sentAt[attempt][place] = now
    states[place].attempts += 1
    states[place].phase = .waiting
    let probe = order[place]
    let number = attempt - Int(states[place].attemptsBefore)
    let fraction = settings.jitter > 0 ? jitterFraction(probe, attempt: attempt) : 0
    let deadline = now + settings.wait(try: number, fraction: fraction)
    deadlines[place] = deadline
    timers.insert(UInt32(truncatingIfNeeded: place), at: deadline)
    counters.noteSent(probes[probe].target.family, probes[probe].kind.transport)
    return .send(probe: probe, attempt: attempt)
  }

  /// A number in 0..<1 that is always the same for a try of a probe under one key.
  func jitterFraction(_ probe: Int, attempt: Int) -> Double {
    var hash = SipHash(writer.key)
    hash.add(UInt64(writer.number(UInt32(truncatingIfNeeded: probe))) << 8 | UInt64(attempt))
    return Double(hash.finish() >> 11) / Double(1 << 53 as UInt64)
  }

  /// Ends the waiting of every try whose time is over.
  mutating func expire(now: UInt64) {
    while let place = timers.popDue(at: now) {
      let state = states[Int(place)]
      guard state.phase == .waiting else { continue }
      if state.attempts - state.attemptsBefore < settings.tries {
        states[Int(place)].phase = .pending
        // A replay is told of every try, and never asks for one.
        if writer.numbers.isEmpty { queue.append(place, now: now) }
      } else {
        finish(Int(place), state.rejection == nil ? .silent : .rejected)
      }
    }
  }

  /// Whether the capture dropped packets while the last round of a probe waited for answers.
  private func isDisturbed(_ place: Int) -> Bool {
    let first = sentAt[Int(states[place].attemptsBefore)][place]
    return drops.dropped(from: first, to: deadlines[place]) > 0
  }

  /// Begins another round for every probe that was given up although the capture dropped packets while it waited,
  /// as often as the settings allow. Done when nothing else is left, so that a run without drops never pays for it.
  ///
  /// - Returns: whether there was any.
  @discardableResult
  mutating func reopenDisturbed(now: UInt64) -> Bool {
    guard hasNewDrops else { return false }
    hasNewDrops = false
    var isAny = false
    for place in states.indices {
      guard states[place].wasGivenUp, states[place].extraRounds < settings.extraRounds, isDisturbed(place)
      else { continue }
      remaining += 1
      states[place].phase = .pending
      states[place].extraRounds += 1
      states[place].attemptsBefore = states[place].attempts
      if writer.numbers.isEmpty { queue.append(UInt32(truncatingIfNeeded: place), now: now) }
      isAny = true
    }
    if isAny { rounds.append(now) }
    return isAny
  }
}
