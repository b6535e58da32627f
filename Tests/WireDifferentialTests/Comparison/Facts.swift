/// What somebody reads in a frame, in words both can say.
struct Facts: Equatable {
  /// The things that are looked at. A thing that is not there was not read.
  enum Key: String, CaseIterable {
    case tags
    case source, destination, hopLimit, headerChecksum, fragmentOffset
    case upperLayer, payloadLength, checksum
    case sourcePort, destinationPort, udpLength
    case sequence, acknowledgment, flags, window, maximumSegmentSize, windowScale, selectiveAcknowledgment
    case type, code, identifier, echoSequence, mtu
    case quotedSource, quotedDestination, quotedSourcePort, quotedDestinationPort, quotedSequence
    case quotedIdentifier, quotedEchoSequence
    case dnsHeader, dnsCounts, dnsQuestions, dnsOwners, dnsTypes, dnsLives, dnsAddresses, dnsTargets,
      dnsNumbers
  }

  private(set) var values: [Key: String] = [:]
  /// Why nothing more was read.
  var refusal: String?

  subscript(key: Key) -> String? {
    get { values[key] }
    set { values[key] = newValue }
  }

  mutating func set(_ key: Key, _ value: (some Any)?) { values[key] = value.map { "\($0)" } }

  /// The keys whose values differ, in their order.
  func differences(from other: Facts) -> [Key] { Key.allCases.filter { self[$0] != other[$0] } }
}
