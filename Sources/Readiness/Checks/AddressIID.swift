import Inventory
import Wire

extension Check {
  /// `address.iid`: a server's address is not made out of its hardware address (EUI-64).
  ///
  /// What one look can see: EUI-64 by its pattern, or for sure where the inventory declares the MAC address. An
  /// identifier that looks random may be stable (RFC 7217), set by hand, or temporary (RFC 8981); nothing in it tells
  /// which, so it passes and the reason says what it is. That an address is temporary shows when it changes.
  static let addressIID = Check(
    id: .addressIID, level: 1, isGate: false, needsIPv6: false,
    reasons: [.pass: [.iidManual, .iidRandom], .fail: [.iidEUI64], .na: [.noUsableAddress]]
  ) { context in
    let addresses = context.usableIPv6
    if addresses.isEmpty { return [Finding("", .na, .noUsableAddress)] }
    return addresses.map { address in
      let identifier = InterfaceIdentifier(address.low)
      let subject = address.description
      let basis = context.publications(of: address)
      if let mac = context.host.mac, identifier.isMade(from: mac) {
        return Finding(subject, .fail, .iidEUI64, "made out of the declared \(mac)", basis: basis)
      }
      if let mac = identifier.universalMAC {
        return Finding(subject, .fail, .iidEUI64, "made out of \(mac)", basis: basis)
      }
      return Finding(subject, .pass, identifier.looksRandom ? .iidRandom : .iidManual, basis: basis)
    }
  }
}

/// The lower half of an IPv6 address (RFC 4291 §2.5.1).
private struct InterfaceIdentifier {
  let bits: UInt64

  init(_ bits: UInt64) { self.bits = bits }

  private static let filler: UInt64 = 0x0000_00ff_fe00_0000
  private static let fillerMask: UInt64 = 0x0000_00ff_ff00_0000
  /// The bit that is inverted: 1 stands for a universally administered MAC address (RFC 4291, appendix A).
  private static let universal: UInt64 = 0x0200_0000_0000_0000

  /// The MAC address of the modified EUI-64 format, if the middle says so, whoever administers it.
  private var mac: MACAddress? {
    guard bits & Self.fillerMask == Self.filler else { return nil }
    return MACAddress(bits: (((bits ^ Self.universal) >> 40) << 24) | (bits & 0xff_ffff))
  }

  /// The same where the universal bit is set: then the middle is hardly there by chance.
  var universalMAC: MACAddress? { bits & Self.universal == 0 ? nil : mac }

  func isMade(from declared: MACAddress) -> Bool { mac == declared }

  /// Whether chance rather than a person seems to have chosen it: hardly a zero digit, and many different ones.
  /// Decides no verdict.
  var looksRandom: Bool {
    let digits = (0..<16).map { bits >> UInt64(4 * $0) & 15 }
    return digits.count { $0 == 0 } <= 4 && Set(digits).count >= 9
  }
}
