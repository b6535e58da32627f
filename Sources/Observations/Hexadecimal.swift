/// Bytes as lower-case hexadecimal digits, two a byte: how facts, files and manifests write hashes.
public func hexadecimal(_ bytes: some Sequence<UInt8>) -> String {
  bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
}
