import Observations
import Testing
import Wire

@testable import Discovery

@Suite("What an audit saw, as traits")
struct FactTraitsTests {
  private func traits(_ facts: Fact...) -> Set<String> {
    let observations = facts.enumerated().map {
      Observation(sequence: $0 + 1, host: "web", at: Timestamp(seconds: 9), vantage: "v", fact: $1)
    }
    return Set(
      ObservedTrait.traits(of: observations).map { "\($0.address) \($0.kind.rawValue) \($0.value)" })
  }

  @Test("What answered is there; what stayed silent says nothing")
  func packets() throws {
    let address = try #require(IPAddress("2001:db8::1"))
    let time = Duration64(microseconds: 1)
    #expect(
      traits(
        .echo(address: address, outcome: .answered(roundTrip: time, tries: 1)),
        .port(endpoint: Endpoint(address, 443), outcome: .answered(roundTrip: time, tries: 1)),
        .port(endpoint: Endpoint(address, 22), outcome: .closed(roundTrip: time)))
        == ["2001:db8::1 present ", "2001:db8::1 service tcp/443"])
    #expect(
      traits(
        .echo(address: address, outcome: .silent(tries: 3)),
        .port(endpoint: Endpoint(address, 443), outcome: .silent(tries: 3)),
        .alias(address: address, outcome: .silent(tries: 3))) == [])
    #expect(
      traits(.alias(address: address, outcome: .answered(roundTrip: time, tries: 1)))
        == ["2001:db8:: aliased 2001:db8::/64"])
  }

  @Test("Keys, and names of certificates but no wildcards and addresses")
  func keys() throws {
    let address = try #require(IPAddress("2001:db8::1"))
    let moment = Timestamp(seconds: 1)
    let identity = ServiceIdentity(
      service: "https", greeting: "",
      certificate: CertificateFact(
        certificateSHA256: "aa", keySHA256: "bb", names: ["web.example", "*.example", "2001:db8::1"],
        notBefore: moment, notAfter: moment, validity: .valid),
      hostKeys: [HostKeyFact(algorithm: "ssh-ed25519", keySHA256: "cc")])
    #expect(
      traits(
        .handshake(
          service: "https", endpoint: Endpoint(address, 443), transport: .tcp, name: nil,
          outcome: .completed(identity)))
        == [
          "2001:db8::1 present ", "2001:db8::1 service tcp/443", "2001:db8::1 tls-key 443 bb",
          "2001:db8::1 ssh-key 443 ssh-ed25519 cc", "2001:db8::1 certificate-name web.example",
        ])
    #expect(
      traits(
        .handshake(
          service: "https", endpoint: Endpoint(address, 443), transport: .tcp, name: nil, outcome: .refused))
        == [])
  }

  @Test("Addresses that the resolver made up are nobody's")
  func madeUp() throws {
    let real = try #require(IPAddress("2001:db8::1"))
    let made = try #require(IPAddress("64:ff9b::c612:1"))
    #expect(
      traits(
        .lookup(name: "web.example", type: .aaaa, outcome: .answer(addresses: [made, real], aliases: [])),
        .synthesis(prefixes: [try #require(Prefix("64:ff9b::/96"))]),
        .reverse(address: real, outcome: .pointers([Pointer(name: "web.example", forward: .noData)])))
        == ["2001:db8::1 name web.example", "2001:db8::1 pointer web.example"])
  }
}
