import Wire

extension CaptureFileReader {
  /// A block as it stands in the file, its type and lengths taken off.
  struct Block {
    var offset: Int
    var type: UInt32
    var body: [UInt8]
  }

  mutating func nextBlock() throws(CaptureFileError) -> Block? {
    while true {
      let start = offset
      let header = Array(try source.peek(12))
      if header.isEmpty { return nil }
      guard header.count == 12 else { throw failure(start, "a block is cut off") }
      if word(header, 0) == PcapngWriter.BlockType.section {
        switch header.span.bytes.uint32(at: 8) {
        case PcapngWriter.byteOrderMagic: setByteOrder(isLittleEndian: false)
        case PcapngWriter.byteOrderMagic.byteSwapped: setByteOrder(isLittleEndian: true)
        default: throw failure(start, "a section header without its magic number")
        }
      }
      let length = Int(word(header, 4))
      guard length >= 12, length % 4 == 0 else { throw failure(start, "a block of \(length) bytes") }
      guard length <= Self.longestBlock else {
        // Whatever it is, no packet is that long.
        try source.skip(length, from: start)
        continue
      }
      let bytes = try source.take(length)
      guard bytes.count == length else { throw failure(start, "a block of \(length) bytes is cut off") }
      guard Int(word(bytes, length - 4)) == length else {
        throw failure(start, "a block whose two lengths differ: \(length) and \(word(bytes, length - 4))")
      }
      return Block(offset: start, type: word(bytes, 0), body: Array(bytes[8..<length - 4]))
    }
  }

  /// What a block tells; `nil` if nothing that is of interest here.
  mutating func event(of block: Block) throws(CaptureFileError) -> Event? {
    switch block.type {
    case PcapngWriter.BlockType.section:
      guard block.body.count >= 16 else { throw failure(block.offset, "a section header is cut off") }
      guard half(block.body, 4) == 1 else {
        throw failure(block.offset, "version \(half(block.body, 4)) of pcapng, which is not known")
      }
      interfaces.removeAll()
      var comments: [String] = []
      try forEachOption(of: block, from: 16) { code, value in
        if code == PcapngWriter.OptionCode.comment, comments.count < Self.mostComments {
          comments.append(String(decoding: value, as: UTF8.self))
        }
      }
      return .section(comments: comments)
    case PcapngWriter.BlockType.interface:
      try addInterface(block)
      return nil
    case PcapngWriter.BlockType.packet: return .packet(try packet(of: block))
    case PcapngWriter.BlockType.simplePacket:
      guard block.body.count >= 4, let interface = interfaces.first else {
        throw failure(block.offset, "a simple packet without length or interface")
      }
      let length = min(Int(word(block.body, 0)), block.body.count - 4)
      return .packet(
        CapturedPacket(time: 0, link: interface.link, bytes: Array(block.body[4..<4 + length])))
    default: return nil
    }
  }

  private mutating func addInterface(_ block: Block) throws(CaptureFileError) {
    guard block.body.count >= 8 else { throw failure(block.offset, "an interface is cut off") }
    guard interfaces.count < Self.mostInterfaces else {
      throw failure(block.offset, "more than \(Self.mostInterfaces) interfaces")
    }
    var interface = Interface(link: half(block.body, 0))
    var offset: UInt64 = 0
    try forEachOption(of: block, from: 8) { code, value in
      switch code {
      case PcapngWriter.OptionCode.interfaceName: interface.name = String(decoding: value, as: UTF8.self)
      case PcapngWriter.OptionCode.timeResolution where value.count == 1:
        let exponent = Int(value[value.startIndex] & 0x7f)
        interface.ticks = value[value.startIndex] & 0x80 == 0 ? .decimal(exponent) : .binary(exponent)
      case PcapngWriter.OptionCode.timeOffset where value.count == 8:
        offset = double(value, 0)
      default: break
      }
    }
    switch interface.ticks {
    case .decimal(let exponent) where exponent > 18:
      throw failure(block.offset, "a time unit of 10^-\(exponent) s")
    case .binary(let exponent) where exponent > 60:
      throw failure(block.offset, "a time unit of 2^-\(exponent) s")
    default: break
    }
    interface.offset = Int64(bitPattern: offset)
    interfaces.append(interface)
  }

  private func packet(of block: Block) throws(CaptureFileError) -> CapturedPacket {
    guard block.body.count >= 20 else { throw failure(block.offset, "a packet is cut off") }
    let number = Int(word(block.body, 0))
    guard number < interfaces.count else {
      throw failure(block.offset, "a packet of interface \(number), which is not described")
    }
    let length = Int(word(block.body, 12))
    guard length <= block.body.count - 20 else {
      throw failure(block.offset, "a packet of \(length) bytes in a block that is shorter")
    }
    let interface = interfaces[number]
    let ticks = UInt64(word(block.body, 4)) << 32 | UInt64(word(block.body, 8))
    var packet = CapturedPacket(
      time: interface.nanoseconds(ticks), link: interface.link, bytes: Array(block.body[20..<20 + length]),
      interface: interface.name)
    try forEachOption(of: block, from: 20 + (length + 3) / 4 * 4) { code, value in
      switch code {
      case PcapngWriter.OptionCode.packetFlags where value.count == 4:
        packet.direction = PcapngWriter.Direction(rawValue: word(value, 0) & 3) ?? .unknown
      case PcapngWriter.OptionCode.packetID where value.count == 8:
        packet.order = double(value, 0)
      default: break
      }
    }
    return packet
  }

  private func forEachOption(
    of block: Block, from start: Int, _ body: (_ code: UInt16, _ value: [UInt8]) -> Void
  ) throws(CaptureFileError) {
    var position = start
    while position + 4 <= block.body.count {
      let code = half(block.body, position)
      if code == PcapngWriter.OptionCode.end { return }
      let length = Int(half(block.body, position + 2))
      position += 4
      guard position + length <= block.body.count else {
        throw failure(block.offset, "an option of \(length) bytes that ends outside its block")
      }
      body(code, Array(block.body[position..<position + length]))
      position += (length + 3) / 4 * 4
    }
  }
}

extension CaptureFileReader.Interface {
  /// Nanoseconds since 1970 of a time in this interface's unit; what cannot be said is clamped.
  func nanoseconds(_ ticks: UInt64) -> UInt64 {
    let whole: UInt64
    let part: UInt64
    switch self.ticks {
    case .decimal(let exponent):
      let unit = (0..<exponent).reduce(1 as UInt64) { value, _ in value * 10 }
      whole = ticks / unit
      let rest = ticks % unit
      part = exponent <= 9 ? rest * (1_000_000_000 / unit) : rest / (unit / 1_000_000_000)
    case .binary(let exponent):
      whole = ticks >> UInt64(exponent)
      let rest = ticks & ((1 << UInt64(exponent)) - 1)
      let product = rest.multipliedFullWidth(by: 1_000_000_000)
      part = exponent == 0 ? 0 : product.high << UInt64(64 - exponent) | product.low >> UInt64(exponent)
    }
    let seconds = whole > 1 << 33 ? 1 << 33 : Int64(whole)
    let sum = seconds.addingReportingOverflow(min(max(offset, -1 << 33), 1 << 33)).partialValue
    return UInt64(max(0, sum)) * 1_000_000_000 + part
  }
}
