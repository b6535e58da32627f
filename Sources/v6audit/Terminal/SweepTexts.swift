import Foundation
import Observations
import PacketIO
import Probing
import Sweep
import Synchronization
import Wire

/// How far a sweep is, on stderr.
final class SweepBar: Sendable {
  private struct Drawn {
    var began = ContinuousClock.now
    var round = -1
  }

  private let drawn = Mutex(Drawn())
  private let isShown = Terminal.showsProgress

  func show(_ progress: SweepProgress) {
    guard isShown else { return }
    drawn.withLock { drawn in
      if drawn.round != progress.round {
        drawn.round = progress.round
        drawn.began = .now
      }
      Terminal.redraw(Self.line(progress, elapsed: ContinuousClock.now - drawn.began))
    }
  }

  func clear() {
    if isShown { Terminal.redraw("") }
  }

  /// `round 1  612/1224  50 %  sent 612, received 300, found 299, drops 0  1.0 kpps  3 s left`
  static func line(_ progress: SweepProgress, elapsed: Duration) -> String {
    let counters = progress.counters
    let planned = max(progress.planned, 1)
    let seconds = max(elapsed.seconds, 0.001)
    let speed = Double(progress.sentInRound) / seconds
    var line =
      "round \(progress.round + 1)  \(progress.sentInRound)/\(progress.planned)  "
      + "\(100 * progress.sentInRound / planned) %  sent \(progress.sent), received \(counters.received), "
      + "found \(counters.answered), drops \(counters.dropped)"
    if progress.isWaiting {
      line += "  waiting for answers"
    } else if progress.sentInRound > 0 {
      let left = Double(planned - progress.sentInRound) / speed
      line += "  \(rate(speed))  \(duration(left)) left"
    }
    return line
  }

  static func rate(_ rate: Double) -> String {
    rate >= 10_000 ? "\(Int(rate / 1000)) kpps" : "\(Int(rate)) pps"
  }

  /// `42 s`, `7 min`, `3 h 20 min`, `5 d`.
  static func duration(_ seconds: Double) -> String {
    guard seconds.isFinite, seconds < 1e12 else { return "for ever" }
    let whole = Int(seconds.rounded(.up))
    return switch whole {
    case ..<120: "\(whole) s"
    case ..<7200: "\(whole / 60) min"
    case ..<172_800: "\(whole / 3600) h \(whole % 3600 / 60) min"
    default: "\(whole / 86_400) d"
    }
  }
}

/// What a sweep came to, on stderr.
struct SweepSummary {
  let report: SweepJob.Report
  let job: SweepJob
  let took: Duration

  var lines: [String] {
    let total = report.total
    let counters = total.counters
    var lines: [String] = []
    if report.isInterrupted {
      let on =
        job.state.map { "repeat the command with --state \($0) to go on" } ?? "--state would let it go on"
      lines.append("INCOMPLETE: interrupted; \(on)")
    }
    let speed = SweepBar.rate(Double(total.sent) / max(took.seconds, 0.001))
    lines.append(
      "\(report.targets) targets\(report.isResumed ? " (gone on with)" : ""), \(total.sent) packets sent, "
        + String(format: "%.1f", took.seconds) + " s in all, \(speed) on average")
    lines.append(
      "\(job.probe == .echo ? "answered" : "open") \(counters.answered)\(share(counters.answered)), "
        + "closed \(counters.closed), rejected \(counters.rejected), silent \(total.silent), unknown \(total.unknown), "
        + "not sent \(total.notSent)")
    lines.append(
      "replies \(counters.received): repeated \(counters.repeated), forged \(counters.forged), "
        + "never asked \(counters.stray), unrelated \(counters.unrelated), malformed \(counters.malformed), "
        + "bad checksum \(counters.badChecksum); kernel drops \(counters.dropped)")
    if total.refusedByScope > 0 {
      lines.append("outside the scope and not touched: \(total.refusedByScope)")
    }
    if report.repeated > 0 { lines.append("listed more than once: \(report.repeated)") }
    return lines
  }

  /// The share of all targets, cut.
  private func share(_ count: UInt64) -> String {
    guard report.targets > 0, !report.isInterrupted, !report.isResumed else { return "" }
    let hundredths = Int(count) * 10_000 / report.targets
    let cents = hundredths % 100
    return " (\(hundredths / 100).\(cents < 10 ? "0" : "")\(cents) %)"
  }
}

/// What a sweep would do.
struct SweepDryRun {
  let job: SweepJob

  func lines() throws -> [String] {
    var count = 0
    var outside = 0
    var samples: [IPAddress] = []
    var prefixes: Set<IPAddress> = []
    do {
      try job.forEachTarget { address in
        count += 1
        if !job.scope.allows(address) { outside += 1 }
        if prefixes.count < 65_536 { prefixes.insert(address.masked(to: address.family == .ipv4 ? 24 : 48)) }
        if samples.count < 3 { samples.append(address) }
      }
    } catch { throw CommandFailure(error.status, error) }
    let pace = job.settings.pace
    let byPrefix = Double(prefixes.count) * pace.prefixRate
    let rate = min(pace.rate, byPrefix)
    let asked = count - outside
    let wait = Double(job.settings.wait) / 1e9
    let end = Double(job.settings.cooldown) / 1e9
    func time(_ packets: Int, rounds: Int) -> String {
      SweepBar.duration(Double(packets) / rate + Double(rounds - 1) * wait + end)
    }
    return [
      "\(count) targets, \(job.probe) to each"
        + (samples.isEmpty ? "" : ", for example \(samples.map(\.description).joined(separator: " "))"),
      "scope: \(asked) may be touched" + (outside > 0 ? ", \(outside) lie outside and would not be" : ""),
      "pace: " + (rate.isFinite ? "\(SweepBar.rate(rate))" : "as fast as this machine can")
        + (byPrefix < pace.rate
          ? ", held back by --prefix-rate: \(prefixes.count) prefix\(prefixes.count == 1 ? "" : "es") of \(SweepBar.rate(pace.prefixRate)) each"
          : ""),
      "time: "
        + (rate.isFinite
          ? "\(time(asked, rounds: 1)) if all answer, \(time(asked * job.tries, rounds: job.tries)) if none does"
          : "at most \(SweepBar.duration(Double(job.tries) * wait + end)) longer than sending takes"),
      "packets: \(asked) to \(asked * job.tries)",
    ]
  }
}
