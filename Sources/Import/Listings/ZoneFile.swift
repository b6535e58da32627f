import Inventory
import Observations
import Wire

/// A zone in the master format of RFC 1035 §5, as BIND, NSD and Knot read it: its owners of A and AAAA records are hosts,
/// CNAME gives them further names, MX and NS say what they serve. Of a reverse zone the PTR records are read.
struct ZoneFile {
  private(set) var hosts = ListedHosts()
  /// The name of the zone, the owner of its SOA record; `nil` where it has none that can be declared.
  private(set) var zone: String?

  private let name: String
  private let report: Report
  private var origin: String
  private var owner: String?
  /// Further names, and what servers serve, of hosts that may come later.
  private var aliases: [(alias: String, target: String)] = []
  private var duties: [(target: String, service: ServiceName)] = []

  /// Reads a file.
  ///
  /// - Parameters:
  ///   - origin: the zone, where the file does not begin with `$ORIGIN` or names in full; empty: the root.
  ///   - name: what problems call the file.
  init(_ source: any ByteSource, origin: String, name: String, report: Report) throws(FileFailure) {
    (self.name, self.report, self.origin) = (name, report, origin)
    var reader = ZoneEntryReader(source) { position, what, complaint in
      report.problem(
        InventoryProblem(
          file: name, line: position.line, column: position.column, what: what, why: complaint.why,
          remedy: complaint.remedy))
    }
    while let entry = try reader.next() { read(entry) }
    for (alias, target) in aliases { _ = hosts.alias(alias, of: target) }
    for (target, service) in duties where hosts.contains(target) {
      hosts.change(target, at: CSVPosition(line: 1, column: 1)) { host in
        for transport in service.defaultTransports {
          host.add(Service(service, port: service.defaultPort ?? 0, transport: transport))
        }
      }
    }
  }

  private mutating func read(_ entry: ZoneEntry) {
    var words = entry.words[...]
    if !entry.inheritsOwner, let first = words.first, first.bytes.first == UInt8(ascii: "$") {
      return control(first, words.dropFirst())
    }
    if !entry.inheritsOwner, let first = words.popFirst() { owner = absolute(first) }
    guard let owner else {
      return problem(entry.words[0].position, "record", Complaint("it has no owner", "begin it with a name"))
    }
    // The time to live and the class come in either order, and both may be left out.
    while let word = words.first, Self.isTime(word) || ["IN", "CH", "HS", "CS"].contains(word.upper) {
      if word.upper == "CH" || word.upper == "HS" || word.upper == "CS" { return }
      words.removeFirst()
    }
    guard let type = words.popFirst() else {
      return problem(
        entry.words[0].position, "record",
        Complaint("it has no type", "write one, as in: www AAAA 2001:db8::1"))
    }
    record(owner, type, Array(words))
  }

  private mutating func control(_ word: ZoneEntry.Word, _ rest: ArraySlice<ZoneEntry.Word>) {
    switch word.upper {
    case "$ORIGIN":
      if let first = rest.first {
        origin = absolute(first)
      } else {
        problem(
          word.position, "$ORIGIN", Complaint("no name follows", "write the name that relative names end in"))
      }
    case "$TTL": break
    default:
      problem(
        word.position, quoted(word.text),
        Complaint(
          "what it stands for is not in this file",
          "write the zone out first: named-compilezone -o OUT ZONE FILE"))
    }
  }

  private mutating func record(_ owner: String, _ type: ZoneEntry.Word, _ data: [ZoneEntry.Word]) {
    switch type.upper {
    case "A", "AAAA":
      guard let address = address(type, data.first) else { return }
      guard let host = hostName(owner, at: type.position) else { return }
      hosts.change(host, at: type.position) { entry in
        entry.add(name: host)
        entry.add(address)
      }
    case "CNAME":
      guard let target = data.first.map(absolute), let alias = hostName(owner, at: type.position) else {
        return
      }
      aliases.append((alias, target))
    case "MX":
      if let target = data.dropFirst().first.map(absolute) { duties.append((target, .smtp)) }
    case "NS":
      if let target = data.first.map(absolute) { duties.append((target, .dns)) }
    case "PTR":
      guard let address = IPAddress.ofReverseName(owner), let target = data.first.map(absolute),
        let host = hostName(target, at: type.position)
      else { return }
      hosts.change(host, at: type.position) { entry in
        entry.add(name: host)
        entry.add(address)
      }
    case "SOA":
      // The root's is nobody's to declare.
      if zone == nil, !owner.isEmpty { zone = declared(owner, "zone", at: type.position) }
    default: break
    }
  }

  private func address(_ type: ZoneEntry.Word, _ word: ZoneEntry.Word?) -> IPAddress? {
    guard let word else {
      problem(type.position, "record", Complaint("no address follows its type", "write one behind it"))
      return nil
    }
    let family: AddressFamily = type.upper == "A" ? .ipv4 : .ipv6
    guard let address = IPAddress(word.text), address.family == family else {
      problem(
        word.position, "address \(quoted(word.text))",
        Complaint("it is no \(family == .ipv4 ? "IPv4" : "IPv6") address", "mend it in the zone"))
      return nil
    }
    do throws(Complaint) {
      return try AddressCell.read(word.bytes[...])
    } catch {
      // DNS may well say so; no host can be declared with it.
      notice(word.position, "address \(quoted(word.text))", error)
      return nil
    }
  }

  /// A name that a host can have. Wildcards and service labels are in zones for other reasons.
  private func hostName(_ name: String, at position: CSVPosition) -> String? {
    name.hasPrefix("_") ? nil : declared(name, "name", at: position)
  }

  /// A name as an inventory has it. DNS allows more; what cannot be declared is told and left out.
  private func declared(_ name: String, _ what: String, at position: CSVPosition) -> String? {
    do throws(Complaint) {
      return try NameCell.read(Array(name.utf8)[...])
    } catch {
      notice(position, "\(what) \(quoted(name))", error)
      return nil
    }
  }

  /// A name in full, in lower case, without its final dot.
  private func absolute(_ word: ZoneEntry.Word) -> String {
    let text = word.text.lowercased()
    if text == "@" { return origin }
    if text == "." { return "" }
    if text.hasSuffix("."), !text.hasSuffix("\\.") { return String(text.dropLast()) }
    return origin.isEmpty ? text : "\(text).\(origin)"
  }

  /// A time to live: seconds, or as BIND writes them, `1h30m`.
  private static func isTime(_ word: ZoneEntry.Word) -> Bool {
    guard let first = word.bytes.first, (0x30...0x39).contains(first) else { return false }
    return word.upper.utf8.allSatisfy { (0x30...0x39).contains($0) || "SMHDW".utf8.contains($0) }
  }

  private func problem(_ position: CSVPosition, _ what: String, _ complaint: Complaint) {
    report.problem(
      InventoryProblem(
        file: name, line: position.line, column: position.column, what: what, why: complaint.why,
        remedy: complaint.remedy))
  }

  private func notice(_ position: CSVPosition, _ what: String, _ complaint: Complaint) {
    report.notice(
      InventoryProblem(
        file: name, line: position.line, column: position.column, what: what, why: complaint.why,
        remedy: "it was left out"))
  }
}
