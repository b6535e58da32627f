import NIOSSL
import Observations
import Synchronization
import Testing
import Wire

@testable import Services

@Suite("Visits to web services", .serialized) struct WebVisitorTests {
  /// A web server by path: what each answer is, whatever else the request says.
  private static func site(_ answers: [String: String]) -> Script {
    Script(
      reply: { bytes in
        let words = String(decoding: bytes, as: UTF8.self).split(separator: " ", maxSplits: 2)
        guard words.count == 3 else { return [] }
        let answer = answers[String(words[1])] ?? "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"
        guard words[0] == "HEAD", let end = answer.firstRange(of: "\r\n\r\n") else {
          return Array(answer.utf8)
        }
        return Array(answer[..<end.upperBound].utf8)
      })
  }

  private static func page(_ body: String, status: String = "200 OK", _ more: String = "") -> String {
    "HTTP/1.1 \(status)\r\nContent-Type: text/html\r\nContent-Length: \(body.utf8.count)\r\n\(more)\r\n\(body)"
  }

  private static func leading(to location: String) -> String {
    page("", status: "302 Found", "Location: \(location)\r\n")
  }

  private func visit(
    _ script: Script, scope: Scope = Loopback.scope, resolver: Resolver? = nil,
    patience: Duration = .seconds(5),
    name: String? = "portal.example"
  ) async throws -> [Fact] {
    try await ScriptedServer.with(script) { endpoint in
      let handshaker = try Loopback.handshaker(scope: scope, patience: patience)
      let visitor = WebVisitor(
        handshaker, scope: scope, resolver: resolver, references: Set(ReferenceKind.allCases)
      ) { $0 }
      let facts = await visitor.perform(
        WebVisit(name: name, targets: [.init(service: "http", endpoint: endpoint)]))
      #expect(handshaker.refusedByScope == 0, "nothing outside the scope is even tried")
      return facts
    }
  }

  private func outcome(_ facts: [Fact]) -> PageOutcome? {
    facts.lazy.compactMap { if case .page(_, _, _, let outcome) = $0 { outcome } else { nil } }.first
  }

  private func tally(_ facts: [Fact], _ kind: ReferenceKind) -> ReferenceTally? {
    facts.lazy.compactMap { if case .references(_, _, _, kind, let tally) = $0 { tally } else { nil } }.first
  }

  @Test("one connection gives handshake, page and references")
  func whole() async throws {
    let facts = try await visit(
      Self.site([
        "/": Self.page(
          "<img src=/a.png><img src=/b.png><img src=/no.png><a href=/tin>x</a><a href=//far.example>y</a>"),
        "/a.png": Self.page("x"), "/b.png": Self.page("x"), "/tin": Self.page("x"),
      ]))
    guard case .handshake("http", _, .tcp, "portal.example", .completed(let identity)) = facts.first else {
      Issue.record("no handshake: \(facts)")
      return
    }
    #expect(identity.greeting == "HTTP/1.1 200")
    guard case .fetched(let page) = outcome(facts) else {
      Issue.record("no page: \(facts)")
      return
    }
    #expect(
      page.status == 200 && page.isWhole && page.redirects == 0
        && page.url.hasPrefix("http://portal.example:"))
    #expect(tally(facts, .links) == ReferenceTally(found: 1, counts: [.loaded: 1]))
    let resources = tally(facts, .resources)
    #expect(resources?.found == 3 && resources?.counts == [.loaded: 2, .status: 1])
    #expect(resources?.examples.count == 1)
  }

  @Test("redirects: followed, in a circle, without end, to nonsense")
  func redirects() async throws {
    let followed = try await visit(
      Self.site([
        "/": Self.leading(to: "/a"), "/a": Self.leading(to: "b/../c?x=1"), "/c?x=1": Self.page("ok"),
      ]))
    guard case .fetched(let page) = outcome(followed) else {
      Issue.record("\(followed)")
      return
    }
    #expect(page.redirects == 2 && page.url.hasSuffix("/c?x=1"))
    let circle = try await visit(Self.site(["/": Self.leading(to: "/a"), "/a": Self.leading(to: "/")]))
    guard case .redirectLoop = outcome(circle) else {
      Issue.record("\(circle)")
      return
    }
    let steps = Dictionary(
      uniqueKeysWithValues: (0...9).map { ($0 == 0 ? "/" : "/\($0)", Self.leading(to: "/\($0 + 1)")) })
    guard case .redirectLoop = outcome(try await visit(Self.site(steps))) else {
      Issue.record("a chain of ten is too long")
      return
    }
    for location in ["gopher://a.example/", "http://", "http://[::1/"] {
      guard
        case .redirectMalformed(_, location) = outcome(
          try await visit(Self.site(["/": Self.leading(to: location)])))
      else {
        Issue.record("\(location)")
        return
      }
    }
  }

  /// A resolver that answers every AAAA question with one address, or with none.
  private func withResolver<Result>(_ address: [UInt8]?, _ body: (Resolver) async throws -> Result)
    async throws
    -> Result
  {
    try await ScriptedDatagrams.with(
      { query in
        guard let end = query.dropFirst(12).firstIndex(of: 0) else { return [] }
        let question = Array(query[12..<end + 5])
        let header = Array(query[0..<2]) + [0x81, 0x80, 0, 1, 0, address == nil ? 0 : 1, 0, 0, 0, 0]
        guard let address else { return [header + question] }
        return [header + question + [0xc0, 12, 0, 28, 0, 1, 0, 0, 0, 0, 0, 16] + address]
      }
    ) { try await body(Resolver(server: $0)) }
  }

  @Test("redirects leave the scope in words only, and are resolved for their own family")
  func outOfScope() async throws {
    let script = Self.site(["/": Self.leading(to: "https://far.example/x")])
    let far: [UInt8] = [0x3f, 0xff] + [UInt8](repeating: 0, count: 13) + [9]
    try await withResolver(far) { resolver in
      let address = try #require(IPAddress("3fff::9"))
      let outcome = outcome(try await visit(script, resolver: resolver))
      #expect(
        outcome
          == .redirectOutside(url: "https://far.example/x", status: 302, addresses: [address]))
    }
    try await withResolver(nil) { resolver in
      let outcome = outcome(try await visit(script, resolver: resolver))
      #expect(
        outcome
          == .redirectLost(url: "https://far.example/x", lookup: .noData))
    }
    let literal = Self.site(["/": Self.leading(to: "http://127.0.0.1/x")])
    let other = outcome(try await visit(literal))
    #expect(other == .redirectLost(url: "http://127.0.0.1/x", lookup: .noData))
  }

  @Test("references outside the scope are judged from DNS alone")
  func referencesOutOfScope() async throws {
    let script = Self.site([
      "/": Self.page("<img src=https://far.example/1.png><img src=https://far.example/2.png>")
    ])
    let far: [UInt8] = [0x3f, 0xff] + [UInt8](repeating: 0, count: 13) + [9]
    try await withResolver(far) { resolver in
      let facts = try await visit(script, resolver: resolver)
      #expect(tally(facts, .resources)?.counts == [.published: 2])
    }
    try await withResolver(nil) { resolver in
      let facts = try await visit(script, resolver: resolver)
      #expect(tally(facts, .resources)?.counts == [.withoutAAAA: 2])
    }
    let unresolved = try await visit(script)
    #expect(tally(unresolved, .resources)?.counts == [.notResolved: 2])
  }

  @Test("a body that stops, breaks off, never ends or comes compressed")
  func bodies() async throws {
    let head = "HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\nbegun"
    let stops = outcome(
      try await visit(Script(reply: { _ in Array(head.utf8) }), patience: .milliseconds(500)))
    guard case .bodyFailed(_, 200, .timeout(.exchange)) = stops else {
      Issue.record("\(String(describing: stops))")
      return
    }
    let breaks = outcome(try await visit(Script(reply: { _ in Array(head.utf8) }, end: .closeAfterReply)))
    guard case .bodyFailed(_, 200, .closedEarly(.exchange)) = breaks else {
      Issue.record("\(String(describing: breaks))")
      return
    }
    let endless = Script(
      reply: { _ in Array("HTTP/1.1 200 OK\r\n\r\n".utf8) },
      drip: .init(after: .reply, piece: [UInt8](repeating: 0x61, count: 16_384), pause: .microseconds(100)))
    guard case .fetched(let page) = outcome(try await visit(endless)) else {
      Issue.record("an endless body is cut")
      return
    }
    #expect(page.length == 500_000 && !page.isWhole)
    let bomb = Self.page(String(repeating: "\u{1F}", count: 100), "Content-Encoding: GZIP\r\n")
    guard case .fetched(let packed) = outcome(try await visit(Self.site(["/": bomb]))) else {
      Issue.record("a compressed body is a page")
      return
    }
    #expect(packed.encoding == "gzip" && packed.length == 100)
  }

  @Test("a server that closes after each answer, and one that knows no HEAD")
  func oldServers() async throws {
    let body = "<img src=/a.png><img src=/b.png>"
    let closing = Script(
      reply: { _ in Array("HTTP/1.0 200 OK\r\nContent-Type: text/html\r\n\r\n\(body)".utf8) },
      end: .closeAfterReply)
    let closed = try await visit(closing)
    #expect(tally(closed, .resources)?.counts == [.loaded: 2])
    let noHead = Script(reply: { bytes in
      let isHead = bytes.starts(with: "HEAD".utf8)
      return Array((isHead ? Self.page("", status: "405 No") : Self.page(body)).utf8)
    })
    let got = try await visit(noHead)
    #expect(tally(got, .resources)?.counts == [.loaded: 2])
  }
}
