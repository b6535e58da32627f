import Inventory
import Observations
import Readiness
import Services
import Wire

extension Plan {
  /// One visit for each name of a host: all its web services at every address of either family where the port is
  /// open, so that the pages can be compared as soon as they are there.
  static func visits(
    _ hosts: [HostAddressing], _ families: [AddressFamily], isUsable: (IPAddress) -> Bool,
    isOpen: (Endpoint) -> Bool
  ) -> [Planned<WebVisit>] {
    .merging(
      hosts.flatMap { addressing in
        let services = addressing.host.services.filter(\.name.isNamed)
        var targets: [String?: [WebVisit.Target]] = [:]
        var names: [String?] = []
        for address in families.flatMap({ addressing.addresses($0) }) where isUsable(address) {
          for service in services where isOpen(Endpoint(address, service.port)) {
            let target = WebVisit.Target(
              service: service.name.rawValue, endpoint: Endpoint(address, service.port))
            for name in addressing.offeredNames(service, at: address) {
              if targets[name] == nil { names.append(name) }
              targets[name, default: []].append(target)
            }
          }
        }
        return names.map { (addressing.host.id, WebVisit(name: $0, targets: targets[$0] ?? [])) }
      })
  }

  /// The domain that the pages of `name` belong to: the closest declared zone above it, else the name itself without
  /// a leading `www`.
  static func domain(of name: String, zones: Set<String>) -> String {
    var labels = name.split(separator: ".")[...]
    while labels.count > 1 {
      let candidate = labels.joined(separator: ".")
      if zones.contains(candidate) { return candidate }
      labels = labels.dropFirst()
    }
    return name.hasPrefix("www.") ? String(name.dropFirst(4)) : name
  }
}
