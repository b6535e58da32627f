extension Duration {
  /// It in seconds, as metrics and people want it.
  public var seconds: Double { Double(components.seconds) + Double(components.attoseconds) / 1e18 }
}
