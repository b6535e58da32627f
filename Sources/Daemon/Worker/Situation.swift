import Audit
import Foundation
import Inventory
import Observations
import Probing
import Readiness
import Services
import StrictYAML
import Wire

/// What the daemon is configured to, and what it knows of hosts: everything that a round follows from.
public struct Situation: Sendable {
  /// The configuration.
  public var configuration: Configuration
  /// The inventory.
  public var inventory: Inventory

  /// The rules that are in force.
  public func policy() throws(DaemonError) -> Policy {
    let text = configuration.policy
    if let policy = Policy.named(text) { return policy }
    let bytes: [UInt8]
    do { bytes = Array(try Data(contentsOf: URL(filePath: text))) } catch {
      throw DaemonError(
        "policy \(text)", why: "the file cannot be read: \((error as NSError).localizedDescription)",
        remedy: "name another one in the configuration, or let the user of the daemon read it")
    }
    do throws(YAMLErrors) { return try Policy.read(bytes, file: text) } catch {
      throw DaemonError("policy \(text)", why: "it cannot be used\n\(error)", remedy: "correct the file")
    }
  }

  /// What an audit is told.
  public func auditSettings(version: String) throws(DaemonError) -> AuditSettings {
    let vantage = configuration.vantage
    let trust: TrustStore
    do { trust = try TrustStore(ownRoots: vantage.certificates) } catch {
      throw DaemonError("vantage: ca-file", why: "\(error)", remedy: "correct the file")
    }
    var settings = AuditSettings(
      policy: try policy(), resolver: vantage.resolver ?? SystemResolver.servers().servers.first,
      root: vantage.root, trust: trust, control: vantage.control,
      dark: vantage.dark ?? AuditSettings.defaultDark, interface: vantage.interface,
      rate: configuration.packetsPerSecond, vantage: configuration.vantageName, toolVersion: version)
    settings.contact = vantage.contact
    if configuration.sparesAgencies { settings.groups = PacingGroups(prefixesOfAgencies) }
    return settings
  }

  /// The prefixes that are registered to each agency.
  private var prefixesOfAgencies: [[Prefix]] {
    let registered = inventory.prefixes.filter { $0.rule == .allow && $0.agency != nil }
    return Dictionary(grouping: registered) { $0.agency ?? "" }.values.map { $0.map(\.prefix) }
  }

  /// What does not fit together though each file by itself is in order.
  public var problems: [String] {
    let known = Set(inventory.agencies.map(\.id))
    return configuration.maintenance.flatMap { window in
      window.agencies.subtracting(known).sorted().map {
        "maintenance: agencies: \($0): no agency of \(configuration.inventory) is called so; write one of its ids"
      }
    }
  }
}

extension Configuration {
  /// The vantage's name in the results.
  var vantageName: String { vantage.name ?? ProcessInfo.processInfo.hostName }
}
