import Foundation

/// Other people's tools, asked the same questions in the same lab.
enum Oracles {
  /// What `dig` says of AAAA: the addresses of an answer, or why there is none as a reason code.
  struct Answer: Equatable {
    var addresses: Set<Address> = []
    var reason = "aaaa-present"
  }

  /// Asks the lab's resolver for AAAA of every declared name.
  static func aaaa(_ lab: Lab) async throws -> [String: Answer] {
    let names = try Table(Room.small + "/hosts.csv").rows.flatMap { $0.list("names") }
    let asked = try await lab.run(
      """
      server=${LAB_RESOLVER%%]*}; server=${server#[}
      for name in \(names.joined(separator: " ")); do
        { dig +tries=1 +time=2 @"$server" "$name" AAAA >"dig.$name" 2>&1; echo $? >>"dig.$name"; } &
      done
      wait
      """)
    guard asked.status == 0 else { throw Lab.Failure(description: "dig: \(asked.text)") }
    var answers: [String: Answer] = [:]
    for name in names {
      answers[name] = Answer(dig: try String(contentsOfFile: "\(lab.room)/dig.\(name)", encoding: .utf8))
    }
    return answers
  }

  /// Every address that the lab publishes as AAAA.
  static func published(_ lab: Lab) async throws -> Set<Address> {
    Set(try await aaaa(lab).values.flatMap(\.addresses))
  }
}

extension Oracles.Answer {
  /// Reads what `dig` printed, its exit code on the last line.
  fileprivate init(dig text: String) {
    let lines = text.split(separator: "\n").map(String.init)
    let status = lines.first { $0.contains("status: ") }?.split(separator: ",")
      .first { $0.contains("status: ") }?.split(separator: " ").last.map(String.init)
    addresses = Set(
      lines.filter { !$0.hasPrefix(";") }.compactMap { line in
        let words = line.split(whereSeparator: { $0 == " " || $0 == "\t" })
        return words.count == 5 && words[3] == "AAAA" ? Address(String(words[4])) : nil
      })
    reason =
      switch status {
      case _ where text.contains("malformed") || text.contains("parse of answer failed"): "dns-malformed"
      case "NOERROR": addresses.isEmpty ? "dns-nodata" : "aaaa-present"
      case "NXDOMAIN": "dns-nxdomain"
      case "SERVFAIL": "dns-servfail"
      case "REFUSED": "dns-refused"
      default: lines.last == "9" ? "dns-timeout" : "dig exit \(lines.last ?? "")"
      }
  }
}
