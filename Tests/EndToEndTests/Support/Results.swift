import Foundation

/// A directory of result files, read back.
struct ResultFiles {
  let path: String
  let compliance: Table
  let hosts: Table
  let checks: Table
  let manifest: [String: Any]

  static let names = ["compliance.csv", "hosts.csv", "checks.csv", "manifest.json"]

  init(_ path: String) throws {
    self.path = path
    compliance = try Table(path + "/compliance.csv")
    hosts = try Table(path + "/hosts.csv")
    checks = try Table(path + "/checks.csv")
    let data = try Data(contentsOf: URL(filePath: path + "/manifest.json"))
    manifest = try JSONSerialization.jsonObject(with: data) as? [String: Any] ?? [:]
  }

  /// The bytes of a file.
  func bytes(_ name: String) throws -> Data { try Data(contentsOf: URL(filePath: "\(path)/\(name)")) }

  /// The id of the run, as the manifest has it.
  var run: String { (manifest["run"] as? [String: Any])?["id"] as? String ?? "" }

  /// A part of the manifest.
  func part(_ name: String) -> [String: Any] { manifest[name] as? [String: Any] ?? [:] }

  /// The city's row.
  var city: [String: String] { compliance.rows(where: ["scope": "city"]).first ?? [:] }

  /// The row of a host.
  func host(_ id: String) -> [String: String] { hosts.rows(where: ["host": id]).first ?? [:] }

  /// `check=reason` of every row of a host that has this verdict.
  func findings(_ host: String, _ verdict: String) -> Set<String> {
    Set(
      checks.rows(where: ["host": host, "verdict": verdict]).map {
        "\($0.cell("check"))=\($0.cell("reason"))"
      })
  }
}
