import Testing

/// How a run behaves as a whole: permission, cancellation, neighbours that come late, many targets.
@Suite(.serialized) struct RunTests {
  static let withoutPermission = "setpriv --bounding-set -net_raw --inh-caps -net_raw"

  @Test func missingPermissionIsSaidWithItsRemedy() throws {
    let result = try TestNetwork().probe("--allow ::/0 ::1", as: Self.withoutPermission)
    #expect(
      result.error
        == "no permission to open a packet socket: run `sudo setcap cap_net_raw+ep \"$(command -v v6audit)\"` once,"
        + " or run as root", "\(result.output)")
    let report = try TestNetwork().probe("--permission", as: Self.withoutPermission)
    #expect(report.output.hasSuffix("denied\n"))
    #expect(report.output.split(separator: "\n").count { $0.contains("failed: no permission") } == 4)
  }

  @Test func permissionIsSeenWhereItIs() throws {
    let report = try TestNetwork().probe("--permission")
    #expect(report.output.hasSuffix("granted\n"), "\(report.output)")
  }

  @Test func cancellationStopsAtOnceAndKeepsWhatIsKnown() throws {
    let result = try TestNetwork().probe(
      "--allow ::/0 --rate 100 --cancel-after 1 --sweep 2001:db8:9::/1000/echo")
    let answered = result.outcomes.values.count { $0.hasPrefix("answered") }
    #expect((50...110).contains(answered), "\(answered)")
    #expect(result.outcomes.values.count { $0 == "unknown" } == 1000 - answered)
    // Left alone it would take ten seconds.
    #expect((1000...3000).contains(result.elapsed), "\(result.elapsed) ms")
  }

  /// A gateway that is slow to answer holds the run up, but loses nothing: not one of 300 targets asked at once.
  @Test func slowGatewayLosesNothing() throws {
    var network = TestNetwork()
    network.setUp = """
      far ip link set wire down
      (sleep 1.5; far ip link set wire up; far ip -6 addr add 2001:db8::2/64 dev wire nodad 2>/dev/null
      far ip -6 addr add 2001:db8::2/64 dev wire nodad 2>/dev/null) &
      ip -6 route replace 2001:db8:9::/48 via 2001:db8::2 dev near
      """
    let result = try network.probe(
      "--allow ::/0 --rate 2000 --timeout 3000 --tries 1 --sweep 2001:db8:9::100/300/echo")
    let answered = result.outcomes.values.count { $0.hasPrefix("answered") }
    #expect(answered == 300, "\(result.output.suffix(400))")
  }

  /// A dead gateway is found out once, and all behind it share the finding.
  @Test func deadGatewayIsOneFinding() throws {
    var network = TestNetwork()
    network.setUp = "ip -6 route add 2001:db8:a::/48 via 2001:db8::99"
    let result = try network.probe("--allow ::/0 --rate 2000 --sweep 2001:db8:a::/1000/echo 2001:db8:9::1")
    #expect(result.outcomes.values.count { $0 == "not-sent gateway-silent" } == 1000)
    #expect(result.outcomes["2001:db8:9::1"]?.hasPrefix("answered") == true)
    #expect((result.counters["sent"] ?? .max) < 200)
    #expect(result.elapsed < 5000, "\(result.elapsed) ms")
  }

  /// Faster than the peer could be asked one by one, and everything found.
  @Test func twentyThousandTargetsAreAllFound() throws {
    let result = try TestNetwork().probe(
      "--allow ::/0 --rate 20000 --timeout 1000 --sweep 2001:db8:9:1::/20000/echo")
    #expect(result.outcomes["answered"] == "20000", "\(result.output)")
    #expect(result.counters["drops"] == 0)
  }

  @Test func nothingToDoIsDoneAtOnce() throws {
    let result = try TestNetwork().probe("--allow ::/0")
    #expect(result.counters["sent"] == 0, "\(result.output)")
  }
}
