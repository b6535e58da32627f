import Wire

extension ProbeCookie {
  /// The cookie of a sweep's probe. A target has one probe only, so its address says which; the probes of an audit
  /// are numbered, and the salt keeps the two apart even under one key.
  @inline(__always) init(key: SipHashKey, source: IPAddress, target: IPAddress, sweep probe: SweepProbe) {
    var hash = SipHash(key)
    hash.add(source.high)
    hash.add(source.low)
    hash.add(target.high)
    hash.add(target.low)
    let kind: UInt64 =
      switch probe {
      case .echo: 1
      case .tcp(let port): 2 << 16 | UInt64(port)
      case .udp(let port): 3 << 16 | UInt64(port)
      }
    hash.add(1 << 63 | kind)
    self.init(bits: hash.finish())
  }
}
