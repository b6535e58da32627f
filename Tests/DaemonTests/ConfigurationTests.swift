import Foundation
import Observations
import Schedule
import SeededRandom
import StrictYAML
import Testing
import Wire

@testable import Daemon

@Suite("Configuration") struct ConfigurationTests {
  static let shipped: String = {
    let url = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "../../packaging/etc/v6audit.yaml")
    return String(decoding: (try? Data(contentsOf: url)) ?? Data(), as: UTF8.self)
  }()

  static func read(_ texts: String..., environment: [String: String] = [:]) throws -> Configuration {
    try ConfigurationReader.read(
      texts.enumerated().map { .init(name: "c\($0).yaml", bytes: Array($1.utf8)) }, environment: environment)
  }

  static func problems(_ text: String, environment: [String: String] = [:]) -> [String] {
    do throws(YAMLErrors) {
      _ = try ConfigurationReader.read(
        [.init(name: "c.yaml", bytes: Array(text.utf8))], environment: environment)
      return []
    } catch {
      return error.problems.map(\.description)
    }
  }

  @Test("The file that ships says nothing as it is, and the defaults where it gives them")
  func shippedFile() throws {
    #expect(Self.shipped.count > 1000)
    #expect(try Self.read(Self.shipped) == Configuration())
    // With every line switched on: what has a default says it, the rest is read.
    let on = Self.shipped.split(separator: "\n", omittingEmptySubsequences: false).map { line in
      let content = line.drop { $0 == " " }
      let isSetting = content.hasPrefix("#") && content.dropFirst().first.map { $0 != " " } ?? false
      return isSetting ? line.prefix { $0 == " " } + content.dropFirst() : line
    }.joined(separator: "\n")
    var expected = Configuration()
    expected.vantage.name = "dc-1"
    expected.vantage.contact = "https://city.example/ipv6"
    expected.vantage.resolver = Endpoint("[2001:db8::53]:53")
    expected.vantage.root = Endpoint("192.0.2.53:53")
    expected.vantage.certificates = "/etc/v6audit/city-ca.pem"
    expected.vantage.control = IPAddress("2001:db8::1").map { ControlTarget(address: $0, port: 443) }
    expected.vantage.dark = IPAddress("100::d")
    expected.vantage.interface = "eth0"
    expected.web.certificate = "/etc/v6audit/web.pem"
    expected.web.key = "/etc/v6audit/web.key"
    expected.web.token = "/etc/v6audit/token"
    expected.export.after = "/usr/local/bin/publish"
    expected.maintenance = [
      MaintenanceWindow(days: [.saturday, .sunday], from: 1320, until: 240),
      MaintenanceWindow(agencies: ["agency-id"], from: 720, until: 780),
    ]
    #expect(try Self.read(on) == expected)
    // Every key there is stands in it.
    for setting in Setting.all { #expect(Self.shipped.contains("#\(setting.key):"), "\(setting.key)") }
  }

  @Test("Later files win key by key, the environment wins over all, windows add up")
  func layers() throws {
    let configuration = try Self.read(
      "vantage:\n  name: one\n  contact: x@city.example\nrounds: { reach: 5m }\n"
        + "maintenance:\n- { from: \"01:00\", until: \"02:00\" }\n",
      "vantage:\n  name: two\nrounds:\n  reach: off\n  full: 12h\nevidence: off\n",
      "# nothing\n\n",
      "maintenance:\n- { from: 03:00, until: 04:00 }\n",
      environment: ["V6AUDIT_VANTAGE_NAME": "three", "V6AUDIT_ROUNDS_CONFIRM_AFTER": "5", "V6AUDIT_DB": ""])
    #expect(configuration.vantage.name == "three")
    #expect(configuration.vantage.contact == "x@city.example")
    #expect(configuration.intervals[.reach] == nil)
    #expect(configuration.intervals[.full] == 43_200)
    #expect(configuration.confirmAfter == 5)
    #expect(configuration.evidence == nil)
    #expect(configuration.database == Configuration().database)
    #expect(configuration.maintenance.map(\.from) == [60, 180])
  }

  @Test(
    "What is wrong is told with its place, its cause and what to do",
    arguments: [
      ("inventroy: /x\n", "c.yaml:1:1: inventroy: there is no such key; did you mean inventory?"),
      (
        "vantage:\n  resolvr: 192.0.2.1\n",
        "c.yaml:2:3: vantage: resolvr: there is no such key; did you mean resolver?"
      ),
      (
        "inventory: etc/x\n",
        "c.yaml:1:12: inventory \"etc/x\": it is no absolute path; begin it with /"
      ),
      (
        "rounds:\n  reach: 15\n",
        "c.yaml:2:10: rounds: reach \"15\": it is no duration; write a number and s, m, h or d: 90s, 15m, 6h, 1d"
      ),
      ("rounds: { reach: 5s }\n", "c.yaml:1:18: rounds: reach \"5s\": it is too short; write at least 10s"),
      (
        "rounds: { full: 367d }\n",
        "c.yaml:1:17: rounds: full \"367d\": it is no duration; write a number and s, m, h or d: 90s, 15m, 6h, 1d"
      ),
      (
        "vantage:\n  resolver: 2001:db8::1:53x\n",
        "c.yaml:2:13: vantage: resolver \"2001:db8::1:53x\": it is no address; write 192.0.2.53, 192.0.2.53:53 or "
          + "\"[2001:db8::53]:53\""
      ),
      (
        "vantage: { control: \"192.0.2.1:443\" }\n",
        "c.yaml:1:21: vantage: control \"192.0.2.1:443\": it is no IPv6 address; write \"2001:db8::1\", or "
          + "\"[2001:db8::1]:443\" with a port"
      ),
      (
        "policy: 2026-9\n",
        "c.yaml:1:9: policy \"2026-9\": there is no such policy; write 2026-1, 2026-1-lab, 2026-0, 2026-0-lab, or the "
          + "absolute path of a policy file"
      ),
      (
        "pace:\n  packets-per-second: 0\n",
        "c.yaml:2:23: pace: packets-per-second \"0\": it is no whole number from 1 to 1000000; write digits only"
      ),
      (
        "maintenance:\n- { days: [fry], from: \"25:00\", until: \"01:00\" }\n",
        "c.yaml:2:12: maintenance: days \"fry\": it is no day of the week; did you mean fri? write mon, tue, wed, thu, "
          + "fri, sat, sun|c.yaml:2:24: maintenance: from \"25:00\": it is no time of the day; write hours and minutes "
          + "in quotes: \"22:00\""
      ),
      (
        "maintenance:\n- from: \"01:00\"\n",
        "c.yaml:2:3: maintenance: until: it is missing; add until: \"22:00\""
      ),
      (
        "maintenance: off\n",
        "c.yaml:1:14: maintenance \"off\": it is not a list; write one window a line, each after \"- \""
      ),
      (
        "inventory: [/a, /b]\n",
        "c.yaml:1:12: inventory: it is not a single value; write inventory: /etc/v6audit/inventory"
      ),
      (
        "inventory: /a\ninventory: /b\n",
        "c.yaml:2:1: \"inventory\": the key is there already, on line 1; keep one of them"
      ),
      (
        "policy: *x\n",
        "c.yaml:1:9: \"*\": anchors, aliases, tags and blocks of text have no place here; write the value itself"
      ),
      ("- a\n", "c.yaml:1:1: the file: it is not a list of keys and values; write one key: value a line"),
      (
        "vantage: { contact: Hà Nội }\n",
        "c.yaml:1:21: vantage: contact \"Hà Nội\": servers are told it; write it in plain ASCII, 1 to 200 characters"
      ),
    ])
  func complaints(text: String, expected: String) {
    #expect(Self.problems(text).joined(separator: "|") == expected)
  }

  @Test("The environment is told apart")
  func environmentComplaint() {
    #expect(
      Self.problems("", environment: ["V6AUDIT_ROUNDS_FULL": "never"]) == [
        "$V6AUDIT_ROUNDS_FULL:1:1: \"never\": it is no duration; write a number and s, m, h or d: 90s, 15m, 6h, 1d"
      ])
  }

  @Test("Everything is told at once, by line")
  func several() {
    let text = "policy: x\nvantage:\n  dark: 1\nrounds:\n  rech: 1m\n"
    #expect(Self.problems(text).map { $0.split(separator: ":")[1] } == ["1", "3", "5"])
  }

  @Test("Bytes of any kind are refused or read, and never more", arguments: 0..<50 as Range<UInt64>)
  func mutations(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    for _ in 0..<40 {
      var bytes = Array(Self.shipped.replacing("#", with: random.onceIn(2) ? "" : "#").utf8)
      for _ in 0...random.below(8) {
        let place = random.below(bytes.count)
        switch random.below(4) {
        case 0: bytes[place] = UInt8(truncatingIfNeeded: random.next())
        case 1: bytes.remove(at: place)
        case 2: bytes.insert(random.pick(Array("\n:-[]{}\"'#&*|".utf8)), at: place)
        default: bytes.replaceSubrange(place..<min(bytes.count, place + 40), with: [])
        }
      }
      do throws(YAMLErrors) {
        _ = try ConfigurationReader.read([.init(name: "c.yaml", bytes: bytes)])
      } catch {
        #expect(!error.problems.isEmpty)
        #expect(error.problems.allSatisfy { $0.line > 0 && $0.column > 0 })
      }
    }
  }
}
