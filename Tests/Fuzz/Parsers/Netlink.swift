import CLinux
import Glibc
import Wire

@testable import PacketIO

extension FuzzParser {
  /// Datagrams of the kernel: routes, neighbours, links and refusals.
  static let netlink = FuzzParser("netlink") { input throws(Violation) in
    let messages = try readAlone(input) { datagram in
      var found: [KernelMessage] = []
      NetlinkReader.forEachMessage(in: datagram) { header, payload in
        found.append(KernelMessage(header, payload))
      }
      return found
    }
    let length = messages.reduce(0) { $0 + NetlinkHeader.byteCount + $1.payloadLength }
    try require(length <= input.count, "messages of more bytes than there are")
    for message in messages {
      if let link = message.link {
        try require(!link.name.unicodeScalars.contains("\0"), "a NUL in a name")
      }
      // What was read can be asked for in the same words.
      for pair in message.addresses {
        var writer = NetlinkWriter()
        writer.attribute(Int(pair.type), pair.address)
        var again: IPAddress?
        NetlinkReader.forEachAttribute(in: writer.bytes.span.bytes, from: 0) {
          again = $0 == pair.type ? $1.asAddress : nil
        }
        try require(again == pair.address, "an address written and read again differs")
      }
    }
  }
}

/// A message, read as each of the kinds there are, whatever it says it is.
private struct KernelMessage: Equatable {
  let payloadLength: Int
  let route: Route?
  let neighbour: Neighbour.Key?
  let neighbourState: Neighbour.State?
  let link: NetworkInterface?
  let error: Int32
  var addresses: [Pair] = []

  struct Pair: Equatable {
    let type: UInt16
    let address: IPAddress
  }

  init(_ header: NetlinkHeader, _ payload: RawSpan) {
    payloadLength = payload.byteCount
    route = Route(newRoute: payload)
    let neighbour = Neighbour(newNeighbour: payload)
    self.neighbour = neighbour?.key
    neighbourState = neighbour?.state
    link = NetworkInterface(newLink: payload)
    error = NetlinkReader.errorCode(payload)
    var addresses: [Pair] = []
    NetlinkReader.forEachAttribute(in: payload, from: 12) { type, value in
      if let address = value.asAddress { addresses.append(Pair(type: type, address: address)) }
    }
    self.addresses = addresses
  }
}
