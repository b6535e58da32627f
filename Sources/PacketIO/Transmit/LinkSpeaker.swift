import CLinux
import Glibc
import Observations
import Wire

/// Asks the stations of an Ethernet link, at a pace. Answers are heard by ``LinkListener``.
public enum LinkSpeaker {
  /// What came of asking.
  public struct Report: Sendable, Hashable {
    /// Frames that the kernel took.
    public var sent = 0
    /// Questions that the scope refused.
    public var refusedByScope = 0
    /// Questions for which the interface has no address to ask from.
    public var withoutSource = 0
    /// Frames that the kernel refused.
    public var refusedByKernel = 0

    /// Takes over what came of asking again.
    public static func += (left: inout Report, right: Report) {
      left.sent += right.sent
      left.refusedByScope += right.refusedByScope
      left.withoutSource += right.withoutSource
      left.refusedByKernel += right.refusedByKernel
    }
  }

  /// Asks each question once, in order, until all are asked or the task is cancelled.
  ///
  /// A question about one address needs that address in the scope. One to all nodes reaches every station of the link: it needs
  /// all addresses that this machine has there in the scope.
  ///
  /// - Parameter rate: frames a second.
  public static func ask(
    _ questions: [LinkQuestion], on name: String, scope: Scope, rate: Double
  ) async throws(PacketIOError) -> Report {
    try await ThreadedRun.result("v6audit-ask") { stop throws(PacketIOError) in
      let interface = try NetworkInterface.all().named(name)
      guard interface.kind == .ethernet, let mac = interface.mac else {
        throw .captureFailed(interface: name, reason: "it is no Ethernet, and no stations can be asked there")
      }
      let own = try InterfaceAddress.all().filter { $0.interface == interface.index }
      let socket = try SendSocket.open(.frames(interface: interface.index))
      var poll = PollSet([stop.wakeup.descriptor])
      var report = Report()
      var next = MonotonicClock.now
      for question in questions {
        if stop.isMade { break }
        guard isAllowed(question, own, scope) else {
          report.refusedByScope += 1
          continue
        }
        guard let source = source(of: question, own) else {
          report.withoutSource += 1
          continue
        }
        let now = MonotonicClock.now
        if next > now { poll.wait(nanoseconds: next - now) }
        next = max(next, now) + UInt64(1e9 / rate)
        let frame = question.frame(from: mac, source: source)
        let status = frame.withUnsafeBytes { clinux_send(socket.number, $0.baseAddress, $0.count) }
        if status == frame.count { report.sent += 1 } else { report.refusedByKernel += 1 }
      }
      return report
    }
  }

  private static func isAllowed(_ question: LinkQuestion, _ own: [InterfaceAddress], _ scope: Scope) -> Bool {
    switch question {
    case .arp(let target), .neighbour(let target): return scope.allows(target)
    case .allNodes, .unknownOption, .listeners:
      let addresses = own.map(\.address).filter { $0.scope != .linkLocal }
      return !addresses.isEmpty && addresses.allSatisfy(scope.allows)
    }
  }

  /// The address to ask from: for ARP the one of the target's network.
  private static func source(of question: LinkQuestion, _ own: [InterfaceAddress]) -> IPAddress? {
    switch question {
    case .arp(let target): return own.first { $0.prefix.contains(target) }?.address
    case .allNodes(let wanted?, _, _), .unknownOption(let wanted?, _, _):
      return own.contains { $0.address == wanted } ? wanted : nil
    default: break
    }
    return own.first { $0.address.family == .ipv6 && $0.address.scope == .linkLocal }?.address
  }
}
