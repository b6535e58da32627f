import NIOCore
import NIOHTTP1
import NIOHTTP2
import NIOPosix
import NIOSSL
import Observations

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// Why a conversation with an endpoint ended without its answer.
enum NetworkFailure: Error, Hashable {
  case refused
  case unreachable(String)
  case timeout(HandshakePhase)
  case closedEarly(HandshakePhase)
  case violation(HandshakePhase, String)
  case notSent(NotSentReason)

  /// The same, as a handshake reports it.
  var outcome: HandshakeOutcome {
    switch self {
    case .refused: .refused
    case .unreachable(let text): .unreachable(text)
    case .timeout(let phase): .timeout(phase)
    case .closedEarly(let phase): .closedEarly(phase)
    case .violation(let phase, let text): .protocolError(phase, text)
    case .notSent(let reason): .notSent(reason)
    }
  }

  /// What an error that came up from the socket, from TLS or from a decoder means in this phase.
  init(_ error: any Error, in phase: HandshakePhase) {
    switch error {
    case let failure as NetworkFailure:
      self = failure
    case let error as IOError:
      self.init(errno: error.errnoCode, in: phase)
    case let error as NIOConnectionError:
      self = error.connectionErrors.first.map { NetworkFailure($0.error, in: phase) } ?? .refused
    case ChannelError.connectTimeout:
      self = .timeout(.connect)
    case is ChannelError, NIOSSLError.uncleanShutdown, HTTPParserError.invalidEOFState:
      self = .closedEarly(phase)
    case NIOSSLError.handshakeFailed(.sslError([.eofDuringHandshake])):
      self = .closedEarly(.tls)
    case let error as HTTPParserError:
      self = .violation(phase, "not HTTP: \(error)")
    case is NIOSSLError, is BoringSSLError, is NIOSSLExtraError:
      self = .violation(phase, TLSFailureText.text(of: error))
    case let error as any NIOHTTP2Error:
      // Its text ends in the library's source file and line.
      self = .violation(phase, "HTTP/2: \(type(of: error))")
    default:
      self = .violation(phase, boundedText("\(error)".utf8))
    }
  }

  private init(errno code: CInt, in phase: HandshakePhase) {
    switch code {
    case ECONNREFUSED: self = .refused
    case ECONNRESET, EPIPE, ENOTCONN: self = .closedEarly(phase)
    case ETIMEDOUT: self = .timeout(phase)
    case ENETUNREACH: self = .unreachable("network unreachable")
    case EHOSTUNREACH: self = .unreachable("host unreachable")
    case EACCES, EPERM: self = .unreachable("administratively prohibited")
    case EADDRNOTAVAIL: self = .notSent(.noSource)
    case EAFNOSUPPORT, EMFILE, ENFILE, ENOBUFS, ENOMEM: self = .notSent(.sendFailed)
    default: self = .unreachable(String(cString: strerror(code)))
    }
  }
}

/// Text from the network for a field that is bounded to 256 bytes: valid UTF-8, cut between characters,
/// whatever was not UTF-8 replaced. Control characters stay: whoever prints escapes.
func boundedText(_ bytes: some Sequence<UInt8>) -> String {
  var text = String(decoding: Array(bytes.prefix(256)), as: UTF8.self)
  while text.utf8.count > 256 { text.removeLast() }
  return text
}
