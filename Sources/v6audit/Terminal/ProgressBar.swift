import Audit
import Synchronization

/// A bar on stderr with counts and the time that remains, redrawn at most ten times a second.
final class ProgressBar: Sendable {
  private struct Drawn {
    var phase: AuditProgress.Phase?
    var began = ContinuousClock.now
    var last = ContinuousClock.now - .seconds(1)
  }

  private let drawn = Mutex(Drawn())
  private let isShown = Terminal.showsProgress

  /// Shows how far the audit is.
  func show(_ progress: AuditProgress) {
    guard isShown else { return }
    drawn.withLock { drawn in
      let now = ContinuousClock.now
      if drawn.phase != progress.phase {
        drawn.phase = progress.phase
        drawn.began = now
        drawn.last = now - .seconds(1)
      }
      guard now - drawn.last >= .milliseconds(100) || progress.done == progress.total else { return }
      drawn.last = now
      Terminal.redraw(Self.line(progress, elapsed: now - drawn.began))
    }
  }

  /// Takes the bar away.
  func clear() {
    if isShown { Terminal.redraw("") }
  }

  /// `services  [##########..........]  612/1224  50 %  3 s left`
  static func line(_ progress: AuditProgress, elapsed: Duration) -> String {
    let width = 24
    let total = max(progress.total, 1)
    let filled = width * progress.done / total
    let bar = String(repeating: "#", count: filled) + String(repeating: ".", count: width - filled)
    var line =
      "\(progress.phase.rawValue.padded(to: 9))[\(bar)] "
      + "\(progress.done)/\(progress.total)  \(100 * progress.done / total) %"
    if progress.done > 0 && progress.done < progress.total {
      let seconds = elapsed.seconds
      let left = seconds / Double(progress.done) * Double(progress.total - progress.done)
      line += "  \(Int(left.rounded(.up))) s left"
    }
    return line
  }
}
