extension Host {
  /// Whether `text` is its id, one of its names or one of its addresses.
  public func answers(to text: String) -> Bool {
    id == text || names.contains(text) || addresses.contains { $0.description == text }
  }
}
