import Inventory
import Testing

@Suite("Services as they are written")
struct ServiceSyntaxTests {
  @Test(
    "mean these ports and are written again so",
    arguments: [
      ("http", "tcp/80 http", "http"), ("https:8443", "tcp/8443 https", "https:8443"),
      ("https:443", "tcp/443 https", "https"), ("https/tcp", "tcp/443 https", "https"),
      ("ssh:2222/tcp", "tcp/2222 ssh", "ssh:2222"), ("smtp:587", "tcp/587 smtp", "smtp:587"),
      ("dns", "tcp/53 dns, udp/53 dns", "dns"), ("dns:5353", "tcp/5353 dns, udp/5353 dns", "dns:5353"),
      ("dns/udp", "udp/53 dns", "dns/udp"), ("dns/tcp", "tcp/53 dns", "dns/tcp"),
      ("dns/udp dns/tcp", "tcp/53 dns, udp/53 dns", "dns"),
      ("dns:53/udp dns:5353/tcp", "tcp/5353 dns, udp/53 dns", "dns:5353/tcp dns/udp"),
      ("ntp/udp", "udp/123 ntp", "ntp"), ("sip", "udp/5060 sip", "sip"),
      ("sip/tcp", "tcp/5060 sip", "sip/tcp"),
      ("sip sip/tcp", "tcp/5060 sip, udp/5060 sip", "sip/tcp sip"),
      ("tcp:9000", "tcp/9000 tcp", "tcp:9000"), ("tcp:9000/tcp", "tcp/9000 tcp", "tcp:9000"),
      ("udp:161", "udp/161 udp", "udp:161"),
      ("tcp:1 tcp:65535", "tcp/1 tcp, tcp/65535 tcp", "tcp:1 tcp:65535"),
      ("tcp:80 udp:80", "tcp/80 tcp, udp/80 udp", "tcp:80 udp:80"),
    ])
  func meaning(written: String, meaning: String, again: String) throws {
    let inventory = try TestData.read(hosts: "host,agency,services\nh1,a1,\(written)\n").inventory
    let services = inventory.hosts[0].services
    let text = services.map { "\($0.transport.rawValue)/\($0.port) \($0.name.rawValue)" }.joined(
      separator: ", ")
    #expect(text == meaning)
    let bytes = InventoryWriter.bytes(of: .hosts, in: inventory)
    #expect(String(decoding: bytes, as: UTF8.self).contains(",\(again),"))
  }

  @Test("are parsed and printed one by one")
  func parse() {
    #expect(Service.parse("https:8443") == [Service(.https, port: 8443, transport: .tcp)])
    #expect(Service.parse("dns")?.map(\.description) == ["dns/udp", "dns/tcp"])
    #expect(Service.parse("gopher") == nil)
    #expect(Service(.sip, port: 5061, transport: .tcp).description == "sip:5061/tcp")
  }
}
