import Observations

/// Prometheus' text format (version 0.0.4), a family of metrics after the other.
public struct MetricsText: Sendable {
  /// The text so far.
  public private(set) var bytes: [UInt8] = []

  /// What a family of metrics is.
  public enum Kind: String, Sendable {
    case counter
    case gauge
    case histogram
  }

  /// Empty.
  public init() {}

  /// Begins a family. Its samples follow, and no other family's.
  public mutating func family(_ name: String, _ kind: Kind, _ help: String) {
    bytes += "# HELP \(name) \(help)\n# TYPE \(name) \(kind.rawValue)\n".utf8
  }

  /// Adds a sample.
  public mutating func sample(_ name: String, _ labels: KeyValuePairs<String, String> = [:], _ value: Double)
  {
    begin(name, labels)
    append(value)
  }

  /// Adds a sample that is a whole number.
  public mutating func sample(
    _ name: String, _ labels: KeyValuePairs<String, String> = [:], _ value: some BinaryInteger
  ) {
    begin(name, labels)
    bytes += "\(value)\n".utf8
  }

  /// Adds the samples of a histogram in seconds: a sum, a count and the buckets, each with all below it.
  public mutating func histogram(
    _ name: String, _ labels: KeyValuePairs<String, String> = [:], _ histogram: Histogram
  ) {
    var below: UInt64 = 0
    for (index, count) in histogram.counts.enumerated() {
      below += count
      let bound = index < Histogram.bounds.count ? "\(Histogram.bounds[index])" : "+Inf"
      begin(name + "_bucket", labels, extra: ("le", bound))
      bytes += "\(below)\n".utf8
    }
    sample(name + "_sum", labels, histogram.sum)
    sample(name + "_count", labels, histogram.count)
  }

  private mutating func begin(
    _ name: String, _ labels: KeyValuePairs<String, String>, extra: (String, String)? = nil
  ) {
    bytes += name.utf8
    let all = labels.map { ($0.key, $0.value) } + (extra.map { [$0] } ?? [])
    if !all.isEmpty {
      var separator = UInt8(ascii: "{")
      for (key, value) in all {
        bytes.append(separator)
        bytes += key.utf8
        bytes += [UInt8(ascii: "="), UInt8(ascii: "\"")]
        append(escaped: value)
        bytes.append(UInt8(ascii: "\""))
        separator = UInt8(ascii: ",")
      }
      bytes.append(UInt8(ascii: "}"))
    }
    bytes.append(UInt8(ascii: " "))
  }

  private mutating func append(_ value: Double) {
    let text = value.isNaN ? "NaN" : value.isInfinite ? (value < 0 ? "-Inf" : "+Inf") : "\(value)"
    bytes += text.utf8
    bytes.append(0x0a)
  }

  private mutating func append(escaped value: String) {
    for byte in value.utf8 {
      switch byte {
      case UInt8(ascii: "\\"), UInt8(ascii: "\""): bytes += [UInt8(ascii: "\\"), byte]
      case 0x0a: bytes += [UInt8(ascii: "\\"), UInt8(ascii: "n")]
      default: bytes.append(byte)
      }
    }
  }
}
