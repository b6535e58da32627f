import Glibc
import Wire

extension FuzzParser {
  /// Addresses, prefixes and MAC addresses as text. What an address is, the C library has an opinion of its own on.
  static let addressText = FuzzParser("address-text") { input throws(Violation) in
    guard !input.contains(0) else { return }
    let text = String(decoding: input, as: UTF8.self)
    let address = IPAddress(text)
    try require(address?.bytes == binary(text), "\(text) is not what inet_pton says")
    if let address {
      try require(IPAddress(address.description) == address, "\(address) reads as another address")
      try require(binary(address.description) == address.bytes, "\(address) reads as another elsewhere")
      _ = address.scope
    }
    if let (address, length) = Prefix.parts(of: text) {
      let prefix = Prefix(address, length: length)
      try require(Prefix(prefix.description) == prefix, "\(prefix) reads as another prefix")
      try require(prefix.contains(address), "\(prefix) does not hold \(address)")
    }
    if let mac = MACAddress(text) {
      try require(MACAddress(mac.description) == mac, "\(mac) reads as another address")
    }
  }

  /// The bytes of an address, by inet_pton(3).
  private static func binary(_ text: String) -> [UInt8]? {
    for (family, count) in [(AF_INET, 4), (AF_INET6, 16)] {
      var bytes = [UInt8](repeating: 0, count: count)
      if inet_pton(family, text, &bytes) == 1 { return bytes }
    }
    return nil
  }
}
