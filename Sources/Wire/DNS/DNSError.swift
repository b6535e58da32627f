/// Why bytes are no DNS message, or text no domain name.
public enum DNSError: Error, Sendable, Hashable {
  /// The message ends inside a field; the offset is where more was needed.
  case truncated(at: Int)
  /// A label of no bytes inside a name written as text.
  case emptyLabel
  /// A label of more than 63 bytes (RFC 1035 §2.3.4).
  case labelTooLong
  /// A name of more than 255 bytes on the wire (RFC 1035 §2.3.4).
  case nameTooLong
  /// A label type other than plain and pointer (RFC 6891 §5 retired the others).
  case unknownLabelType(at: Int)
  /// A compression pointer that does not lead strictly backwards: the way loops are made.
  case badPointer(at: Int)
  /// `\` that is not followed by one character or three digits up to 255 (RFC 1035 §5.1).
  case badEscape
  /// Text outside ASCII; a name in another script has to be written as A-labels (RFC 5890 §2.3.2.1).
  case notASCII
  /// The record's data is longer or shorter than its type allows; the offset is where the data begins.
  case badData(DNSType, at: Int)
  /// More than one OPT record (RFC 6891 §6.1.1).
  case repeatedOPT
}

extension DNSError: CustomStringConvertible {
  /// The fault in words, with its place in the message.
  public var description: String {
    switch self {
    case .truncated(let offset): "message ends early at byte \(offset)"
    case .emptyLabel: "empty label in a name"
    case .labelTooLong: "label of more than 63 bytes"
    case .nameTooLong: "name of more than 255 bytes"
    case .unknownLabelType(let offset): "unknown label type at byte \(offset)"
    case .badPointer(let offset): "compression pointer at byte \(offset) does not lead backwards"
    case .badEscape: "faulty escape in a name"
    case .notASCII: "name holds characters outside ASCII"
    case .badData(let type, let offset): "faulty \(type) data at byte \(offset)"
    case .repeatedOPT: "more than one OPT record"
    }
  }
}
