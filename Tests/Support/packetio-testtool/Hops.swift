import Observations
import PacketIO
import Probing
import Wire

extension Main {
  /// Hop probes of one target, `ADDRESS/GREATEST` or `[ADDRESS]:PORT/GREATEST`.
  static func hops(_ text: String) -> [Probe] {
    let parts = text.split(separator: "/")
    guard parts.count == 2, let greatest = UInt8(parts[1]) else { fatalError("not hops: \(text)") }
    return (1...greatest).map { limit in
      if let endpoint = Endpoint(String(parts[0])) {
        return Probe(target: endpoint.address, kind: .hopSYN(port: endpoint.port, limit: limit))
      }
      guard let address = IPAddress(String(parts[0])) else { fatalError("not a target: \(text)") }
      return Probe(target: address, kind: .hop(limit: limit))
    }
  }

  /// A line for each path: `path:TARGET END HOP HOP …`.
  static func printPaths(_ probes: [Probe], _ report: ProbeReport) {
    for path in HopPath.paths(of: probes, outcomes: report.outcomes, roundTrips: report.roundTrips) {
      let name = path.port.map { "\(Endpoint(path.target, $0))" } ?? "\(path.target)"
      let hops = path.hops.map { hop -> String in
        let routers = hop.routers.map { "\($0.address)" } + hop.rejections.map { "!\($0.source)" }
        if hop.target != nil { return "target" }
        return routers.isEmpty ? (hop.isSilent ? "*" : "?") : routers.joined(separator: ",")
      }
      print("path:\(name)", end(path.end), hops.joined(separator: " "))
      let times = path.hops.flatMap(\.routers).map(\.roundTrip.microseconds)
      print("times:\(name)", times.map(String.init).joined(separator: " "))
    }
  }

  private static func end(_ end: HopPath.End) -> String {
    switch end {
    case .reached(let limit): "reached-\(limit)"
    case .refused(let limit, let rejection): "refused-\(limit)-\(rejection.type)-\(rejection.code)"
    case .looping(let first, let again): "looping-\(first)-\(again)"
    case .lost(let after, let asked): "lost-\(after)-\(asked)"
    case .unfinished(let asked): "unfinished-\(asked)"
    case .unmeasured(let after): "unmeasured-\(after)"
    }
  }
}
