import Glibc
import Observations
import PacketIO
import Probing
import Wire

/// Runs probes inside a test's namespace and prints what came of them, one line a probe, for the tests to read.
/// Not part of the product.
@main
struct Main {
  static func main() async {
    var arguments = Array(CommandLine.arguments.dropFirst())
    var scope = Scope()
    var settings = ProbeSettings()
    settings.hostRate = .infinity
    settings.prefixRate = .infinity
    settings.timeout = 300_000_000
    settings.tries = 2
    var interface: String?
    var cancelAfter: Double?
    var probes: [Probe] = []
    while !arguments.isEmpty {
      let argument = arguments.removeFirst()
      switch argument {
      case "--allow": scope.insert(.allow, for: Prefix(arguments.removeFirst())!)
      case "--exclude": scope.insert(.exclude, for: Prefix(arguments.removeFirst())!)
      case "--rate": settings.rate = Double(arguments.removeFirst())!
      case "--tries": settings.tries = Int(arguments.removeFirst())!
      case "--timeout": settings.timeout = UInt64(Double(arguments.removeFirst())! * 1e6)
      case "--interface": interface = arguments.removeFirst()
      case "--cancel-after": cancelAfter = Double(arguments.removeFirst())!
      case "--serve": return serve(UInt16(arguments.removeFirst())!, bytes: Int(arguments.removeFirst())!)
      case "--pmtu": return await askPathMTU(arguments.map { IPAddress($0)! }, scope)
      case "--pmtu-tcp": return await watchPathMTU(Endpoint(arguments.removeFirst())!, scope)
      case "--hops":
        // TARGET/LIMIT: a probe for each limit from 1 on.
        probes += hops(arguments.removeFirst())
      case "--listen": return listen(UInt16(arguments.removeFirst())!)
      case "--permission": return permission()
      case "--doctor": return doctor()
      case "--sweep":
        // PREFIX/COUNT/echo|PORT: the first COUNT addresses behind a prefix.
        probes += sweep(arguments.removeFirst())
      default: probes.append(probe(argument))
      }
    }
    let prober = PacketProber(scope: scope, settings: settings, interface: interface)
    do throws(PacketIOError) {
      let started = ContinuousClock.now
      let asked = probes
      let task = Task { await result(of: prober, asked) }
      if let cancelAfter {
        try? await Task.sleep(for: .seconds(cancelAfter))
        task.cancel()
      }
      let report = try await task.value.get()
      let elapsed = ContinuousClock.now - started
      printPaths(probes, report)
      if probes.count <= 2000 {
        for (probe, outcome) in zip(probes, report.outcomes) { print(text(probe), text(outcome)) }
      } else {
        print("answered", report.outcomes.count { if case .answered = $0 { true } else { false } })
      }
      print("counters", text(report.counters))
      print("elapsed", elapsed / .milliseconds(1))
      if let failure = report.failure { print("failure", failure) }
    } catch {
      print("error", error)
      exit(3)
    }
  }

  private static func result(
    of prober: PacketProber, _ probes: [Probe]
  ) async -> Result<ProbeReport, PacketIOError> {
    do throws(PacketIOError) { return .success(try await prober.probe(probes)) } catch {
      return .failure(error)
    }
  }

  /// `ADDRESS`, `[ADDRESS]:PORT`, `[ADDRESS]:PORT/udp` or `ADDRESS/KIND/INNER` for a tunnel.
  private static func probe(_ text: String) -> Probe {
    let parts = text.split(separator: "/").map(String.init)
    if parts.count == 2, let endpoint = Endpoint(parts[0]) {
      return Probe(target: endpoint.address, kind: .datagram(port: endpoint.port))
    }
    if parts.count == 3, let target = IPAddress(parts[0]), let kind = TunnelKind(rawValue: parts[1]),
      let inner = IPAddress(parts[2])
    {
      return Probe(target: target, kind: .tunnel(kind, inner: inner))
    }
    if let address = IPAddress(text) { return Probe(target: address, kind: .echo) }
    guard let endpoint = Endpoint(text) else { fatalError("not a target: \(text)") }
    return Probe(target: endpoint.address, kind: .tcpSYN(port: endpoint.port))
  }

  private static func sweep(_ text: String) -> [Probe] {
    let parts = text.split(separator: "/")
    guard parts.count == 3, let first = IPAddress(String(parts[0])), let count = UInt64(parts[1]) else {
      fatalError("not a sweep: \(text)")
    }
    let kind = UInt16(parts[2]).map { ProbeKind.tcpSYN(port: $0) } ?? .echo
    return (0..<count).map { offset in
      let target =
        first.family == .ipv4
        ? IPAddress(ipv4: first.ipv4Bits + UInt32(offset))
        : IPAddress(ipv6High: first.high, low: first.low + offset)
      return Probe(target: target, kind: kind)
    }
  }

  private static func text(_ probe: Probe) -> String {
    switch probe.kind {
    case .echo: "\(probe.target)"
    case .tcpSYN(let port): "\(Endpoint(probe.target, port))"
    case .hop(let limit): "\(probe.target)/\(limit)"
    case .hopSYN(let port, let limit): "\(Endpoint(probe.target, port))/\(limit)"
    case .datagram(let port): "\(Endpoint(probe.target, port))/udp"
    case .tunnel(let kind, let inner): "\(probe.target)/\(kind.rawValue)/\(inner)"
    }
  }

  private static func text(_ outcome: ProbeOutcome?) -> String {
    switch outcome {
    case .answered(let time, let tries): "answered \(tries) \(time.microseconds)"
    case .closed(let time): "closed \(time.microseconds)"
    case .rejected(let rejection):
      "rejected \(rejection.type) \(rejection.code) \(rejection.source)"
    case .silent(let tries): "silent \(tries)"
    case .notSent(let reason): "not-sent \(reason.rawValue)"
    case .unmeasured(let dropped): "unmeasured \(dropped)"
    case nil: "unknown"
    }
  }

  static func text(_ counters: TransferCounters) -> String {
    "sent=\(counters.sent) received=\(counters.received) invalid=\(counters.invalid)"
      + " duplicates=\(counters.duplicates) drops=\(counters.kernelDrops) refused=\(counters.refusedByScope)"
  }

  /// Accepts TCP connections to a port on every address of both families, until it is killed.
  private static func listen(_ port: UInt16) {
    let socket = Glibc.socket(AF_INET6, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in6()
    address.sin6_family = sa_family_t(AF_INET6)
    address.sin6_port = port.bigEndian
    let status = withUnsafeBytes(of: address) { bytes in
      bind(socket, bytes.baseAddress!.assumingMemoryBound(to: sockaddr.self), socklen_t(bytes.count))
    }
    guard status == 0, Glibc.listen(socket, 64) == 0 else { fatalError("cannot listen on \(port)") }
    print("listening")
    fflush(nil)
    while true { pause() }
  }

  private static func permission() {
    let report = PacketProber.permission()
    for check in report.checks {
      print(check.operation, check.failure.map { "failed: \($0)" } ?? "ok", separator: ": ")
    }
    print(report.isGranted ? "granted" : "denied")
  }

  private static func doctor() {
    do throws(PacketIOError) {
      for interface in try NetworkInterface.all() {
        print("interface", interface.name, interface.kind, interface.mtu, interface.isUp ? "up" : "down")
      }
      for family in AddressFamily.allCases {
        guard let route = try RouteSummary.best(family) else {
          print("route", family, "none")
          continue
        }
        let parts = ["\(route.destination)", route.interface, text(route.gateway), text(route.source)]
        print("route", family, parts.joined(separator: " "))
      }
      print("kernel", KernelFeatures.current())
    } catch {
      print("error", error)
    }
  }

  private static func text(_ address: IPAddress?) -> String { address?.description ?? "-" }
}
