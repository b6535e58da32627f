import SeededRandom
import StrictYAML
import Testing

@testable import Readiness

@Suite("Policy files") struct PolicyFileTests {
  static let whole = String(decoding: PackageFiles.current, as: UTF8.self)

  static func problems(_ text: String) -> [String] {
    do throws(YAMLErrors) {
      _ = try Policy.read(Array(text.utf8), file: "p.yaml")
      return []
    } catch {
      return error.problems.map(\.description)
    }
  }

  @Test("What ships says what the rubric says, check by check")
  func shipped() {
    #expect(Policy.all.map(\.id) == ["2026-1", "2026-1-lab", "2026-0", "2026-0-lab"])
    for policy in [Policy.current, .lab] {
      #expect(policy.checks.map(\.id) == Check.all.map(\.id))
      for (own, rubric) in zip(policy.checks, Check.all) {
        #expect(own.part == rubric.part, "\(own.id.rawValue)")
      }
    }
    #expect(Policy.current.targetText == "98.8" && Policy.current.thresholds.stabilityDays == 7)
    #expect(
      Policy.first.checks.map(\.id) == [
        .addressPresent, .addressScope, .reachEcho, .reachTCP, .dnsAAAA, .dnsLive, .servicePorts,
        .serviceHandshake,
      ])
    #expect(
      Policy.first.thresholds.nameSource == .resolver
        && Policy.current.thresholds.nameSource == .authoritative)
    #expect(Set(Policy.all.map(\.canonicalText)).count == 4)
  }

  @Test("A lab policy differs from its own in two lines only")
  func lab() {
    let lines = { (policy: Policy) in Set(policy.canonicalText.split(separator: "\n")) }
    #expect(lines(.lab).symmetricDifference(lines(.current)).count == 4)
  }

  @Test("Every key decides the hash: another value gives another text")
  func hash() throws {
    var texts: Set<String> = [Policy.current.canonicalText]
    let changes = [
      "target-percent: 98.8": "target-percent: 98.7", "other-hosts-percent: 95": "other-hosts-percent: 94",
      "unknown-hosts-percent: 5": "unknown-hosts-percent: 6", "5: 10, 6: 15": "5: 10, 6: 16",
      "reach.echo: notice": "reach.echo: gate", "hold-days: 7": "hold-days: 8",
      "path-mtu: 1280": "path-mtu: 1281",
      "[161]": "[161, 623]", "name-source: authoritative": "name-source: resolver",
      "documentation-is-global: false": "documentation-is-global: true",
      "traffic-days: 30": "traffic-days: 31",
    ]
    for (old, new) in changes {
      let text = Self.whole.replacing("policy: 2026-1\n", with: "policy: mine\n").replacing(old, with: new)
      #expect(text.contains(new))
      texts.insert(try Policy.read(Array(text.utf8), file: "p").canonicalText)
    }
    #expect(texts.count == changes.count + 1)
  }

  /// By hand: what stands in the file, and where the complaint must point.
  static let broken: [(text: String, says: [String])] = [
    ("", ["p.yaml:1:1: the file: it is empty"]),
    ("- a\n", ["p.yaml:1:1: the file: it is not a list of keys and values"]),
    ("policy: x\nextends: 2026-2\n", ["p.yaml:2:10: extends \"2026-2\": it is none of the words"]),
    ("policy: X Y\nextends: 2026-1\n", ["p.yaml:1:9: policy \"X Y\": it is no name"]),
    ("extends: 2026-1\n", ["p.yaml:1:1: policy: it is missing"]),
    (
      "policy: x\nextends: 2026-1\ntarget-percnt: 99\n",
      ["p.yaml:3:1: target-percnt: there is no such key; did you mean target-percent?"]
    ),
    (
      "policy: x\nextends: 2026-1\ntarget-percent: 98.88\nother-hosts-percent: \"95\"\nunknown-hosts-percent: 101\n",
      [
        "p.yaml:3:17: target-percent \"98.88\": it has more than one decimal",
        "p.yaml:4:22: other-hosts-percent \"95\": it is in quotes",
        "p.yaml:5:24: unknown-hosts-percent \"101\": it is out of range",
      ]
    ),
    (
      "policy: x\nextends: 2026-1\nchecks:\n  reach.tcpp: gate\n  address.iid: gates\n  operation.traffic: gate\n"
        + "  reach.tcp: exposure\n  vantage.ipv6: gate\n",
      [
        "p.yaml:4:3: checks: reach.tcpp: there is no such check; did you mean reach.tcp?",
        "p.yaml:5:16: checks: address.iid \"gates\": it is none of the words that can stand here; did you mean gate?",
        "p.yaml:6:22: checks: operation.traffic \"gate\": it is a check of level 5",
        "p.yaml:7:14: checks: reach.tcp \"exposure\": it is a check of level 2",
        "p.yaml:8:3: checks: vantage.ipv6: it is judged under every policy",
      ]
    ),
    (
      "policy: x\nextends: 2026-1\nthresholds:\n  hold-days: seven\n  hold-day: 7\n  exposed-tcp-ports: [22, 0, 22, x]\n"
        + "  name-source: guess\n",
      [
        "p.yaml:4:14: thresholds: hold-days \"seven\": it is no whole number",
        "p.yaml:5:3: thresholds: hold-day: there is no such key; did you mean hold-days?",
        "p.yaml:6:27: thresholds: exposed-tcp-ports \"0\": it is out of range",
        "p.yaml:6:30: thresholds: exposed-tcp-ports \"22\": the port is there twice",
        "p.yaml:6:34: thresholds: exposed-tcp-ports \"x\": it is no whole number",
        "p.yaml:7:16: thresholds: name-source \"guess\": it is none of the words",
      ]
    ),
    (
      "policy: x\nextends: 2026-1\ntarget-percent: 98.8\nthresholds:\n  hold-days: 7\n  hold-days: 8\ntarget-percent: 99\n"
        + "documentation-is-global: maybe\n",
      [
        "p.yaml:6:3: \"hold-days\": the key is there already, on line 5",
        "p.yaml:7:1: \"target-percent\": the key is there already, on line 3",
        "p.yaml:8:26: documentation-is-global \"maybe\": it is none of the words",
      ]
    ),
    ("policy: x\nextends: 2026-1\nweights: {1: 1, 1: 2}\n", ["p.yaml:3:11: \"1\": the key is there twice"]),
    (
      "policy: x\nextends: 2026-1\nweights: {1: 1}\n",
      (2...6).map { "p.yaml:3:10: weights: \($0): it is missing" }
    ),
    ("policy: [x\n", ["p.yaml:2:1: the file: it is no YAML"]),
    ("policy: &a x\n", ["p.yaml:1:9: \"&\": anchors"]),
    (
      "policy: 2026-1\nextends: 2026-1\ntarget-percent: 50\n",
      ["p.yaml:1:1: policy 2026-1: a policy of this name ships"]
    ),
    ("policy: x\n---\npolicy: y\n", ["p.yaml:2:1: the file: it is no single document"]),
  ]

  @Test("Every mistake is told with its place, all at once", arguments: broken)
  func mistakes(line: (text: String, says: [String])) {
    let said = Self.problems(line.text)
    #expect(said.count == line.says.count, "\(said)")
    for (told, expected) in zip(said, line.says) { #expect(told.hasPrefix(expected), "\(told)") }
  }

  @Test("A file that extends nothing must have every key")
  func missing() {
    let said = Self.problems("policy: x\n")
    for key in ["documentation-is-global", "target-percent", "weights", "checks", "thresholds"] {
      #expect(said.contains { $0.hasPrefix("p.yaml:1:1: \(key): it is missing") }, "\(key)")
    }
    let lines = Self.whole.replacing("policy: 2026-1\n", with: "policy: x\n").split(
      separator: "\n", omittingEmptySubsequences: false)
    for index in lines.indices where lines[index].hasPrefix("  ") && lines[index].contains(": ") {
      let isFigure = lines[index].last?.isNumber ?? false
      guard isFigure, !lines[index].contains("#"), !lines[index].contains(".") else { continue }
      var less = lines
      less.remove(at: index)
      #expect(Self.problems(less.joined(separator: "\n")).count == 1, "\(lines[index])")
    }
  }

  @Test("Any damage to a file is told or gives a policy, and never more than it")
  func damage() {
    var random = SplitMix64(seed: 11)
    let bytes = Array(Self.whole.replacing("policy: 2026-1\n", with: "policy: x\n").utf8)
    for _ in 0..<400 {
      var damaged = bytes
      for _ in 0..<Int.random(in: 1...4, using: &random) {
        let at = Int.random(in: damaged.indices, using: &random)
        damaged[at] =
          Bool.random(using: &random) ? UInt8.random(in: 0...255, using: &random) : UInt8(ascii: ":")
      }
      do throws(YAMLErrors) {
        _ = try Policy.read(damaged, file: "p")
      } catch {
        #expect(!error.problems.isEmpty)
        for problem in error.problems {
          #expect(problem.line >= 1 && problem.column >= 1 && !problem.remedy.isEmpty)
        }
      }
    }
  }
}

enum PackageFiles {
  static let current = Policy.files.first { $0.name == "policy-2026-1.yaml" }?.bytes ?? []
}
