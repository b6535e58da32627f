import Crypto
import NIOCore
import Observations

extension ServiceProtocol {
  /// Identification, key exchange up to the server's host key and its signature, goodbye (RFC 4253 §4.2, §7,
  /// §8); then the same again for each other type of key that the server has. Nobody logs in.
  static let ssh = ServiceProtocol(name: "ssh", transports: [.tcp]) {
    request, tools throws(NetworkFailure) in
    let clock = PhaseClock()
    let first = try await converse(request, tools, SSHOffer.hostKeys, clock)
    var keys = first.key.map { [$0.fact] } ?? []
    for algorithm in first.keyTypes where first.key != nil && algorithm != first.key?.algorithm {
      // A server that takes few strangers at once (MaxStartups) may hang up; a second try is enough for that.
      for _ in 0..<2 {
        await tools.permit(request.endpoint.address)
        if Task.isCancelled { throw .notSent(.sendFailed) }
        if let key = try? await converse(request, tools, [algorithm], PhaseClock()).key {
          keys.append(key.fact)
          break
        }
      }
    }
    return ServiceIdentity(
      service: "ssh", greeting: first.greeting, hostKeys: keys, phases: clock.durations)
  }

  private static func converse(
    _ request: HandshakeRequest, _ tools: HandshakeTools, _ hostKeys: [String], _ clock: PhaseClock
  ) async throws(NetworkFailure) -> SSHShown {
    try await tools.dialer.converse(
      with: request.endpoint, clock: clock, connectLimit: tools.limits.connect, configure: { _ in },
      body: { (stream: Stream<ByteBuffer, ByteBuffer>, _) in
        clock.begin(.exchange, limit: tools.limits.exchange, closing: stream.channel)
        var conversation = SSHConversation(stream, userAgent: tools.userAgent, hostKeys: hostKeys)
        return try await conversation.run()
      })
  }
}

/// What a server has shown in one conversation.
private struct SSHShown: Sendable {
  /// Its identification, bounded.
  var greeting: String
  /// `nil` where the two sides have no method in common, which it has then shown as its protocol demands.
  var key: SSHHostKey?
  /// One algorithm for each type of key that it has.
  var keyTypes: [String]
}

/// One conversation with an SSH server.
private struct SSHConversation {
  /// The longest packet an implementation has to take (RFC 4253 §6.1).
  private static let maximumPacket = 35_000
  /// RFC 4253 §4.2 allows 255 bytes to the identification and does not bound the lines before it.
  private static let maximumLine = 1024
  private static let maximumLinesBefore = 50

  private let stream: Stream<ByteBuffer, ByteBuffer>
  private let ourIdentification: String
  private let hostKeys: [String]
  private var reader: ByteReader

  init(_ stream: Stream<ByteBuffer, ByteBuffer>, userAgent: String, hostKeys: [String]) {
    self.stream = stream
    self.hostKeys = hostKeys
    reader = ByteReader(stream, limit: 131_072)
    ourIdentification = Self.identification(userAgent)
  }

  /// The whole conversation.
  mutating func run() async throws -> SSHShown {
    try await stream.send("\(ourIdentification)\r\n".utf8)
    let theirIdentification = try await identification()
    let ourOffer = SSHOffer.ours(hostKeys)
    try await stream.send(SSHMessage.packet(ourOffer))
    let theirOffer = try await message()
    guard let offer = SSHOffer(theirOffer) else {
      throw NetworkFailure.violation(.exchange, "no SSH key exchange offer")
    }
    var key: SSHHostKey?
    if let (method, algorithm) = offer.agreed(hostKeys) {
      let agreement = SSHKeyAgreement(method)
      var hashed = SSHWriter()
      hashed.string(Array(ourIdentification.utf8))
      hashed.string(theirIdentification)
      hashed.string(ourOffer)
      hashed.string(theirOffer)
      key = try await exchange(agreement, algorithm, hashed, discardingGuess: offer.guessIsWrong(hostKeys))
    }
    try? await stream.send(SSHMessage.packet(SSHMessage.goodbye("audit finished")))
    return SSHShown(greeting: boundedText(theirIdentification), key: key, keyTypes: offer.keyTypes)
  }

  private mutating func exchange(
    _ agreement: SSHKeyAgreement, _ algorithm: String, _ before: SSHWriter, discardingGuess: Bool
  ) async throws -> SSHHostKey {
    var request = SSHWriter()
    request.byte(SSHMessage.ecdhInit)
    request.string(agreement.publicKey)
    try await stream.send(SSHMessage.packet(request.bytes))
    if discardingGuess { _ = try await message() }
    var reply = SSHReader(try await message())
    guard reply.byte() == SSHMessage.ecdhReply, let blob = reply.string(), let theirKey = reply.string(),
      let signature = reply.string(), let secret = agreement.secret(with: theirKey)
    else { throw NetworkFailure.violation(.exchange, "no SSH key exchange reply") }
    var hashed = before
    hashed.string(blob)
    hashed.string(agreement.publicKey)
    hashed.string(theirKey)
    hashed.mpint(secret)
    let key = SSHHostKey(blob: blob, algorithm: algorithm)
    guard key.verifies(signature, of: Array(SHA256.hash(data: hashed.bytes))) ?? true else {
      throw NetworkFailure.violation(.exchange, "the host key's signature does not verify")
    }
    return key
  }

  /// The server's identification, past any lines before it (RFC 4253 §4.2).
  private mutating func identification() async throws -> [UInt8] {
    for _ in 0...Self.maximumLinesBefore {
      let line = try await reader.line(limit: Self.maximumLine)
      guard line.starts(with: "SSH-".utf8) else { continue }
      guard line.starts(with: "SSH-2.0-".utf8) || line.starts(with: "SSH-1.99-".utf8) else {
        throw NetworkFailure.violation(.exchange, "another SSH version: \(boundedText(line))")
      }
      return line
    }
    throw NetworkFailure.violation(.exchange, "no SSH identification in \(Self.maximumLinesBefore) lines")
  }

  /// The next message that matters.
  private mutating func message() async throws -> [UInt8] {
    while true {
      var header = SSHReader(try await reader.bytes(5))
      let length = Int(header.uint32() ?? 0)
      let padding = Int(header.byte() ?? 0)
      guard (5...Self.maximumPacket).contains(length), padding + 1 < length else {
        throw NetworkFailure.violation(
          .exchange, "an SSH packet of \(length) bytes with \(padding) of padding")
      }
      let payload = Array(try await reader.bytes(length - 1).dropLast(padding))
      switch payload.first {
      case SSHMessage.ignore, SSHMessage.unimplemented, SSHMessage.debug: continue
      case SSHMessage.disconnect: throw Self.disconnection(payload)
      default: return payload
      }
    }
  }

  private static func disconnection(_ payload: [UInt8]) -> NetworkFailure {
    var reader = SSHReader(payload.dropFirst())
    let code = reader.uint32() ?? 0
    return .violation(.exchange, "disconnected, reason \(code): \(boundedText(reader.string() ?? []))")
  }

  /// `SSH-2.0-v6audit_1.0 (+https://…)`: the product without the characters that its place may not hold, the
  /// rest of the user agent as the comment.
  private static func identification(_ userAgent: String) -> String {
    let printable = userAgent.filter { $0.isASCII && !$0.isNewline && ($0 >= " " && $0 <= "~") }
    let words = printable.split(separator: " ", maxSplits: 1)
    let product = (words.first ?? "v6audit").replacing("/", with: "_").replacing("-", with: ".")
    return String(
      (["SSH-2.0-\(product)"] + words.dropFirst().map(String.init)).joined(separator: " ").prefix(253))
  }
}
