import Observations

/// The written form of services: `name[:port][/transport]`.
enum ServiceSyntax {
  /// Reads one item; `dns` is two services, one for each transport.
  static func read(_ bytes: ArraySlice<UInt8>) throws(Complaint) -> [Service] {
    let text = String(decoding: bytes, as: UTF8.self)
    let halves = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
    let parts = halves[0].split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    let portText = parts.count == 2 ? parts[1] : nil
    let transportText = halves.count == 2 ? halves[1] : nil

    guard let name = ServiceName(rawValue: String(parts[0])) else {
      throw unknown(String(parts[0]), in: text, port: portText, transport: transportText)
    }
    if let other = transportText.flatMap({ Transport(rawValue: String($0)) }), name.defaultPort == nil,
      other.rawValue != name.rawValue
    {
      throw Complaint(
        "it names two transports", "write \(other.rawValue):\(portText ?? "PORT") if that is meant")
    }
    // Looked at before the transport, which is where the port of `tcp/443` seems to stand.
    guard let port = try port(portText) ?? name.defaultPort else {
      let example = transportText.flatMap(port(within:)) ?? "PORT"
      throw Complaint("it needs a port", "write \(name.rawValue):\(example)")
    }
    let transports = try transports(transportText, of: name)
    return transports.map { Service(name, port: port, transport: $0) }
  }

  /// The services as items of a list, in the shortest form that reads back as the same.
  static func write(_ services: [Service]) -> [String] {
    var items: [String] = []
    for service in services {
      let both = service.name.defaultTransports.map {
        Service(service.name, port: service.port, transport: $0)
      }
      let isDefault = both.allSatisfy(services.contains)
      // The item for all default transports is written once, at the first of them.
      if isDefault && both.contains(service) && service != both.min() { continue }
      var item = service.name.rawValue
      if service.port != service.name.defaultPort { item += ":\(service.port)" }
      if !(isDefault && both.contains(service)) { item += "/\(service.transport.rawValue)" }
      items.append(item)
    }
    return items
  }

  private static func port(_ text: Substring?) throws(Complaint) -> UInt16? {
    guard let text else { return nil }
    guard !text.isEmpty, text.utf8.allSatisfy(ASCII.isDigit) else {
      throw Complaint("its port \(quoted(String(text))) is no number", "write a port from 1 to 65535")
    }
    if text.hasPrefix("0") && text.count > 1 {
      throw Complaint("its port \(text) has a leading zero", "write it without")
    }
    guard let port = UInt16(text), port > 0 else {
      throw Complaint("its port \(text) does not exist", "write a port from 1 to 65535")
    }
    return port
  }

  private static func transports(_ text: Substring?, of name: ServiceName) throws(Complaint) -> [Transport] {
    guard let text else { return name.defaultTransports }
    guard let transport = Transport(rawValue: String(text)) else {
      throw Complaint(
        "\(quoted(String(text))) is no transport", "write /tcp or /udp, or leave it out")
    }
    guard name.permittedTransports.contains(transport) else {
      let other = name.permittedTransports.map(\.rawValue).joined(separator: " or ")
      let remedy =
        "leave /\(transport.rawValue) out, or write \(transport.rawValue):PORT for another protocol"
      throw Complaint("\(name.rawValue) runs over \(other) and not over \(transport.rawValue)", remedy)
    }
    return [transport]
  }

  /// A port from text that was written in another place than a port's: `tcp/443`, `443/tcp`, `443`.
  private static func port(within text: Substring) -> Substring? {
    guard !text.isEmpty, text.utf8.allSatisfy(ASCII.isDigit), UInt16(text) ?? 0 > 0 else { return nil }
    return text
  }

  private static func unknown(_ name: String, in text: String, port: Substring?, transport: Substring?)
    -> Complaint
  {
    if ServiceName(rawValue: name.lowercased()) != nil {
      return Complaint(
        "services are written in lower case", "write \(text.lowercased())", meant: text.lowercased())
    }
    if let number = Self.port(within: name[...]), port == nil {
      let transports = transport.flatMap { Transport(rawValue: String($0)) }.map { [$0] } ?? [.tcp, .udp]
      let forms = transports.map { "\($0.rawValue):\(number)" }.joined(separator: " or ")
      return Complaint("a port alone does not say what runs there", "write \(forms)")
    }
    let names = ServiceName.allCases.map(\.rawValue)
    let why = name.isEmpty ? "it has no name" : "\(quoted(name)) is not a service this program can speak"
    if let likely = closest(to: name, among: names) {
      return Complaint(why, "write \(likely) if that is meant")
    }
    if let port, let number = Self.port(within: port) {
      let kind = transport == "udp" ? "udp" : "tcp"
      return Complaint(why, "write \(kind):\(number) to have the port looked at alone")
    }
    let spoken = ServiceName.allCases.filter { $0.defaultPort != nil }.map(\.rawValue)
    return Complaint(why, "write tcp:PORT or udp:PORT, or one of \(spoken.joined(separator: " "))")
  }
}

extension Service {
  /// The services that a written form declares: `https:8443` one, `dns` two (UDP and TCP); `nil` when it is
  /// not of the form `name[:port][/transport]`.
  public static func parse(_ text: String) -> [Service]? {
    try? ServiceSyntax.read(Array(text.utf8)[...])
  }
}

extension Service: CustomStringConvertible {
  /// The shortest written form of this service alone: `https`, `https:8443`, `dns/udp`, `tcp:9000`.
  public var description: String { ServiceSyntax.write([self]).joined(separator: " ") }
}
