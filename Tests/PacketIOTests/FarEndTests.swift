import Testing

/// What arrives at the other end of the wire, as tshark sees it.
@Suite(.serialized) struct FarEndTests {
  /// Not one packet for an address outside the scope: no probe, and no question for its neighbour either.
  @Test func refusedTargetsSendNothing() throws {
    var network = TestNetwork()
    network.records = true
    let result = try network.probe(
      "--allow 2001:db8:9::1/128 198.18.0.2 198.18.9.1:80 2001:db8::2 2001:db8:9::2 '[2001:db8:9::3]:80'"
        + " 2001:db8:9::1")
    #expect(result.counters["refused"] == 5, "\(result.output)")
    #expect(result.outcomes["2001:db8:9::1"]?.hasPrefix("answered") == true)
    // ARP, ND and the kernel's own router solicitations go on as ever; probes are what the scope is about.
    let probes = try result.dissect(
      "icmp or icmpv6.type == 128 or tcp", fields: ["ipv6.dst", "ip.dst"])
    #expect(probes == [["2001:db8:9::1", ""]])
    let asked = try result.dissect(
      "arp.opcode == 1 and arp.src.proto_ipv4 == 198.18.0.1", fields: ["arp.dst.proto_ipv4"])
    #expect(asked.isEmpty)
    let solicited = try result.dissect(
      "icmpv6.type == 135 and ipv6.src == 2001:db8::1", fields: ["icmpv6.nd.ns.target_address"])
    #expect(solicited.allSatisfy { $0 == ["2001:db8::2"] })
  }

  /// Frames dissect without a warning and with good checksums, in both families, from both kinds of socket.
  @Test func framesAreWellFormed() throws {
    var network = TestNetwork()
    network.records = true
    network.farRules = "tcp dport 81 reject with icmpx admin-prohibited"
    let result = try network.probe(
      "--allow ::/0 --allow 0.0.0.0/0 --sweep 2001:db8:9::/50/echo --sweep 2001:db8:9::/50/80"
        + " --sweep 198.18.9.1/50/echo --sweep 198.18.9.1/50/80 --sweep 2001:db8:9::/10/81 --rate 400")
    #expect(result.counters["sent"] == 210, "\(result.output)")
    #expect(result.counters["received"] == 210)
    let check = ["-o", "tcp.check_checksum:TRUE", "-o", "ip.check_checksum:TRUE"]
    // Not what the far end quotes of them in its errors.
    let ours =
      "(ip.src == 198.18.0.1 or ipv6.src == 2001:db8::1) and not icmpv6.type == 1"
      + " and (icmp or icmpv6.type == 128 or tcp.flags == 2)"
    let fields = ["frame.len", "ip.checksum.status", "tcp.checksum.status", "icmp.checksum.status"]
    let frames = try result.dissect(ours, fields: fields + ["icmpv6.checksum.status"], options: check)
    #expect(frames.count == 210)
    #expect(frames.allSatisfy { $0.dropFirst().allSatisfy { $0 == "1" || $0.isEmpty } })
    // Expert severities from "warn" on (5 << 20), so "malformed" too; a SYN as such is only a "chat".
    let complaints = try result.dissect(
      "(\(ours)) and _ws.expert.severity >= 6291456", fields: ["frame.number", "_ws.expert.message"],
      options: check)
    #expect(complaints.isEmpty, "\(complaints)")
    let other = try result.dissect("_ws.malformed", fields: ["frame.number"])
    #expect(other.isEmpty)
  }

  /// 200 packets/s for five seconds: in no second more, and no gap shorter than its due. How exact the pace is on a
  /// machine that has the time for it, `make bench` says; a busy one wakes every thread late, and a late packet is
  /// not made up for by a burst.
  @Test func paceIsKept() throws {
    var network = TestNetwork()
    network.records = true
    let result = try network.probe("--allow ::/0 --rate 200 --sweep 2001:db8:9::/1000/echo")
    let times = try result.dissect("icmpv6.type == 128", fields: ["frame.time_epoch"]).compactMap { $0.first }
      .compactMap(Double.init)
    try #require(times.count == 1000, "\(result.output.suffix(300))")
    let gaps = zip(times.dropFirst(), times).map { $0 - $1 }.sorted()
    #expect((0.0049..<0.0055).contains(gaps[gaps.count / 2]), "\(gaps[gaps.count / 2]) s between packets")
    // A second holds no more than it may, whenever it begins.
    for first in 0..<times.count - 201 { #expect(times[first + 201] - times[first] > 1) }
  }

  /// The gateway's own address is never probed to find it out: the kernel asks for it to send a probe.
  @Test func oneResolutionServesAllBehindAGateway() throws {
    var network = TestNetwork()
    network.records = true
    let result = try network.probe("--allow 2001:db8:9::/48 --rate 1000 --sweep 2001:db8:9::100/300/echo")
    #expect(result.counters["received"] == 300, "\(result.output.suffix(300))")
    let toGateway = try result.dissect(
      "ipv6.dst == 2001:db8::2 and icmpv6.type == 128", fields: ["frame.number"])
    #expect(toGateway.isEmpty)
    let questions = try result.dissect(
      "icmpv6.type == 135 and ipv6.src == 2001:db8::1 and ipv6.dst == ff02::1:ff00:2",
      fields: ["frame.number"])
    #expect(questions.count == 1)
  }
}
