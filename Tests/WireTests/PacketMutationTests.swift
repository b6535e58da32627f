import SeededRandom
import Testing

@testable import Wire

/// Whatever the network sends is parsed or refused; it never stops the program.
@Suite struct PacketMutationTests {
  /// Reads everything there is to read in a frame.
  private func dissect(_ frame: RawSpan) throws(PacketError) -> Int {
    let ethernet = try EthernetHeader(parsing: frame)
    let packet = frame.extracting(ethernet.payloadOffset..<frame.byteCount)
    let ip = try IPPacket(parsing: packet)
    let payload = packet.extracting(ip.payload)
    var depth = 1
    switch ip.upperLayer {
    case .tcp:
      let segment = try TCPHeader(parsing: payload)
      let options = TCPOptions(parsing: payload, header: segment)
      depth += Int(options.windowScale ?? 0) + 1
      if ip.checksumState(in: packet, fieldOffset: TCPHeader.checksumOffset) == .intact { depth += 1 }
    case .udp:
      depth += try UDPHeader(parsing: payload).length
      if UDPHeader.checksumState(of: ip, in: packet) == .intact { depth += 1 }
    case .icmp(ip.family):
      let message = try ICMPMessage(parsing: payload, family: ip.family)
      depth += message.maximumTransmissionUnit ?? 1
      if ICMPMessage.checksumState(of: ip, in: packet) == .intact { depth += 1 }
      if message.kind == .error {
        _ = try QuotedPacket(inErrorMessage: payload, family: ip.family)
      }
    default: throw .unsupported
    }
    return depth
  }

  @Test("every frame cut off at every length is read or refused")
  func truncated() throws {
    for (name, bytes) in Frames.all {
      for length in 0..<bytes.count {
        let cut = Array(bytes.prefix(length))
        do {
          _ = try dissect(cut.span.bytes)
          #expect(length >= 14 + 20 + 8, "\(name) of \(length) bytes holds no upper layer")
        } catch {
          #expect(error != .badChecksum, "\(name) of \(length) bytes is cut, not damaged")
        }
      }
    }
  }

  @Test("250,000 seeded mutations are read or refused, and every reason for refusal is met")
  func mutated() {
    var random = SplitMix64(seed: 20_240_601)
    var refused: [PacketError: Int] = [:]
    var read = 0
    for _ in 0..<250_000 {
      var bytes = Frames.all[random.below(Frames.all.count)].bytes
      for _ in 0...random.below(3) { mutate(&bytes, &random) }
      do {
        _ = try dissect(bytes.span.bytes)
        read += 1
      } catch {
        refused[error, default: 0] += 1
      }
    }
    #expect(read > 50_000)
    for error in PacketError.allCases where error != .tooManyExtensionHeaders {
      #expect(refused[error, default: 0] > 0, "\(error) never met")
    }
  }

  private func mutate(_ bytes: inout [UInt8], _ random: inout SplitMix64) {
    guard !bytes.isEmpty else { return }
    // Headers are where parsers branch, so most changes fall there.
    let place = random.below(random.below(4) == 0 ? bytes.count : min(bytes.count, 70))
    switch random.below(7) {
    case 0: bytes[place] ^= 1 << UInt8(random.below(8))
    case 1: bytes[place] = UInt8(random.below(256))
    case 2: bytes[place] = [0, 1, 0x7f, 0x80, 0xff][random.below(5)]
    case 3: bytes.removeLast(random.below(bytes.count))
    case 4: bytes.insert(contentsOf: (0..<random.below(9)).map { UInt8($0) }, at: place)
    case 5: bytes.removeSubrange(place..<min(bytes.count, place + 1 + random.below(8)))
    // The next header: makes chains of extension headers out of anything.
    default: if bytes.count > 20 { bytes[20] = [0, 1, 6, 17, 43, 44, 50, 51, 58, 59, 60][random.below(11)] }
    }
  }
}
