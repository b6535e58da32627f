import Observations

extension PathMTUOutcome {
  var text: String {
    switch self {
    case .shrank(let largest): "heeded, then at most \(largest) bytes"
    case .fragmented(let largest): "heeded, then fragments of at most \(largest) bytes"
    case .ignored(let largest): "ignored, still \(largest) bytes"
    case .blackHole(let largest): "nothing came any more; before, \(largest) bytes"
    case .fragmentsLost(let largest): "fragments got lost; the largest that came had \(largest) bytes"
    case .alreadySmall(let largest, let isFragmented):
      "never more than \(largest) bytes" + (isFragmented ? ", in fragments" : "")
    case .tooShort(let largest): "the answer was too short, at most \(largest) bytes"
    case .vanished: "the host answered nothing at all any more"
    case .silent(let tries): "silent after \(tries == 1 ? "1 try" : "\(tries) tries")"
    case .rejected(let rejection):
      "rejected by \(rejection.source): type \(rejection.type) code \(rejection.code), \(rejection.meaning)"
    case .notSent(let why): "not sent: \(why.rawValue)"
    case .offloaded(let merged): "not measured: receive offload had merged \(merged) segments"
    case .unmeasured(let dropped): "not measured: the capture dropped \(dropped) packets"
    }
  }
}

extension HopPath {
  /// Each distance by its routers, `*` where nobody said anything, and how it ends.
  var text: String {
    let hops = hops.map { hop -> String in
      let seen = hop.routers.map { "\($0.address)" } + hop.rejections.map { "\($0.source) (\($0.meaning))" }
      if hop.target != nil { return "the target" }
      return seen.isEmpty ? (hop.isSilent ? "*" : "?") : seen.joined(separator: ",")
    }
    return (hops + [end.text]).filter { !$0.isEmpty }.joined(separator: " ")
  }
}

extension HopPath.End {
  fileprivate var text: String {
    switch self {
    case .reached: ""
    case .refused(let limit, _): "(refused at \(limit))"
    case .looping(let first, let again): "(a loop from \(first) to \(again))"
    case .lost(let after, let asked): "(silence from \(Int(after) + 1) to \(asked))"
    case .unfinished(let asked): "(not asked beyond \(asked))"
    case .unmeasured(let after): "(not measured beyond \(after))"
    }
  }
}

extension PortSurvey {
  var text: String {
    classes.map { name, ports in
      let reason = name == "not-sent" ? notSentReason.map { " (\($0.rawValue))" } ?? "" : ""
      return "\(name)\(reason) \(PortRanges.text(of: ports))"
    }.joined(separator: "; ")
  }
}
