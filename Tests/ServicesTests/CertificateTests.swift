import NIOSSL
import Observations
import Testing
import Wire

@testable import Services

@Suite("Certificates", .serialized, .enabled(if: Tool.isInstalled("openssl")))
struct CertificateTests {
  private func chain(_ paths: String...) throws -> [[UInt8]] {
    try paths.flatMap { try NIOSSLCertificate.fromPEMFile($0).map { try $0.toDERBytes() } }
  }

  private func validity(
    _ chain: [[UInt8]], _ roots: String?, name: String? = "portal.example",
    address: IPAddress = IPAddress(ipv6High: 0x2001_0db8_0000_0000, low: 1),
    at day: String = "2026-06-01"
  ) async throws -> CertificateValidity? {
    let moment = try #require(CivilDate(day))
    let trust = try TrustStore(ownRoots: roots, systemBundles: [])
    return await trust.examine(
      chain: chain, name: name, address: address,
      at: Timestamp(seconds: Int64(moment.daysSinceEpoch) * 86_400))?.validity
  }

  /// The authority's certificate begins on the day of the test, so the days asked about lie after it.
  private static let from = "20350101000000Z"
  private static let until = "20350201000000Z"

  @Test("what is wrong is told, the graver first")
  func table() async throws {
    try await Scratch.with { scratch in
      let authority = try Authority(in: scratch)
      let other = try Authority("other", in: scratch)
      let good = try authority.issue(
        "good", alternativeNames: "DNS:portal.example,IP:2001:db8::1", from: Self.from, until: Self.until)
      let leaf = try chain(good.certificate)
      let inside = "2035-01-15"
      let cases: [(String, String?, IPAddress?, String, String?, CertificateValidity)] = [
        ("valid", "portal.example", nil, inside, authority.certificate, .valid),
        ("valid for its address", nil, IPAddress("2001:db8::1"), inside, authority.certificate, .valid),
        ("another name", "www.portal.example", nil, inside, authority.certificate, .wrongName),
        ("another address", nil, IPAddress("2001:db8::2"), inside, authority.certificate, .wrongName),
        (
          "a name is not covered by the address", "x.example", IPAddress("2001:db8::1"), inside,
          authority.certificate, .wrongName
        ),
        ("expired", "portal.example", nil, "2035-02-02", authority.certificate, .expired),
        ("expired comes before the name", "x.example", nil, "2035-02-02", authority.certificate, .expired),
        ("not yet", "portal.example", nil, "2034-12-31", authority.certificate, .notYetValid),
        ("another authority", "portal.example", nil, inside, other.certificate, .untrusted),
        (
          "untrusted comes before expired", "portal.example", nil, "2035-02-02", other.certificate, .untrusted
        ),
        ("no authority at all", "portal.example", nil, inside, nil, .untrusted),
      ]
      for (label, name, address, day, roots, expected) in cases {
        let found = try await validity(
          leaf, roots, name: name, address: address ?? IPAddress(ipv4: 0xc000_0201), at: day)
        #expect(found == expected, "\(label)")
      }
    }
  }

  @Test("signed by itself: told apart from untrusted, and valid where it is itself a root")
  func selfSigned() async throws {
    try await Scratch.with { scratch in
      let path = scratch.file("self.pem")
      try Tool.run(
        "openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", scratch.file("self.key"),
        "-out",
        path, "-subj", "/CN=portal.example", "-days", "3650", "-addext", "subjectAltName=DNS:portal.example")
      let leaf = try chain(path)
      let authority = try Authority(in: scratch)
      #expect(try await validity(leaf, authority.certificate, at: "2030-01-01") == .selfSigned)
      #expect(try await validity(leaf, path, at: "2030-01-01") == .valid)
      #expect(try await validity(leaf, nil, at: "2046-01-01") == .selfSigned)
    }
  }

  @Test("a common name counts for nothing, and a certificate for clients is none for servers")
  func notForThis() async throws {
    try await Scratch.with { scratch in
      let authority = try Authority(in: scratch)
      let bare = try authority.issue(
        "portal.example", alternativeNames: nil, from: Self.from, until: Self.until)
      #expect(
        try await validity(try chain(bare.certificate), authority.certificate, at: "2035-01-15") == .wrongName
      )
      let client = try authority.issue(
        "client", alternativeNames: "DNS:portal.example", extensions: "extendedKeyUsage=critical,clientAuth",
        from: Self.from, until: Self.until)
      #expect(
        try await validity(try chain(client.certificate), authority.certificate, at: "2035-01-15")
          == .untrusted)
      let server = try authority.issue(
        "server", alternativeNames: "critical,DNS:portal.example",
        extensions: "extendedKeyUsage=critical,serverAuth", from: Self.from, until: Self.until)
      #expect(
        try await validity(try chain(server.certificate), authority.certificate, at: "2035-01-15") == .valid)
    }
  }

  @Test("a path leads through what the server sends along, and not without it")
  func intermediate() async throws {
    try await Scratch.with { scratch in
      let authority = try Authority(in: scratch)
      let between = try authority.issue(
        "between", alternativeNames: nil, extensions: "", from: Self.from, until: "20351231000000Z")
      // Issued by something that is no authority: there must be no path.
      let leaf = try Authority(existing: "between", in: scratch).issue(
        "leaf", alternativeNames: "DNS:portal.example", from: Self.from, until: Self.until)
      #expect(
        try await validity(
          try chain(leaf.certificate, between.certificate), authority.certificate, at: "2035-01-15")
          == .untrusted, "basicConstraints CA:FALSE in the middle")
      let real = try authority.issue(
        "real", alternativeNames: nil, authority: true, from: Self.from, until: "20350110000000Z")
      let second = try Authority(existing: "real", in: scratch).issue(
        "second", alternativeNames: "DNS:portal.example", from: Self.from, until: Self.until)
      let whole = try chain(second.certificate, real.certificate)
      #expect(try await validity(whole, authority.certificate, at: "2035-01-05") == .valid)
      #expect(
        try await validity(Array(whole.prefix(1)), authority.certificate, at: "2035-01-05") == .untrusted)
      #expect(try await validity(whole, authority.certificate, at: "2035-01-15") == .expired, "the one above")
    }
  }

  @Test("bytes that are no certificate are malformed, and mutated ones never crash")
  func malformed() async throws {
    try await Scratch.with { scratch in
      let authority = try Authority(in: scratch)
      let good = try authority.issue(
        "good", alternativeNames: "DNS:portal.example", from: Self.from, until: Self.until)
      let leaf = try #require(try chain(good.certificate).first)
      #expect(try await validity([[0x30, 0x03, 0x02, 0x01, 0x00]], authority.certificate) == .malformed)
      #expect(try await validity([[]], authority.certificate) == .malformed)
      #expect(try await validity([], authority.certificate) == nil)
      var found: Set<CertificateValidity> = []
      for place in leaf.indices {
        var mutated = leaf
        mutated[place] ^= UInt8(1 << (place % 8))
        if let validity = try await validity([mutated], authority.certificate, at: "2035-01-15") {
          found.insert(validity)
        }
      }
      #expect(!found.contains(.valid), "one bit changed and still valid")
      #expect(found.isSuperset(of: [.malformed, .untrusted]))
    }
  }

  @Test(
    "names are matched after RFC 9525",
    arguments: [
      ("portal.example", "portal.example", true),
      ("Portal.Example", "pORTAL.eXAMPLE", true),
      ("portal.example.", "portal.example", true),
      ("portal.example", "portal.example.", true),
      ("*.city.example", "www.city.example", true),
      ("*.city.example", "city.example", false),
      ("*.city.example", "a.b.city.example", false),
      ("*.city.example", ".city.example", false),
      ("w*.city.example", "www.city.example", false),
      ("*.*.example", "a.b.example", false),
      ("www.*.example", "www.city.example", false),
      ("*", "example", false),
      ("*.example", "city.example", false),
      ("", "", false),
      ("city.example", "xcity.example", false),
    ])
  func names(_ pattern: String, _ name: String, _ expected: Bool) {
    let names = CertificateNames(dnsNames: [pattern])
    #expect(names.match(name: name, address: IPAddress(ipv4: 0)) == expected)
  }

  @Test("roots of one's own that cannot be used say which file, why and what to do")
  func ownRoots() async throws {
    try await Scratch.with { scratch in
      let missing = scratch.file("missing.pem")
      #expect(throws: TrustStoreError.unreadable(missing)) { try TrustStore(ownRoots: missing) }
      let empty = try scratch.write("nothing here\n", to: "empty.pem")
      #expect(throws: TrustStoreError.empty(empty)) { try TrustStore(ownRoots: empty) }
      let authority = try Authority(in: scratch)
      let good = try scratch.read("ca.pem")
      let broken = try scratch.write(
        "Some text before\n\(good)\n-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n",
        to: "broken.pem")
      #expect(throws: TrustStoreError.malformed(broken, entry: 2)) { try TrustStore(ownRoots: broken) }
      _ = try TrustStore(ownRoots: authority.certificate)
    }
  }

  @Test("the system's roots serve beside one's own, and what is broken among them is passed over")
  func systemRoots() async throws {
    try await Scratch.with { scratch in
      let (own, system) = (try Authority("own", in: scratch), try Authority("system", in: scratch))
      let bundle = try scratch.write(
        "-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n" + (try scratch.read("system.pem")),
        to: "bundle.pem")
      let trust = try TrustStore(
        ownRoots: own.certificate, systemBundles: [scratch.file("missing.pem"), bundle])
      let moment = Timestamp(seconds: Int64(try #require(CivilDate("2035-01-15")).daysSinceEpoch) * 86_400)
      for (index, authority) in [own, system].enumerated() {
        let issued = try authority.issue(
          "leaf\(index)", alternativeNames: "DNS:portal.example", from: Self.from, until: Self.until)
        let fact = await trust.examine(
          chain: try chain(issued.certificate), name: "portal.example", address: IPAddress(ipv4: 0),
          at: moment)
        #expect(fact?.validity == .valid)
      }
    }
  }
}
