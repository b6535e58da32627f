import SeededRandom
import Testing
import Wire

@testable import Discovery

@Suite("One host, many addresses")
struct HostJoinTests {
  private static func four(_ number: Int) -> IPAddress { IPAddress(ipv4: 0xc612_0000 | UInt32(number)) }
  private static func six(_ number: Int) -> IPAddress {
    IPAddress(ipv6High: 0x2001_0db8_0000_0000, low: UInt64(number))
  }
  private static func mac(_ number: Int) -> MACAddress { MACAddress(bits: 0x0200_0000_0000 | UInt64(number)) }

  private func traits(_ address: IPAddress, _ change: (inout AddressTraits) -> Void) -> AddressTraits {
    var traits = AddressTraits(address)
    change(&traits)
    return traits
  }

  @Test("Names alone join nothing, nor do keys; a name with a key does, and so does an interface")
  func weights() {
    func joined(_ change: (inout AddressTraits) -> Void) -> [JoinReason]? {
      let join = HostJoin([traits(Self.four(1), change), traits(Self.six(1), change)])
      return join.hosts.count == 1 ? join.joins.first?.reasons : nil
    }
    #expect(joined { $0.confirmedNames = ["a.example"] } == nil)
    #expect(
      joined {
        $0.tlsKeys = ["443": "k"]
        $0.sshKeys = ["22 ssh-ed25519": "k"]
        $0.clock = .init(zero: 1000, rate: 1000)
      } == nil, "images are copied, keys and all")
    #expect(joined { $0.interfaces = [.init(mac: Self.mac(1), link: "lan")] } == [.sameInterface])
    #expect(
      joined {
        $0.confirmedNames = ["a.example"]
        $0.tlsKeys = ["443": "k"]
      } == [.sameName, .sameTLSKey])
  }

  @Test("What speaks against keeps apart, and is told")
  func conflicts() {
    let one = traits(Self.four(1)) {
      $0.interfaces = [.init(mac: Self.mac(1), link: "lan")]
      $0.sshKeys = ["22 ssh-ed25519": "k"]
      $0.confirmedNames = ["a.example"]
    }
    let other = traits(Self.six(1)) {
      $0.interfaces = [.init(mac: Self.mac(2), link: "lan")]
      $0.sshKeys = ["22 ssh-ed25519": "k"]
      $0.confirmedNames = ["a.example"]
    }
    let join = HostJoin([one, other])
    #expect(join.hosts.count == 2 && join.joins.isEmpty)
    #expect(join.conflicts.map(\.reasons) == [[.otherInterface, .sameName, .sameSSHKey]])
    // On two links they are the two interfaces of one host.
    let abroad = traits(Self.six(1)) {
      $0.interfaces = [.init(mac: Self.mac(2), link: "dmz")]
      $0.sshKeys = ["22 ssh-ed25519": "k"]
      $0.confirmedNames = ["a.example"]
    }
    #expect(HostJoin([one, abroad]).hosts.count == 1)
  }

  @Test("A third that contradicts one of two belongs to neither")
  func third() {
    let link = AddressTraits.Interface(mac: Self.mac(1), link: "lan")
    let four = traits(Self.four(1)) { $0.interfaces = [link] }
    let six = traits(Self.six(1)) {
      $0.interfaces = [link]
      $0.snmpEngine = "e1"
    }
    let other = traits(Self.six(2)) {
      $0.interfaces = [link]
      $0.snmpEngine = "e2"
    }
    let join = HostJoin([four, six, other])
    #expect(join.hosts == [[Self.four(1), Self.six(1)], [Self.six(2)]])
    #expect(!join.conflicts.isEmpty)
  }

  @Test("A key that more show than one of each family is a clone's, and joins nothing")
  func clones() {
    let many = (1...3).map { number in
      traits(Self.four(number)) {
        $0.sshKeys = ["22 ssh-ed25519": "image"]
        $0.confirmedNames = ["a.example"]
      }
    }
    let join = HostJoin(many)
    #expect(join.hosts.count == 3)
    #expect(join.shared == ["same-name a.example: 3 addresses", "same-ssh-key image: 3 addresses"])
  }

  @Test("No wrong join in a thousand simulated networks, and most right ones are found", arguments: 0..<10)
  func simulated(part: Int) {
    var (found, possible) = (0, 0)
    for seed in part * 100..<part * 100 + 100 {
      var random = SplitMix64(seed: UInt64(seed))
      var owner: [IPAddress: Int] = [:]
      var all: [AddressTraits] = []
      var next = 0
      for host in 0..<40 {
        let key = random.onceIn(8) ? "image-\(random.below(3))" : "key-\(host)"
        let certificate = random.onceIn(4) ? "wildcard" : "tls-\(host)"
        let isHeard = !random.onceIn(3)
        let links = random.onceIn(6) ? ["lan", "dmz"] : ["lan"]
        for _ in 0..<2 + random.below(3) {
          next += 1
          let address = random.onceIn(2) ? Self.four(next) : Self.six(next)
          owner[address] = host
          all.append(
            traits(address) { traits in
              let link = links[random.below(links.count)]
              if isHeard {
                traits.interfaces = [.init(mac: Self.mac(host * 2 + (link == "lan" ? 0 : 1)), link: link)]
              }
              if random.onceIn(2) { traits.sshKeys = ["22 ssh-ed25519": key] }
              if random.onceIn(2) { traits.tlsKeys = ["443": certificate] }
              if random.onceIn(2) {
                traits.confirmedNames = [random.onceIn(9) ? "www.example" : "h\(host).example"]
              }
              // Hosts of one rack are started together.
              if random.onceIn(2) { traits.clock = .init(zero: Double(host / 4), rate: 1000) }
            })
        }
      }
      let join = HostJoin(all)
      for group in join.hosts {
        #expect(Set(group.compactMap { owner[$0] }).count == 1, "seed \(seed): \(group)")
      }
      let heard = all.filter { !$0.interfaces.isEmpty }
      for (index, one) in heard.enumerated() {
        for other in heard[(index + 1)...] where !one.interfaces.isDisjoint(with: other.interfaces) {
          possible += 1
          if join.hosts.contains(where: { $0.contains(one.address) && $0.contains(other.address) }) {
            found += 1
          }
        }
      }
      #expect(HostJoin(all.shuffled()).hosts == join.hosts)
    }
    #expect(found * 1000 >= possible * 990, "\(found) of \(possible)")
  }
}
