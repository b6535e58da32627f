import Foundation
import Inventory
import Observations
import Wire

/// What `masscan -oJ` wrote: an address and a port at a time. masscan puts each record in a line of its own, and some of its
/// versions leave a comma behind the last one, which is no JSON: so the lines are read, and not the whole.
struct MasscanFile {
  private(set) var hosts = ListedHosts()

  private struct Record: Decodable {
    struct Port: Decodable {
      struct Service: Decodable {
        var name: String?
      }
      var port: UInt16
      var proto: String?
      var status: String?
      var service: Service?
    }
    var ip: String
    var ports: [Port]
  }

  init(_ source: any ByteSource, name: String, report: Report) throws(FileFailure) {
    var lines = LineReader(source)
    let decoder = JSONDecoder()
    while try lines.step() {
      var bytes = lines.line
      while let last = bytes.last, last == UInt8(ascii: ",") || last == 0x20 { bytes.removeLast() }
      guard let first = bytes.first, first != UInt8(ascii: "["), first != UInt8(ascii: "]") else { continue }
      // Older versions end so.
      if bytes.elementsEqual("{finished: 1}".utf8) { continue }
      func problem(_ what: String, _ why: String, _ remedy: String) {
        report.problem(
          InventoryProblem(file: name, line: lines.number, column: 1, what: what, why: why, remedy: remedy))
      }
      guard !lines.isCut, let record = try? decoder.decode(Record.self, from: Data(bytes)) else {
        problem("record", "it is none of masscan's", "write the file with masscan -oJ FILE")
        continue
      }
      guard let address = IPAddress(record.ip) else {
        problem("address \(quoted(record.ip))", "it is no IP address", "write the file with masscan -oJ FILE")
        continue
      }
      hosts.change(address.description, at: CSVPosition(line: lines.number, column: 1)) { host in
        host.add(address)
        for port in record.ports where port.status ?? "open" == "open" {
          guard let transport = Transport(rawValue: port.proto ?? "tcp") else { continue }
          host.add(PortName.service(port.port, transport, called: port.service?.name, isSecure: false))
        }
      }
    }
  }
}
