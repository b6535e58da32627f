import DashboardSamples
import Foundation
import Readiness
import Testing

/// What each path says, and how a wrong question is answered.
struct AnswerTests {
  static let server = Result { try Server(["--hosts", "30"], runs: 3) }

  @Test(arguments: [
    ("/api/v1/hosts?limt=3", 400, "limt"), ("/api/v1/hosts?limit=3&limit=3", 400, "limit"),
    ("/api/v1/hosts?limit=0", 400, "limit"), ("/api/v1/hosts?limit=1001", 400, "limit"),
    ("/api/v1/hosts?limit=+5", 400, "limit"), ("/api/v1/hosts?cursor=%21", 400, "cursor"),
    ("/api/v1/hosts?state=fine", 400, "state"), ("/api/v1/hosts?agency=", 400, "agency"),
    ("/api/v1/checks?check=reach", 400, "check"), ("/api/v1/checks?verdict=good", 400, "verdict"),
    ("/api/v1/changes?cursor=aG9zdA", 400, "cursor"), ("/api/v1/hosts/%ff", 400, "UTF-8"),
    ("/api/v1/hosts?agency=%ff", 400, "UTF-8"), ("/metrics?x=1", 400, "x"), ("/-/healthy?x=1", 400, "x"),
    ("/api/v1/hosts/none", 404, "none"), ("/api/v1/agencies/none", 404, "none"),
    ("/api/v1/systems/none", 404, "none"), ("/api/v1/runs/none", 404, "none"), ("/", 404, "openapi"),
    ("/api/v2/hosts", 404, "openapi"), ("/probe", 400, "target"), ("/probe?target=a&module=b", 400, "module"),
    ("/probe?target=a&debug=1", 400, "debug"), ("/probe?target=a&target=b", 400, "target"),
  ])
  func refusals(path: String, status: Int, says: String) throws {
    let reply = try Self.server.get().get(path)
    #expect(reply.status == status)
    #expect(reply.headers["content-type"] == "application/problem+json")
    let problem = try reply.object
    #expect(problem["status"] as? Int == status)
    #expect("\(problem["detail"] ?? "")".contains(says), "\(problem)")
  }

  @Test(arguments: ["/metrics", "/api/v1/hosts", "/api/v1/hosts/host-00001", "/-/healthy", "/probe"])
  func methods(path: String) throws {
    let server = try Self.server.get()
    for method in ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "PROPFIND"] {
      let reply = try server.get(path, method: method)
      #expect(reply.status == 405, "\(method)")
      #expect(reply.headers["allow"] == (path == "/probe" ? "GET" : "GET, HEAD"))
    }
    if path == "/probe" { return }
    let (get, head) = (try server.get(path), try server.get(path, method: "HEAD"))
    #expect(head.status == 200 && head.body.isEmpty)
    #expect(head.headers["content-length"] == get.headers["content-length"])
    #expect(get.headers["content-length"] == "\(get.body.count)")
    #expect(get.headers["x-content-type-options"] == "nosniff" && get.headers["cache-control"] == "no-cache")
  }

  @Test(arguments: [
    "agencies", "systems", "hosts", "checks", "runs", "changes", "sd", "openapi.json", "hosts/host-00001",
    "runs/\(SampleStore.id(1))",
  ])
  func entityTags(path: String) throws {
    let server = try Self.server.get()
    let first = try server.get("/api/v1/\(path)")
    let tag = try #require(first.headers["etag"])
    for known in [tag, "\"x\", \(tag)", String(tag.dropFirst(2)), "*"] {
      let second = try server.get("/api/v1/\(path)", ["If-None-Match: \(known)"])
      #expect(second.status == 304 && second.body.isEmpty && second.headers["etag"] == tag, "\(known)")
    }
    #expect(try server.get("/api/v1/\(path)", ["If-None-Match: \"x\""]).status == 200)
    #expect(try server.get("/api/v1/hosts/none", ["If-None-Match: *"]).status == 404)
  }

  @Test func hostileTextStaysText() throws {
    let host = try Self.server.get().object("/api/v1/hosts/host-00001")
    let rows = host["checks"] as? [[String: Any]] ?? []
    let row = rows.first { $0["check"] as? String == "service.content" }
    #expect(row?["subject"] as? String == SampleCity.hostileText)
  }

  @Test func discovery() throws {
    let reply = try Self.server.get().get("/api/v1/sd")
    let groups = try JSONSerialization.jsonObject(with: Data(reply.body)) as? [[String: Any]] ?? []
    #expect(groups.count == 30)
    #expect(
      groups.allSatisfy {
        ($0["targets"] as? [String]) == [($0["labels"] as? [String: String])?["host"] ?? ""]
      })
    #expect(!reply.text.contains("2001:db8"))
  }

  @Test func beforeTheFirstRound() throws {
    let server = try Server(["--hosts", "0"])
    let ready = try server.get("/-/ready")
    #expect(ready.status == 503)
    #expect(ready.text == "no round has ended yet\nthe store cannot be written: disk full\n")
    #expect(try server.get("/-/healthy").status == 200)
    for list in ["hosts", "agencies", "systems", "checks", "sd"] {
      let reply = try server.get("/api/v1/\(list)")
      #expect(reply.status == 503 && reply.headers["retry-after"] != nil)
    }
    // No store yet: no runs.
    for list in ["runs", "changes"] {
      #expect(try server.object("/api/v1/\(list)")["items"] as? [String] == [])
    }
    try Data("no store".utf8).write(to: server.directory.appendingPathComponent("v6audit.db"))
    let reply = try server.get("/api/v1/runs")
    #expect(
      reply.status == 503 && reply.text.contains("not a store") && !reply.text.contains(server.directory.path)
    )
  }

  @Test func probe() throws {
    let server = try Self.server.get()
    let good = try server.get("/probe?target=host-00001&module=tcp")
    #expect(good.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8")
    #expect(
      good.text.contains("\nprobe_success 1\n") && good.text.contains("\nprobe_duration_seconds 0.025\n"))
    #expect(good.text.contains("v6audit_probe_verdict{check=\"reach.tcp\",verdict=\"pass\"} 1\n"))
    #expect(try server.get("/probe?target=bad").text.contains("\nprobe_success 0\n"))
    let debug = try server.get("/probe?target=bad&debug=true").text
    #expect(debug.hasPrefix("Logs for the probe:\nasked bad by service\n"))
    #expect(debug.contains("Metrics that would have been returned:") && !debug.contains("\u{1b}"))
    let start = ContinuousClock.now
    let late = try server.get("/probe?target=sleep-30", ["X-Prometheus-Scrape-Timeout-Seconds: 1.5"])
    #expect(late.text.contains("\nprobe_success 0\n"))
    #expect((.seconds(0.9)...(.seconds(4))).contains(ContinuousClock.now - start))
  }

  @Test func documentKnowsTheSameWords() throws {
    let document = try Self.server.get().object("/api/v1/openapi.json")
    let schemas = (document["components"] as? [String: Any])?["schemas"] as? [String: [String: Any]] ?? [:]
    #expect(schemas["CheckID"]?["enum"] as? [String] == CheckID.allCases.map(\.rawValue))
    #expect(schemas["Verdict"]?["enum"] as? [String] == Verdict.allCases.map(\.rawValue))
    #expect(schemas["HostState"]?["enum"] as? [String] == HostState.allCases.map(\.rawValue))
    #expect(schemas["Outcome"]?["enum"] as? [String] == Outcome.allCases.map(\.rawValue))
    #expect((document["info"] as? [String: Any])?["version"] as? String == "1.0.0-test")
  }
}
