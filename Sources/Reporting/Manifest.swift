import Foundation
import Inventory
import Observations
import Readiness

/// `manifest.json`: what the result files were made from, and their sums.
struct Manifest: Encodable {
  struct RunPart: Encodable {
    var id: String
    var state: String
    var startedAt: String
    var finishedAt: String
  }

  struct Tool: Encodable {
    var name = "v6audit"
    var version: String
  }

  struct PolicyPart: Encodable {
    var id: String
    var sha256: String
    var targetPercent: String
  }

  struct InventoryPart: Encodable {
    var sha256: String
    var agencies: Int
    var systems: Int
    var hosts: Int
    var prefixes: Int
    var zones: Int
    var waivers: Int
  }

  struct Control: Encodable {
    var role: String
    var target: String
    var outcome: ProbeOutcome
  }

  struct Vantage: Encodable {
    var name: String
    var resolver: String
    var verdict: String
    var reason: String
    var detail: String
    var controls: [Control]
  }

  struct CityPart: Encodable {
    var total: Int
    var exempt: Int
    var eligible: Int
    var converted: Int
    var notConverted: Int
    var unknown: Int
    var targetMet: Bool?
  }

  var run: RunPart
  var tool: Tool
  var policy: PolicyPart
  var inventory: InventoryPart
  var vantages: [Vantage]
  var counts: RunCounters
  var city: CityPart
  var expiredWaivers: [String]
  var files: [String: String]
  /// Where the packets and conversations behind the verdicts are; none where none were kept.
  var evidence: EvidencePart?
}

/// What the manifest says of a run's evidence.
public struct EvidencePart: Sendable, Hashable, Codable {
  /// The directory of the run's files.
  public var directory: String
  /// How many files.
  public var files: Int
  /// Their size together, in bytes.
  public var bytes: Int
  /// Hosts whose evidence is not whole, because a limit was reached or packets were lost.
  public var cutHosts: Int
  /// SHA-256 over the directory's `SHA256SUMS`, which holds the sum of each file.
  public var sumsSha256: String

  /// Evidence in a directory.
  public init(directory: String, files: Int, bytes: Int, cutHosts: Int, sumsSha256: String) {
    self.directory = directory
    self.files = files
    self.bytes = bytes
    self.cutHosts = cutHosts
    self.sumsSha256 = sumsSha256
  }

  /// What a manifest says; `nil` if it says nothing of evidence.
  public init?(manifest: [UInt8]) {
    struct Document: Decodable { var evidence: EvidencePart? }
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    guard let found = (try? decoder.decode(Document.self, from: Data(manifest)))?.evidence else { return nil }
    self = found
  }
}

extension Manifest {
  init(
    _ judgement: Judgement, run: Run, inventory: Inventory, inventorySHA256: String,
    controls observations: [Observation], files: [ResultFile],
    evidence: EvidencePart?
  ) {
    let city = judgement.city
    self.init(
      run: RunPart(
        id: run.id, state: run.state.rawValue, startedAt: run.startedAt.preciseText,
        finishedAt: run.finishedAt.preciseText),
      tool: Tool(version: run.toolVersion),
      policy: PolicyPart(
        id: judgement.policy.id, sha256: judgement.policy.sha256, targetPercent: judgement.policy.targetText),
      inventory: InventoryPart(
        sha256: inventorySHA256, agencies: inventory.agencies.count, systems: inventory.systems.count,
        hosts: inventory.hosts.count, prefixes: inventory.prefixes.count, zones: inventory.zones.count,
        waivers: inventory.waivers.count),
      vantages: [
        Vantage(
          name: run.vantage, resolver: run.resolver, verdict: judgement.vantage.verdict.rawValue,
          reason: judgement.vantage.reason.rawValue, detail: judgement.vantage.detail,
          controls: observations.compactMap(Control.init))
      ],
      counts: run.counters,
      city: CityPart(
        total: city.total, exempt: city.exempt, eligible: city.eligible, converted: city.converted,
        notConverted: city.notConverted, unknown: city.unknown,
        targetMet: judgement.policy.targetMet(converted: city.converted, eligible: city.eligible)),
      expiredWaivers: judgement.expiredWaivers.map { "\($0.subject) \($0.check ?? "*") \($0.expires)" },
      files: Dictionary(files.map { ($0.name, $0.sha256) }) { first, _ in first }, evidence: evidence)
  }

  /// JSON with keys in snake case and alphabetical order, so that the same run gives the same bytes.
  func bytes() throws -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.keyEncodingStrategy = .convertToSnakeCase
    encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
    return Array(try encoder.encode(self)) + Array("\n".utf8)
  }
}

extension Manifest.Control {
  fileprivate init?(_ observation: Observation) {
    guard case .control(let role, let target, let outcome) = observation.fact else { return nil }
    self.init(role: role.rawValue, target: target.description, outcome: outcome)
  }
}
