import Testing
import Wire

@testable import Probing

/// The packets of a sweep, looked at byte by byte.
@Suite struct SweepTemplateTests {
  private static let probes: [SweepProbe] = [
    .echo, .tcp(port: 443), .udp(port: 53), .udp(port: 123), .udp(port: 161), .udp(port: 5060),
    .udp(port: 999),
  ]

  private static func packet(
    _ probe: SweepProbe, _ family: AddressFamily, number: Int, attempt: Int
  ) -> SentPacket {
    let template = SweepTemplate(
      probe, source: family == .ipv4 ? vantage4 : vantage6, key: SipHashKey(low: 3, high: 4))
    var bytes = template.bytes
    var span = bytes.mutableSpan
    var raw = span.mutableBytes
    // As it is on a real slot: something else was patched in before.
    template.patch.write(&raw, at: 0, target: target(999, family), attempt: 4)
    template.patch.write(&raw, at: 0, target: target(number, family), attempt: attempt)
    return SentPacket(bytes: bytes)
  }

  @Test("lengths and checksums are right for thousands of targets", arguments: probes, AddressFamily.allCases)
  func checksums(_ probe: SweepProbe, _ family: AddressFamily) {
    for number in 0..<600 {
      let packet = Self.packet(probe, family, number: number, attempt: number % 5)
      #expect(packet.target == target(number, family).bytes)
      let length = packet.payload.count
      if packet.isIPv4 {
        #expect(onesComplementSum(Array(packet.bytes[..<20])) == 0xffff)
        #expect(Int(packet.bytes[2]) << 8 | Int(packet.bytes[3]) == packet.bytes.count)
      } else {
        #expect(Int(packet.bytes[4]) << 8 | Int(packet.bytes[5]) == length)
      }
      let next = packet.bytes[packet.isIPv4 ? 9 : 6]
      let pseudoHeader: [UInt8] =
        packet.isIPv4
        ? (next == 1
          ? [] : packet.source + packet.target + [0, next, UInt8(length >> 8), UInt8(length & 255)])
        : packet.source + packet.target + [0, 0, UInt8(length >> 8), UInt8(length & 255), 0, 0, 0, next]
      #expect(onesComplementSum(pseudoHeader + packet.payload) == 0xffff)
      if packet.isUDP {
        #expect(packet.payload[6...7] != [0, 0])
        #expect(Int(packet.payload[4]) << 8 | Int(packet.payload[5]) == length)
      }
    }
  }

  @Test("targets differ in what a reply repeats; tries differ in it too", arguments: probes)
  func cookies(_ probe: SweepProbe) {
    let heads = (0..<64).map { number in
      Array(Self.packet(probe, .ipv6, number: number, attempt: 0).payload)
    }
    #expect(Set(heads).count == 64)
    let tries = (0..<5).map { Array(Self.packet(probe, .ipv6, number: 1, attempt: $0).payload) }
    #expect(Set(tries).count == 5)
  }

  @Test("the requests are what the services expect, as their RFCs write them")
  func requests() {
    let dns = Self.packet(.udp(port: 53), .ipv6, number: 1, attempt: 0).payload[8...]
    #expect(Array(dns.dropFirst(2)) == [0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0, 1])
    let ntp = Self.packet(.udp(port: 123), .ipv6, number: 1, attempt: 0).payload[8...]
    #expect(ntp.count == 48 && ntp.first == 0x23)
    let sip = String(
      decoding: Self.packet(.udp(port: 5060), .ipv6, number: 1, attempt: 0).payload[8...], as: UTF8.self)
    #expect(
      sip.hasPrefix(
        "OPTIONS sip:v6audit.invalid SIP/2.0\r\nVia: SIP/2.0/UDP v6audit.invalid;rport;branch=z9hG4bK"))
    #expect(sip.hasSuffix("Content-Length: 0\r\n\r\n"))
    let snmp = Array(Self.packet(.udp(port: 161), .ipv6, number: 1, attempt: 0).payload[8...])
    // The lengths of the sequences nest, and the last byte of the message is the last of all.
    #expect(snmp[0] == 0x30 && Int(snmp[1]) == snmp.count - 2)
    #expect(Array(snmp[2..<7]) == [2, 1, 3, 0x30, 16])
  }
}
