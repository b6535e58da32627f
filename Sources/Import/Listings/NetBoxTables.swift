import Inventory
import Observations
import Wire

/// An inventory as tables that NetBox imports (release 4.3 and later), in the order in which it has to import them: each names
/// what is in the ones before it.
///
/// An agency is a tenant, a host a virtual machine with one interface, a prefix that must not be probed is reserved. NetBox has
/// no place for systems, components, zones and waivers. Sites are named `SITE (AGENCY)`, since NetBox wants each name once; what
/// has no site is at the agency's own, named like the agency. The site of a prefix stands in its comments: NetBox's form asks
/// there for a number that only it knows.
public struct NetBoxTables: Sendable {
  /// The name of the only interface of each machine.
  static let interface = "net0"

  /// What NetBox's form for prefixes has no column for, as it stands in their comments.
  struct Marks {
    /// Whether nothing in the prefix may be probed.
    var isExcluded = false
    /// The site.
    var site: String?

    private static let excluded = "rule: exclude"
    private static let siteMark = "site: "

    init(_ rule: PrefixRule) {
      isExcluded = rule.rule == .exclude
      site = rule.site.isEmpty ? nil : rule.site
    }

    init(_ text: String) {
      var rest = text[...]
      if rest.hasPrefix(Self.excluded) {
        isExcluded = true
        rest = rest.dropFirst(Self.excluded.count).drop { $0 == ";" || $0 == " " }
      }
      if rest.hasPrefix(Self.siteMark) { site = String(rest.dropFirst(Self.siteMark.count)) }
    }

    /// The comment.
    var text: String {
      [isExcluded ? Self.excluded : nil, site.map { Self.siteMark + $0 }].compactMap(\.self)
        .joined(separator: "; ")
    }
  }

  /// Files by name, in the order of import.
  public let files: [(name: String, bytes: [UInt8])]

  /// The tables of an inventory.
  public init(_ inventory: Inventory) {
    let names = Dictionary(inventory.agencies.map { ($0.id, $0.name) }) { first, _ in first }
    // NetBox wants tenants' names once, too.
    var uses: [String: Int] = [:]
    for agency in inventory.agencies { uses[agency.name, default: 0] += 1 }
    func tenant(_ id: String) -> String {
      let name = names[id] ?? id
      return uses[name, default: 1] > 1 ? "\(name) (\(id))" : name
    }
    var groups: [String] = []
    for agency in inventory.agencies where !agency.kind.isEmpty && !groups.contains(agency.kind) {
      groups.append(agency.kind)
    }
    var sites: [(site: String, agency: String)] = []
    var known: Set<String> = []
    for host in inventory.hosts where known.insert(Self.site(host.site, host.agency)).inserted {
      sites.append((host.site, host.agency))
    }
    func table(_ header: String, _ rows: [[String]]) -> [UInt8] {
      var output = CSVOutput()
      output.row(header.split(separator: ",").map(String.init))
      for row in rows { output.row(row) }
      return output.bytes
    }
    let hosts = inventory.hosts
    files = [
      ("tenant-groups.csv", table("name,slug", groups.sorted().map { [$0, Self.slug($0)] })),
      (
        "tenants.csv",
        table(
          "name,slug,group,comments",
          inventory.agencies.map { [tenant($0.id), Self.slug($0.id), $0.kind, $0.contact] })
      ),
      (
        "sites.csv",
        table(
          "name,slug,status,tenant",
          sites.map { site, agency in
            let name = Self.site(site, agency)
            return [name, Self.slug(name), "active", tenant(agency)]
          })
      ),
      (
        "prefixes.csv",
        table(
          "prefix,tenant,status,description,comments",
          inventory.prefixes.map { rule in
            [
              rule.prefix.description, rule.agency.map(tenant) ?? "",
              rule.rule == .allow ? "active" : "reserved", rule.description,
              Marks(rule).text,
            ]
          })
      ),
      (
        "virtual-machines.csv",
        table(
          "name,status,site,tenant",
          hosts.map { [$0.id, "active", Self.site($0.site, $0.agency), tenant($0.agency)] })
      ),
      ("vm-interfaces.csv", table("virtual_machine,name", hosts.map { [$0.id, Self.interface] })),
      (
        "ip-addresses.csv",
        table(
          "address,tenant,status,virtual_machine,interface,dns_name",
          hosts.flatMap { host in
            host.addresses.enumerated().map { place, address in
              // One name an address; the first addresses have the further ones.
              let name = place < host.names.count ? host.names[place] : host.names.first ?? ""
              return [
                "\(address)/\(address.family.bitWidth)", tenant(host.agency), "active", host.id,
                Self.interface,
                name,
              ]
            }
          })
      ),
      (
        "services.csv",
        table(
          "parent_object_type,parent,name,protocol,ports",
          hosts.flatMap { host in
            host.services.map { service in
              [
                "virtualization.virtualmachine", host.id, service.name.rawValue, service.transport.rawValue,
                "\(service.port)",
              ]
            }
          })
      ),
    ]
  }

  /// A site as NetBox has it.
  static func site(_ site: String, _ agency: String) -> String {
    site.isEmpty ? agency : "\(site) (\(agency))"
  }

  /// The site that NetBox has so.
  static func site(from text: String, of agency: String) -> String {
    let mark = " (\(agency))"
    return text == agency ? "" : text.hasSuffix(mark) ? String(text.dropLast(mark.count)) : text
  }

  /// Letters, digits and hyphens, as NetBox wants them in addresses of pages; of other letters their numbers.
  static func slug(_ text: String) -> String {
    var slug = ""
    for scalar in text.lowercased().unicodeScalars {
      if scalar.isASCII,
        scalar.properties.isAlphabetic || scalar.properties.numericType != nil || scalar == "_"
      {
        slug.unicodeScalars.append(scalar)
      } else if !scalar.isASCII {
        slug += String(scalar.value, radix: 16)
      } else if slug.last != "-" {
        slug += "-"
      }
    }
    while slug.last == "-" { slug.removeLast() }
    return String(slug.prefix(100))
  }
}
