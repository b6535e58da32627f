import Observations
import PacketIO
import Wire

/// Which questions find the stations of a link. Pure; who asks holds to the scope.
public struct LinkPlan: Sendable {
  /// In the order in which they are asked.
  public let questions: [LinkQuestion]
  /// Networks of the link that are too large to ask for every address.
  public let tooLarge: [Prefix]
  private let prefixes: [Prefix]
  private let asked: Set<IPAddress>
  private let scope: Scope

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
    let ipv6 = addresses.filter { $0.address.family == .ipv6 && $0.address.scope != .linkLocal }
    // From the link-local address, and from one of each prefix.
    let sources = Dictionary(ipv6.map { ($0.prefix, $0.address) }) { first, _ in first }
    var questions: [LinkQuestion] = []
    for (place, source) in ([nil] + sources.sorted { $0.key < $1.key }.map { $0.value }).enumerated() {
      let sequence = UInt16(truncatingIfNeeded: place + 1)
      questions.append(.allNodes(from: source, identifier: identifier, sequence: sequence))
      questions.append(.unknownOption(from: source, identifier: identifier, sequence: sequence))
    }
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
    let links = ipv6.map(\.prefix)
    for target in Set(known).sorted() where !own.contains(target) && scope.allows(target) {
      if target.family == .ipv6, links.contains(where: { $0.contains(target) }) {
        questions.append(.neighbour(target))
      }
    }
    self.questions = questions
    self.tooLarge = tooLarge
    prefixes = links.filter { $0.length == 64 }
    asked = own.union(known)
    self.scope = scope
  }

  /// What is asked of stations that were heard: whether they have the address of each /64 that their interface's MAC address
  /// makes (RFC 4291 appendix A). One that talks from a temporary address does not show it.
  public func questions(for heard: some Sequence<MACAddress>) -> [LinkQuestion] {
    Set(heard).sorted { $0.bits < $1.bits }.flatMap { mac in
      prefixes.compactMap { prefix in
        let target = IPAddress(ipv6High: prefix.address.high, low: IdentifierGuesses.identifier(of: mac))
        return asked.contains(target) || !scope.allows(target) ? nil : .neighbour(target)
      }
    }
  }
}
