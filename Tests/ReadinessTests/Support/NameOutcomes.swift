import Observations
import Wire

@testable import Readiness

extension ServerReply: Sampled {
  enum Kind: CaseIterable {
    case answer, alias, noData, nxDomain, servFail, refused, failed, lame, malformed, timeout, unreachable,
      notAsked
  }

  var kind: Kind {
    switch self {
    case .answer: .answer
    case .alias: .alias
    case .noData: .noData
    case .nxDomain: .nxDomain
    case .servFail: .servFail
    case .refused: .refused
    case .failed: .failed
    case .lame: .lame
    case .malformed: .malformed
    case .timeout: .timeout
    case .unreachable: .unreachable
    case .notAsked: .notAsked
    }
  }

  static func samples(of kind: Kind) -> [ServerReply] {
    switch kind {
    case .answer: [.answer([.host6]), .answer([])]
    case .alias: [.alias("www.elsewhere.example")]
    case .noData: [.noData]
    case .nxDomain: [.nxDomain]
    case .servFail: [.servFail]
    case .refused: [.refused]
    case .failed: [.failed(rcode: 1), .failed(rcode: 23)]
    case .lame: [.lame]
    case .malformed: [.malformed("cut")]
    case .timeout: [.timeout(tries: 3)]
    case .unreachable: [.unreachable("connection refused")]
    case .notAsked: NotSentReason.allCases.map { .notAsked($0) }
    }
  }
}

extension IterationOutcome: Sampled {
  enum Kind: CaseIterable { case resolved, noData, nxDomain, noIPv6Server, failed, noRoot, abandoned }

  var kind: Kind {
    switch self {
    case .resolved: .resolved
    case .noData: .noData
    case .nxDomain: .nxDomain
    case .noIPv6Server: .noIPv6Server
    case .failed: .failed
    case .noRoot: .noRoot
    case .abandoned: .abandoned
    }
  }

  static func samples(of kind: Kind) -> [IterationOutcome] {
    switch kind {
    case .resolved: [.resolved([.host6]), .resolved([])]
    case .noData: [.noData]
    case .nxDomain: [.nxDomain]
    case .noIPv6Server: [.noIPv6Server(zone: "example")]
    case .failed: ServerReply.samples.map { .failed(zone: "example", reply: $0) }
    case .noRoot: [.noRoot(.timeout(tries: 3)), .noRoot(.notAsked(.noRoute))]
    case .abandoned: [.abandoned("in a circle")]
    }
  }
}

extension ReverseOutcome: Sampled {
  enum Kind: CaseIterable { case pointers, none, failed }

  var kind: Kind {
    switch self {
    case .pointers: .pointers
    case .none: .none
    case .failed: .failed
    }
  }

  static func samples(of kind: Kind) -> [ReverseOutcome] {
    switch kind {
    case .pointers: LookupOutcome.samples.map { .pointers([Pointer(name: "portal.example", forward: $0)]) }
    case .none: [.none]
    case .failed: [.failed(.servFail), .failed(.timeout(tries: 3))]
    }
  }
}

extension ExchangersOutcome: Sampled {
  enum Kind: CaseIterable { case exchangers, none, null, failed }

  var kind: Kind {
    switch self {
    case .exchangers: .exchangers
    case .none: .none
    case .null: .null
    case .failed: .failed
    }
  }

  static func samples(of kind: Kind) -> [ExchangersOutcome] {
    switch kind {
    case .exchangers:
      LookupOutcome.samples.map {
        .exchangers([MailExchanger(preference: 10, name: "mx.example", forward: $0)])
      }
    case .none: [.none]
    case .null: [.null]
    case .failed: [.failed(.servFail), .failed(.timeout(tries: 3))]
    }
  }
}
