/// Why bytes are not the packet they should be. A trivial value: throwing one costs no allocation, so hostile
/// input is as cheap to refuse as good input is to read.
public enum PacketError: Error, Sendable, Hashable, CaseIterable {
  /// The bytes end inside a header.
  case truncated
  /// The version field is neither 4 nor 6, or not the one asked for.
  case wrongVersion
  /// A length field contradicts the header it stands in: an IHL below 5, a total length shorter than the
  /// header, a TCP data offset below 5, a UDP length below 8.
  case badLength
  /// A checksum over bytes that were all there is wrong.
  case badChecksum
  /// More IPv6 extension headers than any honest packet has.
  case tooManyExtensionHeaders
  /// A fragment other than the first, which holds no upper-layer header.
  case laterFragment
  /// A type or protocol this format does not describe.
  case unsupported
}
