import Foundation

/// The small inventory's lab with two networks more, in which every address is alive and answers by its number: 2^16
/// IPv6 subnets and an IPv4 /24.
enum SweepLab {
  static let prefix6 = "2001:db8:5000::/48"
  static let prefix4 = "198.18.200.0/24"
  /// The TCP port that listens, where anything does.
  static let port = 4000

  /// What every sweep here has in common.
  static let common =
    "--allow \(prefix6) --allow \(prefix4) --rate 2000 --prefix-rate unlimited --timeout 0.3 --cooldown 0.4"

  static let shared = Task { try await start() }

  /// The last two bits of a subnet's, or of an IPv4 address's number decide: silence, rejection, a closed port, an
  /// answer.
  private static func start() async throws -> Lab {
    let lab = try await Lab.start("sweep", inventory: Room.small)
    let rules = ["0": "drop", "1": "goto rejected", "2": "meta l4proto { tcp, udp } goto closed"].sorted {
      $0.key < $1.key
    }.flatMap { bits, verdict in
      [
        "add rule inet lab sweep ip6 daddr & 0:0:0:3:: == 0:0:0:\(bits):: \(verdict)",
        "add rule inet lab sweep ip daddr & 0.0.0.3 == 0.0.0.\(bits) \(verdict)",
      ]
    }
    let built = try await lab.run(
      """
      set -e
      city="nsenter --net=/run/netns/city"
      $city ip -6 route add local \(prefix6) dev lo
      $city ip route add local \(prefix4) dev lo
      $city nft -f - <<'END'
      add chain inet lab sweep
      \(rules.joined(separator: "\n"))
      add rule inet lab sweep accept
      insert rule inet lab arrivals ip6 daddr \(prefix6) goto sweep
      insert rule inet lab arrivals ip daddr \(prefix4) goto sweep
      END
      setsid $city /usr/bin/python3 -c '
      import socket, time
      servers = []
      for family, every in ((socket.AF_INET, "0.0.0.0"), (socket.AF_INET6, "::")):
          servers.append(socket.socket(family))
          servers[-1].bind((every, \(port)))
          servers[-1].listen(1024)
      time.sleep(3600)' >/dev/null 2>&1 &
      for try in $(seq 200); do
        [ "$($city ss -Hltn 'sport = \(port)' | wc -l)" = 2 ] && exit 0
        sleep 0.02
      done
      exit 1
      """)
    guard built.status == 0 else { throw Lab.Failure(description: "the swept networks: \(built.text)") }
    return lab
  }

  /// The address `::1` of some subnets of the IPv6 network.
  static func addresses6(_ subnets: Range<Int>) -> [String] {
    subnets.map { $0 == 0 ? "2001:db8:5000::1" : "2001:db8:5000:\(String($0, radix: 16))::1" }
  }

  /// All addresses of the IPv4 network.
  static let addresses4 = (0..<256).map { "198.18.200.\($0)" }

  /// The number of an address, whose last two bits decide.
  static func number(_ address: Address) -> Int {
    address.bytes.count == 4
      ? Int(address.bytes[3]) : Int(address.bytes[6]) << 8 | Int(address.bytes[7])
  }
}

/// What a sweep wrote: the outcome of each target, read strictly.
struct SweptTargets {
  /// In the order of the lines.
  let rows: [(target: Address, outcome: String)]

  init(_ path: String) throws {
    let table = try Table(path)
    guard table.columns == ["target", "outcome", "source", "detail", "hop_limit", "try"] else {
      throw Table.Fault(description: "\(path): columns \(table.columns)")
    }
    rows = try table.rows.map { row in
      guard let target = Address(row.cell("target")) else {
        throw Table.Fault(description: "\(path): \(row)")
      }
      return (target, row.cell("outcome"))
    }
  }

  /// The targets with an outcome.
  func targets(_ outcome: String) -> Set<Address> {
    Set(rows.lazy.filter { $0.outcome == outcome }.map(\.target))
  }

  /// Targets that are there more than once.
  var repeated: [Address] {
    Dictionary(grouping: rows, by: \.target).filter { $0.value.count > 1 }.map(\.key)
  }
}

extension Capture {
  /// The destinations of the probes that left, in their order.
  func asked(where filter: String) async throws -> [Address] {
    try await sent(["ip.dst", "ipv6.dst"], where: filter).compactMap { frame in
      // A packet's own address comes before that of one it quotes.
      Address(frame["ipv6.dst"]?.first ?? frame["ip.dst"]?.first ?? "")
    }
  }

  static let echoes = "icmp.type == 8 || icmpv6.type == 128"
}

extension Sequence<String> {
  /// As addresses; what is none is left out.
  var addresses: Set<Address> { Set(compactMap(Address.init)) }
}
