import Glibc
import Observations
import PacketIO
import Probing
import Wire

extension Main {
  /// Asks targets by echo whether they heed a Packet Too Big; a line for each.
  static func askPathMTU(_ targets: [IPAddress], _ scope: Scope) async {
    do throws(PacketIOError) {
      let report = try await prober(scope).ask(targets)
      for (target, outcome) in zip(targets, report.outcomes) { print(target, text(outcome)) }
      print("counters", text(report.counters))
    } catch {
      print("error", error)
    }
  }

  /// Asks an endpoint for data and watches the connection; one line.
  static func watchPathMTU(_ remote: Endpoint, _ scope: Scope) async {
    let socket = connection(to: remote)
    do throws(PacketIOError) {
      let report = try await prober(scope).watch(local: localEnd(of: socket), remote: remote) { cue in
        switch cue {
        case .ask: _ = write(socket, "x", 1)
        case .readOn:
          var buffer = [UInt8](repeating: 0, count: 65_536)
          _ = recv(socket, &buffer, buffer.count, Int32(MSG_DONTWAIT))
        }
      }
      print(remote, text(report.outcomes[0]))
      print("counters", text(report.counters))
    } catch {
      print("error", error)
    }
  }

  private static func prober(_ scope: Scope) -> PathMTUProber {
    var settings = PathMTUSettings()
    settings.timeout = 400_000_000
    settings.settling = 100_000_000
    settings.quiet = 300_000_000
    settings.patience = 3_000_000_000
    var pace = ProbeSettings()
    pace.hostRate = .infinity
    pace.prefixRate = .infinity
    return PathMTUProber(scope: scope, settings: settings, pace: pace)
  }

  private static func text(_ outcome: PathMTUOutcome?) -> String {
    switch outcome {
    case .shrank(let largest): "shrank \(largest)"
    case .fragmented(let largest): "fragmented \(largest)"
    case .ignored(let largest): "ignored \(largest)"
    case .blackHole(let largest): "black-hole \(largest)"
    case .fragmentsLost(let largest): "fragments-lost \(largest)"
    case .alreadySmall(let largest, let isFragmented):
      "already-small \(largest)" + (isFragmented ? " fragmented" : "")
    case .tooShort(let largest): "too-short \(largest)"
    case .vanished(let largest): "vanished \(largest)"
    case .silent(let tries): "silent \(tries)"
    case .rejected(let rejection): "rejected \(rejection.type) \(rejection.code) \(rejection.source)"
    case .notSent(let reason): "not-sent \(reason.rawValue)"
    case .offloaded(let merged): "offloaded \(merged)"
    case .unmeasured(let dropped): "unmeasured \(dropped)"
    case nil: "unknown"
    }
  }

  /// A connected socket with a receive buffer that is soon full.
  private static func connection(to remote: Endpoint) -> Int32 {
    let socket = Glibc.socket(AF_INET6, Int32(SOCK_STREAM.rawValue), 0)
    var size: Int32 = 8192
    setsockopt(socket, SOL_SOCKET, SO_RCVBUF, &size, 4)
    let status = withName(of: remote) { connect(socket, $0, $1) }
    guard status == 0 else { fatalError("cannot connect to \(remote)") }
    return socket
  }

  private static func localEnd(of socket: Int32) -> Endpoint {
    var name = sockaddr_in6()
    var length = socklen_t(MemoryLayout<sockaddr_in6>.size)
    let status = withUnsafeMutableBytes(of: &name) { bytes in
      getsockname(socket, bytes.baseAddress!.assumingMemoryBound(to: sockaddr.self), &length)
    }
    guard status == 0 else { fatalError("the socket has no name") }
    let bytes = withUnsafeBytes(of: name.sin6_addr) { Array($0) }
    return Endpoint(IPAddress(bytes: bytes)!, UInt16(bigEndian: name.sin6_port))
  }

  private static func withName(
    of endpoint: Endpoint, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32
  ) -> Int32 {
    var name = sockaddr_in6()
    name.sin6_family = sa_family_t(AF_INET6)
    name.sin6_port = endpoint.port.bigEndian
    withUnsafeMutableBytes(of: &name.sin6_addr) { $0.copyBytes(from: endpoint.address.bytes) }
    return withUnsafeBytes(of: name) { bytes in
      body(bytes.baseAddress!.assumingMemoryBound(to: sockaddr.self), socklen_t(bytes.count))
    }
  }

  /// Sends `bytes` bytes to everyone who connects to a port and says something, and then closes, until it is killed.
  static func serve(_ port: UInt16, bytes: Int) {
    signal(SIGPIPE, SIG_IGN)
    let socket = Glibc.socket(AF_INET6, Int32(SOCK_STREAM.rawValue), 0)
    let any = Endpoint(IPAddress(ipv6High: 0, low: 0), port)
    guard withName(of: any, { bind(socket, $0, $1) }) == 0, Glibc.listen(socket, 8) == 0 else {
      fatalError("cannot listen on \(port)")
    }
    while true {
      let peer = accept(socket, nil, nil)
      guard peer >= 0 else { continue }
      var question: UInt8 = 0
      _ = read(peer, &question, 1)
      let answer = [UInt8](repeating: 0x61, count: bytes)
      var sent = 0
      while sent < bytes {
        let count = answer.withUnsafeBytes { write(peer, $0.baseAddress! + sent, bytes - sent) }
        guard count > 0 else { break }
        sent += count
      }
      close(peer)
    }
  }
}
