extension Facts {
  private static let addressFields = ["dns.a", "dns.aaaa"]
  private static let targetFields = [
    "dns.cname", "dns.ns", "dns.ptr.domain_name", "dns.mx.mail_exchange", "dns.soa.mname", "dns.soa.rname",
  ]
  private static let numberFields = [
    "dns.mx.preference", "dns.soa.serial_number", "dns.soa.refresh_interval", "dns.soa.retry_interval",
    "dns.soa.expire_limit", "dns.soa.minimum_ttl",
  ]

  static let dnsFields =
    [
      "dns.id", "dns.flags", "dns.count.queries", "dns.count.answers", "dns.count.auth_rr",
      "dns.count.add_rr",
      "dns.qry.name", "dns.qry.type", "dns.resp.name", "dns.resp.type", "dns.resp.ttl", "_ws.malformed",
    ] + addressFields + targetFields + numberFields

  /// What tshark read in a DNS message.
  mutating func readDNS(_ row: Tshark.Row) {
    guard let id = row.number("dns.id"), let flags = row.number("dns.flags"),
      row.first("_ws.malformed") == nil
    else { return }
    let counts = ["queries", "answers", "auth_rr", "add_rr"].map { row.number("dns.count.\($0)") ?? -1 }
    // Bit 6 is reserved (RFC 1035 §4.1.1) and not kept.
    set(.dnsHeader, "\(id) \(flags & 0xffbf)")
    set(.dnsCounts, counts)
    set(.dnsQuestions, zip(row.all("dns.qry.name"), row.numbers("dns.qry.type")).map { "\($0) \($1)" })
    // The OPT record is none of the records here: its class and time to live are something else.
    let types = row.numbers("dns.resp.type")
    let owners = row.all("dns.resp.name")
    set(.dnsOwners, zip(owners, types).filter { $0.1 != 41 }.map(\.0))
    set(.dnsTypes, types.filter { $0 != 41 })
    set(.dnsLives, row.numbers("dns.resp.ttl"))
    set(.dnsAddresses, Self.addressFields.flatMap(row.all).sorted())
    set(.dnsTargets, Self.targetFields.flatMap(row.all).sorted())
    set(.dnsNumbers, Self.numberFields.flatMap(row.all).sorted())
  }
}
