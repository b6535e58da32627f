import Observations
import PacketIO
import Wire

/// Which questions find the stations of a link. Pure; who asks holds to the scope.
public struct LinkPlan: Sendable, Hashable {
  /// In the order in which they are asked.
  public let questions: [LinkQuestion]
  /// Networks of the link that are too large to ask for every address.
  public let tooLarge: [Prefix]

  /// The widest IPv4 network of which every address is asked for: a /20.
  public static let mostOfNetwork = 20

  /// Questions for a link.
  ///
  /// - Parameters:
  ///   - addresses: this machine's own there.
  ///   - known: IPv6 addresses of the link that are declared or were seen: each is asked for by itself.
  ///   - asksListeners: whether to send an MLD query. It makes the router of the link believe for some minutes that another one
  ///     asks (RFC 3810 §7.6.2), where this machine's address is the lower one.
  ///   - identifier: of the echoes.
  public init(
    _ addresses: [InterfaceAddress], scope: Scope, known: [IPAddress], asksListeners: Bool, identifier: UInt16
  ) {
    var questions: [LinkQuestion] = [
      .allNodes(identifier: identifier, sequence: 1), .unknownOption(identifier: identifier, sequence: 1),
    ]
    if asksListeners { questions.append(.listeners(delay: 1000)) }
    var tooLarge: [Prefix] = []
    let own = Set(addresses.map(\.address))
    for prefix in Set(addresses.filter { $0.address.family == .ipv4 }.map(\.prefix)).sorted() {
      guard prefix.length >= Self.mostOfNetwork else {
        tooLarge.append(prefix)
        continue
      }
      let count = UInt32(1) << UInt32(32 - prefix.length)
      // Neither the network's own address nor the broadcast; a /31 and a /32 have none (RFC 3021).
      let hosts = count > 2 ? 1..<count - 1 : 0..<count
      for offset in hosts {
        let target = IPAddress(ipv4: prefix.address.ipv4Bits + offset)
        if !own.contains(target), scope.allows(target) { questions.append(.arp(target)) }
      }
    }
    let links = addresses.filter { $0.address.family == .ipv6 && $0.address.scope != .linkLocal }.map(
      \.prefix)
    for target in Set(known).sorted() where !own.contains(target) && scope.allows(target) {
      if target.family == .ipv6, links.contains(where: { $0.contains(target) }) {
        questions.append(.neighbour(target))
      }
    }
    self.questions = questions
    self.tooLarge = tooLarge
  }
}
