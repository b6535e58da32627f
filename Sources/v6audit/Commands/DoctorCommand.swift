import ArgumentParser
import Audit
import Observations
import PacketIO
import Readiness
import Reporting
import Services
import Wire

/// `v6audit doctor`: can this machine measure?
struct DoctorCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor",
    abstract:
      "Check whether this machine can measure: permissions, routes, resolver, clock, kernel, controls.",
    discussion:
      "Exit code 3 if an audit from here could not measure. Only the resolver and the controls are asked.")

  @OptionGroup var measure: MeasureOptions

  func run() async throws {
    let settings = try measure.settings()
    let permissions = Self.permissions()
    let isPermitted = permissions.allSatisfy { $0.level == .ok }
    var findings = permissions + Self.interfaces() + Self.routes() + [Self.kernel()]
    findings += await Self.resolver(settings) + [Self.clock(), Self.policy(settings.policy)]
    if isPermitted { findings += await Self.controls(settings) }
    for line in Columns.lines(findings.map { [$0.mark, $0.title, $0.detail] }, indent: 0) {
      Terminal.print(line)
    }
    var said: Set<String> = []
    for finding in findings where !finding.remedy.isEmpty && said.insert(finding.remedy).inserted {
      Terminal.print((said.count == 1 ? "\n" : "") + "→ \(finding.title): \(finding.remedy)")
    }
    if findings.contains(where: { $0.level == .fail }) { throw ExitStatus.cannotMeasure }
  }
}

/// One thing the doctor looked at.
struct Finding {
  enum Level { case ok, warn, fail }

  let level: Level
  let title: String
  let detail: String
  /// What to do; empty where nothing has to be done.
  let remedy: String

  init(_ level: Level, _ title: String, _ detail: String, remedy: String = "") {
    self.level = level
    self.title = title
    self.detail = detail
    self.remedy = remedy
  }

  var mark: String {
    switch level {
    case .ok: Terminal.styled("ok  ", .green)
    case .warn: Terminal.styled("warn", .yellow)
    case .fail: Terminal.styled("FAIL", .red)
    }
  }
}

extension DoctorCommand {
  private static func permissions() -> [Finding] {
    PacketProber.permission().checks.map { check in
      guard let failure = check.failure else { return Finding(.ok, "permission", check.operation) }
      // The remedy is said once, below, and not in each line again.
      let why = if case .noPermission = failure { "not permitted" } else { "\(failure)" }
      return Finding(
        .fail, "permission", "\(check.operation): \(why)", remedy: PacketIOError.permissionRemedy)
    }
  }

  private static func interfaces() -> [Finding] {
    do {
      return try NetworkInterface.all().filter(\.isUp).map { interface in
        Finding(.ok, "interface", "\(interface.name): \(interface.kind.text), MTU \(interface.mtu)")
      }
    } catch {
      return [
        Finding(.fail, "interface", "\(error)", remedy: "is netlink allowed here (seccomp, container)?")
      ]
    }
  }

  private static func routes() -> [Finding] {
    AddressFamily.allCases.map { family in
      do {
        guard let route = try RouteSummary.best(family) else {
          let isNeeded = family == .ipv6
          return Finding(
            isNeeded ? .fail : .warn, "route", "\(family.label): none beyond this link",
            remedy: isNeeded
              ? "this vantage has no IPv6: every check that needs it would be unknown; measure from another"
              : "nothing will be compared with IPv4")
        }
        let way = route.gateway.map { " via \($0)" } ?? ""
        let source = route.source.map { ", from \($0)" } ?? ""
        return Finding(
          .ok, "route", "\(family.label): \(route.destination)\(way) on \(route.interface)\(source)")
      } catch {
        return Finding(.fail, "route", "\(family.label): \(error)")
      }
    }
  }

  private static func kernel() -> Finding {
    let features = KernelFeatures.current()
    let detail = "\(features.release), \(features.libpcap)"
    if !features.hasPacketSockets {
      return Finding(
        .fail, "kernel", "\(detail): no packet sockets", remedy: "load af_packet, or use a kernel that has it"
      )
    }
    if features.hasQueueBypass == false {
      return Finding(.warn, "kernel", "\(detail): no PACKET_QDISC_BYPASS; sending is slower than it could be")
    }
    return Finding(.ok, "kernel", detail)
  }

  private static func policy(_ policy: Policy) -> Finding {
    Finding(
      .ok, "policy",
      "\(policy.id), SHA-256 \(policy.sha256.prefix(16))…; this version ships "
        + Policy.all.map(\.id).joined(separator: ", "))
  }

  /// The clock decides whether certificates hold and which day a waiver ends.
  private static func clock() -> Finding {
    let now = Timestamp.now.text
    switch SystemClock.isSynchronised {
    case true?: return Finding(.ok, "clock", "\(now), synchronised")
    case false?:
      return Finding(
        .warn, "clock", "\(now), not synchronised",
        remedy: "certificates and waivers are judged by it; run chrony or systemd-timesyncd")
    case nil: return Finding(.warn, "clock", "\(now); the kernel does not say whether it is synchronised")
    }
  }

  /// A name that cannot exist (RFC 6761 §6.4) shows that the resolver is there and honest; the one of
  /// RFC 7050 §3 whether it makes AAAA up.
  private static func resolver(_ settings: AuditSettings) async -> [Finding] {
    guard let server = settings.resolver else {
      return [
        Finding(.fail, "resolver", "none in /etc/resolv.conf", remedy: "give one with --resolver ADDR[:PORT]")
      ]
    }
    let resolver = Resolver(server: server)
    switch await resolver.lookup("v6audit-doctor.invalid", .aaaa) {
    case .timeout, .unreachable:
      return [
        Finding(
          .fail, "resolver", "\(server) does not answer", remedy: "give another with --resolver ADDR[:PORT]")
      ]
    case .answer:
      return [
        Finding(
          .fail, "resolver", "\(server) has an address for a name that cannot exist",
          remedy: "it rewrites NXDOMAIN; every dns check would be wrong: use an honest one with --resolver")
      ]
    case .noData, .nxDomain, .servFail, .refused, .failed, .malformed: break
    }
    if case .answer(let addresses, _) = await resolver.lookup("ipv4only.arpa", .aaaa) {
      let shown = addresses.map(\.description).joined(separator: " ")
      return [
        Finding(
          .warn, "resolver", "\(server) synthesises AAAA (DNS64): \(shown)",
          remedy: "made-up addresses fail address.scope as scope-nat64; use a resolver without DNS64")
      ]
    }
    return [Finding(.ok, "resolver", "\(server) answers")]
  }
}

extension DoctorCommand {
  /// An audit of nothing asks the controls and nobody else.
  private static func controls(_ settings: AuditSettings) async -> [Finding] {
    let run = Run(
      id: "doctor", toolVersion: settings.toolVersion, vantage: settings.vantage, policy: settings.policy.id,
      startedAt: .now)
    do {
      let measured = try await Auditor(.init(), settings: settings).measure(run, writer: nil)
      let vantage = judgeVantage(measured.observations)
      let detail = "\(vantage.reason.rawValue): \(vantage.detail)"
      switch vantage.verdict {
      case .pass: return [Finding(.ok, "controls", detail)]
      case .unknown where vantage.reason == .noControl:
        return [
          Finding(
            .warn, "controls", "no positive control given; in an audit one answering target serves",
            remedy: "name an address that always answers over IPv6 with --control ADDR[:PORT]")
        ]
      case .fail, .unknown, .na, .exempt:
        return [Finding(.fail, "controls", detail, remedy: vantage.reason.explanation(.en).fix)]
      }
    } catch {
      return [Finding(.fail, "controls", "\(error)")]
    }
  }
}

extension NetworkInterface.Kind {
  fileprivate var text: String {
    switch self {
    case .ethernet: "Ethernet"
    case .loopback: "loopback"
    case .other(let type): "link type \(type)"
    }
  }
}
