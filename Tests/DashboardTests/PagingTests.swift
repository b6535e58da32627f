import Foundation
import Testing

/// A walk along "next" meets everything once, in order, whatever the size of a page.
struct PagingTests {
  static let server = Result { try Server(["--hosts", "120"], runs: 23) }

  @Test(arguments: [
    ("agencies", "id", 3), ("systems", "id", 12), ("hosts", "id", 120), ("hosts?state=unknown", "id", 12),
    ("hosts?agency=agency-001", "id", 50), ("hosts?system=system-0003&state=ipv6only", "id", 6),
    ("systems?agency=agency-002", "id", 2), ("checks?verdict=fail", "host", 24),
    ("checks?check=reach.tcp", "host", 120), ("checks?check=reach.tcp&verdict=fail", "host", 12),
    ("runs", "id", 23), ("changes", "number", 46), ("changes?host=host-00001", "number", 23),
  ])
  func everythingOnce(list: String, key: String, count: Int) throws {
    let server = try Self.server.get()
    for limit in [1, 7, 100, 1000] where count / limit < 130 {
      let items = try Self.walk(server, "/api/v1/\(list)", limit: limit)
      let keys = items.map { "\($0[key] ?? "")" }
      #expect(keys.count == count, "\(list) by \(limit)")
      #expect(Set(keys).count == count)
      let numbers = items.compactMap { $0[key] as? Int }
      // By id; runs and changes the newest first.
      if numbers.isEmpty {
        #expect(keys == (list == "runs" ? keys.sorted(by: >) : keys.sorted()))
      } else {
        #expect(numbers == numbers.sorted(by: >))
      }
    }
  }

  @Test func allRowsOfAllHosts() throws {
    let server = try Self.server.get()
    var expected = [["", "vantage.ipv6"]]
    for number in 0..<120 {
      let id = "host-00\(String(1000 + number).dropFirst())"
      let rows = try server.object("/api/v1/hosts/\(id)")["checks"] as? [[String: Any]] ?? []
      expected += rows.map { ["\($0["host"] ?? "?")", "\($0["check"] ?? "?")"] }
    }
    for limit in [97, 1000] {
      let items = try Self.walk(server, "/api/v1/checks", limit: limit)
      #expect(items.map { ["\($0["host"] ?? "?")", "\($0["check"] ?? "?")"] } == expected)
    }
    let alone = try Self.walk(server, "/api/v1/checks?host=host-00003", limit: 5)
    #expect(alone.count == (expected.count - 1) / 120)
  }

  @Test func nextIsAlsoALink() throws {
    let reply = try Self.server.get().get("/api/v1/hosts?limit=5&state=ipv6only")
    let next = try #require(try reply.object["next"] as? String)
    #expect(reply.headers["link"] == "<\(next)>; rel=\"next\"")
    #expect(next.hasPrefix("/api/v1/hosts?limit=5&state=ipv6only&cursor="))
    #expect(try Self.server.get().get("/api/v1/hosts?limit=120").headers["link"] == nil)
  }

  static func walk(_ server: Server, _ path: String, limit: Int) throws -> [[String: Any]] {
    var next: String? = path + (path.contains("?") ? "&" : "?") + "limit=\(limit)"
    var items: [[String: Any]] = []
    while let page = next {
      let object = try server.object(page)
      let more = object["items"] as? [[String: Any]] ?? []
      #expect(more.count == limit || object["next"] == nil)
      items += more
      if items.count > 10_000 { throw Failure(text: "\(path) by \(limit) never ends") }
      next = object["next"] as? String
    }
    return items
  }
}
