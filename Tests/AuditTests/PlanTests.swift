import Inventory
import Observations
import Probing
import Readiness
import Testing
import Wire

@testable import Audit

@Suite("What an audit asks")
struct PlanTests {
  private let v6 = IPAddress("2001:db8::1")!
  private let dead = IPAddress("2001:db8::dead")!
  private let v4 = IPAddress("198.18.0.1")!
  private var web: Host {
    Host(
      id: "web", agency: "a", names: ["www.a.example", "a.example"], addresses: [v4, v6],
      services: [
        Service(.http, port: 80, transport: .tcp), Service(.https, port: 443, transport: .tcp),
        Service(.ntp, port: 123, transport: .udp), Service(.tcp, port: 9000, transport: .tcp),
      ])
  }

  @Test("Every name is asked for in both families, or in the one that is wanted")
  func lookups() {
    let both = Plan.lookups([web], AddressFamily.allCases)
    #expect(
      both.map { "\($0.question.name) \($0.question.type.rawValue)" } == [
        "www.a.example A", "www.a.example AAAA", "a.example A", "a.example AAAA",
      ])
    #expect(Plan.lookups([web], [.ipv6]).map(\.question.type) == [.aaaa, .aaaa])
  }

  @Test(
    "Every address gets an echo and a SYN to each declared TCP port, a published one as well as a declared one"
  )
  func probes() {
    let addressing = HostAddressing(web, published: ["www.a.example": [dead]])
    let asked = Plan.probes([addressing], AddressFamily.allCases).map(\.question)
    #expect(asked.count == 3 * 4)
    for address in [v4, v6, dead] {
      #expect(asked.contains(Probe(target: address, kind: .echo)))
      for port: UInt16 in [80, 443, 9000] {
        #expect(asked.contains(Probe(target: address, kind: .tcpSYN(port: port))))
      }
    }
  }

  @Test("Two hosts that share an address share its packets")
  func shared() {
    var twin = web
    twin.id = "twin"
    let plan = Plan.probes(
      [HostAddressing(web, published: [:]), HostAddressing(twin, published: [:])], [.ipv6])
    #expect(plan.count == 4)
    #expect(plan.allSatisfy { $0.hosts == ["web", "twin"] })
  }

  @Test(
    "Handshakes go to open ports under each name that publishes the address, over UDP everywhere, else nowhere"
  )
  func handshakes() {
    let addressing = HostAddressing(web, published: ["www.a.example": [v6, v4], "a.example": [v4]])
    let plan = Plan.handshakes(
      [addressing], AddressFamily.allCases, isUsable: { _ in true }, isOpen: { $0 != Endpoint(v6, 80) })
    let asked = plan.map { "\($0.question.service) \($0.question.endpoint) \($0.question.name ?? "-")" }
    #expect(
      asked.sorted() == [
        "http 198.18.0.1:80 a.example", "http 198.18.0.1:80 www.a.example",
        "https 198.18.0.1:443 a.example", "https 198.18.0.1:443 www.a.example",
        "https [2001:db8::1]:443 www.a.example",
        "ntp 198.18.0.1:123 -", "ntp [2001:db8::1]:123 -",
      ])
  }

  @Test("An address that is not usable is left alone")
  func unusable() {
    let plan = Plan.handshakes(
      [HostAddressing(web, published: [:])], AddressFamily.allCases, isUsable: { $0.family == .ipv4 },
      isOpen: { _ in true })
    #expect(plan.allSatisfy { $0.question.endpoint.address.family == .ipv4 })
  }
}
