import Observations
import Wire

extension Check {
  /// `dns.reverse`: PTR exists and maps back.
  ///
  /// One row for each IPv6 address that others can reach. One of several PTR names that maps back is enough.
  static let dnsReverse = Check(
    id: .dnsReverse, level: 3, isGate: false, needsIPv6: false,
    reasons: [
      .pass: [.ptrMapsBack], .fail: [.noPTR, .ptrElsewhere, .ptrWithoutAddress],
      .unknown: [.notMeasured, .ptrNotAnswered], .na: [.noName, .noUsableAddress],
    ]
  ) { context in
    if context.host.names.isEmpty { return [Finding("", .na, .noName)] }
    let addresses = context.usableIPv6
    if addresses.isEmpty { return [Finding("", .na, .noUsableAddress)] }
    return addresses.map { address in
      let subject = address.description
      guard let observation = context.reverse(address), case .reverse(_, let outcome) = observation.fact
      else { return Finding(subject, .unknown, .notMeasured) }
      let (verdict, reason, detail) = judge(outcome, address, context.run.synthesis)
      return Finding(subject, verdict, reason, detail, basis: [observation])
    }
  }

  private static func judge(
    _ outcome: ReverseOutcome, _ address: IPAddress, _ synthesis: Synthesis
  ) -> (Verdict, Reason, String) {
    switch outcome {
    case .none: return (.fail, .noPTR, "")
    case .failed(let reply): return (.unknown, .ptrNotAnswered, reply.text)
    case .pointers(let pointers):
      let names = pointers.map(\.name).joined(separator: " ")
      if let pointer = pointers.first(where: { $0.forward.addresses.contains(address) }) {
        return (.pass, .ptrMapsBack, pointer.name)
      }
      if pointers.contains(where: { !$0.forward.isZoneData }) { return (.unknown, .ptrNotAnswered, names) }
      let others = Set(pointers.flatMap(\.forward.addresses)).filter { !synthesis.makes($0) }.sorted()
      if others.isEmpty { return (.fail, .ptrWithoutAddress, names) }
      let led = others.map(\.description).joined(separator: " ")
      return (.fail, .ptrElsewhere, "\(names) has \(led)")
    }
  }
}
