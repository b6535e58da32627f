import Observations
import Wire

extension SampleFacts {
  /// Facts about packet sizes, ways and exposure.
  static let packets: [Fact] =
    pathMTUOutcomes.flatMap { outcome in
      [
        .pathMTU(address: ipv6, port: nil, mtu: 1280, outcome: outcome),
        .pathMTU(address: ipv6, port: 65535, mtu: 1280, outcome: outcome),
      ]
    } + ends.map { .path(HopPath(target: ipv6, hops: hops, end: $0)) }
    + [
      .path(HopPath(target: ipv4, port: 443, hops: [], end: .reached(limit: 1))),
      .portSurvey(address: ipv6, survey: PortSurvey([])), .portSurvey(address: ipv4, survey: survey),
    ]
    + probeOutcomes.flatMap { outcome in
      [.datagram(endpoint: Endpoint(ipv6, 161), outcome: outcome), .alias(address: ipv6, outcome: outcome)]
        + TunnelKind.allCases.map { .tunnel(kind: $0, address: ipv4, outcome: outcome) }
    }

  static let pathMTUOutcomes: [PathMTUOutcome] =
    [
      .shrank(largest: 1280), .fragmented(largest: 1280), .ignored(largest: 1500), .blackHole(largest: .max),
      .fragmentsLost(largest: 1232), .alreadySmall(largest: 1160, isFragmented: false),
      .alreadySmall(largest: 1280, isFragmented: true), .tooShort(largest: 0), .vanished(largest: 1500),
      .silent(tries: 3), .rejected(Rejection(type: 2, code: 0, source: ipv6)), .offloaded(merged: 1),
      .unmeasured(dropped: .max),
    ] + NotSentReason.allCases.map { .notSent($0) }

  static let ends: [HopPath.End] = [
    .reached(limit: 2), .refused(limit: 3, Rejection(type: 1, code: 1, source: ipv6)),
    .looping(first: 1, again: 255), .lost(after: 0, asked: 8), .unfinished(asked: 24), .unmeasured(after: 0),
  ]

  static let hops = [
    HopPath.Hop(routers: [HopPath.Router(address: ipv6, roundTrip: Duration64(microseconds: 412))]),
    HopPath.Hop(isSilent: true), HopPath.Hop(rejections: [Rejection(type: 1, code: 0, source: ipv6)]),
    HopPath.Hop(target: Duration64(microseconds: 0)), HopPath.Hop(),
  ]

  static let survey = PortSurvey(
    probeOutcomes.enumerated().map { (port: UInt16($0 + 20), outcome: $1) } + [
      (65535, .silent(tries: 3)), (65534, .silent(tries: 3)), (1, nil),
    ])
}
