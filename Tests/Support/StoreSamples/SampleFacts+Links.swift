import Observations
import Wire

extension SampleFacts {
  /// The vantage's links and what was seen there.
  package static let linkFacts: [Fact] = [
    .link(VantageLink(interface: "", prefixes: [], watched: Duration64(microseconds: 0))),
    .link(
      VantageLink(
        interface: "eth0", prefixes: [Prefix(ipv4, length: 30), Prefix(ipv6, length: 64)],
        watched: Duration64(microseconds: .max), dropped: .max, leftOut: 1)),
    .advertisement(
      SeenAdvertisement(interface: "eth0", router: ipv6, mac: nil, message: RouterAdvertisement())),
    .advertisement(
      SeenAdvertisement(
        interface: "eth0", router: ipv6, mac: MACAddress(bits: 0x0200_0000_0001), count: 3,
        message: advertisement)),
    .traffic(
      SeenTraffic(
        address: ipv4, received: 0, sent: .max, first: Timestamp(microseconds: .min),
        last: Timestamp(microseconds: .max))),
    .traffic(
      SeenTraffic(
        address: ipv6, received: 1, sent: 2, first: Timestamp(seconds: 1), last: Timestamp(seconds: 2))),
  ]

  private static let advertisement = {
    var message = RouterAdvertisement(
      hopLimit: .max, isManaged: true, hasOtherConfiguration: true, preference: .low, lifetime: .max)
    message.linkLayerAddress = MACAddress(bits: 1)
    message.mtu = .max
    message.prefixes = [.init(prefix: Prefix(ipv6, length: 0), validLifetime: .max, preferredLifetime: 0)]
    message.resolvers = [ipv6]
    message.searchList = hostileTexts
    message.leftOut = 1
    return message
  }()
}
