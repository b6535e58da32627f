import FoundationEssentials
import Observations
import Wire

/// The resolvers this machine is set up to ask.
public enum SystemResolver {
  /// What the configuration names, in its order.
  public struct Servers: Sendable, Hashable {
    /// Usable ones, on port 53.
    public var servers: [Endpoint] = []
    /// Lines that were passed over, and why.
    public var skipped: [Skipped] = []
  }

  /// A `nameserver` line that cannot be used.
  public struct Skipped: Sendable, Hashable {
    /// Its line number, from 1.
    public var line: Int
    /// The address as written.
    public var address: String
    /// Why it was passed over.
    public var reason: String
  }

  /// Reads the `nameserver` lines of resolv.conf(5). A file that cannot be read names none.
  public static func servers(file: String = "/etc/resolv.conf") -> Servers {
    guard let data = try? Data(contentsOf: URL(filePath: file)) else { return Servers() }
    return servers(in: String(decoding: data, as: UTF8.self))
  }

  /// Reads the `nameserver` lines of a text in the form of resolv.conf(5).
  public static func servers(in text: String) -> Servers {
    var found = Servers()
    let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    for (index, line) in lines.enumerated() {
      let words = line.split { $0 == " " || $0 == "\t" }
      guard words.first == "nameserver", words.count > 1 else { continue }
      let written = String(words[1])
      if let address = IPAddress(written) {
        found.servers.append(Endpoint(address, 53))
      } else {
        let reason =
          written.contains("%")
          ? "a link-local address with a zone cannot be asked; name a global one" : "not an IP address"
        found.skipped.append(Skipped(line: index + 1, address: written, reason: reason))
      }
    }
    return found
  }
}
