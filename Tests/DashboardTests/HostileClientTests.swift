import Foundation
import Testing

/// Clients that send too much, too slowly, or do not read. Each is got rid of, and others are served meanwhile.
struct HostileClientTests {
  private let get = "GET /-/healthy HTTP/1.1\r\nHost: a\r\n\r\n"

  @Test func slowLoris() throws {
    let server = try Server(["--request-time", "1000"])
    let slow = try (0..<20).map { _ in try server.connect() }
    let start = ContinuousClock.now
    for connection in slow { connection.send("GET /-/healthy HTTP/1.1\r\nHost: a\r\n") }
    for round in 0..<6 {
      #expect(try server.get("/-/healthy").status == 200)
      usleep(100_000)
      for connection in slow { connection.send("X-\(round): a\r\n") }
    }
    for connection in slow { #expect(try Reply(connection.readToEnd(within: 5)).status == 408) }
    #expect(ContinuousClock.now - start < .seconds(6))
  }

  @Test func silence() throws {
    let server = try Server(["--request-time", "500", "--idle-time", "1500"])
    #expect(try server.connect().readToEnd(within: 3).isEmpty)
    // An idle connection may live longer, and not for ever.
    let idle = try server.connect()
    idle.send(get)
    let start = ContinuousClock.now
    #expect(try Reply(idle.readToEnd(within: 6)).status == 200)
    #expect((.seconds(1.2)...(.seconds(5))).contains(ContinuousClock.now - start))
  }

  @Test func slowBody() throws {
    let server = try Server(["--request-time", "700"])
    let connection = try server.connect()
    connection.send("GET /-/healthy HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nabc")
    #expect(try Reply(connection.readToEnd(within: 5)).status == 408)
  }

  @Test(arguments: [
    ("GET / HTTP/1.1\r\nHost: a\r\nX: \(String(repeating: "a", count: 8200))\r\n\r\n", 431),
    (
      "GET / HTTP/1.1\r\nHost: a\r\n\(String(repeating: "X: aaaaaaaaaaaaaaaaaaaa\r\n", count: 90))\(String(repeating: "Y: \(String(repeating: "b", count: 3000))\r\n", count: 3))\r\n",
      431
    ),
    ("GET /\(String(repeating: "a", count: 8200)) HTTP/1.1\r\nHost: a\r\n\r\n", 431),
    ("GET /\(String(repeating: "a", count: 100_000))", 431),
    ("GET / HTTP/1.1\r\nHost: a\r\n\(String(repeating: "X: a\r\n", count: 200))\r\n", 431),
    ("GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 16385\r\n\r\n", 413),
    (
      "GET / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n4100\r\n\(String(repeating: "a", count: 0x4100))\r\n0\r\n\r\n",
      413
    ),
    (
      "GET / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1;\(String(repeating: "a", count: 20_000))",
      413
    ),
    ("GET / HTTP/1.1\r\n\r\n", 400), ("GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400),
    ("GET / HTTP/2.0\r\nHost: a\r\n\r\n", 400), ("\u{16}\u{3}\u{1}\u{2}\u{0}hello, TLS\r\n\r\n", 400),
    ("CONNECT city.example:443 HTTP/1.1\r\nHost: a\r\n\r\n", 400),
    ("GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400),
  ])
  func tooMuchOrWrong(request: String, status: Int) throws {
    let server = try Server()
    let connection = try server.connect()
    connection.send(request)
    let reply = try Reply(connection.readToEnd(within: 6))
    #expect(reply.status == status)
    #expect(
      reply.headers["content-type"] == "application/problem+json" && reply.headers["connection"] == "close")
    #expect(try server.get("/-/healthy").status == 200)
  }

  /// Who only holds connections keeps nobody out: whoever has been idle for longest goes for the next.
  @Test func tooManyConnections() throws {
    let server = try Server(["--connections", "8", "--request-time", "20000"])
    let held = try (0..<8).map { index in
      let connection = try server.connect()
      if index % 2 == 1 { connection.send("GET /-/healthy HTTP/1.1\r\n") }
      usleep(20_000)
      return connection
    }
    // The first has an answer, and so has been idle for less long than the second.
    held[0].send(get)
    usleep(200_000)
    let start = ContinuousClock.now
    #expect(try server.get("/-/healthy").status == 200)
    #expect(try held[1].readToEnd(within: 1).isEmpty)
    #expect(ContinuousClock.now - start < .seconds(1))
    held[0].send("GET /-/healthy HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
    #expect(
      String(decoding: try held[0].readToEnd(within: 3), as: UTF8.self).components(separatedBy: " 200 ").count
        == 3)
    // However many there are.
    for _ in 0..<20 { #expect(try server.get("/-/healthy").status == 200) }
  }

  @Test func whoHasARequestInWorkIsNotCut() throws {
    let server = try Server(["--connections", "4", "--request-time", "20000"])
    let busy = try (0..<4).map { _ in try server.connect() }
    func ask(_ connection: Connection) {
      connection.send("GET /probe?target=sleep-2 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
    }
    for connection in busy.dropFirst() { ask(connection) }
    usleep(300_000)
    for _ in 0..<5 {
      #expect(try server.get("/-/healthy").status == 200, "the one that asks for nothing goes")
    }
    #expect(try busy[0].readToEnd(within: 1).isEmpty)
    let last = try server.connect()
    ask(last)
    usleep(200_000)
    let further = try server.connect()
    further.send(get)
    #expect(try further.readToEnd(within: 1).isEmpty, "each has a request in work")
    for connection in busy.dropFirst() + [last] {
      #expect(try Reply(connection.readToEnd(within: 6)).status == 200)
    }
    // They have not closed their own halves: they are cut after 2 s, or for the next.
    #expect(try server.get("/-/healthy").status == 200)
  }

  @Test func tooManyRequests() throws {
    let server = try Server(["--requests", "2"])
    let busy = try (0..<2).map { _ in try server.connect() }
    for connection in busy {
      connection.send("GET /probe?target=sleep-2 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
    }
    usleep(500_000)
    let reply = try server.get("/metrics")
    #expect(reply.status == 503 && reply.headers["retry-after"] == "1")
    for connection in busy { #expect(try Reply(connection.readToEnd(within: 6)).status == 200) }
    #expect(try server.get("/metrics").status == 200)
  }

  @Test func whoDoesNotReadIsCut() throws {
    let server = try Server(["--hosts", "3000", "--answer-time", "1500", "--requests", "1"])
    let connection = try server.connect()
    for _ in 0..<8 { connection.send("GET /metrics HTTP/1.1\r\nHost: a\r\n\r\n") }
    usleep(500_000)
    #expect(try server.get("/-/healthy").status == 503, "its answer takes the one place there is")
    usleep(2_500_000)
    #expect(try server.get("/-/healthy").status == 200, "it was cut, and the place is free")
  }

  @Test func pipelining() throws {
    let server = try Server(["--hosts", "5"])
    let connection = try server.connect()
    let paths = (0..<5).map { "/api/v1/hosts/host-0000\($0)" } + ["/nowhere", "/api/v1/hosts?limit=0"]
    connection.send(paths.map { "GET \($0) HTTP/1.1\r\nHost: a\r\n\r\n" }.joined())
    connection.send("GET /-/healthy HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n" + get)
    let text = String(decoding: try connection.readToEnd(within: 10), as: UTF8.self)
    let statuses = text.components(separatedBy: "HTTP/1.1 ").dropFirst().map { $0.prefix(3) }
    #expect(statuses == ["200", "200", "200", "200", "200", "404", "400", "200"])
    let ids = text.components(separatedBy: "\"id\":\"").dropFirst().map { String($0.prefix(10)) }
    #expect(ids == (0..<5).map { "host-0000\($0)" })
  }

  @Test func anotherProtocolIsNotBegun() throws {
    let server = try Server()
    let offer = ["Upgrade: h2c", "HTTP2-Settings: AAMAAABkAAQAoAAAAAIAAAAA"]
    let connection = try server.connect()
    connection.send(
      "GET /-/healthy HTTP/1.1\r\nHost: a\r\nConnection: Upgrade, HTTP2-Settings\r\n"
        + offer.joined(separator: "\r\n") + "\r\n\r\n")
    let reply = try Reply(connection.readToEnd(within: 5))
    #expect(reply.status == 200 && reply.headers["connection"] == "close")
  }

  @Test func aFaultBehindGoodRequestsIsAnsweredInItsTurn() throws {
    let server = try Server()
    let connection = try server.connect()
    connection.send("GET /probe?target=sleep-0.5 HTTP/1.1\r\nHost: a\r\n\r\nnonsense\r\n\r\n")
    let text = String(decoding: try connection.readToEnd(within: 6), as: UTF8.self)
    let statuses = text.components(separatedBy: "HTTP/1.1 ").dropFirst().map { $0.prefix(3) }
    // The third is the words of the refusal.
    #expect(statuses == ["200", "400", "req"])
  }

  @Test func endsWhenTold() throws {
    let server = try Server()
    let (busy, idle) = (try server.connect(), try server.connect())
    busy.send("GET /probe?target=sleep-1 HTTP/1.1\r\nHost: a\r\n\r\n")
    idle.send("GET /-/hea")
    usleep(300_000)
    let start = ContinuousClock.now
    #expect(server.stop() == 0)
    #expect(ContinuousClock.now - start < .seconds(5))
    #expect(try Reply(busy.readToEnd(within: 3)).status == 200, "what was asked is answered")
  }
}
