import Inventory
import Observations
import Wire

@testable import Readiness

extension MACAddress {
  static let router = MACAddress(bits: 0x0200_0000_4201)
  static let rogue = MACAddress(bits: 0x0200_0000_0bad)
}

extension Prefix {
  static func prefix(_ text: String) -> Prefix {
    guard let prefix = Prefix(text) else { preconditionFailure("no prefix: \(text)") }
    return prefix
  }
}

extension RouterAdvertisement {
  /// What a well-kept router says.
  static func good(prefix: String = "2001:db8:1::/64", resolvers: [IPAddress] = [.host6]) -> Self {
    var message = RouterAdvertisement()
    message.prefixes = [AdvertisedPrefix(prefix: .prefix(prefix))]
    message.resolvers = resolvers
    return message
  }
}

extension Scene {
  /// The host on the vantage's own link, a resolver, and registered as the router `MACAddress.router`.
  static func onLink(watched seconds: Int64 = 10, dropped: UInt64 = 0) -> Scene {
    var scene = Scene.healthy([.dnsUDP])
    scene.host.mac = .router
    scene.host.tags = ["router"]
    scene.observe(
      .link(
        VantageLink(
          interface: "eth0", prefixes: [.prefix("2001:db8:1::/64")],
          watched: Duration64(microseconds: seconds * 1_000_000), dropped: dropped)), host: "")
    return scene
  }

  mutating func advertise(
    _ message: RouterAdvertisement, from mac: MACAddress? = .router, router: String = "fe80::1",
    on interface: String = "eth0"
  ) {
    observe(
      .advertisement(
        SeenAdvertisement(interface: interface, router: .address(router), mac: mac, message: message)),
      host: "")
  }
}
