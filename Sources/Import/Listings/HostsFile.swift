import Inventory
import Wire

/// `/etc/hosts`: an address, the name it is called by, and others (hosts(5)). Lines of the same first name are one host,
/// which is how a host's two families are written there.
struct HostsFile {
  private(set) var hosts = ListedHosts()
  private let name: String
  private let report: Report

  /// Reads a file, and complains about what is wrong in it to `report`.
  init(_ source: any ByteSource, name: String, report: Report) throws(FileFailure) {
    (self.name, self.report) = (name, report)
    var lines = LineReader(source)
    while try lines.step() {
      if lines.isCut {
        problem(
          lines.number, 1, "line", Complaint("it has more than \(LineReader.longest) bytes", "split it"))
      } else {
        read(lines.line, lines.number)
      }
    }
  }

  private mutating func read(_ line: ArraySlice<UInt8>, _ number: Int) {
    let text = line.prefix { $0 != UInt8(ascii: "#") }
    let words = text.split { $0 == 0x20 || $0 == 0x09 }
    guard let first = words.first else { return }
    func column(_ word: ArraySlice<UInt8>) -> Int {
      line[..<word.startIndex].reduce(1) { $1 & 0xc0 == 0x80 ? $0 : $0 + 1 }
    }
    // What every machine's own file has, and no host of the city is.
    if let address = IPAddress(String(decoding: first, as: UTF8.self)), Self.isOwn(address) { return }
    let address: IPAddress
    do throws(Complaint) {
      address = try AddressCell.read(first)
    } catch {
      return problem(number, column(first), "address \(quoted(first))", error)
    }
    var names: [String] = []
    for word in words.dropFirst() {
      do throws(Complaint) {
        let name = try NameCell.read(word)
        if !names.contains(name) { names.append(name) }
      } catch {
        problem(number, column(word), "name \(quoted(word))", error)
      }
    }
    guard let called = names.first else {
      if words.count == 1 {
        problem(
          number, column(first), "address \(quoted(first))",
          Complaint("no name follows it", "write a name behind it, or delete the line"))
      }
      return
    }
    hosts.change(called, at: CSVPosition(line: number, column: column(first))) { host in
      for name in names { host.add(name: name) }
      host.add(address)
    }
  }

  private static func isOwn(_ address: IPAddress) -> Bool {
    switch address.scope {
    case .loopback, .multicast, .unspecified: true
    default: address == IPAddress(ipv4: .max)
    }
  }

  private func problem(_ line: Int, _ column: Int, _ what: String, _ complaint: Complaint) {
    report.problem(
      InventoryProblem(
        file: name, line: line, column: column, what: what, why: complaint.why, remedy: complaint.remedy))
  }
}
