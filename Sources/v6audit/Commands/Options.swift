import ArgumentParser
import Audit
import Foundation
import Observations
import Readiness
import Services
import Wire

/// Where runs are kept.
struct StoreOptions: ParsableArguments {
  @Option(
    name: .long,
    help: ArgumentHelp(
      "The store of runs. Default: $V6AUDIT_DB, else /var/lib/v6audit/v6audit.db for root, else "
        + "~/.local/state/v6audit/v6audit.db.", valueName: "file"))
  var db: String?

  var path: String {
    if let db { return db }
    let environment = ProcessInfo.processInfo.environment
    if let db = environment["V6AUDIT_DB"], !db.isEmpty { return db }
    if getuid() == 0 { return "/var/lib/v6audit/v6audit.db" }
    let state = environment["XDG_STATE_HOME"] ?? NSHomeDirectory() + "/.local/state"
    return state + "/v6audit/v6audit.db"
  }
}

/// How and from where to measure.
struct MeasureOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The policy to judge by: \(Policy.all.map(\.id).joined(separator: ", ")) (-lab: documentation space "
        + "counts as global), or a policy file.", valueName: "id|file"))
  var policy = Policy.current.id

  @Option(
    help: ArgumentHelp(
      "The resolver to ask. Default: the first in /etc/resolv.conf.", valueName: "addr[:port]"))
  var resolver: String?

  @Option(
    help: ArgumentHelp(
      "Where delegations begin: a root server of a network of your own. Default: zones and name servers come from "
        + "the resolver, and the walk over IPv6 alone begins at the Internet's root servers.",
      valueName: "addr[:port]"))
  var root: String?

  @Option(help: ArgumentHelp("Roots to trust besides the system's, as PEM.", valueName: "pem"))
  var caFile: String?

  @Option(
    help: ArgumentHelp(
      "What must answer over IPv6, asked by echo or, with a port, by SYN. Default: one answering target serves.",
      valueName: "addr[:port]"))
  var control: String?

  @Option(
    help: ArgumentHelp(
      "What must stay silent over IPv6. Default: 100::d, a discard-only address.", valueName: "addr"))
  var dark: String?

  @Option(help: ArgumentHelp("Send and capture on this interface only.", valueName: "name"))
  var interface: String?

  @Option(
    help: ArgumentHelp(
      "Packets and connections per second in all; one host gets 2 % of it, one /48 or IPv4 /24 10 %.",
      valueName: "pps"))
  var rate = AuditSettings.defaultRate

  @Option(
    help: ArgumentHelp("The name of this vantage in the results. Default: the host name.", valueName: "name"))
  var vantage: String?

  @Option(
    help: ArgumentHelp(
      "A URL or mail address that servers are told, for whoever wonders who asks.", valueName: "url"))
  var contact = ""

  /// Whether nothing was asked for that only this process knows how to do.
  var isDefault: Bool {
    policy == Policy.current.id && rate == AuditSettings.defaultRate && contact.isEmpty
      && [resolver, root, caFile, control, dark, interface, vantage].allSatisfy { $0 == nil }
  }

  /// The settings, or why they do not make sense.
  func settings() throws -> AuditSettings {
    let policy = try PolicyArgument.load(policy)
    guard rate > 0, rate <= 1_000_000 else {
      throw CommandFailure(
        .usage, "--rate \(rate): out of range; give packets per second, above 0 up to 1000000")
    }
    guard (contact + (vantage ?? "")).unicodeScalars.allSatisfy({ (0x20...0x7e).contains($0.value) }) else {
      throw CommandFailure(.usage, "--contact, --vantage: servers are told these; write them in plain ASCII")
    }
    var settings = AuditSettings(
      policy: policy, resolver: try resolverEndpoint(),
      root: try root.map { try server("--root", $0) }, trust: try trust(),
      control: try control.map { try controlTarget($0) },
      dark: try dark.map { try ipv6("--dark", $0) } ?? AuditSettings.defaultDark, interface: interface,
      rate: rate, vantage: vantage ?? ProcessInfo.processInfo.hostName, toolVersion: Version.text)
    settings.contact = contact
    return settings
  }

  private func resolverEndpoint() throws -> Endpoint? {
    guard let resolver else { return SystemResolver.servers().servers.first }
    return try server("--resolver", resolver)
  }

  private func server(_ option: String, _ text: String) throws -> Endpoint {
    if let server = Endpoint(nameServer: text) { return server }
    throw CommandFailure(
      .usage, "\(option) \(text): no address; write 192.0.2.53, 192.0.2.53:53 or [2001:db8::53]:53")
  }

  private func trust() throws -> TrustStore {
    do {
      return try TrustStore(ownRoots: caFile)
    } catch {
      throw CommandFailure(.usage, "--ca-file: \(error)")
    }
  }

  private func controlTarget(_ text: String) throws -> ControlTarget {
    if let target = ControlTarget(endpoint: text) { return target }
    return ControlTarget(address: try ipv6("--control", text))
  }

  private func ipv6(_ option: String, _ text: String) throws -> IPAddress {
    guard let address = IPAddress(text), address.family == .ipv6 else {
      throw CommandFailure(
        .usage, "\(option) \(text): no IPv6 address; write 2001:db8::1, or [2001:db8::1]:443 with a port")
    }
    return address
  }
}

extension Language: ExpressibleByArgument {}
