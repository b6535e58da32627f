/// A declared address of the small inventory, with one of its declared TCP ports if it has any.
struct DeclaredTarget: CustomStringConvertible {
  let host: String
  let address: Address
  /// The address as the inventory spells it, which is RFC 5952's spelling.
  let text: String
  let tcpPort: Int?

  var description: String { "\(host) at \(text)" + (tcpPort.map { " port \($0)" } ?? "") }

  /// The ports of the services that are written without one; those over UDP alone are left out.
  private static let tcpPorts = ["http": 80, "https": 443, "ssh": 22, "smtp": 25, "dns": 53, "sip/tcp": 5060]

  /// Every address of every host, once for each TCP port.
  static func all(_ inventory: String) throws -> [DeclaredTarget] {
    try Table(inventory + "/hosts.csv").rows.flatMap { row -> [DeclaredTarget] in
      let ports = Set(row.list("services").compactMap(tcpPort))
      return row.list("addresses").flatMap { text -> [DeclaredTarget] in
        guard let address = Address(text) else { return [] }
        let wanted: [Int?] = ports.isEmpty ? [nil] : ports.sorted()
        return wanted.map {
          DeclaredTarget(host: row.cell("host"), address: address, text: text, tcpPort: $0)
        }
      }
    }
  }

  private static func tcpPort(of service: String) -> Int? {
    if let known = tcpPorts[service] { return known }
    let parts = service.split(separator: ":")
    guard parts.count == 2, parts[0] != "udp" else { return nil }
    return Int(parts[1])
  }
}
