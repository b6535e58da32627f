import CXML
import Inventory
import Observations
import Wire

/// What `nmap -oX` wrote: each host that is up, with its addresses, names and open ports.
///
/// Read with libxml2's pull reader, so that a file of gigabytes takes no more memory than its longest element. It opens no
/// other file and replaces no entity: nmap writes none.
struct NmapFile {
  private(set) var hosts = ListedHosts()
  private let name: String
  private let report: Report
  private var current: (host: ListedHost, isUp: Bool)?
  private var port: (number: UInt16, transport: Transport)?
  private var isOpen = false
  private var serviceName: String?
  private var isSecure = false

  /// Reads the file at `path`.
  init(path: String, report: Report) throws(FileFailure) {
    (name, self.report) = (path, report)
    // For its own words, where it cannot be opened.
    _ = try FileBytes(path: path)
    guard let reader = cxml_open(path) else { throw .system("libxml2 cannot open it") }
    defer { cxml_close(reader) }
    var isFirst = true
    while true {
      let step = cxml_next(reader)
      let element = String(cString: cxml_name(reader))
      if step == CXML_WRONG {
        problem(
          reader, "XML",
          Complaint(
            String(cString: cxml_error(reader)), "let nmap end by itself, or have it write the file again"))
      }
      if step == CXML_END || step == CXML_WRONG { break }
      if isFirst, element != "nmaprun" {
        problem(
          reader, "file", Complaint("it is \(quoted(element)) and not nmap's", "write it with nmap -oX FILE"))
        break
      }
      isFirst = false
      if step != CXML_ENDS { begin(element, reader) }
      if step != CXML_BEGINS { end(element) }
    }
  }

  private mutating func begin(_ element: String, _ reader: OpaquePointer) {
    func attribute(_ name: String) -> String? {
      cxml_attribute(reader, name).map { String(cString: $0) }
    }
    switch element {
    case "host": current = (ListedHost(position: Self.position(reader)), true)
    case "status": current?.isUp = attribute("state") == "up"
    case "address":
      guard let text = attribute("addr") else { return }
      if attribute("addrtype") == "mac" {
        current?.host.mac = MACAddress(text.lowercased())
      } else if let address = IPAddress(text) {
        current?.host.add(address)
      }
    case "hostname":
      guard let text = attribute("name"), let name = try? NameCell.read(Array(text.utf8)[...]) else { return }
      current?.host.add(name: name)
    case "port":
      let transport: Transport? =
        attribute("protocol") == "tcp" ? .tcp : attribute("protocol") == "udp" ? .udp : nil
      port = attribute("portid").flatMap(UInt16.init).flatMap { number in transport.map { (number, $0) } }
      (isOpen, serviceName, isSecure) = (false, nil, false)
    case "state": isOpen = attribute("state") == "open"
    case "service":
      // Without a conversation the name is that of the port in a table: worth something where it is the usual one.
      serviceName = attribute("name")
      if attribute("method") != "probed", let port,
        ServiceName(rawValue: serviceName ?? "")?.defaultPort != port.number
      {
        serviceName = nil
      }
      isSecure = attribute("tunnel") == "ssl"
    default: break
    }
  }

  private mutating func end(_ element: String) {
    if element == "port", let open = port {
      if isOpen {
        current?.host.add(
          PortName.service(open.number, open.transport, called: serviceName, isSecure: isSecure))
      }
      port = nil
    }
    guard element == "host", let (host, isUp) = current else { return }
    current = nil
    // One that is down, and one that is known by its MAC address alone, says nothing.
    guard isUp, let first = host.addresses.first else { return }
    hosts.change(host.names.first ?? first.description, at: host.position) { entry in
      for name in host.names { entry.add(name: name) }
      for address in host.addresses { entry.add(address) }
      for service in host.services { entry.add(service) }
      entry.mac = entry.mac ?? host.mac
    }
  }

  private static func position(_ reader: OpaquePointer) -> CSVPosition {
    CSVPosition(line: Int(cxml_line(reader)), column: Int(cxml_column(reader)))
  }

  private func problem(_ reader: OpaquePointer, _ what: String, _ complaint: Complaint) {
    let position = Self.position(reader)
    report.problem(
      InventoryProblem(
        file: name, line: position.line, column: position.column, what: what, why: complaint.why,
        remedy: complaint.remedy))
  }
}

/// What a port that answers is declared as.
enum PortName {
  /// A service that this program can speak, where a scanner says that it is one; else the port with its transport alone.
  static func service(_ port: UInt16, _ transport: Transport, called name: String?, isSecure: Bool) -> Service
  {
    let word = name.map { $0 == "domain" ? "dns" : $0 == "http" && isSecure ? "https" : $0 }
    if let word, !isSecure || word == "https", let known = ServiceName(rawValue: word), known != .tcp,
      known != .udp,
      known.permittedTransports.contains(transport)
    {
      return Service(known, port: port, transport: transport)
    }
    return Service(transport == .tcp ? .tcp : .udp, port: port, transport: transport)
  }
}
