import Wire

extension Host {
  /// Whether `text` is its id, one of its names or one of its addresses.
  public func answers(to text: String) -> Bool {
    id == text || names.contains(text) || addresses.contains { $0.description == text }
  }

  /// A host that is in no inventory, of no agency, by the address or DNS name that somebody asks for; `nil` if the text
  /// is neither.
  public init?(asked text: String, services: [Service]) {
    if let address = IPAddress(text) {
      self.init(id: text, agency: "-", addresses: [address], services: services)
    } else if let name = Host.dnsName(text) {
      self.init(id: name, agency: "-", names: [name], services: services)
    } else {
      return nil
    }
  }
}
