import Wire

@testable import PacketIO

extension FuzzParser {
  static let routerAdvertisement = FuzzParser("router-advertisement") { input throws(Violation) in
    let read = try readAlone(input) { message in
      Result { () throws(PacketError) in try RouterAdvertisement(parsing: message) }
    }
    guard case .success(let message) = read else { return }
    let limit = RouterAdvertisement.listLimit
    try require(
      message.prefixes.count <= limit && message.resolvers.count <= limit
        && message.searchList.count <= limit,
      "more than is kept")
    for name in message.searchList {
      try require(name.utf8.allSatisfy { (0x21...0x7e).contains($0) }, "unescaped: \(name)")
    }
  }
}
