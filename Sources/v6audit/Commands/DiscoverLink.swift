import ArgumentParser
import Audit
import Discovery
import Observations
import PacketIO
import Wire

/// A link that is listened to, and asked.
struct DiscoverLinkOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Listen on this Ethernet interface.", valueName: "name"))
  var interface: String?

  @Option(
    help: ArgumentHelp(
      "For how long. Default: until it is interrupted; with --ask until all is asked and answered.",
      valueName: "seconds"))
  var passive: Double?

  @Flag(help: "Hear frames for others as well, as at a mirror port (promiscuous mode).")
  var mirror = false

  @Flag(
    help: ArgumentHelp(
      "Ask the link as well: all nodes by echo and by an unknown option, each IPv4 address of its networks up to a /20 by "
        + "ARP, each IPv6 address that is known. Needs --allow or --inventory."))
  var ask = false

  @Flag(
    help: ArgumentHelp(
      "Ask also who listens to which groups (MLD). Routers may believe for some minutes that this machine is one."
    ))
  var mld = false

  /// Whether anything is asked.
  var asks: Bool { ask || mld }

  /// What came of listening.
  struct End: Sendable {
    var dropped: UInt64 = 0
    var notes: [String] = []
  }

  private static let timeForAnswers = Duration.seconds(2)

  func validate() throws {
    if let passive, !(passive > 0) { throw ValidationError("--passive \(passive): give seconds, above 0") }
    if asks {
      guard interface != nil else { throw ValidationError("--ask, --mld: name the link with --interface") }
    }
  }

  /// Listens, and asks if that is wanted.
  ///
  /// - Parameters:
  ///   - limits: what may be asked.
  ///   - known: addresses that were seen before.
  ///   - heard: the interfaces that were heard so far.
  func listen(
    _ limits: DiscoverScope, known: [IPAddress], heard: @escaping @Sendable () -> [MACAddress],
    frame: @escaping @Sendable (RawSpan, Timestamp) -> Void
  ) async throws -> End {
    guard let interface else { return End() }
    let asking = asks ? try Asking(limits, on: interface, known: known, asksListeners: mld) : nil
    let (seconds, isMirror) = (passive, mirror)
    do {
      return try await Interruption.guarding {
        let (ears, opened) = AsyncStream.makeStream(of: Void.self)
        let listening = Task {
          defer { opened.finish() }
          return try await LinkListener.listen(
            on: interface, isPromiscuous: isMirror, seconds: seconds, ready: { opened.finish() }, frame: frame
          )
        }
        var end = End()
        try await withTaskCancellationHandler {
          if let asking {
            // The kernel may take seconds to open one where there are many links. It ends without one where that fails.
            for await _ in ears {}
            end.notes = try await asking.ask(after: Self.timeForAnswers, heard)
            try? await Task.sleep(for: Self.timeForAnswers)
            if seconds == nil { listening.cancel() }
          }
          end.dropped = try await listening.value
        } onCancel: {
          listening.cancel()
        }
        return end
      }.result
    } catch let error as PacketIOError {
      let error = AuditError.packets(error)
      throw CommandFailure(error.status, error)
    }
  }

  /// What is asked, and within what.
  private struct Asking: Sendable {
    let interface: String
    let plan: LinkPlan
    let scope: Scope
    let rate: Double

    init(_ limits: DiscoverScope, on name: String, known: [IPAddress], asksListeners: Bool) throws {
      let own: [InterfaceAddress]
      do throws(PacketIOError) {
        let index = try NetworkInterface.all().named(name).index
        own = try InterfaceAddress.all().filter { $0.interface == index }
      } catch {
        let error = AuditError.packets(error)
        throw CommandFailure(error.status, error)
      }
      plan = LinkPlan(
        own, scope: limits.scope, known: known + limits.declared, asksListeners: asksListeners,
        identifier: UInt16.random(in: .min ... .max))
      (interface, scope, rate) = (name, limits.scope, limits.rate)
    }

    /// Asks the link, and then those who answered for more, and says what was not asked.
    func ask(after pause: Duration, _ heard: () -> [MACAddress]) async throws(PacketIOError) -> [String] {
      var report = try await LinkSpeaker.ask(plan.questions, on: interface, scope: scope, rate: rate)
      try? await Task.sleep(for: pause)
      let more = plan.questions(for: heard())
      report += try await LinkSpeaker.ask(more, on: interface, scope: scope, rate: rate)
      var notes = ["\(report.sent) frames asked \(interface)"]
      if report.refusedByScope > 0 {
        notes.append(
          "\(report.refusedByScope) questions to all nodes were not asked: not every address of this machine at "
            + "\(interface) is in the scope; allow them with --allow")
      }
      if report.withoutSource > 0 {
        notes.append(
          "\(report.withoutSource) questions were not asked: \(interface) has no address to ask from")
      }
      if report.refusedByKernel > 0 {
        notes.append("\(report.refusedByKernel) frames were refused by the kernel")
      }
      for prefix in plan.tooLarge {
        notes.append("\(prefix): too large to ask for every address; sweep parts of it")
      }
      return notes
    }
  }
}
