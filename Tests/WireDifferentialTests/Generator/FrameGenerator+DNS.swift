extension FrameGenerator {
  /// A query or a response (RFC 1035 §4), its names compressed against the question.
  mutating func dnsMessage() -> [UInt8] {
    let isResponse = !random.onceIn(3)
    let type: UInt16 = random.pick([1, 28, 5, 6, 15, 2, 16, 255])
    let question = dnsName() + .short(type) + [0, 1]
    let code = isResponse ? UInt8(random.below(6)) : 0
    let answers = isResponse ? (0..<random.below(4)).map { _ in record() } : []
    let authorities = isResponse && random.onceIn(3) ? [record(type: 6)] : []
    var additionals = isResponse && random.onceIn(3) ? [record()] : []
    // EDNS (RFC 6891 §6.1.2).
    if random.onceIn(2) { additionals.append([0] + .short(41) + .short(1232) + [0, 0, 0x80, 0, 0, 0]) }
    var message = bytes(2) + [(isResponse ? 0x85 : 0x01), (isResponse ? 0x80 : 0) | code]
    for count in [1, answers.count, authorities.count, additionals.count] { message += .short(count) }
    return message + question + (answers + authorities + additionals).joined()
  }

  /// A record of class IN whose owner is the name asked for, or another.
  private mutating func record(type wanted: UInt16? = nil) -> [UInt8] {
    let type = wanted ?? random.pick([1, 28, 5, 2, 15, 6, 16, 12, 65_280])
    let data: [UInt8] =
      switch type {
      case 1: address(true)
      case 28: address(false)
      case 2, 5, 12: nameInside()
      case 15: .short(random.below(100)) + nameInside()
      case 6: nameInside() + nameInside() + bytes(20)
      case 16: [4] + Array("text".utf8)
      default: bytes(random.below(12))
      }
    let owner = random.onceIn(2) ? [0xc0, 12] : nameInside()
    return owner + .short(type) + [0, 1] + .long(random.below(100_000)) + .short(data.count) + data
  }

  /// A name that may end in the one asked for (RFC 1035 §4.1.4).
  private mutating func nameInside() -> [UInt8] {
    random.onceIn(2) ? dnsName() : dnsName().dropLast() + [0xc0, 12]
  }

  /// One to three labels of letters and digits.
  private mutating func dnsName() -> [UInt8] {
    let letters = Array("abcdefghijklmnopqrstuvwxyz0123456789-_".utf8)
    var name: [UInt8] = []
    for _ in 0..<1 + random.below(3) {
      let label = (0...random.below(9)).map { _ in random.pick(letters) }
      name += [UInt8(label.count)] + label
    }
    return name + [0]
  }
}
