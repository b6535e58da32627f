import Foundation
import Testing

/// Who may ask: the token, and TLS, with curl and openssl as judges.
struct GuardTests {
  private static let token = "correct-horse-battery-staple"

  @Test func token() throws {
    let server = try Server(["--token", Self.token])
    #expect(try server.get("/-/healthy").status == 200)
    for path in [
      "/metrics", "/-/ready", "/api/v1/hosts", "/api/v1/openapi.json", "/nowhere", "/probe?target=a",
    ] {
      let without = try server.get(path)
      #expect(without.status == 401, "\(path)")
      #expect(without.headers["www-authenticate"] == "Bearer realm=\"v6audit\"")
      for wrong in [
        "Bearer \(Self.token)x", "Bearer \(Self.token.dropLast())", "Basic \(Self.token)", Self.token,
        "Bearer ",
      ] {
        #expect(try server.get(path, ["Authorization: \(wrong)"]).status == 401, "\(wrong)")
      }
      let status = try server.get(path, ["Authorization: bearer \(Self.token)"]).status
      #expect(status == (path == "/nowhere" ? 404 : 200), "\(path)")
    }
  }

  @Test func tls() throws {
    let directory = FileManager.default.temporaryDirectory.appendingPathComponent("tls-\(UUID())")
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: directory) }
    let (cert, key) = (
      directory.appendingPathComponent("c.pem").path, directory.appendingPathComponent("k.pem").path
    )
    #expect(
      try run(
        "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=web.city.example"
          + " -addext subjectAltName=DNS:web.city.example -keyout \(key) -out \(cert) 2>/dev/null"
      ).status == 0)
    let server = try Server(["--cert", cert, "--key", key, "--request-time", "1500"])
    let port = server.endpoints[0].port
    let curl =
      "curl -sS -m 10 --resolve 'web.city.example:\(port):[::1]' https://web.city.example:\(port)/-/healthy"
    let good = try run("\(curl) --cacert \(cert) --http1.1")
    #expect(good.status == 0 && good.output == "v6audit is healthy.\n", "\(good)")
    #expect(try run("\(curl) 2>/dev/null").status == 60, "curl does not know the certificate")
    #expect(try run("\(curl) --cacert \(cert) --tls-max 1.1 2>/dev/null").status != 0)
    // Neither plain HTTP nor silence holds a connection.
    for greeting in ["GET / HTTP/1.1\r\nHost: a\r\n\r\n", ""] {
      let connection = try server.connect()
      connection.send(greeting)
      let answer = try connection.readToEnd(within: 6)
      #expect(!answer.starts(with: "HTTP".utf8))
    }
    #expect(try run("\(curl) --cacert \(cert)").status == 0)
  }

  private func run(_ script: String) throws -> (output: String, status: Int32) {
    let (process, pipe) = (Process(), Pipe())
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.arguments = ["-c", script]
    process.standardOutput = pipe
    try process.run()
    let output = try pipe.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    return (String(decoding: output, as: UTF8.self), process.terminationStatus)
  }
}
