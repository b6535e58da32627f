import Inventory

/// The figure as somebody else counts it, from the same observations; never mixed with ours. `docs/parallel-views.md`
/// has the definitions and their sources.
public struct ParallelView: Sendable, Hashable {
  /// A short name: `internet.nl-web`.
  public let id: String
  /// Whose way of counting it is.
  public let title: String
  /// What is counted.
  public let unit: String
  /// How many meet the definition, do not, and could not be measured.
  public let tally: Tally
  /// What our observations cannot see of the definition; empty where they see all.
  public let limits: String
}

/// Every view of a judgement, in a fixed order.
///
/// Checks are looked up by name: one that the policy does not have counts as not measured.
public func parallelViews(_ judgement: Judgement) -> [ParallelView] {
  let hosts = judgement.hosts.map { ViewedHost($0) }
  let webs = hosts.filter { $0.offers([.http, .https]) && !$0.verdict.host.names.isEmpty }
  func view(
    _ id: String, _ title: String, _ unit: String, _ outcomes: [Outcome], limits: String = ""
  ) -> ParallelView {
    ParallelView(id: id, title: title, unit: unit, tally: Tally(outcomes), limits: limits)
  }
  return [
    view(
      "internet.nl-web", "internet.nl, website test, category IPv6", "hosts that serve a website by name",
      webs.map { $0.all(["dns.nameservers", "dns.aaaa", "web"]) },
      limits: "a host stands for a domain; www and apex are not asked for unless declared"),
    view(
      "nist-dns", "NIST deployment monitor, DNS", "hosts that declare dns",
      hosts.filter { $0.offers([.dns]) }.map { $0.runs([.dns]) },
      limits: "declared name servers, not those of the NS set"),
    view(
      "nist-mail", "NIST deployment monitor, mail", "hosts that declare smtp",
      hosts.filter { $0.offers([.smtp]) }.map { $0.runs([.smtp]) },
      limits: "declared mail servers, not those of the MX set"),
    view(
      "nist-web", "NIST deployment monitor, web", "hosts that declare http or https",
      hosts.filter { $0.offers([.http, .https]) }.map { $0.runs([.http, .https]) }),
    view(
      "omb-ipv6-only", "OMB M-21-07, assets that are IPv6-only (20 % by FY 2023, 50 % by 2024, 80 % by 2025)",
      "hosts", hosts.map(\.isIPv6Only),
      limits:
        "hosts of the inventory stand for IP-enabled assets; whether their own clients use IPv4 is not seen"),
    view(
      "omb-ipv6-capable", "OMB M-21-07, assets shown to work without IPv4", "hosts",
      hosts.map { $0.all(["operation.ipv6only"]) },
      limits: "measured only at a vantage that has no IPv4 of its own"),
    view(
      "vnnic-portals", "VNNIC, IPv6 For Gov: portals and public-service sites on IPv6",
      "agencies that have a system of kind web, public-services or open-data", portals(judgement, hosts),
      limits: "plans, training and self-assessed criteria of the programme are not measured"),
  ]
}

/// For each agency that has one, whether all websites of its portals are published and open over IPv6.
private func portals(_ judgement: Judgement, _ hosts: [ViewedHost]) -> [Outcome] {
  let kinds: Set<SystemKind> = [.web, .publicServices, .openData]
  let systems = judgement.systems.map(\.system).filter { kinds.contains($0.kind) }
  return Dictionary(grouping: systems, by: \.agency).sorted { $0.key < $1.key }.compactMap { _, systems in
    let ids = Set(systems.map(\.id))
    let sites = hosts.filter { host in
      (host.verdict.host.system.map { ids.contains($0) } ?? false) && host.offers([.http, .https])
    }
    return sites.isEmpty ? nil : ViewedHost.worst(sites.map { $0.all(["dns.aaaa", "web"]) })
  }
}

/// A host's rows as others look at them.
private struct ViewedHost {
  let verdict: HostVerdict
  private let byCheck: [String: [CheckRow]]

  init(_ verdict: HostVerdict) {
    self.verdict = verdict
    byCheck = Dictionary(grouping: verdict.rows, by: \.check.rawValue)
  }

  func offers(_ names: Set<ServiceName>) -> Bool {
    verdict.host.services.contains { names.contains($0.name) }
  }

  /// Whether all of these checks hold; `web` stands for the rows of `reach.tcp` about the ports of websites.
  func all(_ checks: [String]) -> Outcome {
    Self.worst(
      checks.map { check in
        let verdicts = (check == "web" ? webRows : byCheck[check] ?? []).map(\.verdict)
        switch verdicts.worst {
        case .fail: return .notConverted
        // Behind a waiver of ours others would look.
        case .unknown, .exempt: return .unknown
        case .pass: return .converted
        // Nothing to ask: no usable address is a failure, anything else was not measured.
        case .na:
          return lacksIPv6 ? .notConverted : .unknown
        }
      })
  }

  /// Whether one of these services answers at any IPv6 address, whatever identity it shows.
  func runs(_ names: Set<ServiceName>) -> Outcome {
    if lacksIPv6 { return .notConverted }
    let prefixes = names.map { $0.rawValue + ":" }
    let rows = (byCheck["service.handshake"] ?? []).filter { row in
      prefixes.contains { row.subject.hasPrefix($0) }
    }
    if rows.contains(where: { $0.verdict == .pass || $0.reason.showsService }) { return .converted }
    return rows.isEmpty || rows.contains { [.unknown, .exempt].contains($0.verdict) }
      ? .unknown : .notConverted
  }

  /// Whether it works over IPv6 and has no IPv4 address at all.
  var isIPv6Only: Outcome {
    if verdict.state == .unknown { return .unknown }
    let hasNoIPv4 = (byCheck["service.ports"] ?? []).contains { $0.reason == .ipv4NotDeclared }
    return verdict.state.isConverted && hasNoIPv4 ? .converted : .notConverted
  }

  private var lacksIPv6: Bool {
    (byCheck["reach.tcp"] ?? []).contains { $0.reason == .noUsableAddress }
  }

  private var webRows: [CheckRow] {
    let ports = verdict.host.services.filter { $0.name.isNamed }.map { ":\($0.port)" }
    return (byCheck["reach.tcp"] ?? []).filter { row in
      row.subject.isEmpty || ports.contains { row.subject.hasSuffix($0) }
    }
  }

  static func worst(_ outcomes: [Outcome]) -> Outcome {
    if outcomes.contains(.notConverted) { return .notConverted }
    return outcomes.isEmpty || outcomes.contains(.unknown) ? .unknown : .converted
  }
}

extension Reason {
  /// Whether a service answered, though not as it should.
  fileprivate var showsService: Bool {
    [
      .certificateWrongName, .certificateExpired, .certificateNotYetValid, .certificateSelfSigned,
      .certificateUntrusted, .certificateMalformed, .hostKeyDiffers,
    ].contains(self)
  }
}
