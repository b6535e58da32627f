import Dashboard
import DashboardSamples
import Foundation
import Glibc
import Logging
import Observations
import Testing
import Wire

/// What the server refuses to start with, and where it listens.
struct StartTests {
  private let source = SampleSource(nil, version: "1")

  private func start(_ change: (inout DashboardSettings) -> Void) throws(DashboardError) -> Dashboard {
    var settings = DashboardSettings(endpoints: [], storePath: "/nonexistent", version: "1")
    change(&settings)
    return try Dashboard(settings: settings, source: source, log: Logger(label: "test"))
  }

  private func refusal(_ change: (inout DashboardSettings) -> Void) -> String {
    do {
      _ = try start(change)
      return ""
    } catch { return "\(error)" }
  }

  private func endpoint(_ text: String, port: UInt16 = 0) throws -> Endpoint {
    Endpoint(try #require(IPAddress(text)), port)
  }

  @Test(arguments: ["::", "0.0.0.0", "2001:db8::1", "192.0.2.1", "::ffff:192.0.2.1", "::2"])
  func othersNeedTLSOrAToken(address: String) throws {
    let endpoint = try endpoint(address)
    let why = refusal { $0.endpoints = [endpoint] }
    #expect(why.hasPrefix("web: \(endpoint): others than this machine"), "\(why)")
    #expect(why.contains("token"))
  }

  @Test(arguments: ["::1", "127.0.0.1", "127.1.2.3", "::ffff:127.0.0.1"])
  func thisMachineNeedsNothing(address: String) throws {
    let endpoint = try endpoint(address)
    // The mapped address is refused by the kernel on a socket of IPv6 alone, and not by the rule.
    let why = refusal { $0.endpoints = [endpoint] }
    #expect(!why.contains("token"), "\(why)")
  }

  @Test func aTokenOpensTheDoor() throws {
    let all = try endpoint("::")
    let dashboard = try start {
      $0.endpoints = [all]
      $0.token = Array("0123456789abcdef\n".utf8)
    }
    #expect(dashboard.endpoints.first?.port ?? 0 > 0)
    #expect(refusal { $0.token = Array("short".utf8) }.contains("16 are the least"))
    #expect(refusal { $0.token = Array("0123456789 abcdef".utf8) }.contains("no header can carry"))
  }

  @Test func everyEndpointIsBoundAtStart() throws {
    let (six, four) = (try endpoint("::1"), try endpoint("127.0.0.1"))
    let first = try start { $0.endpoints = [six, four] }
    #expect(first.endpoints.map(\.address) == [six.address, four.address])
    let taken = try #require(first.endpoints.first)
    let why = refusal { $0.endpoints = [four, taken] }
    #expect(why == "web: \(taken): Address already in use; stop what listens there, or name another port")
    withExtendedLifetime(first) {}
  }

  @Test func inheritedSockets() throws {
    #expect(refusal { $0.inherited = [0] }.contains("no listening stream socket"))
    let descriptor = socket(AF_INET6, Int32(SOCK_STREAM.rawValue), 0)
    listen(descriptor, 8)
    // Not bound to an address, it listens on all.
    #expect(refusal { $0.inherited = [descriptor] }.contains("others than this machine"))
    // The server owns it: it is closed.
    #expect(fcntl(descriptor, F_GETFD) == -1)
  }

  @Test func certificates() throws {
    #expect(refusal { $0.certificates = "/nonexistent.pem" }.contains("a certificate and no key"))
    let why = refusal {
      $0.certificates = "/nonexistent.pem"
      $0.privateKey = "/nonexistent.key"
    }
    #expect(why.hasPrefix("web: /nonexistent.pem: holds no certificates that can be read"))
  }

  /// As systemd does: the socket is there before the program, and listens.
  @Test func servesAnInheritedSocket() throws {
    let script = """
      import os, socket, sys
      s = socket.create_server(('::1', 0), family=socket.AF_INET6)
      os.set_inheritable(s.fileno(), True)
      os.execv(sys.argv[1], sys.argv[1:] + ['--inherit', str(s.fileno())])
      """
    let server = try Server(
      ["-c", script, Server.program.path], listen: [], program: URL(fileURLWithPath: "/usr/bin/python3"))
    #expect(server.endpoints.count == 1)
    #expect(try server.get("/-/healthy").status == 200)
  }
}
