import Observations
import Readiness
import Schedule
import Wire

/// A key of the configuration whose value is one piece of text: the same in the file and in the environment.
struct Setting: Sendable {
  /// The section it stands in; empty: at the top.
  let section: String
  let key: String
  /// What may stand there, as in the documentation.
  let example: String
  /// Takes the value in, or says why not.
  let apply: @Sendable (inout Configuration, String) -> Refusal?

  /// Why a value will not do, and what would.
  struct Refusal: Error, Hashable {
    var why: String
    var remedy: String
  }

  /// `V6AUDIT_VANTAGE_NAME`: the environment's name for it.
  var variable: String {
    let path = section.isEmpty ? key : "\(section)-\(key)"
    return "V6AUDIT_" + path.uppercased().replacing("-", with: "_")
  }

  private init<Value>(
    _ section: String, _ key: String, _ example: String,
    _ place: any WritableKeyPath<Configuration, Value> & Sendable,
    _ parse: @escaping @Sendable (String) throws(Refusal) -> Value
  ) {
    (self.section, self.key, self.example) = (section, key, example)
    apply = { configuration, text in
      do throws(Refusal) {
        configuration[keyPath: place] = try parse(text)
        return nil
      } catch {
        return error
      }
    }
  }

  /// All of them, in the order of the documentation.
  static let all: [Setting] =
    [
      Setting("", "inventory", "/etc/v6audit/inventory", \.inventory, path),
      Setting("", "db", "/var/lib/v6audit/v6audit.db", \.database, path),
      Setting("", "evidence", "/var/lib/v6audit/evidence, or off", \.evidence) { text throws(Refusal) in
        text == "off" ? nil : try path(text)
      },
      Setting("", "socket", "/run/v6audit/control.sock, or off", \.socket) { text throws(Refusal) in
        text == "off" ? nil : try path(text)
      },
      Setting("", "policy", Policy.current.id, \.policy, policy),
      Setting("vantage", "name", "dc-1", \.vantage.name, ascii),
      Setting("vantage", "contact", "https://city.example/ipv6", \.vantage.contact, ascii),
      Setting("vantage", "resolver", "\"[2001:db8::53]:53\"", \.vantage.resolver, server),
      Setting("vantage", "root", "192.0.2.53", \.vantage.root, server),
      Setting("vantage", "ca-file", "/etc/v6audit/city-ca.pem", \.vantage.certificates, path),
      Setting("vantage", "control", "\"[2001:db8::1]:443\"", \.vantage.control, control),
      Setting("vantage", "dark", "\"100::d\"", \.vantage.dark, ipv6),
      Setting("vantage", "interface", "eth0", \.vantage.interface, ascii),
      Setting("pace", "packets-per-second", "100", \.packetsPerSecond) { text throws(Refusal) in
        Double(try number(text, 1...1_000_000))
      },
      Setting("pace", "spare", "prefix, or agency", \.sparesAgencies) { text throws(Refusal) in
        guard text == "prefix" || text == "agency" else {
          throw Refusal(why: "it is neither", remedy: "write prefix or agency")
        }
        return text == "agency"
      },
    ]
    + RoundKind.allCases.map { kind in
      Setting("rounds", kind.rawValue, "15m, or off", \.intervals[kind]) { text throws(Refusal) in
        text == "off" ? nil : try duration(text)
      }
    } + [
      Setting("rounds", "retest", "2m", \.retest, duration),
      Setting("rounds", "confirm-after", "3", \.confirmAfter) { text throws(Refusal) in
        try number(text, 1...20)
      },
      Setting("web", "listen", "\"[::1]:9606 127.0.0.1:9606\", or off", \.web.listen, endpoints),
      Setting("web", "certificate", "/etc/v6audit/web.pem", \.web.certificate, path),
      Setting("web", "key", "/etc/v6audit/web.key", \.web.key, path),
      Setting("web", "token-file", "/etc/v6audit/token", \.web.token, path),
      Setting("export", "directory", "/var/lib/v6audit/export, or off", \.export.directory) {
        text throws(Refusal) in text == "off" ? nil : try path(text)
      },
      Setting("export", "keep", "400d", \.export.keep, age),
      Setting("export", "after", "/usr/local/bin/publish", \.export.after, path),
      Setting("retention", "runs", "3d", \.retention.full, age),
      Setting("retention", "rounds", "2h", \.retention.rounds, age),
      Setting("retention", "captures", "100d", \.retention.captures, age),
      Setting("retention", "hourly", "100d", \.retention.hourly, age),
      Setting("retention", "daily", "1826d", \.retention.daily, age),
      Setting("retention", "changes", "1826d", \.retention.changes, age),
      Setting("retention", "observed", "400d", \.retention.observed, age),
    ]
}

extension Setting {
  @Sendable private static func path(_ text: String) throws(Refusal) -> String {
    guard text.hasPrefix("/"), !text.utf8.contains(0) else {
      throw Refusal(why: "it is no absolute path", remedy: "begin it with /")
    }
    return text
  }

  @Sendable private static func policy(_ text: String) throws(Refusal) -> String {
    if text.hasPrefix("/") || Policy.named(text) != nil { return text }
    throw Refusal(
      why: "there is no such policy",
      remedy: "write \(Policy.all.map(\.id).joined(separator: ", ")), or the absolute path of a policy file")
  }

  @Sendable private static func ascii(_ text: String) throws(Refusal) -> String {
    guard !text.isEmpty, text.utf8.count <= 200, text.utf8.allSatisfy({ (0x20...0x7e).contains($0) }) else {
      throw Refusal(why: "servers are told it", remedy: "write it in plain ASCII, 1 to 200 characters")
    }
    return text
  }

  @Sendable private static func server(_ text: String) throws(Refusal) -> Endpoint {
    if let server = Endpoint(nameServer: text) { return server }
    throw Refusal(
      why: "it is no address", remedy: "write 192.0.2.53, 192.0.2.53:53 or \"[2001:db8::53]:53\"")
  }

  @Sendable private static func endpoints(_ text: String) throws(Refusal) -> [Endpoint] {
    if text == "off" { return [] }
    return try text.split(separator: " ").map { word throws(Refusal) in
      if let endpoint = Endpoint(String(word)) { return endpoint }
      throw Refusal(
        why: "\(word) is no address with a port",
        remedy: "write \"127.0.0.1:9606\", \"[::1]:9606\", several with a space between, or off")
    }
  }

  @Sendable private static func control(_ text: String) throws(Refusal) -> ControlTarget {
    if let target = ControlTarget(endpoint: text) { return target }
    return ControlTarget(address: try ipv6(text))
  }

  @Sendable private static func ipv6(_ text: String) throws(Refusal) -> IPAddress {
    if let address = IPAddress(text), address.family == .ipv6 { return address }
    throw Refusal(
      why: "it is no IPv6 address", remedy: "write \"2001:db8::1\", or \"[2001:db8::1]:443\" with a port")
  }

  @Sendable private static func number(_ text: String, _ range: ClosedRange<Int>) throws(Refusal) -> Int {
    guard let number = Int(text), String(number) == text, range.contains(number) else {
      throw Refusal(
        why: "it is no whole number from \(range.lowerBound) to \(range.upperBound)",
        remedy: "write digits only")
    }
    return number
  }

  /// `90s`, `15m`, `6h`, `1d` in seconds.
  @Sendable private static func duration(_ text: String) throws(Refusal) -> UInt64 {
    try duration(text, longest: 366 * 86_400)
  }

  /// How long something is kept: up to a hundred years.
  @Sendable private static func age(_ text: String) throws(Refusal) -> UInt64 {
    try duration(text, longest: 36_600 * 86_400)
  }

  private static func duration(_ text: String, longest: UInt64) throws(Refusal) -> UInt64 {
    let units: [Character: UInt64] = ["s": 1, "m": 60, "h": 3600, "d": 86_400]
    guard let unit = text.last.flatMap({ units[$0] }), let number = UInt64(text.dropLast()),
      String(number) == text.dropLast(), number <= longest / unit
    else {
      throw Refusal(why: "it is no duration", remedy: "write a number and s, m, h or d: 90s, 15m, 6h, 1d")
    }
    guard number * unit >= 10 else {
      throw Refusal(why: "it is too short", remedy: "write at least 10s")
    }
    return number * unit
  }
}
