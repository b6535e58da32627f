import Foundation

/// A capture of the wire, dissected by tshark.
///
/// It is taken at the far end of the vantage's only link: what the program sends past the queueing discipline
/// (packet(7), PACKET_QDISC_BYPASS) no capture on the vantage itself can see.
struct Capture {
  /// One frame: the fields that were asked for, each with all its values.
  typealias Frame = [String: [String]]

  let path: String
  /// The vantage's hardware address.
  let own: String

  /// A script that runs a command with dumpcap beside it. It begins when the capture listens and writes
  /// NAME.pcapng and NAME.mac; the command's exit code is its own.
  static func beside(_ name: String, _ command: String) -> String {
    """
    ip -o link show dev "$LAB_INTERFACE" | sed 's/.*link\\/ether \\([^ ]*\\).*/\\1/' >\(name).mac
    city="nsenter --net=/run/netns/city"
    $city dumpcap -q -B 32 -i city0 -w \(name).pcapng 2>\(name).dumpcap &
    sniffer=$!
    until $city grep -q '^[0-9a-f]' /proc/net/packet; do kill -0 $sniffer || exit 97; sleep 0.02; done
    \(command)
    code=$?
    sleep 0.5  # what the ring still holds
    kill -TERM $sniffer
    wait $sniffer
    exit $code
    """
  }

  init(_ path: String) throws {
    self.path = path
    let address = path.replacing(".pcapng", with: ".mac")
    own = try String(contentsOfFile: address, encoding: .utf8).trimmingCharacters(in: .whitespacesAndNewlines)
  }

  /// Frames that the vantage sent, with these fields, every checksum verified.
  func sent(_ fields: [String], where filter: String = "") async throws -> [Frame] {
    try await all(fields, where: "eth.src == \(own)" + (filter.isEmpty ? "" : " && (\(filter))"))
  }

  /// Frames of either side, with these fields, every checksum verified.
  func all(_ fields: [String], where filter: String) async throws -> [Frame] {
    var arguments = ["tshark", "-n", "-r", path, "-Y", filter, "-T", "fields", "-E", "aggregator=|"]
    for check in ["ip", "tcp", "udp"] { arguments += ["-o", "\(check).check_checksum:TRUE"] }
    arguments += fields.flatMap { ["-e", $0] }
    let ended = try await Shell.run(arguments, in: URL(filePath: path).deletingLastPathComponent().path)
    guard ended.status == 0 else { throw Lab.Failure(description: "tshark: \(ended.text)") }
    return ended.stdout.split(separator: "\n").map { line in
      let cells = line.split(separator: "\t", omittingEmptySubsequences: false)
      return Dictionary(zip(fields, cells.map { $0.split(separator: "|").map(String.init) })) { first, _ in
        first
      }
    }
  }
}
