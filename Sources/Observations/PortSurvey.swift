/// What came of asking one address for many TCP ports: each port stands in one list, so that a survey is one fact
/// however many ports it has.
public struct PortSurvey: Sendable, Hashable {
  /// The ports that answered SYN-ACK. All lists are ascending.
  public var open: [UInt16] = []
  /// Those that answered RST.
  public var closed: [UInt16] = []
  /// Those about which an ICMP error came back.
  public var rejected: [UInt16] = []
  /// Those from which nothing came.
  public var silent: [UInt16] = []
  /// Those whose silence says nothing, since the capture dropped packets meanwhile.
  public var unmeasured: [UInt16] = []
  /// Those for which no packet left.
  public var notSent: [UInt16] = []
  /// Why not; one address has one way, so it is the same for all of them.
  public var notSentReason: NotSentReason?

  /// A survey with these outcomes; a port without one, since the run was interrupted, is in no list.
  public init(_ outcomes: some Sequence<(port: UInt16, outcome: ProbeOutcome?)>) {
    for (port, outcome) in outcomes.sorted(by: { $0.port < $1.port }) {
      switch outcome {
      case .answered: open.append(port)
      case .closed: closed.append(port)
      case .rejected: rejected.append(port)
      case .silent: silent.append(port)
      case .unmeasured: unmeasured.append(port)
      case .notSent(let reason):
        notSent.append(port)
        notSentReason = notSentReason ?? reason
      case nil: break
      }
    }
  }

  /// How many ports have an outcome.
  public var count: Int {
    open.count + closed.count + rejected.count + silent.count + unmeasured.count + notSent.count
  }

  /// The lists that are not empty, each with its name, in a fixed order.
  public var classes: [(name: String, ports: [UInt16])] {
    [
      ("open", open), ("closed", closed), ("rejected", rejected), ("silent", silent),
      ("unmeasured", unmeasured), ("not-sent", notSent),
    ].filter { !$0.ports.isEmpty }
  }
}

extension PortSurvey: Codable {
  private enum Key: String, CodingKey {
    case open, closed, rejected, silent, unmeasured, reason
    case notSent = "not-sent"
  }

  private static let lists: [(Key, WritableKeyPath<PortSurvey, [UInt16]> & Sendable)] = [
    (.open, \.open), (.closed, \.closed), (.rejected, \.rejected), (.silent, \.silent),
    (.unmeasured, \.unmeasured), (.notSent, \.notSent),
  ]

  /// Reads what `encode` writes.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    self.init([])
    for (key, list) in Self.lists {
      guard let text = try container.decodeIfPresent(String.self, forKey: key) else { continue }
      guard let ports = PortRanges.ports(in: text) else {
        throw DecodingError.dataCorruptedError(
          forKey: key, in: container, debugDescription: "no list of ports: \(text)")
      }
      self[keyPath: list] = ports
    }
    notSentReason = try container.decodeIfPresent(NotSentReason.self, forKey: .reason)
  }

  /// Writes each list that is not empty as text: `21-23,80`.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    for (key, list) in Self.lists where !self[keyPath: list].isEmpty {
      try container.encode(PortRanges.text(of: self[keyPath: list]), forKey: key)
    }
    try container.encodeIfPresent(notSentReason, forKey: .reason)
  }
}

/// Lists of ports as text: `21-23,80,443`.
public enum PortRanges {
  /// The text of ascending ports; two or more in a row are a range.
  public static func text(of ports: [UInt16]) -> String {
    var ranges: [ClosedRange<UInt16>] = []
    for port in ports {
      if let last = ranges.last, last.upperBound < port, last.upperBound + 1 == port {
        ranges[ranges.count - 1] = last.lowerBound...port
      } else {
        ranges.append(port...port)
      }
    }
    return ranges.map { $0.count == 1 ? "\($0.lowerBound)" : "\($0.lowerBound)-\($0.upperBound)" }.joined(
      separator: ",")
  }

  /// The ports of such a text, ascending; `nil` if it is none.
  public static func ports(in text: String) -> [UInt16]? {
    var ports: [UInt16] = []
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      let ends = part.split(separator: "-", omittingEmptySubsequences: false).map { UInt16($0) }
      guard (1...2).contains(ends.count), let first = ends[0], let last = ends[ends.count - 1], first <= last,
        ports.last.map({ $0 < first }) ?? true
      else { return nil }
      ports += first...last
    }
    return ports
  }
}
