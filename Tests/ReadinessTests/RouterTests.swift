import Inventory
import Observations
import Testing
import Wire

@testable import Readiness

@Suite("operation.ra and exposure.router") struct RouterTests {
  @Test("A registered router that says what is registered passes both")
  func registered() {
    var scene = Scene.onLink()
    scene.advertise(.good())
    #expect(scene.answer(.operationRA) == .pass(.raRegistered))
    #expect(scene.answer(.exposureRouter) == .pass(.routersRegistered))
  }

  @Test("What a registered router may not say, each thing by its own reason")
  func contents() {
    var withDHCP = RouterAdvertisement.good(resolvers: [])
    withDHCP.hasOtherConfiguration = true
    var managed = RouterAdvertisement.good(resolvers: [])
    managed.isManaged = true
    var idle = RouterAdvertisement.good(prefix: "2001:db8:bad::/64")
    idle.prefixes[0].isOnLink = false
    idle.prefixes[0].isAutonomous = false
    let table: [(RouterAdvertisement, Expected)] = [
      (.good(prefix: "2001:db8:bad::/64"), .fail(.raPrefixUnregistered)),
      (.good(prefix: "2001:db8::/32"), .fail(.raPrefixUnregistered)),
      (.good(resolvers: [.host6, .router6]), .fail(.raRDNSSUnregistered)),
      (.good(resolvers: []), .fail(.raWithoutRDNSS)),
      (withDHCP, .pass(.raRegistered)), (managed, .pass(.raRegistered)),
      // Nobody uses a prefix with neither flag.
      (idle, .pass(.raRegistered)),
    ]
    for (message, expected) in table {
      var scene = Scene.onLink()
      scene.prefixes = [PrefixRule(prefix: .prefix("2001:db8:1::/48"))]
      scene.advertise(message)
      #expect(scene.answer(.operationRA) == expected, "\(message)")
      #expect(scene.answer(.exposureRouter) == .pass(.routersRegistered), "\(message)")
    }
  }

  @Test("Whoever is not registered is named, by address and MAC, and is no affair of operation.ra")
  func rogue() {
    for (tags, mac) in [(["router"], MACAddress.rogue), ([], .router), (["router"], nil)] {
      var scene = Scene.onLink()
      scene.host.tags = tags
      scene.advertise(.good(prefix: "2001:db8:bad::/64"), from: mac, router: "fe80::bad")
      #expect(scene.answers(.exposureRouter) == ["fe80::bad": .fail(.routerUnregistered)])
      #expect(scene.answer(.operationRA) == .unknown(.noAdvertisementSeen))
      let row = scene.judgement.rows.first { $0.check == .exposureRouter }
      #expect(row?.detail.contains(mac.map { "MAC \($0)" } ?? "MAC not known") == true)
    }
    var both = Scene.onLink()
    both.advertise(.good())
    both.advertise(.good(), from: .rogue)
    #expect(both.answer(.exposureRouter) == .fail(.routerUnregistered))
    #expect(both.answer(.operationRA) == .pass(.raRegistered))
  }

  @Test("Silence says something only after the longest time between two advertisements, if nothing was lost")
  func silence() {
    let table: [(Int64, UInt64, Expected, Expected)] = [
      (10, 0, .unknown(.noAdvertisementSeen), .unknown(.noAdvertisementSeen)),
      (1799, 0, .unknown(.noAdvertisementSeen), .unknown(.noAdvertisementSeen)),
      (1800, 0, .fail(.noRouterAdvertises), .pass(.noRouterAdvertises)),
      (1800, 1, .unknown(.noAdvertisementSeen), .unknown(.noAdvertisementSeen)),
    ]
    for (seconds, dropped, operation, exposure) in table {
      let scene = Scene.onLink(watched: seconds, dropped: dropped)
      #expect(scene.answer(.operationRA) == operation, "\(seconds)")
      #expect(scene.answer(.exposureRouter) == exposure, "\(seconds)")
    }
  }

  @Test("Off the link, without a usable address, unwatched, and without IPv6")
  func edges() {
    for check in [CheckID.operationRA, .exposureRouter] {
      var scene = Scene.onLink()
      scene.advertise(.good(), from: .rogue, on: "eth1")
      #expect(scene.answer(check) == .unknown(.noAdvertisementSeen), "another link's router")
      scene.host.addresses = [.host4, .address("2001:db8:2::1")]
      scene.lookup(.aaaa, .noData)
      #expect(scene.answer(check) == .na(.offLink))
      scene.host.addresses = [.host4]
      #expect(scene.answer(check) == .na(.noUsableAddress))
      #expect(Scene.healthy().answer(check) == .na(.offLink))
      var unwatched = Scene.healthy()
      unwatched.forget { $0.subject == .link("eth0") }
      #expect(unwatched.answer(check) == .unknown(.notMeasured))
      var blind = Scene.onLink()
      blind.control(.positive, .nothing)
      #expect(blind.answer(check) == .unknown(.vantageWithoutIPv6))
    }
    #expect(Check.exposureRouter.isExposure && !Check.operationRA.isExposure)
  }
}
